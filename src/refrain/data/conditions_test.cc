#include "refrain/data/conditions.h"

#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/base/rng.h"

namespace refrain::data {
namespace {

using testing::HasSubstr;

// Steps of two settings and two sensors. The first sensor lies about ten times its condition with a
// deviation of its own, the second one never changes within a condition.
std::vector<float> flight(int conditions, int steps, double noise) {
  std::vector<float> out;
  base::Rng rng(7);
  for (int t = 0; t < steps; ++t) {
    const int k = t % conditions;
    out.push_back(static_cast<float>(k * k + noise * rng.normal()));
    out.push_back(static_cast<float>((k % 2) * 100 + noise * rng.normal()));
    out.push_back(static_cast<float>(10 * k + (k + 1) * rng.normal()));
    out.push_back(static_cast<float>(k));
  }
  return out;
}

Conditions fitted(const std::vector<float>& values, const std::string& wanted = "auto") {
  Conditions out;
  out.fit({values}, 4, {0, 1}, wanted);
  return out;
}

std::vector<real> reals(const std::vector<float>& values) { return {values.begin(), values.end()}; }

TEST(Conditions, as_many_are_found_as_were_made) {
  for (const int made : {1, 2, 3, 6, 8}) {
    EXPECT_EQ(fitted(flight(made, 2000, 0.002)).count(), made);
  }
  EXPECT_EQ(fitted(flight(6, 2000, 0), "4").count(), 4);
}

TEST(Conditions, settings_that_are_noise_are_one_condition) {
  std::vector<float> values;
  base::Rng rng(3);
  for (int t = 0; t < 3000; ++t) {
    for (int c = 0; c < 4; ++c) values.push_back(static_cast<float>(rng.normal()));
  }
  EXPECT_EQ(fitted(values).count(), 1);
  EXPECT_EQ(fitted(std::vector<float>(400, 5)).count(), 1);
}

TEST(Conditions, sensors_are_scaled_within_their_condition_and_settings_are_nothing) {
  const auto values = flight(6, 3000, 0.002);
  const Conditions conditions = fitted(values);
  auto scaled = reals(values);
  conditions.apply(scaled);
  std::vector<double> sum(6), squares(6);
  for (std::size_t t = 0; t < 3000; ++t) {
    EXPECT_EQ(scaled[4 * t], 0);
    EXPECT_EQ(scaled[4 * t + 1], 0);
    EXPECT_EQ(scaled[4 * t + 3], 0);
    sum[t % 6] += static_cast<double>(scaled[4 * t + 2]);
    squares[t % 6] += std::pow(static_cast<double>(scaled[4 * t + 2]), 2);
  }
  for (std::size_t k = 0; k < 6; ++k) {
    EXPECT_NEAR(sum[k] / 500, 0, 1e-4);
    EXPECT_NEAR(squares[k] / 500, 1, 1e-3);
  }
}

TEST(Conditions, missing_values_stay_missing) {
  const Conditions conditions = fitted(flight(2, 100, 0.002));
  const auto gap = std::numeric_limits<real>::quiet_NaN();
  std::vector<real> step = {gap, 100, gap, 1};
  conditions.apply(step);
  EXPECT_EQ(step[0], 0);
  EXPECT_TRUE(std::isnan(step[2]));
}

TEST(Conditions, are_kept_in_json) {
  const auto values = flight(6, 300, 0.002);
  const Conditions conditions = fitted(values);
  const Conditions again = Conditions::from_json(base::Json::parse(conditions.to_json().dump()), 4);
  auto a = reals(values), b = a;
  conditions.apply(a);
  again.apply(b);
  EXPECT_EQ(a, b);
  EXPECT_NE(a, reals(values));
}

TEST(Conditions, damaged_ones_are_refused) {
  const base::Json good = fitted(flight(2, 100, 0.002)).to_json();
  const auto refused = [&](const char* member, const base::Json& value) {
    base::Json bad = good;
    bad[member] = value;
    try {
      Conditions::from_json(bad, 4);
    } catch (const Error& error) {
      return std::string(error.what());
    }
    return std::string("read");
  };
  EXPECT_THAT(refused("settings", {0, 9}), HasSubstr("damaged"));
  EXPECT_THAT(refused("unit", {1, 0}), HasSubstr("damaged"));
  EXPECT_THAT(refused("mean", base::Json::array({{1, 2}})), HasSubstr("damaged"));
  EXPECT_THAT(refused("centre", "none"), HasSubstr("damaged"));
  EXPECT_EQ(refused("unit", {1, 1}), "read");
}

TEST(Conditions, what_is_wanted_is_auto_none_or_a_number) {
  EXPECT_NO_THROW(Conditions::check("auto"));
  EXPECT_NO_THROW(Conditions::check("none"));
  EXPECT_NO_THROW(Conditions::check("6"));
  for (const char* bad : {"", "0", "-1", "6x", "many", "101"}) {
    EXPECT_THROW(Conditions::check(bad), Error) << bad;
  }
}

}  // namespace
}  // namespace refrain::data
