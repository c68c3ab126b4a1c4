#include "refrain/nn/param_set.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "refrain/base/error.h"

namespace refrain::nn {
namespace {

using tensor::Tensor;

double element(const Tensor& t, int r, int c) { return static_cast<double>(t.row(r)[c]); }

// The largest difference of W^T W and the unit matrix, for the block of columns from `from` on.
double away_from_orthogonal(const Tensor& t, int from, int columns) {
  double most = 0;
  for (int a = 0; a < columns; ++a) {
    for (int b = 0; b < columns; ++b) {
      double sum = 0;
      for (int r = 0; r < t.rows(); ++r) sum += element(t, r, from + a) * element(t, r, from + b);
      most = std::max(most, std::abs(sum - (a == b ? 1 : 0)));
    }
  }
  return most;
}

TEST(ParamSetStart, each_block_of_an_orthogonal_weight_is_orthogonal) {
  for (const int H : {1, 2, 7, 64}) {
    ParamSet params;
    const int w = params.add({"w", {H, 3 * H}, Start::kOrthogonal, 3});
    params.initialise(base::Rng(1));
    const Tensor t = params.value(w);
    for (int block = 0; block < 3; ++block) {
      EXPECT_LT(away_from_orthogonal(t, block * H, H), 1e-5) << H << " block " << block;
    }
    if (H > 1) {
      EXPECT_GT(std::abs(element(t, 0, 0) - element(t, 0, H)), 1e-6) << "blocks are alike";
    }
  }
}

TEST(ParamSetStart, glorot_fills_its_limits_and_no_more) {
  ParamSet params;
  const int w = params.add({"w", {30, 80}, Start::kGlorot, 4});
  params.initialise(base::Rng(1));
  const double limit = std::sqrt(6.0 / (30 + 20));
  double most = 0, sum = 0, square = 0;
  for (const real x : params.value(w).span()) {
    most = std::max(most, std::abs(static_cast<double>(x)));
    sum += static_cast<double>(x);
    square += static_cast<double>(x) * static_cast<double>(x);
  }
  EXPECT_LE(most, limit * (1 + 1e-6));
  EXPECT_GT(most, 0.98 * limit);
  EXPECT_NEAR(sum / 2400, 0, 0.02 * limit);
  EXPECT_NEAR(square / 2400, limit * limit / 3, 0.05 * limit * limit);
}

TEST(ParamSetStart, the_forget_gate_starts_open) {
  ParamSet params;
  const int b = params.add({"b", {12}, Start::kForgetOne, 4, false});
  params.initialise(base::Rng(1));
  const auto values = params.value(b).span();
  for (std::size_t i = 0; i < 12; ++i) EXPECT_EQ(values[i], i >= 3 && i < 6 ? 1 : 0) << i;
}

TEST(ParamSetStart, an_unknown_word_starts_at_zero_and_others_small) {
  ParamSet params;
  const int table = params.add({"words", {200, 10}, Start::kSmallNormal});
  params.initialise(base::Rng(1));
  const Tensor t = params.value(table);
  double square = 0;
  for (int r = 0; r < 200; ++r) {
    for (int c = 0; c < 10; ++c) square += element(t, r, c) * element(t, r, c);
    if (r == 0) {
      EXPECT_EQ(square, 0);
    }
  }
  EXPECT_NEAR(std::sqrt(square / 1990), 0.1, 0.005);
}

TEST(ParamSetStart, zeros_and_ones) {
  ParamSet params;
  const int b = params.add({"b", {5}, Start::kZero, 1, false});
  const int g = params.add({"g", {5}, Start::kOne, 1, false});
  params.initialise(base::Rng(1));
  EXPECT_TRUE(std::ranges::all_of(params.value(b).span(), [](real x) { return x == 0; }));
  EXPECT_TRUE(std::ranges::all_of(params.value(g).span(), [](real x) { return x == 1; }));
}

TEST(ParamSetStart, depends_on_the_name_and_seed_and_not_on_other_parameters) {
  const auto values = [](std::uint64_t seed, bool other, const std::string& name) {
    ParamSet params;
    if (other) params.add({"other", {9, 9}, Start::kOrthogonal});
    const int w = params.add({name, {6, 6}, Start::kGlorot});
    if (other) params.add({"another", {9, 9}, Start::kGlorot});
    params.initialise(base::Rng(seed));
    const auto span = params.value(w).span();
    return std::vector<real>(span.begin(), span.end());
  };
  const auto alone = values(1, false, "w");
  EXPECT_EQ(alone, values(1, true, "w"));
  EXPECT_NE(alone, values(2, false, "w"));
  EXPECT_NE(alone, values(1, false, "v"));
}

TEST(ParamSet, a_name_is_given_once) {
  ParamSet params;
  params.add({"w", {2}});
  try {
    params.add({"w", {3}});
    FAIL() << "two parameters of one name";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kInternal);
    EXPECT_STREQ(error.what(), "two parameters w");
  }
}

TEST(ParamSet, parameters_lie_apart_and_aligned_and_are_counted_without_padding) {
  ParamSet params;
  const int a = params.add({"a", {3, 5}});
  const int b = params.add({"b", {7}});
  params.initialise(base::Rng(1));
  EXPECT_EQ(params.parameter_count(), 22u);
  EXPECT_EQ(params.count(), 32u);
  EXPECT_EQ(params.values().size(), 32u);
  EXPECT_EQ(params.params()[1].offset, 16u);
  params.value(a).data[0] = 1;
  params.value(b).data[0] = 2;
  EXPECT_EQ(params.values()[0], 1);
  EXPECT_EQ(params.values()[16], 2);
  std::vector<real> gradients(params.count());
  EXPECT_EQ(params.in_block(b, gradients.data()).data, gradients.data() + 16);
}

}  // namespace
}  // namespace refrain::nn
