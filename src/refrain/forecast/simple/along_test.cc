// Methods that search once for many origins: a suite over all of them.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "refrain/base/rng.h"
#include "refrain/forecast/forecaster.h"
#include "refrain/forecast/made_up_histories.h"
#include "refrain/forecast/simple/simple.h"

namespace refrain::forecast {
namespace {

const Wanted kYear{6, {12}};

std::vector<double> made_up_values(int steps, double level = 0) {
  auto out = seasonal_histories(1, steps).series.front().value;
  for (double& v : out) v += level;
  return out;
}

class Along : public testing::TestWithParam<std::string> {
 protected:
  const SimpleMethod& method() const { return simple_methods().at(GetParam()); }
  std::vector<double> alone(const std::vector<double>& values, std::size_t origin) const {
    return method().forecast(std::span<const double>(values).first(origin), kYear);
  }
};

TEST_P(Along, the_first_answer_is_that_of_the_method_alone) {
  for (const double level : {0.0, -50.0}) {
    const auto values = made_up_values(90, level);
    const std::vector<std::size_t> origins = {70, 71, 75};
    EXPECT_EQ(method().along(values, origins, kYear).front(), alone(values, 70));
  }
}

TEST_P(Along, later_answers_read_what_came) {
  auto values = made_up_values(120);
  for (std::size_t t = 80; t < 120; ++t) values[t] += 30;
  const std::vector<std::size_t> origins = {80, 100, 114};
  const auto said = method().along(values, origins, kYear);
  for (std::size_t h = 0; h < 6; ++h) EXPECT_NEAR(said[1][h], values[100 + h], 10) << h;
  // Behind the jump, nearer to it than to what was before.
  EXPECT_GT(said[2][0], said[0][0] + 15);
}

TEST_P(Along, no_later_value_has_a_part_in_an_answer) {
  auto values = made_up_values(100);
  const std::vector<std::size_t> origins = {70, 80, 95};
  const auto before = method().along(values, origins, kYear);
  for (std::size_t t = 80; t < 100; ++t) values[t] = -1000;
  const auto after = method().along(values, origins, kYear);
  EXPECT_EQ(before[0], after[0]);
  EXPECT_EQ(before[1], after[1]);
  EXPECT_NE(before[2], after[2]);
}

TEST_P(Along, any_history_gets_finite_answers) {
  std::vector<double> falling, huge, few = {1, 2, 3, 4};
  for (int t = 0; t < 60; ++t) falling.push_back(t < 40 ? 40 - t : -5.0 * (t % 3));
  for (int t = 0; t < 60; ++t) huge.push_back((1 + t % 7) * 1e300);
  for (const auto& values : {falling, huge, few}) {
    const std::size_t n = values.size();
    const std::vector<std::size_t> origins = {n / 2, n - 1, n};
    for (const auto& path : method().along(values, origins, kYear)) {
      ASSERT_EQ(path.size(), 6U);
      for (const double v : path) EXPECT_TRUE(std::isfinite(v));
    }
  }
}

std::vector<std::string> methods_along() {
  std::vector<std::string> out;
  for (const auto& item : simple_methods().items()) {
    if (item.value.along != nullptr) out.push_back(item.name);
  }
  return out;
}

INSTANTIATE_TEST_SUITE_P(SimpleMethods, Along, testing::ValuesIn(methods_along()),
                         [](const auto& one) { return one.param; });

TEST(SimpleForecasts, very_many_origins_of_a_series_share_searches_on_any_number_of_threads) {
  const auto h = seasonal_histories(2, 260);
  const Plan plan{6, {12}, {0.5}};
  std::vector<Origin> origins;
  for (int t = 40; t < 242; ++t) origins.push_back({0, t});
  origins.push_back({1, 50});
  origins.push_back({1, 51});
  const auto one = simple_forecasts("seasonal_ar", plan, {}, h, origins, 1);
  EXPECT_EQ(one, simple_forecasts("seasonal_ar", plan, {}, h, origins, 2));
  // Every second origin is searched for, and each one of a series that has few of them.
  for (const std::size_t i : {0U, 1U, 100U, 101U, 202U, 203U}) {
    const auto alone = simple_forecasts("seasonal_ar", plan, {}, h, {origins[i]}, 1).front();
    EXPECT_EQ(one[i] == alone, i % 2 == 0 || i == 203) << i;
    for (std::size_t s = 0; s < 6; ++s) EXPECT_NEAR(one[i][s], alone[s], 3) << i;
  }
}

}  // namespace
}  // namespace refrain::forecast
