#include "refrain/score/conformal.h"

#include <gtest/gtest.h>

#include <numeric>

#include "refrain/base/rng.h"

namespace refrain::score {
namespace {

std::vector<int> alone(std::size_t n) {
  std::vector<int> out(n);
  std::iota(out.begin(), out.end(), 0);
  return out;
}

TEST(ConformalRadius, is_the_order_statistic_that_theory_asks_for) {
  const std::vector<double> error = {5, 1, 4, 2, 3, 9, 8, 7, 6};  // ceil(10 * level)-th smallest
  EXPECT_EQ(conformal_radius(error, alone(9), 0.9), 9);
  EXPECT_EQ(conformal_radius(error, alone(9), 0.8), 8);
  EXPECT_EQ(conformal_radius(error, alone(9), 0.81), 9);
  EXPECT_EQ(conformal_radius(error, alone(9), 0.1), 1);
}

TEST(ConformalRadius, of_too_few_samples_is_the_largest_error) {
  EXPECT_EQ(conformal_radius({2, 7, 3}, alone(3), 0.9), 7);
}

TEST(ConformalRadius, each_unit_weighs_the_same) {
  // 0 has half a unit's mass at 1 and at 2; 1 has its mass at 10.
  const std::vector<double> error = {1, 2, 10};
  EXPECT_EQ(conformal_radius(error, {0, 0, 1}, 1.0 / 6), 1);
  EXPECT_EQ(conformal_radius(error, {0, 0, 1}, 1.0 / 3), 2);
  EXPECT_EQ(conformal_radius(error, {0, 0, 1}, 0.34), 10);
}

// 20 groups whose errors have a part in common; new groups are covered as often as promised.
TEST(ConformalRadius, holds_for_new_groups) {
  base::Rng rng(5);
  int covered = 0, all = 0;
  for (int round = 0; round < 400; ++round) {
    std::vector<double> error;
    std::vector<int> unit;
    for (int g = 0; g < 20; ++g) {
      const double common = rng.normal();
      for (int i = 0; i <= g % 5; ++i) {
        error.push_back(std::abs(common + 0.3 * rng.normal()));
        unit.push_back(g);
      }
    }
    const double radius = conformal_radius(error, unit, 0.8);
    covered += std::abs(rng.normal() + 0.3 * rng.normal()) <= radius ? 1 : 0;
    ++all;
  }
  EXPECT_NEAR(static_cast<double>(covered) / all, 0.81, 0.05);
}

}  // namespace
}  // namespace refrain::score
