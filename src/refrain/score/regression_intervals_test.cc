#include <fmt/format.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "refrain/score/bootstrap.h"
#include "refrain/score/compare.h"
#include "refrain/score/intervals.h"
#include "refrain/score/simulated_regression.h"

namespace refrain::score {
namespace {

Regression some_numbers(int n, std::uint64_t seed = 1) {
  base::Rng rng(seed);
  return simulated::numbers(rng, {n});
}

Regression scaled(Regression r, double by) {
  for (auto* list : {&r.truth, &r.predicted, &r.low, &r.high}) {
    for (double& x : *list) x *= by;
  }
  return r;
}

double width_of(const NamedScore& s) { return s.score.high - s.score.low; }

TEST(RegressionIntervals, lie_around_the_value_and_in_the_range) {
  Regression r = some_numbers(60);
  const auto scores = score_all(r, 1);
  ASSERT_EQ(scores.size(), 7u);
  for (const auto& [name, s] : scores) {
    const Metric& metric = regression_metrics().at(name);
    EXPECT_EQ(s.value, metric(r)) << name;
    EXPECT_LT(s.low, s.value) << name;
    EXPECT_GT(s.high, s.value) << name;
    EXPECT_GT(s.low, metric.low) << name;
    EXPECT_LT(s.high, metric.high) << name;
  }
}

TEST(RegressionIntervals, of_errors_scale_with_the_unit) {
  const Regression r = some_numbers(40);
  for (const double by : {1e-90, 1e6}) {
    const auto plain = score_all(r, 1), other = score_all(scaled(r, by), 1);
    for (std::size_t m = 0; m < plain.size(); ++m) {
      const Metric& metric = regression_metrics().at(plain[m].name);
      const double unit = metric.low == 0 && !std::isfinite(metric.high) ? by : 1;
      const Interval &a = plain[m].score, &b = other[m].score;
      EXPECT_NEAR(b.low / unit, a.low, 1e-6 * std::abs(a.low)) << plain[m].name;
      EXPECT_NEAR(b.high / unit, a.high, 1e-6 * std::abs(a.high)) << plain[m].name;
    }
  }
}

TEST(RegressionIntervals, of_many_samples_and_normal_errors_are_those_of_the_formula) {
  const Interval rmse = score_all(some_numbers(2000), 1).front().score;
  const double half = 1.96 * std::sqrt(1 / (2 * 2000.0));  // of log(rmse)
  EXPECT_NEAR(std::log(rmse.high / rmse.value) / half, 1, 0.1);
  EXPECT_NEAR(std::log(rmse.value / rmse.low) / half, 1, 0.1);
}

TEST(RegressionIntervals, groups_that_agree_make_them_wider) {
  Regression r = some_numbers(200);
  for (std::size_t i = 0; i < r.size(); ++i) {
    r.group.push_back(static_cast<int>(i / 10));
    for (auto* list : {&r.truth, &r.predicted, &r.low, &r.high}) (*list)[i] = (*list)[i / 10 * 10];
  }
  const auto grouped = score_all(r, 1);
  r.group.clear();
  const auto alone = score_all(r, 1);
  for (std::size_t m = 0; m < alone.size(); ++m) {
    EXPECT_GT(width_of(grouped[m]), 1.5 * width_of(alone[m])) << alone[m].name;
  }
}

TEST(RegressionIntervals, of_one_group_have_any_value) {
  Regression r = some_numbers(20);
  r.group.assign(20, 3);
  for (const auto& [name, s] : score_all(r, 1)) {
    EXPECT_EQ(s.low, regression_metrics().at(name).low) << name;
    EXPECT_EQ(s.high, regression_metrics().at(name).high) << name;
  }
}

TEST(RegressionIntervals, where_all_is_right_have_no_width_but_of_shares) {
  Regression r = some_numbers(20);
  r.predicted = r.truth;
  r.low = r.high = r.truth;
  for (const auto& [name, s] : score_all(r, 1)) {
    if (name == "coverage" || name == "spearman") {
      EXPECT_LT(s.low, 0.9) << name;
    } else {
      EXPECT_EQ(s.low, s.value) << name;
      EXPECT_EQ(s.high, s.value) << name;
    }
  }
}

TEST(RegressionIntervals, of_coverage_are_those_of_accuracy) {
  Regression r = some_numbers(50);
  const auto coverage = [&] { return score_all(r, 1)[5]; };
  ASSERT_EQ(coverage().name, "coverage");
  const double inside = std::round(50 * coverage().score.value);
  EXPECT_DOUBLE_EQ(coverage().score.low, wilson(inside, 50).low);
  EXPECT_DOUBLE_EQ(coverage().score.high, wilson(inside, 50).high);
  r.width = 2;  // two columns that do not agree count for more than half of the samples alone
  EXPECT_EQ(coverage().score.value, inside / 50);
  EXPECT_LT(width_of(coverage()), wilson(inside / 2, 25).high - wilson(inside / 2, 25).low);
}

TEST(RegressionIntervals, one_large_error_leaves_two_degrees_of_freedom) {
  Regression r = some_numbers(40);
  r.low.clear(), r.high.clear();
  const auto groups = members(r);
  const auto freedom = [&] {
    Scorer scorer(r, r.metrics());
    return degrees_of_freedom({r, groups}, scorer);
  };
  const auto before = freedom();
  EXPECT_GT(before[0], 7);
  EXPECT_LE(before[0], 39);
  EXPECT_GT(before[1], before[0]) << "squares have heavier tails than sizes";
  EXPECT_EQ(before[4], 0) << "Spearman's range has no open end";
  const double narrow = score_all(r, 1)[0].score.high / score_all(r, 1)[0].score.value;
  r.predicted[7] += 100;
  EXPECT_NEAR(freedom()[0], 2, 0.1);
  EXPECT_GT(score_all(r, 1)[0].score.high / score_all(r, 1)[0].score.value, 2 * narrow);
}

TEST(RegressionIntervals, repeats_that_differ_as_a_whole_make_them_wider) {
  const Regression good = some_numbers(300);
  Regression bad = good;
  for (double& x : bad.predicted) x += 1.5;
  const std::vector<Regression> same(4, good), differ = {good, bad, good, bad};
  const auto a = score_repeats(same, 1), b = score_repeats(differ, 1);
  EXPECT_GT(width_of(b[0]), 1.5 * width_of(a[0]));
  EXPECT_EQ(sources_of_variation(same),
            "the choice of 300 samples and of 4 repeats (seeds, splits); not that of the samples "
            "trained on");
}

TEST(RegressionIntervals, of_other_samples_or_another_form_are_refused) {
  std::vector<Regression> two = {some_numbers(10), some_numbers(10)};
  EXPECT_NO_THROW(score_repeats(two, 1));
  two[1].low.clear(), two[1].high.clear();
  EXPECT_THROW(score_repeats(two, 1), Error) << "one has prediction intervals";
  two[1] = some_numbers(10, 2);
  EXPECT_THROW(score_repeats(two, 1), Error);
  two[1] = two[0];
  two[1].weight.assign(10, 2);
  EXPECT_THROW(score_repeats(two, 1), Error);
  two[1].weight.clear();
  two[1].group.assign(10, 0);
  EXPECT_THROW(score_repeats(two, 1), Error);
  Classification c;
  EXPECT_THROW(score_repeats(std::vector<const Answers*>{&two[0], &c}, 1), Error);
}

// A's errors are `more` times B's.
std::pair<Regression, Regression> apart_by(double more, int n) {
  Regression b = some_numbers(n), a = b;
  base::Rng rng(5);
  for (std::size_t i = 0; i < b.size(); ++i) {
    b.predicted[i] = b.truth[i] + rng.normal();
    a.predicted[i] = a.truth[i] + more * rng.normal();
  }
  return {a, b};
}

TEST(CompareRegressions, a_clear_difference_is_said_in_units_of_the_target) {
  const auto [a, b] = apart_by(2, 100);
  const Comparison c = compare({a, b}, {});
  EXPECT_EQ(c.metric, "rmse");
  EXPECT_TRUE(c.distinguishable);
  EXPECT_FALSE(c.mcnemar.has_value());
  EXPECT_DOUBLE_EQ(c.a, regression_metrics().at("rmse")(a));
  EXPECT_DOUBLE_EQ(c.decision.difference, c.a - c.b) << "smaller is better";
  const std::string start = fmt::format("B is better by {:.2f} rmse [", c.decision.difference);
  EXPECT_EQ(c.verdict.find(start), 0u) << c.verdict;
  const Comparison tiny = compare({scaled(a, 1e-9), scaled(b, 1e-9)}, {});
  EXPECT_EQ(tiny.decision.p, c.decision.p);
  EXPECT_NE(tiny.verdict.find(" by 0.0000000"), std::string::npos) << tiny.verdict;
  EXPECT_EQ(tiny.verdict.find(" 0.00000000000 "), std::string::npos) << tiny.verdict;
}

TEST(CompareRegressions, every_metric_sees_the_better_one) {
  const auto [a, b] = apart_by(3, 80);
  for (const auto& item : b.metrics()) {
    if (item.name == "coverage" || item.name == "interval_width") continue;
    const Comparison c = compare({a, b}, {.metric = item.name});
    EXPECT_TRUE(c.distinguishable) << c.verdict;
    EXPECT_EQ(c.verdict.find("B is better by "), 0u) << c.verdict;
    EXPECT_LT(c.decision.low, c.decision.difference) << item.name;
    EXPECT_GT(c.decision.low, 0) << item.name;
  }
}

TEST(CompareRegressions, the_permutation_test_agrees_with_counting_all_exchanges) {
  Regression a, b;
  a.truth = b.truth = {0, 0, 0, 0, 0, 0, 1, 1};
  b.predicted = {0, 0, 0, 0, 0, 0, 2, 2};
  a.predicted = {1, 1, 1, 1, 1, 1, 2, 2};
  const Tested t = permutation_test({a, b}, regression_metrics().at("mae"), 1);
  EXPECT_NEAR(t.difference, 0.75, 1e-12);
  EXPECT_NEAR(t.p, 2.0 / 64, 0.015);
  EXPECT_EQ(
      permutation_test({scaled(a, 1e-13), scaled(b, 1e-13)}, regression_metrics().at("mae"), 1).p,
      t.p)
      << "the unit does not matter";
}

TEST(CompareRegressions, folds_are_decided_by_the_resampled_t_test) {
  const auto [a, b] = apart_by(2, 60);
  CompareOptions options;
  options.fold.emplace_back();
  for (int i = 0; i < 60; ++i) options.fold[0].push_back(i % 5);
  const Comparison c = compare({a, b}, options);
  ASSERT_TRUE(c.resampled_t.has_value());
  EXPECT_EQ(c.test, "corrected resampled t-test over 5 folds");
  EXPECT_GT(c.resampled_t->difference, 0);
}

TEST(CompareRegressions, unknown_metrics_and_another_kind_are_refused) {
  const auto [a, b] = apart_by(2, 10);
  EXPECT_THROW(compare({a, b}, {.metric = "accuracy"}), Error);
  EXPECT_THROW(compare({a, Classification()}, {}), Error);
  EXPECT_THROW(mcnemar(a, b), Error);
}

// The full simulation is bench/coverage.cc; with 400 problems the standard error is 1.1 %.
TEST(SlowRegressionCoverage, of_errors_is_between_92_and_98_percent) {
  for (const bool heavy : {false, true}) {
    for (const bool grouped : {false, true}) {
      const auto held = simulated::regression_coverage({50, {}, heavy}, grouped, 400, 1);
      for (const char* name : {"rmse", "mae", "median_absolute_error", "interval_width"}) {
        EXPECT_GE(held.at(name), 0.92) << name << heavy << grouped;
        EXPECT_LE(held.at(name), 0.985) << name << heavy << grouped;
      }
    }
  }
}

TEST(SlowRegressionCoverage, false_alarms_are_at_most_six_percent) {
  EXPECT_LE(simulated::regression_false_alarms({50, {}, true}, false, 200, 1), 0.06);
  EXPECT_LE(simulated::regression_false_alarms({50, {}, true}, true, 200, 1), 0.06);
}

}  // namespace
}  // namespace refrain::score
