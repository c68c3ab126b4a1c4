#include "refrain/score/forecasting.h"

#include <gtest/gtest.h>

#include <cmath>

#include "refrain/base/error.h"
#include "refrain/score/intervals.h"

namespace refrain::score {
namespace {

// Two windows of two steps, whose numbers can be worked out by hand.
Forecasts by_hand() {
  Forecasts f;
  f.horizon = 2;
  f.truth = {10, 20, 5, std::nan("")};
  f.predicted = {12, 20, 4, 7};
  f.levels = {0.1, 0.9};
  f.quantiles = {8, 11, 15, 25, 3, 6, 0, 9};
  f.naive_error = {2, 4};
  f.naive_square = {4, 16};
  f.deviation = {5, 2};
  f.naive2_mase = {1, 0.5};
  f.naive2_smape = {20, 20};
  return f;
}

double value_of(const Forecasts& f, const std::string& name) {
  const auto weigher = f.weigher(false);
  return forecast_metrics().at(name).of(*weigher);
}

TEST(Forecasts, have_the_scores_that_can_be_worked_out_by_hand) {
  const Forecasts f = by_hand();
  // Mean absolute errors are 1 and 1, in units 0.5 and 0.25.
  EXPECT_DOUBLE_EQ(value_of(f, "mase"), (0.5 + 0.25) / 2);
  const double smape = (100 * 2.0 / 11 + 0) / 2, other = 200 * 1.0 / 9;
  EXPECT_NEAR(value_of(f, "smape"), (smape + other) / 2, 1e-12);
  EXPECT_NEAR(value_of(f, "rmsse"), (std::sqrt(2.0 / 4) + std::sqrt(1.0 / 16)) / 2, 1e-12);
  EXPECT_NEAR(value_of(f, "owa"), (0.375 / 0.75 + (smape + other) / 2 / 20) / 2, 1e-12);
  EXPECT_DOUBLE_EQ(value_of(f, "coverage"), (1.0 + 1.0) / 2);
  EXPECT_DOUBLE_EQ(value_of(f, "mae"), 1);
  EXPECT_NEAR(value_of(f, "rmse"), std::sqrt((2.0 + 1.0) / 2), 1e-12);
  EXPECT_NEAR(value_of(f, "mse_scaled"), (2.0 / 25 + 1.0 / 4) / 2, 1e-12);
  EXPECT_NEAR(value_of(f, "mae_scaled"), (1.0 / 5 + 1.0 / 2) / 2, 1e-12);
}

TEST(Forecasts, a_truth_outside_the_outer_quantiles_is_not_covered) {
  Forecasts f = by_hand();
  f.truth[1] = 30;
  EXPECT_DOUBLE_EQ(value_of(f, "coverage"), (0.5 + 1.0) / 2);
}

TEST(Forecasts, quantile_loss_is_the_pinball_loss_over_the_size_of_the_truths) {
  Forecasts f = by_hand();
  f.truth = {10, std::nan(""), 5, std::nan("")};
  // Levels 0.1 and 0.9: window 1 has 0.1 * 2 and 0.1 * 1, window 2 has 0.1 * 2 and 0.1 * 1.
  const double loss = 2 * (0.2 + 0.1) / 2;
  EXPECT_NEAR(value_of(f, "weighted_quantile_loss"), (loss + loss) / (10 + 5), 1e-12);
}

TEST(Forecasts, a_window_without_a_scale_is_left_out_of_scaled_errors) {
  Forecasts f = by_hand();
  f.naive_error[0] = 0;
  f.naive_square[0] = 0;
  f.naive2_mase[0] = 0;
  EXPECT_DOUBLE_EQ(value_of(f, "mase"), 0.25);
  EXPECT_DOUBLE_EQ(value_of(f, "rmsse"), 0.25);
}

TEST(Forecasts, weights_count_windows) {
  Forecasts f = by_hand();
  f.weight = {3, 1};
  EXPECT_DOUBLE_EQ(value_of(f, "mase"), (3 * 0.5 + 0.25) / 4);
  const auto weigher = f.weigher(false);
  weigher->reweigh({0, 1});
  EXPECT_DOUBLE_EQ(forecast_metrics().at("mase").of(*weigher), 0.25);
}

TEST(Forecasts, are_followed_by_others) {
  const Forecasts f = by_hand();
  const auto both = f.followed_by(f);
  EXPECT_EQ(both->size(), 4U);
  EXPECT_DOUBLE_EQ(value_of(dynamic_cast<const Forecasts&>(*both), "mase"), value_of(f, "mase"));
  EXPECT_TRUE(f.same_samples(f));
  EXPECT_FALSE(f.same_samples(*both));
}

TEST(Forecasts, tell_only_what_is_there) {
  Forecasts f = by_hand();
  f.levels.clear();
  f.quantiles.clear();
  f.naive2_mase.clear();
  f.naive2_smape.clear();
  for (const auto& metric : f.metrics()) {
    EXPECT_NE(metric.name, "owa");
    EXPECT_NE(metric.name, "coverage");
  }
  EXPECT_EQ(f.metrics().front().name, "mase");
}

TEST(Forecasts, refuse_what_does_not_fit_together) {
  const auto refused = [](auto change) {
    Forecasts f = by_hand();
    change(f);
    EXPECT_THROW(f.check(), Error);
  };
  refused([](Forecasts& f) { f.predicted.pop_back(); });
  refused([](Forecasts& f) { f.quantiles[0] = 99; });
  refused([](Forecasts& f) { f.predicted[0] = std::nan(""); });
  refused([](Forecasts& f) { f.truth[2] = std::nan(""); });
  refused([](Forecasts& f) { f.naive_error[0] = -1; });
  refused([](Forecasts& f) { f.naive2_mase.pop_back(); });
}

TEST(Forecasts, steps_as_windows_have_the_same_mean_scores) {
  Forecasts f = by_hand();
  f.truth[3] = 8;
  const Forecasts steps = f.by_steps();
  EXPECT_EQ(steps.size(), 4U);
  for (const char* name : {"mase", "smape", "owa", "coverage", "mae", "mse_scaled"}) {
    EXPECT_NEAR(value_of(steps, name), value_of(f, name), 1e-12) << name;
  }
  EXPECT_EQ(by_hand().by_steps().size(), 3U);
}

TEST(Forecasts, have_intervals) {
  Forecasts f = by_hand();
  for (int i = 0; i < 5; ++i) {
    const auto more = f.followed_by(by_hand());
    f = dynamic_cast<const Forecasts&>(*more);
  }
  const auto scores = score_all(f, 1);
  EXPECT_EQ(scores.front().name, "mase");
  EXPECT_LT(scores.front().score.low, scores.front().score.value);
  EXPECT_GT(scores.front().score.high, scores.front().score.value);
}

}  // namespace
}  // namespace refrain::score
