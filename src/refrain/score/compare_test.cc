#include "refrain/score/compare.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <set>

#include "refrain/base/error.h"
#include "refrain/score/metrics.h"
#include "refrain/score/simulated_folds.h"

namespace refrain::score {
namespace {

// Two classes; right[i] says whether sample i is right.
Classification from_hits(const std::vector<int>& right) {
  Classification c;
  c.classes = 2;
  for (std::size_t i = 0; i < right.size(); ++i) {
    c.truth.push_back(static_cast<int>(i % 2));
    c.predicted.push_back(right[i] ? c.truth.back() : 1 - c.truth.back());
  }
  return c;
}

// n samples: A right with 60 %, B with 60 % + gain.
simulated::Methods apart(int n, double gain) {
  base::Rng rng(11);
  std::vector<int> a, b;
  for (int i = 0; i < n; ++i) {
    const double u = rng.uniform(), v = rng.uniform();
    a.push_back(u < 0.6);
    b.push_back((v < 0.5 ? u : rng.uniform()) < 0.6 + gain);
  }
  return {{from_hits(a)}, {from_hits(b)}};
}

// Gives each of the answers a probability between 0.6 and 0.9.
std::vector<Classification> with_probabilities(std::vector<Classification> list) {
  for (Classification& c : list) {
    for (std::size_t i = 0; i < c.size(); ++i) {
      const double p = 0.6 + 0.03 * static_cast<double>(i * 7 % 11);
      const bool first = c.predicted[i] == 0;
      c.probability.insert(c.probability.end(), {first ? p : 1 - p, first ? 1 - p : p});
    }
  }
  return list;
}

TEST(Mcnemar, looks_only_at_samples_that_one_alone_has_right) {
  const auto a = from_hits({1, 1, 1, 0, 0, 0, 1, 0, 0, 0, 0});
  const auto b = from_hits({1, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1});
  const Mcnemar m = mcnemar(a, b);
  EXPECT_EQ(m.only_a, 1);
  EXPECT_EQ(m.only_b, 7);
  EXPECT_NEAR(m.p, 18.0 / 256, 1e-12);
}

TEST(PermutationTest, agrees_with_counting_all_exchanges) {
  // Six samples that only B has right: of 64 exchanges two are as large.
  const auto a = from_hits({0, 0, 0, 0, 0, 0, 1, 1}), b = from_hits({1, 1, 1, 1, 1, 1, 1, 1});
  const Tested t = permutation_test({{&a, 1}, {&b, 1}}, classification_metrics().at("accuracy"), 1);
  EXPECT_NEAR(t.difference, 0.75, 1e-12);
  EXPECT_NEAR(t.p, 2.0 / 64, 0.015);
}

TEST(PermutationTest, the_interval_leaves_out_zero_exactly_where_the_test_decides) {
  int decided = 0;
  for (int i = 0; i < 60; ++i) {
    base::Rng rng(static_cast<std::uint64_t>(i));
    const auto m = simulated::methods(rng, {60, 0.7, {}, 0, 0, 0, 0});
    auto b = m.b;
    for (std::size_t k = 0; k < 30; ++k) b[0].predicted[k] = b[0].truth[k];
    const Tested t = permutation_test({m.a, b}, classification_metrics().at("macro_f1"), 1);
    EXPECT_EQ(t.p <= 0.05, t.low > 0 || t.high < 0) << t.p << " " << t.low << " " << t.high;
    decided += t.p <= 0.05 ? 1 : 0;
  }
  EXPECT_GT(decided, 5);
  EXPECT_LT(decided, 55);
}

TEST(Compare, a_clear_difference_is_said_with_its_size) {
  const auto m = apart(300, 0.2);
  const Comparison c = compare({m.a, m.b}, {.name_a = "gru", .name_b = "lstm"});
  EXPECT_TRUE(c.distinguishable);
  EXPECT_NEAR(c.decision.difference, c.b - c.a, 1e-12);
  EXPECT_EQ(c.verdict.find("lstm is better by "), 0u) << c.verdict;
  EXPECT_NE(c.verdict.find("points of accuracy ["), std::string::npos) << c.verdict;
  EXPECT_NE(c.verdict.find("(paired permutation of 300 samples, p < 0.001)"), std::string::npos)
      << c.verdict;
  const Comparison turned = compare({m.b, m.a}, {.name_a = "lstm", .name_b = "gru"});
  EXPECT_EQ(turned.verdict, c.verdict);
}

TEST(Compare, points_are_of_shares_alone) {
  const std::set<std::string> shares = {
      "accuracy", "balanced_accuracy", "macro_f1",         "weighted_f1",
      "auroc",    "average_precision", "calibration_error"};
  const auto m = apart(60, 0.3);
  const auto a = with_probabilities(m.a), b = with_probabilities(m.b);
  for (const auto& item : classification_metrics().items()) {
    EXPECT_EQ(item.value.is_share(), shares.contains(item.name)) << item.name;
    const Comparison c = compare({a, b}, {.metric = item.name});
    const bool points = c.verdict.find("points of ") != std::string::npos;
    EXPECT_EQ(points, item.value.is_share()) << c.verdict;
    const double shown = std::abs(c.decision.difference) * (points ? 100 : 1);
    const std::string number =
        points ? fmt::format("{:.1f} points", shown) : fmt::format("{:.3f} ", shown);
    EXPECT_NE(c.verdict.find(number), std::string::npos) << c.verdict;
  }
  Metric error;  // in the units of what is predicted, such as a root mean square error
  error.high = std::numeric_limits<double>::infinity();
  EXPECT_FALSE(error.is_share());
}

TEST(Compare, what_cannot_be_told_apart_is_said_with_the_number_needed) {
  const auto m = apart(40, 0.1);
  const Comparison c = compare({m.a, m.b}, {});
  EXPECT_FALSE(c.distinguishable);
  EXPECT_GT(c.samples_needed, 40);
  EXPECT_EQ(c.verdict.find("not distinguishable with these 40 samples: B - A = "), 0u) << c.verdict;
  EXPECT_NE(c.verdict.find(" samples would be needed"), std::string::npos) << c.verdict;
}

TEST(SlowCompare, the_number_needed_gives_the_promised_power) {
  base::Rng base(5);
  const int n = 200;
  const double gain = 0.12;
  const auto once = apart(20000, gain);
  const double needed = compare({once.a, once.b}, {}).samples_needed;
  EXPECT_GT(needed, n / 2);
  int found = 0;
  for (std::uint64_t i = 0; i < 200; ++i) {
    base::Rng rng = base.fork(i);
    std::vector<int> a, b;
    for (int k = 0; k < static_cast<int>(needed); ++k) {
      const double u = rng.uniform(), v = rng.uniform();
      a.push_back(u < 0.6);
      b.push_back((v < 0.5 ? u : rng.uniform()) < 0.6 + gain);
    }
    const auto ca = from_hits(a), cb = from_hits(b);
    const Pair pair{{&ca, 1}, {&cb, 1}};
    found += permutation_test(pair, classification_metrics().at("accuracy"), 1).p <= 0.05 ? 1 : 0;
  }
  EXPECT_NEAR(found / 200.0, 0.8, 0.08);
}

TEST(Compare, the_same_predictions_are_no_different) {
  const auto m = apart(30, 0);
  const Comparison c = compare({m.a, m.a}, {});
  EXPECT_FALSE(c.distinguishable);
  EXPECT_EQ(c.decision.p, 1);
  EXPECT_NE(c.verdict.find("no difference was seen at all"), std::string::npos) << c.verdict;
}

TEST(Compare, five_groups_can_decide_nothing) {
  auto m = apart(50, 0.4);
  for (auto* side : {&m.a, &m.b}) {
    for (int i = 0; i < 50; ++i) side->front().group.push_back(i / 10);
  }
  const Comparison c = compare({m.a, m.b}, {});
  EXPECT_FALSE(c.distinguishable);
  EXPECT_NE(c.verdict.find("50 samples in 5 groups"), std::string::npos) << c.verdict;
  EXPECT_NE(c.verdict.find("at least 6 groups"), std::string::npos) << c.verdict;
}

TEST(Compare, smaller_losses_are_better) {
  auto m = apart(60, 0);
  for (std::size_t i = 0; i < 60; ++i) {
    const int t = m.a[0].truth[i];
    for (const int k : {0, 1}) {
      m.a[0].probability.push_back(k == t ? 0.6 : 0.4);
      m.b[0].probability.push_back(k == t ? 0.7 - 0.002 * static_cast<double>(i)
                                          : 0.3 + 0.002 * static_cast<double>(i));
    }
  }
  const Comparison c = compare({m.a, m.b}, {.metric = "log_loss"});
  EXPECT_GT(c.decision.difference, 0);
  EXPECT_EQ(c.verdict.find("B is better by 0."), 0u) << c.verdict;
}

TEST(Compare, folds_are_decided_by_the_resampled_t_test) {
  base::Rng rng(2);
  const auto m = simulated::cross_validated(rng, 60, 5, 3);
  const Comparison c = compare({m.a, m.b}, {.fold = m.fold});
  ASSERT_TRUE(c.resampled_t.has_value());
  EXPECT_EQ(c.test, "corrected resampled t-test over 15 folds");
  EXPECT_EQ(c.decision.p, c.resampled_t->p);
  EXPECT_FALSE(c.mcnemar.has_value());
  std::vector<std::vector<int>> leave_one_out(3);
  for (auto& fold : leave_one_out) {
    for (int i = 0; i < 60; ++i) fold.push_back(i);
  }
  EXPECT_EQ(compare({m.a, m.b}, {.fold = leave_one_out}).test, "paired permutation of 60 samples");
}

TEST(Compare, other_samples_and_unknown_metrics_are_refused) {
  const auto a = from_hits({1, 0, 1}), b = from_hits({1, 0});
  EXPECT_THROW(compare({{&a, 1}, {&b, 1}}, {}), Error);
  EXPECT_THROW(compare({{&a, 1}, {&a, 1}}, {.metric = "acuracy"}), Error);
}

// The full simulation is bench/coverage.cc; with 1000 problems the standard error is 0.7 %.
TEST(SlowCoverage, of_accuracy_is_between_93_and_97_percent) {
  for (const int seed : {1, 2}) {
    for (const bool grouped : {false, true}) {
      const double held = simulated::coverage(grouped, 1, 1000, seed);
      EXPECT_GE(held, 0.93) << grouped << seed;
      EXPECT_LE(held, 0.97) << grouped << seed;
    }
  }
  const double repeats = simulated::coverage(false, 5, 500, 1);
  EXPECT_GE(repeats, 0.93);
  EXPECT_LE(repeats, 0.98);
}

TEST(SlowFalseAlarms, of_equal_methods_are_at_most_five_percent) {
  EXPECT_LE(simulated::false_alarms(false, 100, 1), 0.05);
  EXPECT_LE(simulated::false_alarms(true, 100, 1), 0.05);
  EXPECT_LE(simulated::false_alarms_in_folds(5, 1, true, 60, 1), 0.05);
}

}  // namespace
}  // namespace refrain::score
