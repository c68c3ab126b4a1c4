#include "refrain/score/distributions.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <functional>
#include <map>
#include <nlohmann/json.hpp>

#include "refrain/base/fields.h"

namespace refrain::score {
namespace {

using base::Json;
using Arguments = std::vector<double>;

TEST(Distributions, are_those_of_scipy) {
  const std::map<std::string, std::function<double(const Arguments&)>> functions = {
      {"normal_cdf", [](const Arguments& x) { return normal_cdf(x[0]); }},
      {"normal_quantile", [](const Arguments& x) { return normal_quantile(x[0]); }},
      {"t_two_sided", [](const Arguments& x) { return t_two_sided(x[0], x[1]); }},
      {"t_quantile", [](const Arguments& x) { return t_quantile(x[0], x[1]); }},
      {"chi_square_above", [](const Arguments& x) { return chi_square_above(x[0], x[1]); }},
      {"f_above", [](const Arguments& x) { return f_above(x[0], x[1], x[2]); }},
      {"fair_coin_two_sided", [](const Arguments& x) { return fair_coin_two_sided(x[0], x[1]); }},
      {"normal_range_quantile",
       [](const Arguments& x) { return normal_range_quantile(x[0], static_cast<int>(x[1])); }}};
  std::ifstream file(REFRAIN_SOURCE_DIR "/tests/golden/tests.json");
  const Json golden = Json::parse(file)["distributions"];
  EXPECT_EQ(golden.size(), functions.size());
  for (const Json& item : golden) {
    const std::string name = item["function"];
    for (const Json& one : item["cases"]) {
      Arguments x = one.get<Arguments>();
      const double expected = x.back();
      EXPECT_NEAR(functions.at(name)(x), expected, 1e-9 * std::abs(expected) + 1e-15)
          << name << " " << one;
    }
  }
}

TEST(Distributions, ends_are_finite_and_right) {
  EXPECT_EQ(incomplete_beta(2, 3, 0), 0);
  EXPECT_EQ(incomplete_beta(2, 3, 1), 1);
  EXPECT_EQ(t_two_sided(HUGE_VAL, 3), 0);
  EXPECT_EQ(t_quantile(0.5, 3), 0);
  EXPECT_EQ(chi_square_above(0, 3), 1);
  EXPECT_EQ(fair_coin_two_sided(0, 0), 1);
  EXPECT_EQ(normal_range_cdf(0, 3), 0);
}

}  // namespace
}  // namespace refrain::score
