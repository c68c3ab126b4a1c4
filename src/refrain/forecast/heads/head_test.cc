#include "refrain/forecast/heads/head.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "refrain/base/error.h"
#include "refrain/score/distributions.h"
#include "refrain/tape/likelihood_loss.h"

namespace refrain::forecast {
namespace {

const std::vector<double> kShares = {0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999};

std::vector<double> quantiles_of(const char* head, const std::vector<real>& numbers,
                                 double unit = 1) {
  std::vector<double> out(kShares.size());
  heads().at(head).quantiles(numbers.data(), levels_of(kShares), unit, out.data());
  return out;
}

TEST(Heads, give_ascending_quantiles_from_as_many_numbers_as_they_ask_for) {
  for (const auto& item : heads().items()) {
    const int width = item.value.width(static_cast<int>(kShares.size()));
    std::vector<real> numbers;
    for (int i = 0; i < width; ++i) numbers.push_back(static_cast<real>(0.3 * i + 0.1));
    const auto q = quantiles_of(item.name.c_str(), numbers, 7);
    EXPECT_TRUE(std::is_sorted(q.begin(), q.end())) << item.name;
    EXPECT_EQ(q.front() < q.back(), item.value.tells_spread) << item.name;
  }
}

TEST(Heads, gaussian_quantiles_are_those_of_the_normal_distribution) {
  const std::vector<real> numbers = {real{0.5f}, real{1.5f}};
  const auto d = tape::distribution_of(tape::Likelihood::kGaussian, numbers.data(), 1);
  const auto q = quantiles_of("gaussian", numbers);
  for (std::size_t i = 0; i < q.size(); ++i) {
    EXPECT_NEAR(score::normal_cdf((q[i] - d.location) / d.scale), kShares[i], 1e-9);
  }
}

TEST(Heads, student_t_quantiles_agree_with_bisection) {
  for (const float freedom : {-20.f, 0.f, 2.f, 300.f}) {
    const std::vector<real> numbers = {real{0.5f}, real{1.5f}, static_cast<real>(freedom)};
    const auto d = tape::distribution_of(tape::Likelihood::kStudentT, numbers.data(), 1);
    const auto q = quantiles_of("student_t", numbers);
    for (std::size_t i = 0; i < q.size(); ++i) {
      const double expected = score::t_quantile(kShares[i], d.freedom);
      EXPECT_NEAR((q[i] - d.location) / d.scale, expected, 1e-8 * (1 + std::fabs(expected)));
    }
  }
}

// Both ways of reaching a quantile, small means and large ones.
TEST(Heads, negative_binomial_quantiles_are_the_smallest_counts_that_hold_the_share) {
  for (const double unit : {0.5, 5.0, 250.0, 290.0, 40000.0}) {
    for (const float dispersion : {-12.f, 1.f}) {
      const std::vector<real> numbers = {real{0.6f}, static_cast<real>(dispersion)};
      const auto d =
          tape::distribution_of(tape::Likelihood::kNegativeBinomial, numbers.data(), unit);
      const double r = 1 / d.scale, p = r / (r + d.location);
      const auto q = quantiles_of("negative_binomial", numbers, unit);
      for (std::size_t i = 0; i < q.size(); ++i) {
        const double k = std::round(q[i] * unit);
        EXPECT_NEAR(q[i] * unit, k, 1e-9 * (1 + k));
        EXPECT_GE(score::incomplete_beta(r, k + 1, p), kShares[i] - 1e-9) << unit;
        if (k > 0) {
          EXPECT_LT(score::incomplete_beta(r, k, p), kShares[i] + 1e-9) << unit;
        }
      }
    }
  }
}

TEST(Heads, an_unknown_one_is_refused_with_the_nearest_name) {
  EXPECT_THROW(heads().at("gausian"), Error);
}

}  // namespace
}  // namespace refrain::forecast
