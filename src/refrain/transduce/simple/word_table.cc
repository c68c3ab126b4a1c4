// The reply is the most probable target of each source unit in the source's order, by the table of
// IBM model 1 (ibm_model1.h): of words, looked up in lower case and given back in their most
// frequent spelling, with blanks around them or not, as in training; of the letters of sources that
// are single words, whose targets are the tokens between blanks (spelling to pronunciation) or else
// letters too. Units that training lacks are copied.
#include <algorithm>
#include <map>

#include "refrain/base/error.h"
#include "refrain/base/threads.h"
#include "refrain/data/tokenise.h"
#include "refrain/transduce/simple/ibm_model1.h"
#include "refrain/transduce/simple/simple.h"

namespace refrain::transduce {
namespace {

constexpr int kEmIterations = 10;  // of EM

UnitList letter_units(const std::string& text) {
  UnitList out;
  for (const char c : text) {
    if (out.empty() || (static_cast<unsigned char>(c) & 0xc0) != 0x80) out.emplace_back();
    out.back() += c;
  }
  return out;
}

UnitList tokens_at_blanks(const std::string& text) {
  UnitList out;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find(' ', begin), text.size());
    if (end > begin) out.push_back(text.substr(begin, end - begin));
    begin = end + 1;
  }
  return out;
}

const std::string& source_text_of(const data::Sample& sample) {
  static const std::string kNone;
  const std::string* text = data::text_of(sample);
  return text != nullptr ? *text : kNone;
}

// How texts are cut and put together again.
struct Cutting {
  bool letters = false;         // sources are cut into letters
  bool target_letters = false;  // and targets too

  UnitList source(const std::string& text, bool lowercase) const {
    return letters ? letter_units(text) : data::tokenise(text, lowercase);
  }
  UnitList target(const std::string& text) const {
    if (!letters) return data::tokenise(text, true);
    return target_letters ? letter_units(text) : tokens_at_blanks(text);
  }
};

std::size_t median_of(std::vector<std::size_t> counts) {
  const auto middle = counts.begin() + static_cast<std::ptrdiff_t>(counts.size() / 2);
  std::nth_element(counts.begin(), middle, counts.end());
  return *middle;
}

// Letters where the usual source is one word, or up to two beside phones, which are tokens of one
// or two characters. Sentences in Chinese or Japanese have no blanks either: they are spellings
// only beside phones or a target of one token.
Cutting cutting_of(const data::Subset& training) {
  std::vector<std::size_t> blank_words, words, tokens, sizes;
  for (int i = 0; i < training.size(); ++i) {
    const std::string& source = source_text_of(training[i]);
    const UnitList targets = tokens_at_blanks(training[i].label);
    blank_words.push_back(tokens_at_blanks(source).size());
    words.push_back(data::token_spans(source).size());
    tokens.push_back(targets.size());
    for (const auto& token : targets) sizes.push_back(letter_units(token).size());
  }
  const std::size_t usual = median_of(tokens);
  const bool phones = usual > 1 && median_of(sizes) <= 2;
  const bool one = median_of(blank_words) <= 1 && (median_of(words) <= 1 || usual <= 1);
  const bool letters = one || (phones && median_of(blank_words) <= 2);
  return {letters, letters && usual <= 1};
}

// Whether blanks stand on one side of a unit.
struct Blanks {
  int with = 0, without = 0;

  void add(bool blank) { ++(blank ? with : without); }
  bool close() const { return without > with; }
};

// How target units in lower case are written: their most frequent spelling at the begin of a text
// and further on (of equals the first of the alphabet), and whether blanks stand around them.
class WordWriter {
 public:
  // The units of a text, from which `lower` were made.
  void add(const std::string& text, const UnitList& lower) {
    const auto spans = data::token_spans(text);
    if (spans.size() != lower.size()) return;
    for (std::size_t i = 0; i < spans.size(); ++i) {
      Usage& usage = usage_[lower[i]];
      const std::string unit = text.substr(spans[i].begin, spans[i].end - spans[i].begin);
      ++(i == 0 ? usage.first : usage.later)[unit];
      if (i > 0 && is_letters(spans[i - 1])) usage.before.add(spans[i - 1].end < spans[i].begin);
      if (i + 1 < spans.size() && is_letters(spans[i + 1])) {
        usage.after.add(spans[i].end < spans[i + 1].begin);
      }
    }
  }

  std::string text_of(const UnitList& units) const {
    std::string out;
    bool close = true;
    for (const auto& unit : units) {
      const auto found = usage_.find(unit);
      const bool known = found != usage_.end();
      if (!close && !(known && found->second.before.close())) out += ' ';
      out += known ? spelling(found->second, out.empty()) : unit;
      close = known && found->second.after.close();
    }
    return out;
  }

 private:
  struct Usage {
    std::map<std::string, int> first, later;
    Blanks before, after;  // where letters stand on that side, no marks
  };

  static bool is_letters(const data::TokenSpan& span) {
    return span.kind != data::TokenKind::kMark;
  }

  static const std::string& spelling(const Usage& usage, bool first) {
    const bool other = first ? usage.first.empty() : usage.later.empty();
    const auto& counts = first != other ? usage.first : usage.later;
    const auto less = [](const auto& a, const auto& b) { return a.second < b.second; };
    return std::max_element(counts.begin(), counts.end(), less)->first;
  }

  std::unordered_map<std::string, Usage> usage_;
};

std::string joined_units(const UnitList& units, const char* between) {
  std::string out;
  for (const auto& unit : units) out += (out.empty() ? "" : between) + unit;
  return out;
}

// The units of a source, each replaced by its most probable target.
UnitList replaced_units(const std::string& text, const Cutting& cutting, const IbmModel1& model) {
  const auto lower = cutting.source(text, true);
  auto units = cutting.source(text, false);
  if (units.size() != lower.size()) units = lower;
  for (std::size_t k = 0; k < units.size(); ++k) {
    if (const std::string* best = model.best(lower[k])) units[k] = *best;
  }
  return units;
}

}  // namespace

std::vector<std::string> answer_by_word_table(const data::Subset& training,
                                              const data::Subset& test, int threads) {
  if (training.size() == 0) throw Error(Code::kData, "no training samples");
  const Cutting cutting = cutting_of(training);
  std::vector<UnitPair> pairs(training.chosen.size());
  base::parallel_for(training.size(), threads, [&](int i) {
    auto& pair = pairs[static_cast<std::size_t>(i)];
    pair = {cutting.source(source_text_of(training[i]), true), cutting.target(training[i].label)};
  });
  IbmModel1 model;
  model.fit(pairs, kEmIterations);
  WordWriter writer;
  for (int i = 0; i < training.size() && !cutting.letters; ++i) {
    writer.add(training[i].label, pairs[static_cast<std::size_t>(i)].target);
  }
  std::vector<std::string> out;
  for (int i = 0; i < test.size(); ++i) {
    const auto units = replaced_units(source_text_of(test[i]), cutting, model);
    out.push_back(cutting.letters ? joined_units(units, cutting.target_letters ? "" : " ")
                                  : writer.text_of(units));
  }
  return out;
}

}  // namespace refrain::transduce
