#include "refrain/score/blend.h"

#include <gtest/gtest.h>

#include <cmath>
#include <numeric>

namespace refrain::score {
namespace {

double sum(const std::vector<double>& w) { return std::accumulate(w.begin(), w.end(), 0.0); }

// Returns the value that the weights maximise.
double aim(const std::vector<std::vector<double>>& truth, const std::vector<double>& w,
           double prior) {
  double out = 0;
  for (std::size_t i = 0; i < truth[0].size(); ++i) {
    double p = 0;
    for (std::size_t g = 0; g < w.size(); ++g) p += w[g] * truth[g][i];
    out += std::log(p);
  }
  for (const double x : w) out += prior * std::log(x);
  return out;
}

TEST(BlendWeights, of_models_that_are_alike_are_equal) {
  const std::vector<double> p = {0.9, 0.2, 0.6, 0.7};
  for (const double w : blend_weights({p, p, p})) EXPECT_NEAR(w, 1.0 / 3, 1e-12);
}

TEST(BlendWeights, without_samples_are_equal) {
  EXPECT_EQ(blend_weights({{}, {}}), (std::vector<double>{0.5, 0.5}));
  EXPECT_EQ(blend_weights({{0, 0}, {0, 0}}), (std::vector<double>{0.5, 0.5}));
}

TEST(BlendWeights, of_one_model_are_one) {
  EXPECT_EQ(blend_weights({{0.1, 0.2}}), std::vector<double>{1});
}

TEST(BlendWeights, favour_the_better_model_the_more_the_more_samples_there_are) {
  double before = 0.5;
  for (const std::size_t n : {5U, 50U, 500U}) {
    const auto w = blend_weights({std::vector<double>(n, 0.9), std::vector<double>(n, 0.1)});
    EXPECT_GT(w[0], before) << n;
    EXPECT_GT(w[1], 0);
    EXPECT_NEAR(sum(w), 1, 1e-12);
    before = w[0];
  }
  EXPECT_GT(before, 0.95);
}

TEST(BlendWeights, are_the_place_where_the_sum_is_largest) {
  const std::vector<std::vector<double>> truth = {
      {0.9, 0.8, 0.1, 0.7, 0.6}, {0.2, 0.9, 0.8, 0.3, 0.5}, {0.3, 0.3, 0.4, 0.9, 0.1}};
  for (const double prior : {0.1, 1.0, 10.0}) {
    const auto w = blend_weights(truth, prior);
    const double best = aim(truth, w, prior);
    for (std::size_t from = 0; from < 3; ++from) {
      for (std::size_t to = 0; to < 3; ++to) {
        auto other = w;
        const double moved = 1e-3 * w[from];
        other[from] -= moved;
        other[to] += moved;
        EXPECT_LE(aim(truth, other, prior), best + 1e-9) << prior;
      }
    }
  }
}

}  // namespace
}  // namespace refrain::score
