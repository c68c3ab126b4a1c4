// Checks the parts of the simple methods for series: filled channels, nearest neighbours, features
// of MiniRocket and Hydra.
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "refrain/base/rng.h"
#include "refrain/method/channels.h"
#include "refrain/method/feature_scale.h"
#include "refrain/method/hydra_features.h"
#include "refrain/method/neighbours.h"
#include "refrain/method/rocket_features.h"

namespace refrain::method {
namespace {

using testing::Each;
using testing::ElementsAre;

constexpr float kNaN = std::numeric_limits<float>::quiet_NaN();

data::Dataset series_of(std::vector<data::Series> list) {
  data::Dataset d;
  d.streams = {{"series", data::StreamKind::kSeries, list.front().channels, {}}};
  for (auto& series : list) {
    d.samples.emplace_back();
    d.samples.back().streams.emplace_back(std::move(series));
  }
  return d;
}

Channels only(const data::Series& series) {
  const auto d = series_of({series});
  const std::vector<int> chosen = {0};
  return channels_of({d, chosen}, 1).front();
}

Channels walk(int channels, int steps, std::uint64_t seed) {
  base::Rng rng(seed);
  Channels out{channels, steps, {}};
  for (int i = 0; i < channels * steps; ++i) out.values.push_back(static_cast<float>(rng.normal()));
  return out;
}

TEST(Channels, gaps_are_filled_along_each_channel_and_ends_repeat) {
  const auto got = only({4, 2, {kNaN, 1, 2, kNaN, kNaN, kNaN, 6, 4}});
  EXPECT_THAT(got.values, ElementsAre(2, 2, 4, 6, 1, 2, 3, 4));
}

TEST(Channels, nothing_known_is_zero_and_no_steps_are_one) {
  EXPECT_THAT(only({3, 1, {kNaN, kNaN, kNaN}}).values, ElementsAre(0, 0, 0));
  EXPECT_THAT(only({0, 2, {}}).values, ElementsAre(0, 0));
  EXPECT_EQ(only({0, 2, {}}).steps, 1);
}

TEST(Channels, samples_of_other_widths_are_refused) {
  const auto d = series_of({{1, 1, {1}}, {1, 2, {1, 2}}});
  const std::vector<int> both = {0, 1}, none;
  EXPECT_THROW(channels_of({d, both}, 1), Error);
  EXPECT_THROW(channels_of({d, none}, 1), Error);
}

TEST(Channels, resampling_keeps_the_ends_and_straight_lines) {
  EXPECT_THAT(resampled({1, 3, {0, 2, 4}}, 5).values, ElementsAre(0, 1, 2, 3, 4));
  EXPECT_THAT(resampled({1, 1, {7}}, 3).values, ElementsAre(7, 7, 7));
  EXPECT_THAT(resampled({1, 3, {5, 2, 4}}, 1).values, ElementsAre(5));
}

// The definition of warping with a band, on the whole matrix.
double warped(const Channels& a, const Channels& b, int window) {
  const int n = a.steps;
  const auto at = [&](int i, int j) { return static_cast<std::size_t>(i * (n + 1) + j); };
  std::vector<double> d(static_cast<std::size_t>((n + 1) * (n + 1)), HUGE_VAL);
  d[0] = 0;
  for (int i = 1; i <= n; ++i) {
    for (int j = std::max(1, i - window); j <= std::min(n, i + window); ++j) {
      double cost = 0;
      for (int c = 0; c < a.channels; ++c) cost += std::pow(a[c][i - 1] - b[c][j - 1], 2);
      d[at(i, j)] = cost + std::min({d[at(i - 1, j - 1)], d[at(i - 1, j)], d[at(i, j - 1)]});
    }
  }
  return d[at(n, n)];
}

TEST(Neighbours, the_nearest_is_the_nearest_of_all_for_every_window) {
  std::vector<Channels> series;
  for (std::uint64_t k = 0; k < 37; ++k) series.push_back(walk(2, 15, k));
  Neighbours neighbours(series);
  std::vector<Neighbour> known(series.size());
  for (const int window : {0, 1, 4, 14}) {
    neighbours.set_window(window);
    for (int query = 0; query < 37; ++query) {
      int best = -1;
      double least = HUGE_VAL;
      for (int other = 0; other < 37; ++other) {
        const double d = other == query ? HUGE_VAL
                                        : warped(series[static_cast<std::size_t>(query)],
                                                 series[static_cast<std::size_t>(other)], window);
        if (d < least) best = other;
        least = std::min(least, d);
      }
      auto& hint = known[static_cast<std::size_t>(query)];
      const auto cold = neighbours.nearest(series[static_cast<std::size_t>(query)], query, {});
      hint = neighbours.nearest(series[static_cast<std::size_t>(query)], query, hint);
      EXPECT_EQ(cold.index, best) << window;
      EXPECT_EQ(hint.index, best) << window;
      EXPECT_NEAR(cold.distance, least, 1e-4 * (1 + least));
    }
  }
}

TEST(Neighbours, of_equals_the_first_is_taken_and_alone_there_is_none) {
  const auto one = walk(1, 6, 1);
  Neighbours three({walk(1, 6, 2), one, one});
  EXPECT_EQ(three.nearest(one, -1, {}).index, 1);
  EXPECT_EQ(three.nearest(one, 1, {}).index, 2);
  EXPECT_EQ(Neighbours({one}).nearest(one, 0, {}).index, -1);
}

TEST(Neighbours, the_nearest_few_are_those_of_all_whatever_bounds_the_search) {
  std::vector<Channels> series;
  for (std::uint64_t k = 0; k < 37; ++k) series.push_back(walk(2, 15, k));
  Neighbours neighbours(series);
  std::vector<float> limit(series.size(), std::numeric_limits<float>::infinity());
  for (const int window : {0, 3, 14}) {
    neighbours.set_window(window);
    for (std::size_t query = 0; query < series.size(); ++query) {
      const std::vector<int> except = {static_cast<int>(query), 5, 30};
      std::vector<std::pair<double, int>> all;
      for (int other = 0; other < 37; ++other) {
        if (std::find(except.begin(), except.end(), other) != except.end()) continue;
        all.emplace_back(warped(series[query], series[static_cast<std::size_t>(other)], window),
                         other);
      }
      std::sort(all.begin(), all.end());
      const auto found = neighbours.nearest_of(series[query], 20, except);
      const auto limited = neighbours.nearest_of(series[query], 20, except, limit[query]);
      limit[query] = found.back().distance;
      ASSERT_EQ(found.size(), 20U);
      ASSERT_EQ(limited.size(), 20U);
      for (std::size_t k = 0; k < 20; ++k) {
        EXPECT_EQ(found[k].index, all[k].second) << window;
        EXPECT_EQ(limited[k].index, all[k].second) << window;
        EXPECT_NEAR(found[k].distance, all[k].first, 1e-4 * (1 + all[k].first));
      }
    }
  }
}

TEST(Neighbours, of_few_series_all_are_the_nearest_and_equals_keep_their_order) {
  const auto one = walk(1, 6, 1);
  Neighbours four({walk(1, 6, 2), one, one, one});
  const auto found = four.nearest_of(one, 9, {2});
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found[0].index, 1);
  EXPECT_EQ(found[1].index, 3);
  EXPECT_EQ(found[2].index, 0);
  EXPECT_TRUE(Neighbours({one}).nearest_of(one, 2, {0}).empty());
}

TEST(RocketFeatures, there_are_9996_shares_at_any_length) {
  for (const int steps : {1, 5, 9, 40, 300}) {
    RocketFeatures features;
    const std::vector<Channels> series = {walk(1, steps, 1), walk(1, steps, 2)};
    features.fit(series, 1);
    EXPECT_EQ(features.size(), 9996);
    const auto x = features.of(series, 1);
    ASSERT_EQ(x.size(), 2U * 9996U);
    EXPECT_THAT(x, Each(testing::AllOf(testing::Ge(0), testing::Le(1))));
  }
}

TEST(RocketFeatures, thresholds_spread_the_shares_evenly_on_the_training_part) {
  RocketFeatures features;
  std::vector<Channels> series;
  for (std::uint64_t k = 0; k < 10; ++k) series.push_back(walk(1, 200, k));
  features.fit(series, 1);
  double sum = 0, low = 0;
  const auto x = features.of(series, 2);
  for (const real v : x) {
    sum += static_cast<double>(v);
    low += v < real(0.25) ? 1 : 0;
  }
  EXPECT_NEAR(sum / static_cast<double>(x.size()), 0.5, 0.02);
  EXPECT_NEAR(low / static_cast<double>(x.size()), 0.25, 0.04);
}

TEST(RocketFeatures, unit_and_offset_of_a_channel_do_not_matter) {
  std::vector<Channels> series = {walk(2, 50, 1), walk(2, 31, 2), walk(2, 8, 3)}, other = series;
  for (auto& s : other) {
    for (int t = 0; t < s.steps; ++t) s[1][t] = 4 * s[1][t] + 1;
  }
  RocketFeatures a, b;
  a.fit(series, 5);
  b.fit(other, 5);
  const auto x = a.of(series, 1), y = b.of(other, 2);
  int differing = 0;
  for (std::size_t i = 0; i < x.size(); ++i) differing += std::abs(x[i] - y[i]) > real(0.1) ? 1 : 0;
  EXPECT_LT(differing, static_cast<int>(x.size()) / 100);  // rounding at the thresholds themselves
}

std::vector<Channels> walks(int channels, int steps) {
  std::vector<Channels> series;
  for (std::uint64_t k = 0; k < 10; ++k) series.push_back(walk(channels, steps, k));
  return series;
}

TEST(HydraFeatures, kernels_of_a_group_share_the_steps) {
  for (const int steps : {1, 5, 9, 40, 300}) {
    const auto series = walks(1, steps);
    HydraFeatures features;
    features.fit(series, 1);
    const auto x = features.of(series, 1);
    ASSERT_EQ(x.size(), 10 * static_cast<std::size_t>(features.size()));
    for (std::size_t i = 0; i < x.size(); i += 16) {
      double steps_won = 0;
      for (std::size_t j = 8; j < 16; ++j) steps_won += static_cast<double>(x[i + j] * x[i + j]);
      const bool differences = steps > 1 && i / 16 % 2 == 1;
      EXPECT_NEAR(steps_won, differences ? steps - 1 : steps, 1e-3 * steps);
    }
  }
}

TEST(HydraFeatures, dilations_double_until_nine_taps_no_longer_fit) {
  for (const auto& [steps, dilations] : std::vector<std::pair<int, int>>{
           {1, 1}, {16, 1}, {17, 2}, {32, 2}, {33, 3}, {150, 5}, {1000, 7}}) {
    HydraFeatures features;
    features.fit({walk(1, steps, 1)}, 1);
    EXPECT_EQ(features.size(), 1024 * dilations) << steps;
  }
}

TEST(HydraFeatures, unit_and_offset_of_a_channel_do_not_matter_nor_do_threads) {
  const auto series = walks(3, 50);
  auto other = series;
  for (auto& s : other) {
    for (int t = 0; t < s.steps; ++t) s[1][t] = 4 * s[1][t] + 1;
  }
  HydraFeatures a, b;
  a.fit(series, 5);
  b.fit(other, 5);
  EXPECT_EQ(a.of(series, 1), a.of(series, 3));
  const auto x = a.of(series, 1), y = b.of(other, 1);
  int differing = 0;
  for (std::size_t i = 0; i < x.size(); ++i) differing += std::abs(x[i] - y[i]) > real(0.3) ? 1 : 0;
  EXPECT_LT(differing, static_cast<int>(x.size()) / 100);  // near ties
}

TEST(HydraFeatures, a_series_twice_as_long_of_the_same_kind_looks_alike) {
  const auto series = walks(1, 400);
  HydraFeatures features;
  features.fit(series, 1);
  const auto once = features.of(series, 1), twice = features.of(walks(1, 800), 1);
  double sum_once = 0, sum_twice = 0;
  for (std::size_t i = 0; i < once.size(); ++i) {
    sum_once += static_cast<double>(once[i]);
    sum_twice += static_cast<double>(twice[i]);
  }
  EXPECT_NEAR(sum_twice / sum_once, 1, 0.05);
}

TEST(HydraFeatures, a_constant_channel_is_finite) {
  HydraFeatures features;
  const std::vector<Channels> flat = {{1, 20, std::vector<float>(20, 3.0F)}};
  features.fit(flat, 1);
  for (const real v : features.of(flat, 1)) EXPECT_TRUE(std::isfinite(v));
}

TEST(SparseScale, zeros_stay_and_columns_without_variation_count_nothing) {
  SparseScale scale;
  std::vector<real> x = {0, 2, 5, 1, 2, 7, 3, 2, 9};  // [3,3]
  scale.fit(x, 3);
  scale.apply(x);
  EXPECT_EQ(x[0], 0);
  EXPECT_GT(x[6], 0);
  for (const std::size_t i : {1U, 4U, 7U}) EXPECT_EQ(x[i], 0);
  EXPECT_NEAR(static_cast<double>(x[2] + x[5] + x[8]), 0, 1e-5);
}

TEST(BoundedScale, rare_columns_count_three_deviations_at_most_and_constant_ones_nothing) {
  BoundedScale scale;
  std::vector<real> x = {0, 2, 1, 2, 2, 2, 3, 2};  // [4,2]
  scale.fit(x, 2);
  scale.apply(x);
  EXPECT_NEAR(static_cast<double>(x[0] * x[0] + x[2] * x[2] + x[4] * x[4] + x[6] * x[6]), 4, 1e-5);
  EXPECT_NEAR(static_cast<double>(x[0] + x[6]), 0, 1e-6);
  EXPECT_EQ(x[1], 0);
  std::vector<real> far = {1000, 1000, -1000, 0};
  scale.apply(far);
  EXPECT_THAT(far, ElementsAre(3, 0, -3, 0));
}

TEST(RocketFeatures, a_constant_channel_is_finite) {
  RocketFeatures features;
  const std::vector<Channels> flat = {{1, 20, std::vector<float>(20, 3.0F)}};
  features.fit(flat, 1);
  for (const real v : features.of(flat, 1)) EXPECT_TRUE(std::isfinite(v));
}

}  // namespace
}  // namespace refrain::method
