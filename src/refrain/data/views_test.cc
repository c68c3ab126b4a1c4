#include "refrain/data/views.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>
#include <numeric>

#include "refrain/base/error.h"

namespace refrain::data {
namespace {

using testing::ElementsAre;
using testing::Pointwise;

constexpr real kGap = std::numeric_limits<real>::quiet_NaN();
using Values = std::vector<real>;

MATCHER(Near, "") {
  const auto [got, want] = arg;
  return std::isnan(want) ? std::isnan(got)
                          : std::abs(static_cast<double>(got) - static_cast<double>(want)) < 1e-5;
}

double root_mean_square(const std::vector<Values>& training, const Views& views) {
  double squares = 0, count = 0;
  for (const auto& series : training) {
    for (const real x : views.apply(series))
      squares += static_cast<double>(x) * static_cast<double>(x), ++count;
  }
  return std::sqrt(squares / count);
}

TEST(Views, raw_alone_changes_nothing) {
  const Values x = {1, kGap, 3};
  for (const Views& views : {Views(), Views::fit("raw", {}, 1)}) {
    EXPECT_TRUE(views.only_raw());
    EXPECT_EQ(views.count(), 1);
    EXPECT_THAT(views.apply(x), Pointwise(Near(), x));
  }
}

TEST(Views, stand_side_by_side_in_each_step_channel_after_channel) {
  const std::vector<Values> training = {{1, 10, 2, 30}, {3, 20, 6, 80}};  // [2,2]
  const Views views = Views::fit("difference,raw", training, 2);
  // Root mean squares of the differences 0 1 0 3 and 0 20 0 60.
  const real a = static_cast<real>(1 / std::sqrt(2.5)), b = static_cast<real>(20 / std::sqrt(1000));
  EXPECT_THAT(views.apply(training[0]), Pointwise(Near(), Values{0, 0, 1, 10, a, b, 2, 30}));
}

TEST(Views, deviation_is_from_the_mean_of_the_training_series_alive_at_each_step) {
  const std::vector<Values> training = {{1, 2, 3}, {3, 4}, {5, 9}};
  const Views views = Views::fit("deviation", training, 1);
  const auto made = views.apply({3, 5, 3, 27.0F / 7});  // means 3 5; then of all: 27 / 7
  EXPECT_THAT(std::vector<real>(made.begin(), made.begin() + 2), Pointwise(Near(), Values{0, 0}));
  EXPECT_NEAR(static_cast<double>(made[3]), 0, 1e-6);
  EXPECT_LT(made[2], 0);
  EXPECT_NEAR(root_mean_square(training, views), 1, 1e-5);
}

TEST(Views, step_scaled_divides_by_the_steps_own_deviation_but_by_no_tiny_one) {
  const std::vector<Values> training = {{0, 100, 7}, {2, 300, 7}};
  const Views views = Views::fit("step_scaled", training, 1);
  const auto made = views.apply({2, 300, 8});
  EXPECT_NEAR(static_cast<double>(made[1]), std::sqrt(3.0 / (1 + 0.1)), 0.2);
  EXPECT_LT(std::abs(made[0]), made[1]);  // its deviation of 1 counts as a tenth of the usual
  EXPECT_TRUE(std::isfinite(made[2]));
  EXPECT_NEAR(root_mean_square(training, views), 1, 1e-5);
}

TEST(Views, of_shape_know_neither_level_nor_size_of_a_series) {
  const std::vector<Values> training = {{1, 2, 4, 3}, {10, 14, 2, 7}, {5, 5, 6, 9}};
  const Views views = Views::fit(
      "shape,shape_deviation,shape_step_scaled,shape_difference,shape_cumulative", training, 1);
  const Values x = {3, 1, 4, 1}, other = {1030, 1010, 1040, 1010};
  EXPECT_THAT(views.apply(x), Pointwise(Near(), views.apply(other)));
  const Views raw = Views::fit("deviation", training, 1);
  EXPECT_NE(raw.apply(x), raw.apply(other));
}

TEST(Views, cumulative_sums_and_differences_undo_each_other_but_for_scale) {
  const std::vector<Values> training = {{1, 2, 3, -4}};
  const auto made = Views::fit("cumulative", training, 1).apply(training[0]);
  EXPECT_NEAR(static_cast<double>(made[2] / made[0]), 6, 1e-5);
  EXPECT_NEAR(static_cast<double>(made[3] / made[0]), 2, 1e-5);
}

TEST(Views, what_depends_on_a_missing_value_is_missing) {
  const std::vector<Values> training = {{1, 2, 4, 3}, {1, kGap, 2, 7}};
  const Views views = Views::fit("difference,deviation,cumulative", training, 1);
  const auto made = views.apply({1, kGap, 3, 4});
  const std::vector<bool> gone = {false, false, false, true,  true,  true,
                                  true,  false, false, false, false, false};
  for (std::size_t i = 0; i < made.size(); ++i) EXPECT_EQ(std::isnan(made[i]), gone[i]) << i;
}

TEST(Views, a_constant_series_and_an_empty_one_stay_finite) {
  std::string all;
  for (const auto& name : Views::names()) all += (all.empty() ? "" : ",") + name;
  const std::vector<Values> training = {{2, 2, 2}, {2, 2, 2}, {}};
  const Views views = Views::fit(all, training, 1);
  for (const real x : views.apply({2, 2, 2, 2})) EXPECT_TRUE(std::isfinite(x));
  EXPECT_TRUE(views.apply({}).empty());
}

TEST(Views, a_list_that_is_none_is_refused) {
  for (const char* list : {"", "raw,", ",raw", "raw,raw", "slope", "raw, deviation"}) {
    try {
      Views::fit(list, {{1, 2}}, 1);
      FAIL() << list;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::kUsage) << list;
    }
  }
}

TEST(Views, lists_for_the_members_of_an_ensemble_stand_between_bars) {
  EXPECT_THAT(Views::lists("raw"), ElementsAre("raw"));
  EXPECT_THAT(Views::lists("raw|shape,difference|raw"),
              ElementsAre("raw", "shape,difference", "raw"));
  for (const char* wrong : {"", "raw|", "|raw", "raw|shapes", "raw,raw|raw"}) {
    EXPECT_THROW(Views::lists(wrong), Error) << wrong;
  }
}

TEST(Views, saved_and_loaded_ones_give_the_same_bits) {
  const std::vector<Values> training = {{1, 2, 4, 3}, {10, 14, 2, 7}, {5, 5, 6, 9.1F}};
  std::string all;
  for (const auto& name : Views::names()) all += (all.empty() ? "" : ",") + name;
  const Views views = Views::fit(all, training, 2);
  const auto text = views.to_json().dump();
  const Views loaded = Views::from_json(base::Json::parse(text), 2);
  EXPECT_EQ(loaded.apply(training[1]), views.apply(training[1]));
  EXPECT_EQ(loaded.count(), 10);
}

TEST(Views, damaged_ones_are_refused) {
  const Views views = Views::fit("raw,step_scaled", {{1, 2, 4, 3}}, 2);
  const auto refused = [](const base::Json& json) {
    try {
      Views::from_json(json, 2);
      return false;
    } catch (const Error& error) {
      return error.code() == Code::kData;
    }
  };
  EXPECT_TRUE(refused(base::Json::array()));
  EXPECT_TRUE(refused(3));
  for (const char* member : {"name", "scale", "mean", "all_mean", "spread", "all_spread"}) {
    auto json = views.to_json();
    json[1].erase(member);
    EXPECT_TRUE(refused(json)) << member;
    json[1][member] = "none";
    EXPECT_TRUE(refused(json)) << member;
    json[1][member] = {1};
    EXPECT_TRUE(refused(json)) << member;
  }
  auto json = views.to_json();
  json[1]["scale"][0] = 0;
  EXPECT_TRUE(refused(json));
}

}  // namespace
}  // namespace refrain::data
