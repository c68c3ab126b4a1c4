#include "refrain/score/lives.h"

#include <gtest/gtest.h>

#include <cmath>

#include "refrain/score/intervals.h"

namespace refrain::score {
namespace {

Regression lives(std::vector<double> truth, std::vector<double> predicted) {
  Regression out;
  out.truth = std::move(truth);
  out.predicted = std::move(predicted);
  return out;
}

double nasa_of(const Regression& answers) { return life_metrics().front().value(answers); }

TEST(NasaScore, sums_what_errors_cost_and_late_ones_cost_more) {
  EXPECT_DOUBLE_EQ(nasa_of(lives({50, 50}, {50, 50})), 0);
  EXPECT_NEAR(nasa_of(lives({50}, {60})), std::exp(1) - 1, 1e-12);
  EXPECT_NEAR(nasa_of(lives({50}, {37})), std::exp(1) - 1, 1e-12);
  EXPECT_NEAR(nasa_of(lives({50, 20, 9}, {60, 25, 7})),
              std::exp(1) + std::exp(0.5) + std::exp(2.0 / 13) - 3, 1e-12);
}

TEST(NasaScore, stays_finite) { EXPECT_TRUE(std::isfinite(nasa_of(lives({0, 1e9}, {1e9, 0})))); }

TEST(NasaScore, has_an_interval_over_units) {
  Regression answers = lives({10, 20, 30, 40, 50, 60}, {12, 19, 45, 41, 30, 66});
  answers.group = {0, 0, 1, 1, 2, 2};
  const auto scores = score_repeats(answers, 1, life_metrics(), nullptr);
  const auto found = std::find_if(scores.begin(), scores.end(),
                                  [](const auto& s) { return s.name == "nasa_score"; });
  ASSERT_NE(found, scores.end());
  EXPECT_DOUBLE_EQ(found->score.value, nasa_of(answers));
  EXPECT_LT(found->score.low, found->score.value);
  EXPECT_GT(found->score.high, found->score.value);
}

TEST(Alarms, count_what_is_told_in_time_and_what_is_told_for_nothing) {
  Alarms alarms;
  alarms.add(lives({10, 20, 21, 90, 5}, {15, 25, 19, 20, 5}), 20);
  EXPECT_EQ(alarms.below, 3U);
  EXPECT_EQ(alarms.detected, 2U);
  EXPECT_EQ(alarms.above, 2U);
  EXPECT_EQ(alarms.false_alarms, 2U);
}

TEST(FirstAlarms, come_late_too_early_or_never) {
  Regression answers = lives({40, 25, 15, 5,   // told at 15: 5 after the threshold
                              40, 25, 15, 5,   // told at 25: early
                              40, 25, 15, 5,   // never told
                              15, 5, 40, 25},  // not watched from above to below
                             {45, 24, 12, 6, 40, 19, 14, 4, 50, 40, 30, 21, 9, 5, 45, 24});
  answers.group = {0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 4, 4};
  FirstAlarms found;
  found.add(answers, 20);
  EXPECT_EQ(found.units, 3U);
  EXPECT_EQ(found.early, 1U);
  EXPECT_EQ(found.missed, 1U);
  EXPECT_EQ(found.delay, std::vector<double>{5});
}

}  // namespace
}  // namespace refrain::score
