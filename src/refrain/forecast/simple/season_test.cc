#include "refrain/forecast/simple/season.h"

#include <gtest/gtest.h>

#include <cmath>

namespace refrain::forecast {
namespace {

std::vector<double> repeated(const std::vector<double>& season, size_t length) {
  std::vector<double> out;
  for (size_t t = 0; t < length; ++t) out.push_back(season[t % season.size()]);
  return out;
}

TEST(Season, a_repeating_series_is_seasonal_at_its_period) {
  const auto values = repeated({1, 2, 3, 9}, 24);
  EXPECT_TRUE(is_seasonal(values, 4));
  EXPECT_FALSE(is_seasonal(values, 1));
}

TEST(Season, two_seasons_are_too_few_and_three_are_enough) {
  const std::vector<double> season{1, 9, 2, 9, 1, 30};
  EXPECT_FALSE(is_seasonal(repeated(season, 17), 6));
  EXPECT_TRUE(is_seasonal(repeated(season, 18), 6));
}

TEST(Season, constant_and_empty_series_are_not_seasonal) {
  EXPECT_FALSE(is_seasonal(std::vector<double>(40, 7.0), 4));
  EXPECT_FALSE(is_seasonal(std::vector<double>{}, 4));
}

TEST(Season, the_limit_of_the_test_grows_with_the_earlier_correlations) {
  // mean 4/7; deviations 3/7, -4/7; squares sum to (4 * 9 + 3 * 16) / 49 = 84 / 49;
  // lag 1: -6 * 12 / 49, r_1 = -72 / 84; lag 2: (3 * 9 + 2 * 16) / 49, r_2 = 59 / 84 = 0.702;
  // the limit: 1.645 sqrt((1 + 2 (72 / 84)^2) / 7) = 0.977.
  EXPECT_FALSE(is_seasonal(repeated({1, 0}, 7), 2));
  EXPECT_TRUE(is_seasonal(repeated({1, 0}, 60), 2));
}

TEST(Season, indices_of_a_multiplied_season_are_exact) {
  std::vector<double> values;
  for (size_t t = 0; t < 12; ++t) values.push_back(10 * (t % 2 == 0 ? 1.5 : 0.5));
  const SeasonalIndices indices = seasonal_indices(values, 2);
  ASSERT_EQ(indices.of_step.size(), 2u);
  EXPECT_TRUE(indices.multiplicative);
  EXPECT_DOUBLE_EQ(indices.of(0), 1.5);
  EXPECT_DOUBLE_EQ(indices.of(13), 0.5);
  for (double v : without_season(values, indices)) EXPECT_DOUBLE_EQ(v, 10);
}

TEST(Season, a_value_that_is_not_positive_makes_the_indices_additive) {
  std::vector<double> values;
  for (size_t t = 0; t < 15; ++t) values.push_back(double(t) + (t % 3 == 0 ? 4.0 : -2.0));
  values[1] = -1;  // = 1 - 2: the series is -1 here anyway
  const SeasonalIndices indices = seasonal_indices(values, 3);
  ASSERT_EQ(indices.of_step.size(), 3u);
  EXPECT_FALSE(indices.multiplicative);
  EXPECT_NEAR(indices.of(0), 4, 1e-12);
  EXPECT_NEAR(indices.of(1), -2, 1e-12);
  EXPECT_NEAR(indices.with(indices.without(5.0, 3), 3), 5, 1e-12);
}

TEST(Season, less_than_two_seasons_give_no_indices) {
  EXPECT_TRUE(seasonal_indices(repeated({1, 2, 3, 4}, 7), 4).of_step.empty());
  EXPECT_EQ(seasonal_indices(repeated({1, 2, 3, 4}, 8), 4).of_step.size(), 4u);
  EXPECT_EQ(SeasonalIndices{}.without(3.0, 5), 3.0);
}

TEST(Season, the_naive_error_is_the_mean_absolute_difference_at_the_lag) {
  const std::vector<double> past{1, 2, 4, 8, 16};
  EXPECT_DOUBLE_EQ(seasonal_naive_error(past, 1), (1 + 2 + 4 + 8) / 4.0);
  EXPECT_DOUBLE_EQ(seasonal_naive_error(past, 2), (3 + 6 + 12) / 3.0);
  EXPECT_DOUBLE_EQ(seasonal_naive_error(past, 4), 15);
  EXPECT_DOUBLE_EQ(seasonal_naive_error(past, 5), seasonal_naive_error(past, 1));
}

TEST(Season, the_naive_error_of_what_never_changes_is_0_and_never_infinite) {
  EXPECT_EQ(seasonal_naive_error(std::vector<double>{}, 4), 0);
  EXPECT_EQ(seasonal_naive_error(std::vector<double>{3}, 4), 0);
  EXPECT_EQ(seasonal_naive_error(std::vector<double>(9, 3.0), 4), 0);
  EXPECT_EQ(seasonal_naive_error(std::vector<double>(9, 3.0), 0), 0);
  EXPECT_TRUE(std::isfinite(seasonal_naive_error(std::vector<double>{1.7e308, -1.7e308}, 1)));
}

}  // namespace
}  // namespace refrain::forecast
