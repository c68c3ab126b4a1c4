#include "refrain/tape/number_loss.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace refrain::tape {
namespace {

// The loss of one row of answers.
double loss_of(NumberLoss kind, const std::vector<real>& y, const NumberTarget& options) {
  Tape tape;
  tape.reset(false);
  std::vector<real> values = y;
  const Var x = tape.constant(Tensor{{1, static_cast<int>(y.size())}, values.data()});
  return static_cast<double>(tape.value(number_loss(tape, x, kind, options)).data[0]);
}

TEST(NumberLoss, is_what_its_name_says) {
  const real target[] = {1}, quantile[] = {real{0.9f}};
  const NumberTarget o{target, nullptr, quantile, real{0.5f}, 1};
  EXPECT_NEAR(loss_of(NumberLoss::kSquared, {3}, o), 4, 1e-6);
  EXPECT_NEAR(loss_of(NumberLoss::kAbsolute, {-2}, o), 3, 1e-6);
  EXPECT_NEAR(loss_of(NumberLoss::kHuber, {real{1.4f}}, o), 0.08, 1e-6);
  EXPECT_NEAR(loss_of(NumberLoss::kHuber, {3}, o), 0.5 * (2 - 0.25), 1e-6);
  EXPECT_NEAR(loss_of(NumberLoss::kQuantile, {0}, o), 0.9, 1e-6) << "too low is dear";
  EXPECT_NEAR(loss_of(NumberLoss::kQuantile, {2}, o), 0.1, 1e-6);
}

TEST(NumberLoss, is_the_mean_of_the_columns_and_a_share_of_the_weights) {
  const real target[] = {0, 0}, weight[] = {3};
  EXPECT_NEAR(loss_of(NumberLoss::kSquared, {1, 3}, {target, weight, nullptr, 1, 6}), 2.5, 1e-6);
}

TEST(NumberLoss, a_missing_number_has_none_and_one_that_is_none_shows) {
  const real nan = std::numeric_limits<real>::quiet_NaN();
  const real target[] = {nan, 1}, whole[] = {1, 1};
  EXPECT_NEAR(loss_of(NumberLoss::kSquared, {9, 3}, {target, nullptr, nullptr, 1, 1}), 2, 1e-6);
  for (const NumberLoss kind :
       {NumberLoss::kSquared, NumberLoss::kAbsolute, NumberLoss::kHuber, NumberLoss::kQuantile}) {
    EXPECT_TRUE(std::isnan(loss_of(kind, {nan, 3}, {whole, nullptr, nullptr, 1, 1})));
  }
}

}  // namespace
}  // namespace refrain::tape
