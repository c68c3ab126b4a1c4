#include "refrain/transduce/invented_words.h"

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <unordered_set>

#include "refrain/base/at.h"
#include "refrain/language/kneser_ney.h"
#include "refrain/transduce/symbols.h"

namespace refrain::transduce {
namespace {

constexpr int kLetters = 4;                   // letters of an n-gram
constexpr int kTriesForEach = 50;             // draws for each wanted word
constexpr std::size_t kMarks = kLetters - 1;  // before each word

class Inventor {
 public:
  explicit Inventor(const std::vector<std::string>& words) {
    symbols_ = Symbols::fit({words.begin(), words.end()}, Symbols::Kind::kCharacters, 0);
    std::vector<int> text;
    for (const auto& word : words) {
      const auto letters = symbols_.encode(word);
      if (letters.empty()) continue;
      shortest_ = longest_ == 0 ? letters.size() : std::min(shortest_, letters.size());
      longest_ = std::max(longest_, letters.size());
      text.insert(text.end(), letters.begin(), letters.end());
      text.insert(text.end(), kMarks, Symbols::kMark);
    }
    ngrams_ = language::KneserNey::fit(text, symbols_.size(), Symbols::kMark, kLetters);
  }

  bool can_draw() const { return longest_ > 0; }

  // "" for what is no word of these.
  std::string draw(base::Rng& rng) const {
    std::vector<int> letters(kMarks, Symbols::kMark);
    for (;;) {
      const int next = draw_symbol(letters, rng);
      if (next == Symbols::kMark) break;
      letters.push_back(next);
      if (letters.size() - kMarks > longest_) return "";
    }
    letters.erase(letters.begin(), letters.begin() + kMarks);
    if (letters.size() < shortest_) return "";
    std::string word = symbols_.decode(letters);
    return symbols_.encode(word) == letters ? word : "";  // blanks at its ends
  }

 private:
  int draw_symbol(const std::vector<int>& before, base::Rng& rng) const {
    std::vector<double> p;
    ngrams_.distribution(before, p);
    p[Symbols::kUnknown] = 0;
    double left = rng.uniform() * std::accumulate(p.begin(), p.end(), 0.0);
    int out = Symbols::kMark;
    for (int s = 0; s < static_cast<int>(p.size()); ++s) {
      if (p[base::at(s)] <= 0) continue;
      out = s;
      left -= p[base::at(s)];
      if (left < 0) break;
    }
    return out;
  }

  Symbols symbols_;
  language::KneserNey ngrams_;
  std::size_t shortest_ = 0, longest_ = 0;
};

}  // namespace

std::vector<std::string> invented_words(const std::vector<std::string>& words, int number,
                                        base::Rng rng) {
  std::vector<std::string> out;
  const Inventor inventor(words);
  if (!inventor.can_draw()) return out;
  std::unordered_set<std::string> seen(words.begin(), words.end());
  seen.insert("");
  for (std::int64_t i = 0; i < std::int64_t{kTriesForEach} * number; ++i) {
    if (out.size() >= base::at(number)) break;
    std::string word = inventor.draw(rng);
    if (seen.insert(word).second) out.push_back(std::move(word));
  }
  return out;
}

}  // namespace refrain::transduce
