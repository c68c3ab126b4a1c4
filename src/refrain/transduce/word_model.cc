#include "refrain/transduce/word_model.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>

#include "refrain/base/error.h"
#include "refrain/score/reply_text.h"

namespace refrain::transduce {
namespace {

constexpr double kLn10 = 2.302585092994046;
constexpr double kNoWord = -12;    // what begins no known word, once, in nats
constexpr double kRareWord = -14;  // a word that even the unigrams lack
constexpr std::string_view kStart = "<s>", kStop = "</s>";
constexpr std::string_view kPieceBlank = "\u2581";

std::string lower(std::string_view text) {
  return score::utf8(score::lower_case(score::code_points(text)));
}

// The text that a symbol adds: subwords begin words with a mark of their own, tokens are words.
std::string text_of(const Symbols& symbols, int symbol) {
  if (symbol <= Symbols::kUnknown) return "";
  std::string text = lower(symbols.name(symbol));
  if (symbols.kind() == Symbols::Kind::kTokens) return " " + text;
  if (symbols.kind() == Symbols::Kind::kSubwords && text.starts_with(kPieceBlank)) {
    return " " + text.substr(kPieceBlank.size());
  }
  return text;
}

// The words of a text so far: those that have ended, and the one that goes on.
struct Spelt {
  std::vector<std::string> ended;
  std::string open;

  void end_word() {
    if (!open.empty()) ended.push_back(std::move(open));
    open.clear();
  }
  void add(std::string_view text) {
    for (const char c : text) {
      if (c == ' ') {
        end_word();
      } else {
        open += c;
      }
    }
  }
};

Spelt spelt_by(const Symbols& symbols, const std::vector<int>& list) {
  Spelt out;
  for (const int s : list) out.add(text_of(symbols, s));
  return out;
}

std::string joined_words(std::string_view before, const std::string& word) {
  return before.empty() ? word : std::string(before) + " " + word;
}

// "\2-grams:" -> 2; 0 for any other line.
int section_of(std::string_view line) {
  if (line.size() < 8 || line.front() != '\\' || !line.ends_with("-grams:")) return 0;
  int order = 0;
  const auto [end, error] = std::from_chars(line.data() + 1, line.data() + line.size(), order);
  return error == std::errc() && *end == '-' ? order : 0;
}

std::string_view trimmed(std::string_view line) {
  while (!line.empty() && (line.back() == '\r' || line.back() == ' ' || line.back() == '\t')) {
    line.remove_suffix(1);
  }
  while (!line.empty() && (line.front() == ' ' || line.front() == '\t')) line.remove_prefix(1);
  return line;
}

double number_of(std::string_view text) {
  double out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(out)) {
    throw Error(Code::kData, fmt::format("'{}' is no logarithm", text));
  }
  return out * kLn10;
}

}  // namespace

// log10 p, the words, and where longer n-grams follow the logarithm of the back-off weight.
void WordModel::add_line(std::string_view line, int order) {
  const auto parts = tokens_of(line);
  const auto wanted = static_cast<std::size_t>(order) + 1;
  if (parts.size() != wanted && parts.size() != wanted + 1) {
    throw Error(Code::kData, fmt::format("has {} parts, and {} words with their logarithms have {} "
                                         "or {}",
                                         parts.size(), order, wanted, wanted + 1));
  }
  Entry entry;
  entry.log_p = number_of(parts.front());
  if (parts.size() > wanted) entry.back_off = number_of(parts.back());
  std::string ngram;
  for (std::size_t i = 1; i < wanted; ++i) ngram = joined_words(ngram, lower(parts[i]));
  entries_[ngram] = entry;
  if (order > 1 || ngram == kStart || ngram == kStop) return;
  words_.insert(ngram);
  for (std::size_t length = 1; length <= ngram.size(); ++length) {
    beginnings_.insert(ngram.substr(0, length));
  }
}

WordModel WordModel::read(std::string_view text, const std::string& path) {
  WordModel out;
  int order = 0, number = 0;
  bool begun = false;  // what stands before the data is a comment, whatever it looks like
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = trimmed(text.substr(at, end - at));
    at = end + 1;
    ++number;
    begun = begun || line == "\\data\\";
    if (!begun) continue;
    if (line == "\\end\\") break;
    if (const int section = section_of(line); section > 0) {
      order = section;
      out.order_ = std::max(out.order_, order);
      continue;
    }
    if (order == 0 || line.empty()) continue;
    try {
      if (order > kMostOrder) {
        throw Error(Code::kData, fmt::format("n-grams of {} words are too long", order));
      }
      out.add_line(line, order);
    } catch (const Error& e) {
      throw Error(Code::kData, fmt::format("{}:{}: {}", path, number, e.what()),
                  "give an n-gram model in ARPA format of at most 6 words");
    }
  }
  if (!out.words_.empty()) return out;
  throw Error(Code::kData, path + ": no words of an n-gram model",
              "give a file in ARPA format, with a line \\data\\ and a section \\1-grams:");
}

// Katz's back-off: the longest n-gram that is known, and a weight for each word that is dropped.
double WordModel::known(const std::string& ngram, std::string_view before,
                        const std::string& word) const {
  const auto found = entries_.find(ngram);
  if (found != entries_.end()) return found->second.log_p;
  if (before.empty()) {
    const auto unknown = entries_.find("<unk>");
    return unknown != entries_.end() ? unknown->second.log_p : kRareWord;
  }
  const auto history = entries_.find(std::string(before));
  const double weight = history != entries_.end() ? history->second.back_off : 0;
  const std::size_t blank = before.find(' ');
  const std::string_view rest = blank == std::string_view::npos ? "" : before.substr(blank + 1);
  return weight + known(joined_words(rest, word), rest, word);
}

double WordModel::log_p(const std::vector<std::string>& before, const std::string& word) const {
  std::vector<std::string> history = {std::string(kStart)};
  history.insert(history.end(), before.begin(), before.end());
  const auto kept = std::min(history.size(), static_cast<std::size_t>(order_ - 1));
  std::string text;
  for (std::size_t i = history.size() - kept; i < history.size(); ++i) {
    text = joined_words(text, history[i]);
  }
  return known(joined_words(text, word), text, word);
}

// A word that is known costs what the model says; the others were paid for when they left it.
double WordModel::close(const std::vector<std::string>& words, const std::string& word) const {
  if (words_.contains(word)) return log_p(words, word);
  return beginnings_.contains(word) ? kNoWord : 0;
}

double WordModel::symbol(const Symbols& symbols, const std::vector<int>& before, int symbol) const {
  Spelt spelt = spelt_by(symbols, before);
  double out = 0;
  for (const char c : text_of(symbols, symbol)) {
    if (c == ' ') {
      if (!spelt.open.empty()) out += close(spelt.ended, spelt.open);
      spelt.end_word();
      continue;
    }
    const bool was_word = spelt.open.empty() || beginnings_.contains(spelt.open);
    spelt.open += c;
    if (was_word && !beginnings_.contains(spelt.open)) out += kNoWord;
  }
  return out;
}

double WordModel::end(const Symbols& symbols, const std::vector<int>& before) const {
  Spelt spelt = spelt_by(symbols, before);
  double out = spelt.open.empty() ? 0 : close(spelt.ended, spelt.open);
  spelt.end_word();
  if (entries_.contains(std::string(kStop))) out += log_p(spelt.ended, std::string(kStop));
  return out;
}

}  // namespace refrain::transduce
