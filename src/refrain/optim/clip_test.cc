#include "refrain/optim/clip.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace refrain::optim {
namespace {

TEST(ClipByNorm, zero_measures_only) {
  std::vector<real> d = {3, -4};
  EXPECT_NEAR(clip_by_norm(0, 2, d.data()), 5, 1e-6);
  EXPECT_EQ(d, (std::vector<real>{3, -4}));
}

TEST(ClipByNorm, keeps_the_direction_and_cuts_the_length) {
  std::vector<real> d = {3, -4};
  EXPECT_NEAR(clip_by_norm(1, 2, d.data()), 5, 1e-6);
  EXPECT_NEAR(static_cast<double>(d[0]), 0.6, 1e-6);
  EXPECT_NEAR(static_cast<double>(d[1]), -0.8, 1e-6);
}

TEST(ClipByNorm, a_gradient_of_large_numbers_has_a_finite_norm) {
  std::vector<real> d(4, real{1e25f});
  EXPECT_NEAR(clip_by_norm(1, 4, d.data()) / 2e25, 1, 1e-6);
  EXPECT_NEAR(static_cast<double>(d[0]), 0.5, 1e-5);
}

TEST(ClipByNorm, says_when_the_gradient_is_not_finite) {
  std::vector<real> d = {1, std::numeric_limits<real>::quiet_NaN()};
  EXPECT_FALSE(std::isfinite(clip_by_norm(1, 2, d.data())));
  d[1] = std::numeric_limits<real>::infinity();
  EXPECT_FALSE(std::isfinite(clip_by_norm(1, 2, d.data())));
}

TEST(ClipByValue, cuts_single_numbers_and_zero_cuts_nothing) {
  std::vector<real> d = {3, -4, real{0.5}};
  EXPECT_FALSE(clip_by_value(0, 3, d.data()));
  EXPECT_EQ(d, (std::vector<real>{3, -4, real{0.5}}));
  EXPECT_TRUE(clip_by_value(1, 3, d.data()));
  EXPECT_EQ(d, (std::vector<real>{1, -1, real{0.5}}));
  EXPECT_FALSE(clip_by_value(1, 3, d.data()));
  d[1] = -2;
  EXPECT_TRUE(clip_by_value(1, 3, d.data())) << "on the other side of zero too";
  EXPECT_EQ(d, (std::vector<real>{1, -1, real{0.5}}));
}

}  // namespace
}  // namespace refrain::optim
