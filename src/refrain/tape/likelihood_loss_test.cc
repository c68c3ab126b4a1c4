#include "refrain/tape/likelihood_loss.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace refrain::tape {
namespace {

// The loss of one target whose distribution these numbers tell.
double loss_of(Likelihood kind, std::vector<real> numbers, real target, real unit = 1) {
  Tape tape;
  tape.reset(false);
  const Var x = tape.constant(Tensor{{1, numbers_of(kind)}, numbers.data()});
  const LikelihoodTarget o{&target, nullptr, &unit, 1};
  return static_cast<double>(tape.value(likelihood_loss(tape, x, kind, o)).data[0]);
}

// The sum of the probabilities of a fine grid, or of all counts.
double mass(Likelihood kind, const std::vector<real>& numbers, real unit = 1) {
  double sum = 0;
  if (kind == Likelihood::kNegativeBinomial) {
    for (int k = 0; k < 400; ++k) {
      sum += std::exp(-loss_of(kind, numbers, static_cast<real>(k) / unit, unit));
    }
    return sum;
  }
  constexpr double kStep = 0.05;
  for (int i = -4000; i <= 4000; ++i) {
    sum += kStep * std::exp(-loss_of(kind, numbers, static_cast<real>(i * kStep)));
  }
  return sum;
}

TEST(LikelihoodLoss, probabilities_sum_to_one) {
  EXPECT_NEAR(mass(Likelihood::kGaussian, {real{0.3f}, real{0.7f}}), 1, 1e-5);
  EXPECT_NEAR(mass(Likelihood::kStudentT, {real{0.3f}, real{0.7f}, 3}), 1, 1e-4);
  EXPECT_NEAR(mass(Likelihood::kNegativeBinomial, {real{0.4f}, 1}, 5), 1, 1e-4);
  EXPECT_NEAR(mass(Likelihood::kNegativeBinomial, {real{-2}, -9}, real{0.5f}), 1, 1e-4);
}

TEST(LikelihoodLoss, has_the_value_of_the_formula) {
  // A scale of softplus(log(e - 1)) + 0.01 = 1.01.
  const real one = static_cast<real>(std::log(std::exp(1.0) - 1));
  EXPECT_NEAR(loss_of(Likelihood::kGaussian, {0, one}, 0), 0.9189385 + std::log(1.01), 1e-5);
  // Three degrees of freedom: the density at 0 is 2 / (pi sqrt 3).
  EXPECT_NEAR(loss_of(Likelihood::kStudentT, {0, one, one}, 0),
              -std::log(2 / (3.14159265 * std::sqrt(3.0))) + std::log(1.01), 1e-5);
  // A mean of 4 and a dispersion of 1 / sqrt(4) give zero with (1 + 4 / 2)^-2.
  EXPECT_NEAR(loss_of(Likelihood::kNegativeBinomial, {one, one}, 0, 4), 2 * std::log(3.0), 1e-3);
}

TEST(LikelihoodLoss, a_missing_target_has_none_and_a_number_that_is_none_shows) {
  const real nan = std::numeric_limits<real>::quiet_NaN();
  for (const Likelihood kind :
       {Likelihood::kGaussian, Likelihood::kStudentT, Likelihood::kNegativeBinomial}) {
    std::vector<real> numbers(static_cast<std::size_t>(numbers_of(kind)), 1);
    EXPECT_EQ(loss_of(kind, numbers, nan), 0);
    numbers[1] = nan;
    EXPECT_TRUE(std::isnan(loss_of(kind, numbers, 2)));
  }
}

}  // namespace
}  // namespace refrain::tape
