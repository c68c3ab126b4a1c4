#include "refrain/method/interval_features.h"

#include <gmock/gmock.h>

#include <cmath>
#include <numbers>

#include "refrain/base/error.h"

namespace refrain::method {
namespace {

using Size = std::size_t;

Channels ramp(int channels, int steps) {
  Channels out{channels, steps, {}};
  for (int k = 0; k < channels * steps; ++k) out.values.push_back(static_cast<float>(k % steps));
  return out;
}

TEST(Intervals, they_lie_within_the_series_and_each_view_has_as_many) {
  IntervalFeatures features;
  features.fit({ramp(2, 50)}, 3);
  ASSERT_EQ(features.intervals().size() % 3, 0U);
  std::vector<int> of_view(3);
  for (const auto& one : features.intervals()) {
    ++of_view[static_cast<Size>(one.view)];
    EXPECT_GE(one.begin, 0);
    EXPECT_LE(one.end, 1);
    EXPECT_LE(one.begin, one.end);
    EXPECT_LE(one.end - one.begin, 0.5 + 1e-9);
    EXPECT_THAT(one.channel, testing::AllOf(testing::Ge(0), testing::Lt(2)));
  }
  EXPECT_THAT(of_view, testing::Each(of_view[0]));
}

TEST(Intervals, statistics_are_those_of_the_interval) {
  IntervalFeatures features;
  features.fit({ramp(1, 100)}, 3);
  const auto rows = features.of({ramp(1, 100)}, 1);
  ASSERT_EQ(rows.rows(), 1);
  for (Size k = 0; k < features.intervals().size(); ++k) {
    const auto& one = features.intervals()[k];
    if (one.view != 0) continue;
    const float* of = &rows.x[7 * k];
    EXPECT_GE(of[3], std::floor(100 * one.begin) - 3) << "the lowest, at the first step";
    EXPECT_LE(of[4], std::ceil(100 * one.end) + 2) << "the highest, at the last step";
    const double n = static_cast<double>(of[4] - of[3]) + 1;
    EXPECT_GE(n, 3);
    EXPECT_NEAR(of[0], (of[3] + of[4]) / 2, 1e-4) << "mean";
    EXPECT_NEAR(of[1], std::sqrt((n * n - 1) / 12), 1e-4) << "deviation";
    EXPECT_NEAR(of[2], 1, 1e-5) << "slope";
    EXPECT_NEAR(of[5], of[0], 1e-4) << "median";
    EXPECT_NEAR(of[6], (n - 1) / 2, 1e-4) << "quartile range";
  }
}

TEST(Intervals, series_of_one_step_and_constant_ones_have_finite_statistics) {
  IntervalFeatures features;
  features.fit({ramp(2, 1), ramp(2, 9)}, 3);
  const auto rows = features.of({ramp(2, 1), ramp(2, 9), {2, 5, std::vector<float>(10, 3)}}, 2);
  EXPECT_EQ(rows.columns, features.columns());
  ASSERT_EQ(rows.rows(), 3);
  for (const float v : rows.x) EXPECT_TRUE(std::isfinite(v));
}

TEST(Intervals, more_and_longer_series_have_fewer_and_too_many_are_refused) {
  IntervalFeatures few, many;
  few.fit({ramp(1, 50)}, 3);
  const Channels longer{1, 500'000, {}};
  many.fit(std::vector<Channels>(60, longer), 3);
  EXPECT_LT(many.columns(), few.columns());
  EXPECT_THROW(many.fit(std::vector<Channels>(600, longer), 3), Error);
}

TEST(Amplitudes, a_wave_stands_at_its_frequency_and_the_level_does_not_matter) {
  std::vector<float> wave;
  for (int t = 0; t < 32; ++t) {
    wave.push_back(static_cast<float>(9 + std::sin(2 * std::numbers::pi * 5 * t / 32)));
  }
  const auto got = amplitudes(wave.data(), 32);
  ASSERT_EQ(got.size(), 16U);
  for (Size k = 0; k < 16; ++k) {
    EXPECT_NEAR(got[k], k == 4 ? 16 / std::sqrt(32.0) : 0, 1e-5) << k;
  }
  EXPECT_THAT(amplitudes(wave.data(), 1), testing::ElementsAre(0));
  EXPECT_EQ(amplitudes(wave.data(), 20).size(), 16U) << "zeros up to 32";
}

}  // namespace
}  // namespace refrain::method
