#include "refrain/score/blend.h"

#include <algorithm>
#include <cmath>

namespace refrain::score {
namespace {

constexpr int kRounds = 10000;
constexpr double kStill = 1e-9;

// Adds each model's share in having told the truth of sample i; false where none did.
bool add_shares(const std::vector<std::vector<double>>& truth, const std::vector<double>& weights,
                std::size_t i, std::vector<double>& shares) {
  double all = 0;
  for (std::size_t g = 0; g < truth.size(); ++g) all += weights[g] * truth[g][i];
  if (!(all > 0)) return false;
  for (std::size_t g = 0; g < truth.size(); ++g) shares[g] += weights[g] * truth[g][i] / all;
  return true;
}

}  // namespace

std::vector<double> blend_weights(const std::vector<std::vector<double>>& truth, double prior) {
  const std::size_t models = truth.size();
  std::vector<double> weights(models, 1 / static_cast<double>(models));
  if (models < 2) return weights;
  for (int round = 0; round < kRounds; ++round) {
    std::vector<double> shares(models, prior);
    double total = prior * static_cast<double>(models);
    for (std::size_t i = 0; i < truth.front().size(); ++i) {
      if (add_shares(truth, weights, i, shares)) total += 1;
    }
    if (!(total > 0)) break;
    double moved = 0;
    for (std::size_t g = 0; g < models; ++g) {
      moved = std::max(moved, std::abs(shares[g] / total - weights[g]));
      weights[g] = shares[g] / total;
    }
    if (moved < kStill) break;
  }
  return weights;
}

}  // namespace refrain::score
