#include "refrain/train/rate_search.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

namespace refrain::train {
namespace {

using testing::HasSubstr;

TEST(RateSearch, takes_the_rate_of_the_steepest_fall_and_says_so) {
  std::vector<double> losses;  // falls from 2 to 1 around update 60, explodes at 100
  for (int i = 0; i < 100; ++i) losses.push_back(2 - 1 / (1 + std::exp((60 - i) / 4.0)));
  for (int i = 0; i < 8; ++i) losses.push_back(1 + i);
  const FoundRate found = fastest_fall(losses, 1e-6, std::pow(10, 0.05));  // twenty a decade
  EXPECT_NEAR(std::log10(found.lr), -3, 0.1);
  EXPECT_THAT(found.reason, HasSubstr("the loss falls fastest at 0.00"));
}

TEST(RateSearch, looks_as_far_as_six_losses_stand_on_either_side) {
  std::vector<double> losses;  // falls ever faster: the last place that counts is number 23 of 29
  for (int i = 0; i < 30; ++i) losses.push_back(-std::pow(2.0, i));
  const FoundRate found = fastest_fall(losses, 1e-6, std::pow(10, 0.05));
  EXPECT_NEAR(found.lr, 1.4e-5, 1e-9);  // 10^(-6 + 23 / 20) with two digits
}

TEST(RateSearch, falls_back_where_nothing_falls) {
  for (const auto& losses : {std::vector<double>(100, 1.0), std::vector<double>{}, {1, 2, 3}}) {
    const FoundRate found = fastest_fall(losses, 1e-6, 1.1);
    EXPECT_EQ(found.lr, optim::OptimSpec().lr);
    EXPECT_THAT(found.reason, HasSubstr("falls at no rate"));
  }
}

}  // namespace
}  // namespace refrain::train
