#include "refrain/nn/ctc_search.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>

#include "refrain/base/rng.h"

namespace refrain::nn {
namespace {

constexpr int kPathSymbols = 3, kPathSteps = 6;

std::vector<real> random_scores(std::uint64_t seed) {
  base::Rng rng(seed);
  std::vector<real> out;
  for (int i = 0; i < kPathSymbols * kPathSteps; ++i)
    out.push_back(static_cast<real>(rng.normal()));
  return out;
}

tensor::Tensor as_rows(std::vector<real>& scores) {
  return {{kPathSteps, kPathSymbols}, scores.data()};
}

double log_p_at(const std::vector<real>& scores, int t, int k) {
  double sum = 0;
  const auto at = [&](int j) {
    return static_cast<double>(scores[static_cast<std::size_t>(t * kPathSymbols + j)]);
  };
  for (int j = 0; j < kPathSymbols; ++j) sum += std::exp(at(j));
  return at(k) - std::log(sum);
}

// log p of every sequence, by enumerating all paths; the blank is symbol 1.
std::map<std::vector<int>, double> enumerated(const std::vector<real>& scores) {
  std::map<std::vector<int>, double> p;
  const int paths = static_cast<int>(std::pow(kPathSymbols, kPathSteps));
  for (int code = 0; code < paths; ++code) {
    std::vector<int> symbols;
    double log_p = 0;
    int before = 1;
    for (int t = 0, rest = code; t < kPathSteps; ++t, rest /= kPathSymbols) {
      const int k = rest % kPathSymbols;
      log_p += log_p_at(scores, t, k);
      if (k != before && k != 1) symbols.push_back(k);
      before = k;
    }
    p[symbols] += std::exp(log_p);
  }
  for (auto& entry : p) entry.second = std::log(entry.second);
  return p;
}

TEST(CtcSearch, with_room_for_everything_sums_all_paths_of_a_sequence) {
  for (const std::uint64_t seed : {1, 2, 3}) {
    auto scores = random_scores(seed);
    CtcSearch o;
    o.blank = 1;
    o.beam = o.best = 1000;
    const auto found = ctc_search(as_rows(scores), o);
    const auto expected = enumerated(scores);
    ASSERT_EQ(found.size(), expected.size());
    for (const auto& s : found) EXPECT_NEAR(s.log_p, expected.at(s.symbols), 1e-5);
    EXPECT_TRUE(std::is_sorted(found.begin(), found.end(),
                               [](const auto& a, const auto& b) { return a.score > b.score; }));
  }
}

TEST(CtcSearch, a_narrow_beam_finds_the_best_where_it_stands_out) {
  auto scores = random_scores(4);
  const int path[kPathSteps] = {0, 1, 0, 2, 2, 1};
  for (int t = 0; t < kPathSteps; ++t)
    scores[static_cast<std::size_t>(t * kPathSymbols + path[t])] += 6;
  for (const int beam : {1, 4}) {
    CtcSearch o;
    o.blank = 1;
    o.beam = beam;
    const auto found = ctc_search(as_rows(scores), o);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_EQ(found[0].symbols, (std::vector<int>{0, 0, 2})) << beam;
  }
}

TEST(CtcSearch, symbols_that_cannot_stay_are_left_out_without_a_trace) {
  constexpr int kSteps = 12, kSymbols = 40;
  for (const int beam : {2, 3, 8}) {
    base::Rng rng(static_cast<std::uint64_t>(beam));
    std::vector<real> scores;
    for (int i = 0; i < kSteps * kSymbols; ++i) {
      scores.push_back(static_cast<real>(2 * rng.normal()));
    }
    const tensor::Tensor rows{{kSteps, kSymbols}, scores.data()};
    CtcSearch o;
    o.blank = 7;
    o.beam = o.best = beam;
    const auto quick = ctc_search(rows, o);
    o.model = [](const std::vector<int>&, int) { return 0.0; };  // asks for every symbol
    const auto slow = ctc_search(rows, o);
    ASSERT_EQ(quick.size(), slow.size());
    for (std::size_t i = 0; i < quick.size(); ++i) {
      EXPECT_EQ(quick[i].symbols, slow[i].symbols);
      EXPECT_EQ(quick[i].log_p, slow[i].log_p);
    }
  }
}

TEST(CtcSearch, a_model_of_symbols_and_a_bonus_are_part_of_the_score) {
  auto scores = random_scores(5);
  CtcSearch o;
  o.blank = 1;
  o.beam = o.best = 1000;
  o.bonus = 0.25;
  o.model_weight = 0.5;
  o.model = [](const std::vector<int>& before, int symbol) {
    return !before.empty() && before.back() == symbol ? -3.0 : -0.1;
  };
  const auto expected = enumerated(scores);
  for (const auto& s : ctc_search(as_rows(scores), o)) {
    double added = 0;
    for (std::size_t i = 0; i < s.symbols.size(); ++i) {
      const bool again = i > 0 && s.symbols[i] == s.symbols[i - 1];
      added += 0.25 + 0.5 * (again ? -3.0 : -0.1);
    }
    EXPECT_NEAR(s.score, expected.at(s.symbols) + added, 1e-5);
  }
}

}  // namespace
}  // namespace refrain::nn
