#include <gtest/gtest.h>

#include <cmath>

#include "refrain/base/rng.h"
#include "refrain/forecast/simple/least_squares.h"
#include "refrain/forecast/simple/simple.h"

namespace refrain::forecast {
namespace {

const SimpleMethod& linear_window() { return simple_methods().at("linear_window"); }

// A season that each series has at its own size, level and place, with noise.
std::vector<double> noisy_season(int series, size_t steps) {
  base::Rng rng(std::uint64_t(series) + 7);
  std::vector<double> out;
  for (size_t t = 0; t < steps; ++t) {
    const double wave = std::sin(2 * 3.14159265358979 * double(t + size_t(series)) / 6);
    out.push_back(std::pow(10.0, series) * (5 + wave + 0.3 * rng.normal()));
  }
  return out;
}

Lesson made_up_lesson(size_t steps, int horizon) {
  Lesson lesson;
  for (int s = 0; s < 4; ++s) {
    const int end = int(steps) - 2 * horizon;
    lesson.series.push_back({noisy_season(s, steps), end, {end, end + horizon}});
  }
  return lesson;
}

TEST(LinearWindow, a_sum_of_waves_goes_on) {
  std::vector<double> past;
  const auto wave = [](int t) { return 3 + std::sin(0.3 * t) + 0.5 * std::cos(0.8 * t); };
  for (int t = 0; t < 300; ++t) past.push_back(wave(t));
  const auto got = linear_window().forecast(past, {20, {}});
  for (int h = 0; h < 20; ++h) EXPECT_NEAR(got[size_t(h)], wave(300 + h), 0.05) << h;
}

// The weights of the smallest problem, from rows written out one by one.
TEST(LinearWindow, weights_are_those_of_ridge_regression_on_every_window) {
  const Lesson lesson = made_up_lesson(60, 3);
  const Wanted wanted{3, {}};
  const SharedFit form{4, 0.1, {0}};
  const SharedFit got = linear_window().learn(lesson, wanted, &form);
  NormalEquations rows{4, std::vector<double>(16), std::vector<double>(12)};
  for (const auto& series : lesson.series) {
    const auto n = size_t(series.train);
    double mean = 0, square = 0;
    for (size_t t = 0; t < n; ++t) mean += series.values[t] / double(n);
    for (size_t t = 0; t < n; ++t) square += std::pow(series.values[t] - mean, 2) / double(n);
    for (size_t o = 4; o + 3 <= n; ++o) {
      const auto moved = [&](size_t i) {
        return (series.values[o - 4 + i] - series.values[o - 1]) / std::sqrt(square);
      };
      for (size_t a = 0; a < 4; ++a) {
        for (size_t b = 0; b < 4; ++b) rows.products[a * 4 + b] += moved(a) * moved(b);
        for (size_t h = 0; h < 3; ++h) rows.with_target[a * 3 + h] += moved(a) * moved(4 + h);
      }
    }
  }
  double trace = 0;
  for (size_t a = 0; a < 4; ++a) trace += rows.products[a * 5] / 4;
  const auto expected = solve_ridge(rows, 0.1 * trace);
  ASSERT_EQ(got.weights.size(), expected.size());
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(got.weights[i], expected[i], 1e-6);
}

// A short history gains from what the others of its kind have shown.
TEST(LinearWindow, series_learn_from_each_other) {
  const Wanted wanted{6, {6}};
  const SharedFit fit = linear_window().learn(made_up_lesson(120, 6), wanted, nullptr);
  double shared = 0, alone = 0;
  for (int s = 10; s < 30; ++s) {
    const auto all = noisy_season(0, 400);
    const size_t first = size_t(s) * 6 + 3;
    const std::vector<double> past(all.begin() + long(first), all.begin() + long(first + 17));
    const auto together = linear_window().forecast_learned(past, wanted, fit);
    const auto own = linear_window().forecast(past, wanted);
    for (size_t h = 0; h < 6; ++h) {
      shared += std::abs(together[h] - all[first + 17 + h]);
      alone += std::abs(own[h] - all[first + 17 + h]);
    }
  }
  EXPECT_LT(shared, 0.9 * alone);
}

TEST(LinearWindow, nothing_behind_the_training_part_is_learned_from) {
  Lesson lesson = made_up_lesson(60, 3);
  const Wanted wanted{3, {}};
  const SharedFit form{6, 0.1, {0}};
  const SharedFit before = linear_window().learn(lesson, wanted, &form);
  for (auto& series : lesson.series) {
    for (size_t t = size_t(series.train); t < 60; ++t) series.values[t] = 0.25;
  }
  EXPECT_EQ(linear_window().learn(lesson, wanted, &form).weights, before.weights);
}

TEST(LinearWindow, a_window_that_is_asked_for_is_not_chosen) {
  Lesson lesson = made_up_lesson(60, 3);
  const Wanted wanted{3, {}};
  ASSERT_NE(linear_window().learn(lesson, wanted, nullptr).window, 7);
  lesson.window = 7;
  EXPECT_EQ(linear_window().learn(lesson, wanted, nullptr).window, 7);
}

TEST(LinearWindow, threads_do_not_change_a_bit) {
  Lesson lesson = made_up_lesson(120, 6);
  const SharedFit one = linear_window().learn(lesson, {6, {6}}, nullptr);
  lesson.threads = 2;
  const SharedFit two = linear_window().learn(lesson, {6, {6}}, nullptr);
  EXPECT_EQ(one.weights, two.weights);
  EXPECT_EQ(one.window, two.window);
}

TEST(LinearWindow, series_that_are_too_short_or_constant_teach_nothing) {
  Lesson lesson;
  lesson.series.push_back({{1, 2, 3}, 3, {}});
  lesson.series.push_back({std::vector<double>(100, 4.0), 100, {}});
  const Wanted wanted{5, {}};
  const SharedFit fit = linear_window().learn(lesson, wanted, nullptr);
  EXPECT_TRUE(fit.weights.empty());
  const std::vector<double> past{3, 1, 4, 1, 5};
  EXPECT_EQ(linear_window().forecast_learned(past, wanted, fit),
            simple_methods().at("naive2").forecast(past, wanted));
}

}  // namespace
}  // namespace refrain::forecast
