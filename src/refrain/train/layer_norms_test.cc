#include "refrain/train/layer_norms.h"

#include <gtest/gtest.h>

#include <cmath>

namespace refrain::train {
namespace {

TEST(LayerNorms, are_the_root_mean_square_of_all_that_shares_a_name) {
  nn::ParamSet params;
  params.add({"encoder.0.forward.w", {1, 3}});
  params.add({"head.w", {2, 1}});
  params.add({"encoder.0.forward.b", {1}, nn::Start::kZero, 1, false});
  params.at(params.add({"words", {4, 1}})).frozen = true;
  const LayerNorms layers(params);
  EXPECT_EQ(layers.names(), (std::vector<std::string>{"encoder.0.forward", "head"}));
  std::vector<real> d(params.count());
  for (const auto& p : params.params()) {
    for (std::size_t i = 0; i < p.shape.count(); ++i) {
      d[p.offset + i] = p.name == "head.w" ? real{5} : static_cast<real>(p.shape.count());
    }
  }
  std::vector<double> sums = {100, 0};
  layers.add(d.data(), sums);
  EXPECT_NEAR(sums[0], 100 + std::sqrt((3 * 9 + 1) / 4.0), 1e-6);
  EXPECT_NEAR(sums[1], 5, 1e-6);
}

}  // namespace
}  // namespace refrain::train
