#include "refrain/optim/noise.h"

#include <gtest/gtest.h>

#include <cmath>

namespace refrain::optim {
namespace {

constexpr std::size_t kCount = 20000;

// The noise of an update on all but the first hundred numbers.
std::vector<real> noise(double eta, std::int64_t step, std::uint64_t seed) {
  std::vector<real> d(kCount);
  add_noise(eta, base::Rng(seed), {{{100, kCount, 0}}, step, 0, d.data(), nullptr});
  return d;
}

TEST(GradientNoise, has_the_variance_of_its_update_and_keeps_to_the_ranges) {
  for (const std::int64_t step : {1, 1000}) {
    const auto d = noise(0.3, step, 1);
    double sum = 0, square = 0;
    for (const real x : d) {
      sum += static_cast<double>(x);
      square += static_cast<double>(x) * static_cast<double>(x);
    }
    const double variance = 0.3 / std::pow(static_cast<double>(step), 0.55), n = kCount - 100;
    EXPECT_NEAR(square / n / variance, 1, 0.05) << step;
    EXPECT_NEAR(sum / n, 0, 4 * std::sqrt(variance / n)) << step;
    for (std::size_t i = 0; i < 100; ++i) EXPECT_EQ(d[i], 0);
  }
}

TEST(GradientNoise, is_keyed_by_seed_and_update) {
  EXPECT_EQ(noise(1, 5, 1), noise(1, 5, 1));
  EXPECT_NE(noise(1, 5, 1), noise(1, 6, 1));
  EXPECT_NE(noise(1, 5, 1), noise(1, 5, 2));
  EXPECT_EQ(noise(0, 5, 1), std::vector<real>(kCount));
}

TEST(GradientNoise, of_a_parameter_is_the_same_whether_or_not_another_is_frozen) {
  std::vector<real> d(kCount);
  add_noise(1, base::Rng(1), {{{100, kCount, 0, 100}}, 5, 0, d.data(), nullptr});
  EXPECT_EQ(d, noise(1, 5, 1));
}

}  // namespace
}  // namespace refrain::optim
