#include "refrain/data/normaliser.h"

#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"

namespace refrain::data {
namespace {

using base::Json;
using Values = std::vector<float>;
constexpr float kMissing = std::numeric_limits<float>::quiet_NaN();
constexpr float kInfinity = std::numeric_limits<float>::infinity();

Normaliser fitted(const std::vector<Values>& series, int channels,
                  const std::string& mode = "channel") {
  Normaliser out;
  out.fit({series.begin(), series.end()}, channels, mode);
  return out;
}

std::vector<real> applied(const Normaliser& normaliser, std::vector<real> values) {
  normaliser.apply(values);
  return values;
}

TEST(Normaliser, training_values_get_mean_0_and_deviation_1_in_each_channel) {
  const std::vector<Values> series = {{1, 100, 2, 300, 6, 500}, {3, -700}};
  const auto normaliser = fitted(series, 2);
  std::vector<double> sum(2), squares(2);
  for (const auto& values : series) {
    const auto z = applied(normaliser, {values.begin(), values.end()});
    for (std::size_t i = 0; i < z.size(); ++i) {
      sum[i % 2] += z[i];
      squares[i % 2] += static_cast<double>(z[i]) * z[i];
    }
  }
  for (int c = 0; c < 2; ++c) {
    EXPECT_NEAR(sum[c], 0, 1e-6);
    EXPECT_NEAR(squares[c] / 4, 1, 1e-6);
  }
}

TEST(Normaliser, missing_and_infinite_values_are_ignored_and_missing_ones_stay) {
  const auto normaliser = fitted({{1, kMissing, 3, kInfinity, kMissing, 5, -kInfinity, 7}}, 2);
  EXPECT_EQ(normaliser.fitted().mean, (std::vector<double>{2, 6}));
  EXPECT_EQ(normaliser.fitted().std, (std::vector<double>{1, 1}));
  const auto z = applied(normaliser, {real{4}, static_cast<real>(kMissing)});
  EXPECT_EQ(z[0], 2);
  EXPECT_TRUE(std::isnan(z[1]));
}

TEST(Normaliser, constant_channels_become_exactly_0) {
  const auto normaliser = fitted({Values(1000, 0.1f), Values(7, 0.1f)}, 1);
  EXPECT_EQ(normaliser.fitted().std[0], 1.0);
  EXPECT_EQ(applied(normaliser, {static_cast<real>(0.1f)})[0], 0);
}

TEST(Normaliser, a_channel_that_is_always_missing_is_left_alone) {
  const auto normaliser = fitted({{kMissing, 1, kMissing, 3}}, 2);
  EXPECT_EQ(normaliser.fitted().mean[0], 0);
  EXPECT_EQ(normaliser.fitted().std[0], 1);
  EXPECT_EQ(applied(normaliser, {5, 2})[0], 5);
}

TEST(Normaliser, the_series_mode_takes_each_series_by_itself) {
  const auto normaliser = fitted({{0, 0, 1000, 1000}}, 1, "series");
  EXPECT_EQ(applied(normaliser, {10, 20}), (std::vector<real>{-1, 1}));
  EXPECT_EQ(applied(normaliser, {7, 7, 7}), (std::vector<real>{0, 0, 0}));
  EXPECT_EQ(applied(normaliser, {-3}), (std::vector<real>{0}));
  EXPECT_EQ(applied(normaliser, {}), std::vector<real>());
}

TEST(Normaliser, the_series_mode_scales_each_channel_and_ignores_what_is_missing) {
  const auto normaliser = fitted({{1, 2}}, 2, "series");
  const auto z = applied(normaliser, {1, 50, static_cast<real>(kMissing), 70, 3, 60});
  EXPECT_EQ(z[0], -1);
  EXPECT_TRUE(std::isnan(z[2]));
  EXPECT_EQ(z[4], 1);
  EXPECT_NEAR(z[1], -std::sqrt(1.5), 1e-6);
  EXPECT_NEAR(z[5], 0, 1e-6);
}

TEST(Normaliser, the_mode_none_changes_nothing) {
  const auto normaliser = fitted({{1, 2, 3}}, 1, "none");
  EXPECT_EQ(applied(normaliser, {10, 2e9}), (std::vector<real>{10, 2e9}));
  EXPECT_EQ(normaliser.fitted().mean[0], 2);
}

TEST(Normaliser, the_largest_floats_do_not_overflow) {
  constexpr float big = std::numeric_limits<float>::max();
  const auto normaliser = fitted({Values(500, big), Values(500, -big)}, 1);
  EXPECT_TRUE(std::isfinite(normaliser.fitted().std[0]));
  EXPECT_NEAR(applied(normaliser, {static_cast<real>(big)})[0], 1, 1e-6);
}

TEST(Normaliser, tiny_values_are_scaled_and_outliers_stay_finite) {
  const auto normaliser = fitted({{1e-40f, 3e-40f}}, 1);
  EXPECT_NEAR(applied(normaliser, {static_cast<real>(3e-40f)})[0], 1, 1e-3);
  EXPECT_EQ(applied(normaliser, {static_cast<real>(1e38f)})[0], static_cast<real>(1e6));
  EXPECT_EQ(applied(normaliser, {static_cast<real>(-1e38f)})[0], static_cast<real>(-1e6));
}

TEST(Normaliser, a_small_wave_on_a_large_offset_keeps_its_deviation) {
  EXPECT_EQ(fitted({{1e6f - 1, 1e6f + 1, 1e6f - 1, 1e6f + 1}}, 1).fitted().std[0], 1);
}

TEST(Normaliser, json_gives_the_same_bits_back) {
  const auto normaliser = fitted({{0.1f, 7, 0.7f, 9, 1.3f, 1e-30f}}, 2, "series");
  const auto back = Normaliser::from_json(Json::parse(normaliser.to_json().dump()));
  EXPECT_EQ(back.mode(), "series");
  EXPECT_EQ(back.channels(), 2);
  EXPECT_EQ(back.fitted().mean, normaliser.fitted().mean);
  EXPECT_EQ(back.fitted().std, normaliser.fitted().std);
}

TEST(Normaliser, malformed_json_is_a_data_error) {
  for (const char* text :
       {"null", "[]", "{}", R"({"mode":"channel"})", R"({"mode":"x","mean":[0],"std":[1]})",
        R"({"mode":1,"mean":[0],"std":[1]})", R"({"mode":"none","mean":[],"std":[]})",
        R"({"mode":"none","mean":[0,1],"std":[1]})", R"({"mode":"none","mean":["0"],"std":[1]})",
        R"({"mode":"none","mean":[0],"std":[0]})", R"({"mode":"none","mean":[0],"std":[-1]})",
        R"({"mode":"none","mean":[null],"std":[1]})", R"({"mode":"none","mean":3,"std":[1]})"}) {
    try {
      Normaliser::from_json(Json::parse(text));
      ADD_FAILURE() << text;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), Code::kData) << text;
    }
  }
}

}  // namespace
}  // namespace refrain::data
