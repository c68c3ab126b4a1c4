#include "refrain/kernels/convolution9.h"

#include <gtest/gtest.h>

#include <vector>

#include "refrain/base/rng.h"
#include "refrain/kernels/isa.h"

namespace refrain::kernels {
namespace {

std::vector<float> noise(int n, std::uint64_t seed) {
  base::Rng rng(seed);
  std::vector<float> out(static_cast<std::size_t>(n));
  for (float& v : out) v = static_cast<float>(rng.normal());
  return out;
}

class Convolution9 : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { choose_isa(GetParam()); }
  void TearDown() override { choose_isa("auto"); }
};

TEST_P(Convolution9, taps_weigh_two_and_minus_one_at_every_length_and_dilation) {
  for (const int n : {1, 3, 8, 17, 50}) {
    for (const int dilation : {1, 2, 5}) {
      const auto x = noise(n + 8 * dilation, 3);
      std::vector<float> base(static_cast<std::size_t>(n)), y(base);
      nine_tap_base(x.data(), dilation, n, base.data());
      nine_tap(x.data(), base.data(), {0, 3 * dilation, 8 * dilation}, n, false, y.data());
      for (int i = 0; i < n; ++i) {
        double want = 0;
        for (int k = 0; k < 9; ++k) {
          const double weight = k == 0 || k == 3 || k == 8 ? 2 : -1;
          want += weight * static_cast<double>(x[static_cast<std::size_t>(i + k * dilation)]);
        }
        EXPECT_NEAR(y[static_cast<std::size_t>(i)], want, 1e-5) << n << " " << dilation << " " << i;
      }
    }
  }
}

TEST_P(Convolution9, accumulating_adds_to_what_is_there) {
  const int n = 21;
  const auto x = noise(n + 8, 4);
  std::vector<float> base(n), once(n), twice(n);
  nine_tap_base(x.data(), 1, n, base.data());
  nine_tap(x.data(), base.data(), {1, 2, 3}, n, false, once.data());
  nine_tap(x.data(), base.data(), {1, 2, 3}, n, false, twice.data());
  nine_tap(x.data(), base.data(), {1, 2, 3}, n, true, twice.data());
  for (std::size_t i = 0; i < once.size(); ++i) EXPECT_NEAR(twice[i], 2 * once[i], 1e-5);
}

TEST_P(Convolution9, counts_are_of_values_strictly_above_each_threshold) {
  for (const int n : {0, 1, 7, 16, 45}) {
    auto x = noise(n, 5);
    if (n > 3) x[3] = 0.25F;
    const std::vector<float> thresholds = {0.25F, -1.0F, 1.0F, 0.0F, 9.0F, -9.0F, 0.5F};
    for (std::size_t count = 0; count <= thresholds.size(); ++count) {
      std::vector<int> above(count + 1, -7);
      count_above(x.data(), n, thresholds.data(), static_cast<int>(count), above.data());
      for (std::size_t k = 0; k < count; ++k) {
        int want = 0;
        for (const float v : x) want += v > thresholds[k] ? 1 : 0;
        EXPECT_EQ(above[k], want) << n << " values, threshold " << k;
      }
      EXPECT_EQ(above[count], -7) << "wrote beyond the counts asked for";
    }
  }
}

INSTANTIATE_TEST_SUITE_P(AllIsas, Convolution9, testing::ValuesIn(available_isas()),
                         [](const auto& p) { return p.param; });

}  // namespace
}  // namespace refrain::kernels
