#include "refrain/method/ngrams.h"

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "refrain/base/threads.h"
#include "refrain/data/tokenise.h"

namespace refrain::method {
namespace {

constexpr std::size_t kShortestPiece = 2, kLongestPiece = 5;

// Tokens never hold a space.
template <class Body>
void for_word_grams(const Tokens& tokens, int longest, Body&& body) {
  std::string term;
  for (std::size_t i = 0; i < tokens.size(); ++i) {
    term.clear();
    const std::size_t end = std::min(tokens.size(), i + static_cast<std::size_t>(longest));
    for (std::size_t j = i; j < end; ++j) {
      if (j > i) term += ' ';
      term += tokens[j];
      body(term);
    }
  }
}

// The places where the characters of a UTF-8 text begin, and its end.
std::vector<std::size_t> characters(const std::string& text) {
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if ((static_cast<unsigned char>(text[i]) & 0xc0) != 0x80) places.push_back(i);
  }
  places.push_back(text.size());
  return places;
}

template <class Body>
void for_pieces(const Tokens& tokens, Body&& body) {
  for (const auto& token : tokens) {
    const std::string word = " " + token + " ";
    const auto at = characters(word);
    for (std::size_t i = 0; i + kShortestPiece < at.size(); ++i) {
      const std::size_t most = std::min(kLongestPiece, at.size() - 1 - i);
      for (std::size_t n = kShortestPiece; n <= most; ++n) {
        body(word.substr(at[i], at[i + n] - at[i]));
      }
    }
  }
}

// Three bytes in UTF-8: Chinese characters and kana, which are tokens of their own.
bool mostly_characters(const std::vector<Tokens>& texts, const std::vector<int>& places) {
  std::int64_t characters = 0, tokens = 0;
  for (const int place : places) {
    for (const auto& token : texts[static_cast<std::size_t>(place)]) {
      ++tokens;
      const auto first = static_cast<unsigned char>(token[0]);
      characters += token.size() == 3 && first >= 0xe3 && first <= 0xe9 ? 1 : 0;
    }
  }
  return 2 * characters > tokens;
}

}  // namespace

std::vector<Tokens> tokens_of(const data::Subset& view, int threads) {
  std::vector<Tokens> texts(view.chosen.size());
  base::parallel_for(view.size(), threads, [&](int i) {
    auto& tokens = texts[static_cast<std::size_t>(i)];
    if (view[i].text != nullptr) tokens = data::tokenise(*view[i].text, true);
    for (const auto& stream : view[i].streams) {
      const auto* text = std::get_if<std::string>(&stream);
      if (text == nullptr) continue;
      const auto more = data::tokenise(*text, true);
      tokens.insert(tokens.end(), more.begin(), more.end());
    }
  });
  return texts;
}

template <class Body>
void TfIdf::for_terms(const Tokens& tokens, Body&& body) const {
  if (kind_ == Terms::kWords) {
    for_word_grams(tokens, longest_, body);
  } else if (kind_ == Terms::kMeanings) {
    for (const auto& token : tokens) body(token);
  } else if (longest_ == 2) {
    for_pieces(tokens, body);
  }
}

void TfIdf::fit(const std::vector<Tokens>& texts, const std::vector<int>& places,
                std::size_t most) {
  longest_ = mostly_characters(texts, places) ? 3 : 2;
  number_.clear();
  std::vector<int> in_texts, seen_in;  // of each term: how many texts, and the last of them
  std::vector<const std::string*> names;
  for (std::size_t i = 0; i < places.size(); ++i) {
    for_terms(texts[static_cast<std::size_t>(places[i])], [&](const std::string& term) {
      const auto [entry, is_new] = number_.emplace(term, static_cast<int>(names.size()));
      const auto number = static_cast<std::size_t>(entry->second);
      if (is_new) {
        names.push_back(&entry->first);
        in_texts.push_back(0);
        seen_in.push_back(-1);
      }
      if (seen_in[number] != static_cast<int>(i)) ++in_texts[number];
      seen_in[number] = static_cast<int>(i);
    });
  }
  std::vector<std::size_t> order(names.size());  // frequent first; equals in order of appearance
  for (std::size_t k = 0; k < order.size(); ++k) order[k] = k;
  if (order.size() > most) {
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return in_texts[a] > in_texts[b]; });
    for (std::size_t k = most; k < order.size(); ++k) number_.erase(number_.find(*names[order[k]]));
    order.resize(most);
  }
  idf_.resize(order.size());
  for (std::size_t k = 0; k < order.size(); ++k) {
    number_.at(*names[order[k]]) = static_cast<int>(k);
    idf_[k] = std::log((1.0 + static_cast<double>(places.size())) / (1.0 + in_texts[order[k]])) + 1;
  }
}

void TfIdf::archive(Archive& file) {
  constexpr const char* kNames[] = {"word_", "piece_", "meaning_"};
  const std::string kind = kNames[static_cast<int>(kind_)];
  std::vector<std::string> terms(idf_.size());
  for (const auto& [term, number] : number_) terms[static_cast<std::size_t>(number)] = term;
  file.number(kind + "longest", longest_, 1, 9);
  file.list(kind + "terms", terms);
  file.list(kind + "idf", idf_);
  if (!file.reading()) return;
  number_.clear();
  for (const auto& term : terms) number_.emplace(term, static_cast<int>(number_.size()));
  file.require(number_.size() == terms.size() && idf_.size() == terms.size());
}

