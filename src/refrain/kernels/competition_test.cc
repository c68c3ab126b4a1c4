#include "refrain/kernels/competition.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "refrain/base/rng.h"
#include "refrain/kernels/isa.h"

namespace refrain::kernels {
namespace {

using Size = std::size_t;

std::vector<float> noise(Size n, std::uint64_t seed) {
  base::Rng rng(seed);
  std::vector<float> out(n);
  for (float& v : out) v = static_cast<float>(rng.normal());
  return out;
}

class Competition : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { choose_isa(GetParam()); }
  void TearDown() override { choose_isa("auto"); }
};

TEST_P(Competition, the_largest_adds_its_result_and_the_smallest_is_counted) {
  const auto weight = noise(9 * kRivals, 1);
  for (const int n : {1, 3, 8, 17, 50}) {
    for (const int dilation : {1, 2, 5}) {
      const auto x = noise(static_cast<Size>(n + 8 * dilation + kSlack), 3);
      std::vector<float> largest(kRivals, 0.5F), smallest(kRivals, 2);
      compete(x.data(), dilation, n, weight.data(), largest.data(), smallest.data());
      std::vector<double> most(kRivals, 0.5), least(kRivals, 2);
      for (int i = 0; i < n; ++i) {
        std::vector<double> result(kRivals);
        for (Size j = 0; j < kRivals; ++j) {
          for (Size k = 0; k < 9; ++k) {
            result[j] +=
                static_cast<double>(weight[9 * j + k]) *
                static_cast<double>(x[static_cast<Size>(i) + k * static_cast<Size>(dilation)]);
          }
        }
        const auto [low, high] = std::minmax_element(result.begin(), result.end());
        most[static_cast<Size>(high - result.begin())] += *high;
        least[static_cast<Size>(low - result.begin())] += 1;
      }
      for (Size j = 0; j < kRivals; ++j) {
        EXPECT_NEAR(largest[j], most[j], 1e-4) << n << " " << dilation << " " << j;
        EXPECT_EQ(smallest[j], least[j]) << n << " " << dilation << " " << j;
      }
    }
  }
}

TEST_P(Competition, of_equals_the_first_wins) {
  const std::vector<float> x(20 + 8 + kSlack, 0.0F), weight = noise(9 * kRivals, 1);
  std::vector<float> largest(kRivals, 0.0F), smallest(largest);
  compete(x.data(), 1, 20, weight.data(), largest.data(), smallest.data());
  EXPECT_EQ(smallest.front(), 20);
  EXPECT_EQ(std::count(smallest.begin(), smallest.end(), 0.0F), kRivals - 1);
}

INSTANTIATE_TEST_SUITE_P(AllIsas, Competition, testing::ValuesIn(available_isas()),
                         [](const auto& p) { return p.param; });

}  // namespace
}  // namespace refrain::kernels
