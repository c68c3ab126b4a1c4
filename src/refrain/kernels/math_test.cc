// The error of exp, sigmoid and tanh in units of the last place, against long double. The bounds
// here are the ones that math-inl.h states.
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include "refrain/kernels/elementwise.h"
#include "refrain/kernels/isa.h"

namespace refrain::kernels {
namespace {

using Limits = std::numeric_limits<real>;
constexpr bool kDouble = sizeof(real) == 8;

class MathOnIsa : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { choose_isa(GetParam()); }
  void TearDown() override { choose_isa("auto"); }
};
INSTANTIATE_TEST_SUITE_P(AllIsas, MathOnIsa, testing::ValuesIn(available_isas()),
                         [](const auto& p) { return p.param; });

using VectorFunction = void (*)(const real*, std::size_t, real*);

// Evenly spaced over [low, high], and of every magnitude from the smallest normal number on.
std::vector<real> grid(double low, double high) {
  std::vector<real> x;
  constexpr int kEven = 400000, kPerOctave = 331;
  for (int i = 0; i <= kEven; ++i) {
    x.push_back(static_cast<real>(low + (high - low) * i / kEven));
  }
  for (double size = static_cast<double>(Limits::min()); size <= std::max(-low, high);
       size *= std::exp2(1.0 / kPerOctave)) {
    if (size <= high) x.push_back(static_cast<real>(size));
    if (-size >= low) x.push_back(static_cast<real>(-size));
  }
  return x;
}

// Units of the last place of `real` between a value and the exact result.
double ulp_error(real value, long double exact) {
  const real rounded = static_cast<real>(exact);
  const real size = std::max(std::abs(rounded), Limits::min());
  const int exponent = std::ilogb(size);
  const long double unit = std::ldexp(1.0L, exponent - (Limits::digits - 1));
  return static_cast<double>(std::abs(static_cast<long double>(value) - exact) / unit);
}

struct Worst {
  double error = 0;
  real at = 0;
};

Worst worst_error(VectorFunction f, long double (*exact)(long double), double low, double high) {
  const std::vector<real> x = grid(low, high);
  std::vector<real> y(x.size());
  f(x.data(), x.size(), y.data());
  Worst worst;
  for (std::size_t i = 0; i < x.size(); ++i) {
    const double error = ulp_error(y[i], exact(static_cast<long double>(x[i])));
    if (!(error <= worst.error)) worst = {error, x[i]};
  }
  return worst;
}

real one(VectorFunction f, real x) {
  f(&x, 1, &x);
  return x;
}

long double exact_exp(long double x) { return std::exp(x); }
long double exact_sigmoid(long double x) { return 1.0L / (1.0L + std::exp(-x)); }
long double exact_tanh(long double x) { return std::tanh(x); }

TEST_P(MathOnIsa, exp_errs_by_few_units_of_the_last_place) {
  const Worst worst = worst_error(exp, exact_exp, kDouble ? -708 : -87, kDouble ? 709 : 88);
  RecordProperty("ulp", std::to_string(worst.error));
  EXPECT_LE(worst.error, 1.25) << "at " << worst.at;
}

TEST_P(MathOnIsa, sigmoid_errs_by_few_units_of_the_last_place) {
  const Worst worst = worst_error(sigmoid, exact_sigmoid, kDouble ? -708 : -87, 100);
  RecordProperty("ulp", std::to_string(worst.error));
  EXPECT_LE(worst.error, 2.4) << "at " << worst.at;
}

TEST_P(MathOnIsa, tanh_errs_by_few_units_of_the_last_place_even_near_zero) {
  const Worst worst = worst_error(tanh, exact_tanh, -30, 30);
  RecordProperty("ulp", std::to_string(worst.error));
  EXPECT_LE(worst.error, 2.75) << "at " << worst.at;
}

TEST_P(MathOnIsa, extremes_are_held_at_the_ends) {
  const real infinity = Limits::infinity(), largest = Limits::max();
  for (const real x : {infinity, largest, real{1000}}) {
    EXPECT_EQ(one(tanh, x), 1);
    EXPECT_EQ(one(tanh, -x), -1);
    EXPECT_EQ(one(sigmoid, x), 1);
    EXPECT_LT(one(sigmoid, -x), 4 * Limits::min());
    EXPECT_GE(one(sigmoid, -x), 0);
    EXPECT_EQ(one(exp, x), one(exp, kDouble ? 709 : 88));
    EXPECT_EQ(one(exp, -x), one(exp, kDouble ? -708 : -87));
  }
}

TEST_P(MathOnIsa, zero_gives_exact_results) {
  EXPECT_EQ(one(exp, 0), 1);
  EXPECT_EQ(one(sigmoid, 0), real{0.5});
  EXPECT_EQ(one(tanh, 0), 0);
  EXPECT_EQ(one(tanh, Limits::denorm_min()), Limits::denorm_min());
}

TEST_P(MathOnIsa, nan_stays_nan_and_stays_in_its_place) {
  for (const VectorFunction f :
       {VectorFunction{exp}, VectorFunction{sigmoid}, VectorFunction{tanh}}) {
    for (std::size_t place = 0; place < 20; ++place) {
      std::vector<real> x(20, real{0.25});
      x[place] = Limits::quiet_NaN();
      f(x.data(), x.size(), x.data());
      for (std::size_t i = 0; i < x.size(); ++i) EXPECT_EQ(std::isnan(x[i]), i == place);
    }
  }
}

TEST_P(MathOnIsa, neither_tanh_nor_sigmoid_exceeds_one) {
  for (const real x : grid(-25, 25)) {
    ASSERT_LE(std::abs(one(tanh, x)), 1) << x;
    ASSERT_LE(one(sigmoid, x), 1) << x;
  }
}

}  // namespace
}  // namespace refrain::kernels
