#include "refrain/language/kneser_ney.h"

#include <algorithm>
#include <cmath>

#include "refrain/base/error.h"

namespace refrain::language {
namespace {

std::size_t spread(std::uint64_t key) {
  key = (key ^ (key >> 31)) * 0x9e3779b97f4a7c15ULL;
  return static_cast<std::size_t>(key ^ (key >> 29));
}

}  // namespace

std::uint32_t KneserNey::Index::find(std::uint64_t key) const {
  if (keys_.empty()) return kNone;
  const std::size_t mask = keys_.size() - 1;
  for (std::size_t i = spread(key) & mask;; i = (i + 1) & mask) {
    if (keys_[i] == key) return places_[i];
    if (keys_[i] == kFree) return kNone;
  }
}

std::uint32_t KneserNey::Index::add(std::uint64_t key) {
  if ((std::size_t{size_} + 1) * 3 > keys_.size() * 2) grow();
  const std::size_t mask = keys_.size() - 1;
  std::size_t i = spread(key) & mask;
  for (; keys_[i] != kFree; i = (i + 1) & mask) {
    if (keys_[i] == key) return places_[i];
  }
  keys_[i] = key;
  places_[i] = size_;
  return size_++;
}

void KneserNey::Index::grow() {
  std::vector<std::uint64_t> keys(std::max<std::size_t>(64, keys_.size() * 2), kFree);
  std::vector<std::uint32_t> places(keys.size());
  const std::size_t mask = keys.size() - 1;
  for (std::size_t from = 0; from < keys_.size(); ++from) {
    if (keys_[from] == kFree) continue;
    std::size_t i = spread(keys_[from]) & mask;
    while (keys[i] != kFree) i = (i + 1) & mask;
    keys[i] = keys_[from];
    places[i] = places_[from];
  }
  keys_.swap(keys);
  places_.swap(places);
}

KneserNey KneserNey::fit(std::span<const int> words, int vocabulary, int mark, int order) {
  if (order < 1 || order > kMostOrder || vocabulary < 1) {
    throw Error(Code::kUsage, "n-grams have an order from 1 to 12 and a vocabulary");
  }
  KneserNey out;
  out.vocabulary_ = vocabulary;
  out.mark_ = mark;
  out.levels_.resize(static_cast<std::size_t>(order));
  // Marks in front give every n-gram of the text a word before it.
  std::vector<int> padded(static_cast<std::size_t>(order) - 1, mark);
  padded.insert(padded.end(), words.begin(), words.end());
  out.count(padded);
  out.count_continuations(padded);
  for (Level& level : out.levels_) choose_discounts(level);
  out.sum_histories();
  return out;
}

// Numbers every n-gram that ends in the text, and those of the marks before it as histories.
void KneserNey::count(std::span<const int> padded) {
  const std::size_t first = levels_.size() - 1;
  for (std::size_t begin = 0; begin < padded.size(); ++begin) {
    std::uint32_t node = 0;
    for (std::size_t n = 0; n < levels_.size() && begin + n < padded.size(); ++n) {
      Level& level = levels_[n];
      node = level.index.add(key(node, padded[begin + n]));
      if (node == level.count.size()) level.count.push_back(0);
      const bool counts = n + 1 == levels_.size() && begin + n >= first;
      if (counts) ++level.count[node];
    }
  }
}

// Below the highest order an n-gram counts once for each different word that stands before it.
void KneserNey::count_continuations(std::span<const int> padded) {
  for (std::size_t n = 0; n + 1 < levels_.size(); ++n) {
    std::vector<bool> seen(levels_[n + 1].index.size());
    for (std::size_t begin = 0; begin + n + 1 < padded.size(); ++begin) {
      if (begin + n + 1 < levels_.size() - 1) continue;  // ends in the marks
      std::uint32_t longer = 0, shorter = 0;
      for (std::size_t i = 0; i <= n + 1; ++i) {
        longer = levels_[i].index.find(key(longer, padded[begin + i]));
        if (i > 0) shorter = levels_[i - 1].index.find(key(shorter, padded[begin + i]));
      }
      if (seen[longer]) continue;
      seen[longer] = true;
      ++levels_[n].count[shorter];
    }
  }
}

// D_k = k - (k + 1) Y n_(k+1) / n_k with Y = n_1 / (n_1 + 2 n_2). A short text may lack one of
// these counts: then it is the absolute discount Y for all, or a half.
void KneserNey::choose_discounts(Level& level) {
  double n[5] = {0, 0, 0, 0, 0};
  for (const std::uint32_t c : level.count) {
    if (c >= 1 && c <= 4) n[c] += 1;
  }
  const double share = n[1] > 0 ? n[1] / (n[1] + 2 * n[2]) : 0.5;
  for (int k = 1; k <= 3; ++k) {
    double d = std::min(share, 0.9);
    if (n[k] > 0 && n[k + 1] > 0 && n[1] > 0) d = k - (k + 1) * share * n[k + 1] / n[k];
    level.discount[k - 1] = std::clamp(d, 0.01, k - 0.01);
  }
}

void KneserNey::sum_histories() {
  for (std::size_t n = 0; n < levels_.size(); ++n) {
    Level& level = levels_[n];
    const std::size_t histories = n == 0 ? 1 : levels_[n - 1].index.size();
    level.total.assign(histories, 0);
    for (auto& follow : level.follow) follow.assign(histories, 0);
    level.index.each([&](std::uint64_t key, std::uint32_t place) {
      const std::uint32_t c = level.count[place];
      if (c == 0) return;
      const auto history = static_cast<std::size_t>(key >> 32);
      level.total[history] += c;
      ++level.follow[std::min<std::uint32_t>(c, 3) - 1][history];
    });
  }
}

std::size_t KneserNey::ngrams() const {
  std::size_t count = 0;
  for (const Level& level : levels_) count += level.index.size();
  return count;
}

std::uint32_t KneserNey::history(std::span<const int> before, std::size_t n) const {
  std::uint32_t place = 0;
  for (std::size_t i = 0; i < n && place != kNone; ++i) {
    place = levels_[i].index.find(key(place, before[before.size() - n + i]));
  }
  const auto& total = levels_[n].total;
  return place != kNone && place < total.size() && total[place] > 0 ? place : kNone;
}

double KneserNey::own_mass(const Level& level, std::uint32_t history, int word) {
  const std::uint32_t place = level.index.find(key(history, word));
  const double c = place == kNone ? 0 : level.count[place];
  return c > 0 ? c - level.discount[std::min(static_cast<int>(c), 3) - 1] : 0;
}

double KneserNey::mass_left(const Level& level, std::uint32_t history) {
  double left = 0;
  for (int k = 0; k < 3; ++k) left += level.discount[k] * level.follow[k][history];
  return left;
}

double KneserNey::probability(std::span<const int> before, int word) const {
  double p = 1.0 / vocabulary_;
  const std::size_t most = std::min(before.size(), levels_.size() - 1);
  for (std::size_t n = 0; n <= most; ++n) {
    const Level& level = levels_[n];
    const std::uint32_t place = history(before, n);
    if (place == kNone) continue;
    p = (own_mass(level, place, word) + mass_left(level, place) * p) / level.total[place];
  }
  return p;
}

void KneserNey::distribution(std::span<const int> before, std::vector<double>& p) const {
  p.assign(static_cast<std::size_t>(vocabulary_), 1.0 / vocabulary_);
  const std::size_t most = std::min(before.size(), levels_.size() - 1);
  for (std::size_t n = 0; n <= most; ++n) {
    const Level& level = levels_[n];
    const std::uint32_t place = history(before, n);
    if (place == kNone) continue;
    const double left = mass_left(level, place);
    for (int w = 0; w < vocabulary_; ++w) {
      double& of_word = p[static_cast<std::size_t>(w)];
      of_word = (own_mass(level, place, w) + left * of_word) / level.total[place];
    }
  }
}

std::vector<double> KneserNey::surprises(std::span<const int> words) const {
  std::vector<int> padded(levels_.size() - 1, mark_);
  const std::size_t before = padded.size();
  padded.insert(padded.end(), words.begin(), words.end());
  std::vector<double> out;
  out.reserve(words.size());
  for (std::size_t i = 0; i < words.size(); ++i) {
    out.push_back(-std::log(probability({padded.data() + i, before}, words[i])));
  }
  return out;
}

}  // namespace refrain::language
