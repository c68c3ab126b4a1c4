#include "refrain/score/edits.h"

#include <algorithm>
#include <cstdint>
#include <unordered_map>

namespace refrain::score {
namespace {

using Symbols = std::u32string_view;

void drop_common_ends(Symbols& a, Symbols& b) {
  while (!a.empty() && !b.empty() && a.front() == b.front()) {
    a.remove_prefix(1);
    b.remove_prefix(1);
  }
  while (!a.empty() && !b.empty() && a.back() == b.back()) {
    a.remove_suffix(1);
    b.remove_suffix(1);
  }
}

// Where each symbol stands in a sequence, a bit a place.
class SymbolPlaces {
 public:
  explicit SymbolPlaces(Symbols of) : words_((of.size() + 63) / 64), none_(words_) {
    for (std::size_t i = 0; i < of.size(); ++i) {
      auto& bits = at_[of[i]];
      bits.resize(words_);
      bits[i / 64] |= std::uint64_t{1} << (i % 64);
    }
  }

  std::size_t words() const { return words_; }
  const std::uint64_t* operator[](char32_t symbol) const {
    const auto found = at_.find(symbol);
    return (found == at_.end() ? none_ : found->second).data();
  }

 private:
  std::size_t words_;
  std::vector<std::uint64_t> none_;
  std::unordered_map<char32_t, std::vector<std::uint64_t>> at_;
};

// A column of the table of distances between beginnings, as the steps down it: which are +1 and
// which are -1.
struct DistanceColumn {
  std::vector<std::uint64_t> up, down;
  std::uint64_t last;  // the bit of the last row
  std::size_t distance;

  explicit DistanceColumn(std::size_t rows)
      : up((rows + 63) / 64, ~std::uint64_t{0}),
        down(up.size()),
        last(std::uint64_t{1} << ((rows - 1) % 64)),
        distance(rows) {}

  // Goes on to the next column, whose symbol stands at the rows `equal`.
  void step(const std::uint64_t* equal) {
    std::uint64_t rise = 1, fall = 0;  // of the row above, from the last column to this
    for (std::size_t k = 0; k < up.size(); ++k) {
      const std::uint64_t same = equal[k] | fall, change = equal[k] | down[k];
      const std::uint64_t diagonal = (((same & up[k]) + up[k]) ^ up[k]) | same;
      std::uint64_t plus = down[k] | ~(diagonal | up[k]), minus = up[k] & diagonal;
      if (k + 1 == up.size())
        distance += ((plus & last) != 0 ? 1 : 0) - ((minus & last) != 0 ? 1 : 0);
      const std::uint64_t next_rise = plus >> 63, next_fall = minus >> 63;
      plus = (plus << 1) | rise;
      minus = (minus << 1) | fall;
      up[k] = minus | ~(change | plus);
      down[k] = plus & change;
      rise = next_rise;
      fall = next_fall;
    }
  }
};

// Distances of `a`, from its first symbol or its last, to each beginning (end) of `b`.
std::vector<std::size_t> distances_to_parts(Symbols a, Symbols b, bool backward) {
  const auto at = [backward](Symbols s, std::size_t i) {
    return s[backward ? s.size() - 1 - i : i];
  };
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = row[0]++;
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t substituted = diagonal + (at(a, i) == at(b, j) ? 0 : 1);
      diagonal = row[j + 1];
      row[j + 1] = std::min({substituted, row[j] + 1, diagonal + 1});
    }
  }
  return row;
}

// One symbol against some: it stays where it can, else it takes the place of the first.
void add_edits_of_one(char32_t one, Symbols answer, std::vector<Edit>& out) {
  std::size_t place = answer.find(one);
  if (place == Symbols::npos) place = 0;
  for (std::size_t j = 0; j < answer.size(); ++j) {
    if (j != place) {
      out.push_back({Edit::kNone, answer[j]});
    } else if (answer[j] != one) {
      out.push_back({one, answer[j]});
    }
  }
}

void add_edits(Symbols reference, Symbols answer, std::vector<Edit>& out) {
  drop_common_ends(reference, answer);
  if (answer.empty()) {
    for (const char32_t c : reference) out.push_back({c, Edit::kNone});
  } else if (reference.empty()) {
    for (const char32_t c : answer) out.push_back({Edit::kNone, c});
  } else if (reference.size() == 1) {
    add_edits_of_one(reference[0], answer, out);
  } else {
    const std::size_t half = reference.size() / 2;
    const auto before = distances_to_parts(reference.substr(0, half), answer, false);
    const auto after = distances_to_parts(reference.substr(half), answer, true);
    std::size_t best = 0;
    for (std::size_t j = 0; j <= answer.size(); ++j) {
      const auto way = [&](std::size_t at) { return before[at] + after[answer.size() - at]; };
      if (way(j) < way(best)) best = j;
    }
    add_edits(reference.substr(0, half), answer.substr(0, best), out);
    add_edits(reference.substr(half), answer.substr(best), out);
  }
}

// The rest of one of two texts from a place on, up to so many symbols.
struct Suffix {
  Symbols text;
  bool of_answer;
};

std::size_t common_start(Symbols a, Symbols b) {
  return static_cast<std::size_t>(std::mismatch(a.begin(), a.end(), b.begin(), b.end()).first -
                                  a.begin());
}

// Equal n-grams stand side by side in the order of the suffixes.
NgramCount count_of_length(std::size_t n, const std::vector<Suffix>& sorted,
                           const std::vector<std::size_t>& shared) {
  NgramCount all;
  double answer = 0, reference = 0;  // of one n-gram
  const auto close = [&] {
    all.answer += answer;
    all.reference += reference;
    all.matched += std::min(answer, reference);
    answer = reference = 0;
  };
  for (std::size_t k = 0; k < sorted.size(); ++k) {
    if (shared[k] < n) close();
    if (sorted[k].text.size() >= n) (sorted[k].of_answer ? answer : reference) += 1;
  }
  close();
  return all;
}

}  // namespace

std::size_t edit_distance(Symbols a, Symbols b) {
  drop_common_ends(a, b);
  if (a.size() < b.size()) std::swap(a, b);
  if (b.empty()) return a.size();
  const SymbolPlaces places(b);
  DistanceColumn column(b.size());
  for (const char32_t symbol : a) column.step(places[symbol]);
  return column.distance;
}

std::vector<Edit> edits_between(Symbols reference, Symbols answer) {
  std::vector<Edit> out;
  add_edits(reference, answer, out);
  return out;
}

std::vector<NgramCount> count_ngrams(Symbols answer, Symbols reference, std::size_t most) {
  std::vector<Suffix> sorted;
  for (std::size_t i = 0; i < answer.size(); ++i) sorted.push_back({answer.substr(i, most), true});
  for (std::size_t i = 0; i < reference.size(); ++i) {
    sorted.push_back({reference.substr(i, most), false});
  }
  std::sort(sorted.begin(), sorted.end(),
            [](const Suffix& a, const Suffix& b) { return a.text < b.text; });
  std::vector<std::size_t> shared(sorted.size());  // symbols in common with the one before
  for (std::size_t k = 1; k < sorted.size(); ++k) {
    shared[k] = common_start(sorted[k - 1].text, sorted[k].text);
  }
  std::vector<NgramCount> out;
  for (std::size_t n = 1; n <= most; ++n) out.push_back(count_of_length(n, sorted, shared));
  return out;
}

}  // namespace refrain::score
