#include "refrain/forecast/simple/simple.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "refrain/forecast/simple/smoothing.h"

namespace refrain::forecast {
namespace {

std::vector<double> simple_forecast(const std::string& method, const std::vector<double>& past,
                                    const Wanted& wanted) {
  return simple_methods().at(method).forecast(past, wanted);
}

void expect_simple(const std::string& method, const std::vector<double>& past, const Wanted& wanted,
                   const std::vector<double>& expected) {
  const auto got = simple_forecast(method, past, wanted);
  ASSERT_EQ(got.size(), expected.size()) << method;
  for (size_t h = 0; h < got.size(); ++h) EXPECT_NEAR(got[h], expected[h], 1e-9) << method << h;
}

TEST(SimpleMethods, naive_repeats_the_last_value) {
  expect_simple("naive", {3, 5}, {3, {}}, {5, 5, 5});
}

TEST(SimpleMethods, seasonal_naive_repeats_the_last_season_of_the_shortest_period) {
  expect_simple("seasonal_naive", {9, 1, 2, 3}, {5, {3, 4}}, {1, 2, 3, 1, 2});
  expect_simple("seasonal_naive", {9, 1, 2, 3}, {5, {4, 3}}, {1, 2, 3, 1, 2});
  expect_simple("seasonal_naive", {1, 2}, {3, {3}}, {2, 2, 2});
}

TEST(SimpleMethods, drift_goes_on_along_the_line_through_both_ends) {
  expect_simple("drift", {1, 7, 5}, {2, {}}, {7, 9});
  expect_simple("drift", {4}, {2, {}}, {4, 4});
}

TEST(SimpleMethods, mean_is_the_mean) { expect_simple("mean", {1, 2, 6}, {2, {}}, {3, 3}); }

// 10 * {1.5, 0.5} repeated: the adjusted series is 10 throughout.
TEST(SimpleMethods, naive2_and_theta_take_the_season_out_and_put_it_back) {
  std::vector<double> past;
  for (size_t t = 0; t < 61; ++t) past.push_back(t % 2 == 0 ? 15 : 5);
  expect_simple("naive2", past, {3, {2}}, {5, 15, 5});
  expect_simple("theta", past, {3, {2}}, {5, 15, 5});
  expect_simple("naive2", past, {3, {}}, {15, 15, 15});
}

// On a line theta line 2 is the line itself; its last level lags behind by the steepest alpha, and
// half of the slope remains.
TEST(SimpleMethods, theta_rises_by_half_the_slope) {
  const auto got = simple_forecast("theta", {0, 1, 2, 3, 4, 5, 6, 7}, {3, {}});
  EXPECT_NEAR(got[0], 7.5, 0.001);
  EXPECT_NEAR(got[2] - got[1], 0.5, 1e-9);
}

TEST(SimpleMethods, theta_of_what_was_never_negative_is_not_negative) {
  for (double v : simple_forecast("theta", {9, 8, 6, 5, 3, 2, 0, 0}, {20, {}})) EXPECT_GE(v, 0);
  EXPECT_LT(simple_forecast("theta", {9, 8, 6, 5, 3, 2, 0, -1}, {20, {}}).back(), 0);
}

TEST(Smoothing, a_jump_wants_the_last_value_and_noise_the_mean) {
  const Smoothing jump = smooth_best(std::vector<double>{1, 1, 1, 1, 5, 5, 5, 5, 5});
  EXPECT_NEAR(jump.alpha, 0.9999, 1e-3);
  EXPECT_NEAR(jump.last_level, 5, 1e-3);
  const Smoothing noise = smooth_best(std::vector<double>{1, -1, 1, -1, 1, -1, 1, -1, 1, -1});
  EXPECT_NEAR(noise.alpha, 0.0001, 1e-6);
  EXPECT_NEAR(noise.last_level, 0, 1e-3);
}

// A series that only rises wants the steepest alpha: the level then is the last value whatever it
// was, so the error is least where the first one vanishes too.
TEST(Smoothing, the_first_level_is_the_one_of_least_error) {
  EXPECT_EQ(smooth_best(std::vector<double>{2, 2, 2}).first_level, 2);
  EXPECT_NEAR(smooth_best(std::vector<double>{1, 4, 9, 16}).first_level, 1, 1e-3);
}

std::vector<std::vector<double>> hard_pasts() {
  std::vector<std::vector<double>> pasts{{0},       {-3},           {1, 2},
                                         {5, 5, 5}, {1, -1, 1, -1}, {0, 0, 0, 1}};
  for (double scale : {1.0, 1.7e308, 1e-300, 5e-324, -1e12}) {
    for (size_t length : {3u, 7u, 14u, 50u}) {
      std::vector<double> wave, line, steps(length, scale);
      for (size_t t = 0; t < length; ++t) {
        wave.push_back(scale * std::sin(double(t)));
        line.push_back(scale / double(t + 1));
        if (t % 4 == 1) steps[t] = 0;
      }
      pasts.insert(pasts.end(), {wave, line, steps, std::vector<double>(length, scale)});
    }
  }
  std::vector<double> mixed;
  for (int i = 0; i < 40; ++i) mixed.push_back(i % 3 == 0 ? 1e300 : i % 3 == 1 ? 1e-300 : -5);
  pasts.push_back(mixed);
  return pasts;
}

TEST(SimpleMethods, every_answer_is_finite_and_as_long_as_wanted) {
  const std::vector<Wanted> many{
      {1, {}}, {9, {4}}, {30, {1, 12, 24}}, {0, {}}, {3, {-2, 0, 1000000}}};
  for (const auto& method : simple_methods().items()) {
    for (const auto& past : hard_pasts()) {
      for (const Wanted& wanted : many) {
        const auto got = method.value.forecast(past, wanted);
        ASSERT_EQ(got.size(), size_t(wanted.horizon)) << method.name;
        for (double v : got) ASSERT_TRUE(std::isfinite(v)) << method.name << " of " << past.size();
      }
    }
  }
}

TEST(SimpleMethods, the_answer_is_always_the_same) {
  for (const auto& method : simple_methods().items()) {
    for (const auto& past : hard_pasts()) {
      const Wanted wanted{9, {4}};
      ASSERT_EQ(method.value.forecast(past, wanted), method.value.forecast(past, wanted));
    }
  }
}

TEST(SimpleMethods, a_constant_series_stays_constant) {
  for (const auto& method : simple_methods().items()) {
    for (double level : {0.0, 7.5, -2.0}) {
      for (size_t length : {1u, 2u, 5u, 14u, 60u}) {
        for (double v : method.value.forecast(std::vector<double>(length, level), {14, {4}})) {
          ASSERT_NEAR(v, level, 1e-9) << method.name << length;
        }
      }
    }
  }
}

// A power of two brings values near the ends of double's range to about 1 without rounding.
TEST(SimpleMethods, the_unit_of_the_series_does_not_matter) {
  std::vector<double> past, huge;
  for (int t = 0; t < 40; ++t) {
    past.push_back(100 + 3 * t + 20 * std::sin(double(t)) + (t % 4) * 9);
    huge.push_back(std::ldexp(past.back(), 900));
  }
  for (const auto& method : simple_methods().items()) {
    const auto got = method.value.forecast(past, {8, {4}});
    const auto large = method.value.forecast(huge, {8, {4}});
    for (size_t h = 0; h < got.size(); ++h) {
      EXPECT_NEAR(std::ldexp(large[h], -900), got[h], 1e-3 * std::abs(got[h])) << method.name;
    }
  }
}

TEST(Gaps, the_line_goes_between_and_the_nearest_value_outside) {
  const double gap = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> expected{2, 2, 3, 4, 5, 5, 5};
  EXPECT_EQ(without_gaps(std::vector<double>{gap, 2, gap, 4, 5, gap, gap}), expected);
  EXPECT_EQ(without_gaps(std::vector<double>{gap, gap, 1}), (std::vector<double>{1, 1, 1}));
  EXPECT_EQ(without_gaps(std::vector<double>{4, gap, gap, gap, 8}),
            (std::vector<double>{4, 5, 6, 7, 8}));
}

TEST(Gaps, huge_values_do_not_overflow) {
  const double gap = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(without_gaps(std::vector<double>{-1.6e308, gap, 1.6e308})[1], 0);
}

}  // namespace
}  // namespace refrain::forecast
