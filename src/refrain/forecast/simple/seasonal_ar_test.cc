#include <gtest/gtest.h>

#include <cmath>

#include "refrain/forecast/simple/least_squares.h"
#include "refrain/forecast/simple/simple.h"

namespace refrain::forecast {
namespace {

std::vector<double> seasonal_ar(const std::vector<double>& past, const Wanted& wanted) {
  return simple_methods().at("seasonal_ar").forecast(past, wanted);
}

TEST(LeastSquares, the_ridge_draws_the_weights_to_0) {
  const NormalEquations equations{2, {2, 1, 1, 2}, {3, 3}};
  EXPECT_NEAR(solve_ridge(equations, 1e-9)[0], 1, 1e-8);
  EXPECT_NEAR(solve_ridge(equations, 1e-9)[1], 1, 1e-8);
  EXPECT_NEAR(solve_ridge(equations, 3)[0], 0.5, 1e-12);  // (2 + 3 + 1) w = 3
}

TEST(LeastSquares, weights_of_unequal_columns_are_found) {
  // X = ((1, 0), (1, 1), (1, 2)), y = X (5, -2)
  const auto w = solve_ridge({2, {3, 3, 3, 5}, {9, 5}}, 1e-10);
  EXPECT_NEAR(w[0], 5, 1e-6);
  EXPECT_NEAR(w[1], -2, 1e-6);
}

TEST(LeastSquares, equal_and_empty_columns_stay_finite) {
  const auto w = solve_ridge({3, {4, 4, 0, 4, 4, 0, 0, 0, 0}, {4, 4, 0}}, 1e-12);
  EXPECT_NEAR(w[0] + w[1], 1, 1e-6);
  EXPECT_EQ(w[2], 0);
}

TEST(SeasonalAr, a_wave_without_any_season_given_goes_on) {
  std::vector<double> past;
  for (int t = 0; t < 200; ++t) past.push_back(std::sin(0.3 * t));
  const auto got = seasonal_ar(past, {10, {}});
  for (int h = 0; h < 10; ++h) EXPECT_NEAR(got[size_t(h)], std::sin(0.3 * (200 + h)), 0.02) << h;
}

// A pattern of the day that stands higher on two days of the week.
double hour_of_week(size_t t) { return double((t % 4) * (t % 4)) + (t / 4 % 7 >= 5 ? 6.0 : 0.0); }

TEST(SeasonalAr, two_seasons_are_followed_at_once) {
  std::vector<double> past;
  for (size_t t = 0; t < 28 * 8 + 10; ++t) past.push_back(hour_of_week(t));
  const auto both = seasonal_ar(past, {28, {4, 28}}), day = seasonal_ar(past, {28, {4}});
  double error_of_both = 0, error_of_day = 0;
  for (size_t h = 0; h < 28; ++h) {
    error_of_both += std::abs(both[h] - hour_of_week(past.size() + h)) / 28;
    error_of_day += std::abs(day[h] - hour_of_week(past.size() + h)) / 28;
  }
  EXPECT_LT(error_of_both, 0.05);
  EXPECT_GT(error_of_day, 0.5);
}

TEST(SeasonalAr, no_path_leaves_the_past_by_more_than_its_range) {
  std::vector<double> past;
  for (int t = 0; t < 40; ++t) past.push_back(std::exp2(t));
  for (double sign : {1.0, -1.0}) {
    std::vector<double> signed_past;
    for (double v : past) signed_past.push_back(sign * v);
    for (double v : seasonal_ar(signed_past, {60, {}})) {
      EXPECT_LE(std::abs(v), 2 * past.back());
    }
  }
}

TEST(SeasonalAr, a_past_too_short_for_lags_gets_naive2) {
  const std::vector<double> past{3, 1, 4, 1, 5};
  EXPECT_EQ(seasonal_ar(past, {4, {2}}), simple_methods().at("naive2").forecast(past, {4, {2}}));
}

}  // namespace
}  // namespace refrain::forecast
