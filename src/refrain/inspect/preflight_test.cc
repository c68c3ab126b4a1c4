#include "refrain/inspect/preflight.h"

#include <gmock/gmock.h>

#include <cmath>

#include "refrain/base/rng.h"

namespace refrain::inspect {
namespace {

// Errors that fall with the square root of the samples: 40 % at a quarter, 20 % at all of them.
std::vector<CurvePoint> falling(int n) {
  std::vector<CurvePoint> out;
  for (const double share : {0.25, 0.5, 1.0}) {
    CurvePoint point{share, {}};
    base::Rng rng(static_cast<std::uint64_t>(100 * share));
    for (int i = 0; i < n; ++i)
      point.loss.push_back(rng.uniform() < 0.2 / std::sqrt(share) ? 1 : 0);
    out.push_back(std::move(point));
  }
  return out;
}

// 2.8016 sqrt(0.1 / 400).
TEST(Preflight, tells_the_smallest_difference) {
  EXPECT_NEAR(smallest_difference(0.1, 400), 0.0443, 1e-4);
  EXPECT_LT(smallest_difference(0.1, 4000), smallest_difference(0.1, 400));
  EXPECT_LE(smallest_difference(0, 1), 1);
}

TEST(Preflight, the_learning_curve_goes_on_as_it_went) {
  const Growth found = growth_of(falling(4000), 2, 1);
  EXPECT_NEAR(found.loss, 0.2, 0.02);
  EXPECT_NEAR(found.gain, 0.2 * (1 - std::sqrt(0.5)), 0.015);
  EXPECT_LT(found.low, found.gain);
  EXPECT_GT(found.high, found.gain);
  EXPECT_LT(found.high - found.low, 0.04);
}

TEST(Preflight, few_samples_give_a_wide_interval) {
  const Growth few = growth_of(falling(40), 2, 1), many = growth_of(falling(4000), 2, 1);
  EXPECT_GT(few.high - few.low, 3 * (many.high - many.low));
}

TEST(Preflight, names_the_class_that_more_samples_would_help) {
  auto curve = falling(400);
  std::vector<int> label;
  for (std::size_t i = 0; i < 400; ++i) {
    label.push_back(i < 300 ? 0 : 1);
    if (i >= 300) continue;
    for (auto& point : curve) point.loss[i] = i % 10 == 0 ? 1 : 0;
  }
  const MoreSamples found = more_samples(curve, label, 0.03, 1);
  EXPECT_EQ(found.of, 1);
  EXPECT_EQ(found.have, 100);
  EXPECT_GT(found.more, 10);
  EXPECT_LT(found.more, 120);
  EXPECT_NEAR(found.growth.gain, 0.03, 0.01);
}

TEST(Preflight, of_a_flat_curve_promises_nothing) {
  std::vector<CurvePoint> flat;
  for (const double share : {0.25, 0.5, 1.0}) flat.push_back({share, std::vector<double>(50, 0)});
  EXPECT_NEAR(growth_of(flat, 2, 1).gain, 0, 1e-6);
  EXPECT_EQ(more_samples(flat, std::vector<int>(50, 0), 0.03, 1).of, -1);
}

}  // namespace
}  // namespace refrain::inspect
