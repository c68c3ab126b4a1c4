#include "refrain/train/penalty.h"

#include <gtest/gtest.h>

#include <cmath>

namespace refrain::train {
namespace {

struct Params {
  nn::ParamSet set;
  int w, b, frozen;
  Params() {
    w = set.add({"w", {2, 3}});
    b = set.add({"b", {3}, nn::Start::kZero, 1, false});
    frozen = set.add({"frozen", {2, 2}});
    set.at(frozen).frozen = true;
    set.initialise(base::Rng(1));
    for (std::size_t i = 0; i < set.count(); ++i) {
      set.values()[i] = real{0.5} - static_cast<real>(i) / real{4};
    }
  }
};

double value(const Penalty& penalty, const nn::ParamSet& set) {
  std::vector<real> d(set.count());
  return add_penalty(penalty, set, d.data());
}

TEST(Penalty, is_the_sum_over_weights_alone) {
  Params p;
  // the six weights: 0.5 0.25 0 -0.25 -0.5 -0.75
  EXPECT_NEAR(value({2, 0}, p.set), 2 * 2.25, 1e-6);
  EXPECT_NEAR(value({0, 3}, p.set), 1.5 * 1.1875, 1e-6);
  EXPECT_NEAR(value({2, 3}, p.set), 2 * 2.25 + 1.5 * 1.1875, 1e-6);
  EXPECT_EQ(value({0, 0}, p.set), 0);
}

TEST(Penalty, adds_its_gradient_to_what_is_there) {
  Params p;
  const Penalty penalty{0.7, 0.3};
  std::vector<real> d(p.set.count(), real{5});
  add_penalty(penalty, p.set, d.data());
  for (std::size_t i = 0; i < 6; ++i) {
    real& x = p.set.values()[i];
    const real old = x;
    const real h = real{0.01};
    x = old + h;
    const double up = value(penalty, p.set);
    x = old - h;
    const double down = value(penalty, p.set);
    x = old;
    const double slope = (up - down) / (2 * static_cast<double>(h));  // 0 at the kink of |0|
    EXPECT_NEAR(static_cast<double>(d[i]), 5 + slope, 1e-4) << i;
  }
  for (std::size_t i = 6; i < d.size(); ++i) EXPECT_EQ(d[i], 5) << "no weight: " << i;
}

}  // namespace
}  // namespace refrain::train
