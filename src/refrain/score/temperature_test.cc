#include "refrain/score/temperature.h"

#include <gtest/gtest.h>

#include <cmath>

#include "refrain/base/error.h"
#include "refrain/base/rng.h"
#include "refrain/score/metrics.h"

namespace refrain::score {
namespace {

double loss(const Classification& c) { return classification_metrics().at("log_loss")(c); }

Classification with_temperature(Classification c, double temperature) {
  c.probability = apply_temperature(c.probability, c.classes, temperature);
  return c;
}

// Truths drawn from the probabilities, which are then sharpened: p^sharpness.
Classification sharpened(int n, double sharpness, std::uint64_t seed) {
  base::Rng rng(seed);
  Classification c;
  c.classes = 3;
  for (int i = 0; i < n; ++i) {
    double row[3], sum = 0;
    for (double& p : row) sum += p = std::exp(1.5 * rng.normal());
    const double u = rng.uniform() * sum;
    c.truth.push_back(u < row[0] ? 0 : u < row[0] + row[1] ? 1 : 2);
    c.predicted.push_back(static_cast<int>(std::max_element(row, row + 3) - row));
    for (const double p : row) c.probability.push_back(p / sum);
  }
  return with_temperature(c, 1 / sharpness);
}

TEST(Temperature, finds_how_much_too_sure_the_probabilities_are) {
  EXPECT_NEAR(fit_temperature(sharpened(20000, 3, 1)), 3, 0.1);
  EXPECT_NEAR(fit_temperature(sharpened(20000, 1, 1)), 1, 0.03);
  EXPECT_NEAR(fit_temperature(sharpened(20000, 0.4, 1)), 0.4, 0.02);
}

TEST(Temperature, never_makes_the_log_loss_of_its_samples_worse) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const auto c = sharpened(1 + static_cast<int>(seed % 20), seed % 3 == 0 ? 0.3 : 2, seed);
    const double T = fit_temperature(c);
    EXPECT_GE(T, kLeastTemperature);
    EXPECT_LE(T, kMostTemperature);
    EXPECT_LE(loss(with_temperature(c, T)), loss(c) + 1e-12) << seed;
  }
}

TEST(Temperature, of_few_samples_stays_near_one) {
  double few = 0, alone = 0;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const auto c = sharpened(8, 1, seed);
    few += std::abs(std::log(fit_temperature(c)));
    alone += std::abs(std::log(fit_temperature(c, 0)));
  }
  EXPECT_LT(few, 0.5 * alone);
}

TEST(Temperature, of_few_samples_does_no_harm_on_new_ones) {
  double before = 0, after = 0;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const double T = fit_temperature(sharpened(20, 1, seed));
    const auto fresh = sharpened(500, 1, 1000 + seed);
    before += loss(fresh) / 100;
    after += loss(with_temperature(fresh, T)) / 100;
  }
  EXPECT_LT(after, before + 0.02);
}

TEST(Temperature, extreme_probabilities_give_a_legal_one) {
  Classification c;
  c.classes = 2;
  c.truth = {0, 1, 1, -1};
  c.predicted = {0, 1, 0, 0};
  c.probability = {1, 0, 0, 1, 1, 0, 1, 0};
  const double T = fit_temperature(c);
  EXPECT_GT(T, 1);
  EXPECT_LE(T, kMostTemperature);
  for (const double p : apply_temperature(c.probability, 2, T)) EXPECT_TRUE(std::isfinite(p));
  c.truth = {1, 0, 1, 0};
  EXPECT_EQ(fit_temperature(c, 0), kMostTemperature);
  c.truth = {0, 1, 0, 0};
  c.probability = {0.9, 0.1, 0.1, 0.9, 0.9, 0.1, 0.9, 0.1};
  EXPECT_EQ(fit_temperature(c, 0), kLeastTemperature);
}

TEST(Temperature, nothing_to_learn_from_gives_one) {
  Classification c;
  c.classes = 2;
  EXPECT_EQ(fit_temperature(c), 1);
  c.truth = {-1};
  c.predicted = {0};
  c.probability = {0.9, 0.1};
  EXPECT_EQ(fit_temperature(c), 1);
  c.truth = {1};
  c.probability = {0.5, 0.5};
  EXPECT_EQ(fit_temperature(c), 1);
  c.probability.clear();
  EXPECT_THROW(fit_temperature(c), Error);
}

TEST(Temperature, keeps_the_order_and_the_sum_of_a_row) {
  const auto p = apply_temperature({0.2, 0.5, 0.3}, 3, 2);
  EXPECT_NEAR(p[0] + p[1] + p[2], 1, 1e-15);
  EXPECT_LT(p[0], p[2]);
  EXPECT_LT(p[2], p[1]);
  EXPECT_NEAR(p[1] / p[0], std::sqrt(0.5 / 0.2), 1e-12);
  EXPECT_THROW(apply_temperature({1, 0}, 2, 0), Error);
}

}  // namespace
}  // namespace refrain::score