SparseRows TfIdf::rows(const std::vector<Tokens>& texts, const std::vector<int>& places) const {
  SparseRows rows;
  rows.columns = terms();
  std::vector<int> found;
  for (const int place : places) {
    found.clear();
    for_terms(texts[static_cast<std::size_t>(place)], [&](const std::string& term) {
      const auto entry = number_.find(term);
      if (entry != number_.end()) found.push_back(entry->second);
    });
    std::sort(found.begin(), found.end());
    double squares = 0;
    for (std::size_t i = 0; i < found.size();) {
      std::size_t end = i;
      while (end < found.size() && found[end] == found[i]) ++end;
      const double value =
          (1 + std::log(static_cast<double>(end - i))) * idf_[static_cast<std::size_t>(found[i])];
      rows.column.push_back(found[i]);
      rows.value.push_back(value);
      squares += value * value;
      i = end;
    }
    for (std::size_t k = rows.begin.back(); k < rows.value.size(); ++k) {
      rows.value[k] /= std::sqrt(squares);
    }
    rows.begin.push_back(rows.column.size());
  }
  return rows;
}

namespace {

// The rows of both, those on the right times `factor`.
SparseRows side_by_side(const SparseRows& left, const SparseRows& right, double factor = 1) {
  SparseRows out;
  out.columns = left.columns + right.columns;
  for (int i = 0; i < left.size(); ++i) {
    const auto row = static_cast<std::size_t>(i);
    for (std::size_t k = left.begin[row]; k < left.begin[row + 1]; ++k) {
      out.column.push_back(left.column[k]);
      out.value.push_back(left.value[k]);
    }
    for (std::size_t k = right.begin[row]; k < right.begin[row + 1]; ++k) {
      out.column.push_back(left.columns + right.column[k]);
      out.value.push_back(factor * right.value[k]);
    }
    out.begin.push_back(out.column.size());
  }
  return out;
}

// The length of a row of meanings beside those of words and of pieces, which have 1: doc/recipe.md.
constexpr double kMeaningLength = 0.7;

void archive_table(Archive& file, augment::Meanings& meanings) {
  constexpr int kMost = 100'000'000;
  auto table = meanings.table();
  file.number("meanings_english", table.english, 0, 1);
  file.number("meanings_longest", table.longest, 1, 100);
  file.list("meanings_words", table.words);
  file.list("meanings_begin", table.begin, 0, kMost);
  file.list("meanings_groups", table.groups, 0, kMost);
  file.list("meanings_parts", table.parts, 0, 15);
  file.list("meanings_above", table.above, -1, kMost);
  if (!file.reading()) return;
  file.require(augment::Meanings::fits(table));
  meanings = augment::Meanings(std::move(table));
}

}  // namespace

std::vector<Tokens> TermRows::meant_by(const std::vector<Tokens>& texts,
                                       const std::vector<int>& places) const {
  std::vector<Tokens> out(texts.size());
  for (const int place : places) {
    const auto at = static_cast<std::size_t>(place);
    for (const int group : meanings_.of(texts[at])) out[at].push_back(std::to_string(group));
  }
  return out;
}

void TermRows::fit(const std::vector<Tokens>& texts, const std::vector<int>& places, int classes,
                   const augment::Meanings* meanings) {
  constexpr std::size_t kMostWeights = 1'000'000;
  const std::size_t most = kMostWeights / static_cast<std::size_t>(std::max(1, classes));
  words_.fit(texts, places, with_pieces_ ? most / 2 : most);
  if (with_pieces_) pieces_.fit(texts, places, most / 2);
  if (meanings == nullptr) return;
  std::vector<int> met;
  for (const int place : places) {
    const auto groups = meanings->of(texts[static_cast<std::size_t>(place)]);
    met.insert(met.end(), groups.begin(), groups.end());
  }
  meanings_ = meanings->within(met);
  meant_.fit(meant_by(texts, places), places, most / 2);
}

SparseRows TermRows::of(const std::vector<Tokens>& texts, const std::vector<int>& places) const {
  auto rows = words_.rows(texts, places);
  if (with_pieces_) rows = side_by_side(rows, pieces_.rows(texts, places));
  if (meanings_.empty()) return rows;
  return side_by_side(rows, meant_.rows(meant_by(texts, places), places), kMeaningLength);
}

std::vector<int> TermRows::ends() const {
  std::vector<int> ends = {words_.terms()};
  ends.push_back(ends.back() + pieces_.terms());
  ends.push_back(ends.back() + meant_.terms());
  return ends;
}

void TermRows::archive(Archive& file) {
  words_.archive(file);
  if (with_pieces_) pieces_.archive(file);
  if (file.reading() ? !file.has("meanings_words") : meanings_.empty()) return;
  archive_table(file, meanings_);
  meant_.archive(file);
}

}  // namespace refrain::method
