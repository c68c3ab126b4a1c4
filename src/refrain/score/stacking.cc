#include "refrain/score/stacking.h"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace refrain::score {
namespace {

// w' Q w - 2 b' w, without its constant.
struct Quadratic {
  std::vector<std::vector<double>> q;
  std::vector<double> b;
};

Quadratic quadratic_of(const std::vector<double>& truth,
                       const std::vector<std::vector<double>>& predicted, double prior) {
  const std::size_t G = predicted.size(), n = truth.size();
  Quadratic out{std::vector<std::vector<double>>(G, std::vector<double>(G)),
                std::vector<double>(G)};
  double equal = 0;
  for (std::size_t i = 0; i < n; ++i) {
    double mean = 0;
    for (std::size_t g = 0; g < G; ++g) {
      mean += predicted[g][i] / static_cast<double>(G);
      out.b[g] += truth[i] * predicted[g][i];
      for (std::size_t h = 0; h < G; ++h) out.q[g][h] += predicted[g][i] * predicted[h][i];
    }
    equal += (truth[i] - mean) * (truth[i] - mean);
  }
  const double drawn = prior * equal / static_cast<double>(n) * static_cast<double>(G);
  for (std::size_t g = 0; g < G; ++g) {
    out.q[g][g] += drawn;
    out.b[g] += drawn / static_cast<double>(G);
  }
  return out;
}

// Moves weight between g and h to where the sum is smallest; how much that was.
double exchange(const Quadratic& f, std::size_t g, std::size_t h, std::vector<double>& w) {
  const double curve = f.q[g][g] + f.q[h][h] - 2 * f.q[g][h];
  if (!(curve > 0)) return 0;
  double slope = f.b[g] - f.b[h];
  for (std::size_t k = 0; k < w.size(); ++k) slope -= (f.q[g][k] - f.q[h][k]) * w[k];
  const double step = std::clamp(slope / curve, -w[g], w[h]);
  w[g] += step;
  w[h] -= step;
  return std::fabs(step);
}

}  // namespace

std::vector<double> stacking_weights(const std::vector<double>& truth,
                                     const std::vector<std::vector<double>>& predicted,
                                     double prior) {
  constexpr int kMostRounds = 10'000;
  constexpr double kSmallStep = 1e-12;
  const std::size_t G = predicted.size();
  std::vector<double> w(G, 1 / static_cast<double>(std::max<std::size_t>(1, G)));
  if (truth.empty() || G < 2) return w;
  const Quadratic f = quadratic_of(truth, predicted, prior);
  for (int round = 0; round < kMostRounds; ++round) {
    double moved = 0;
    for (std::size_t g = 0; g < G; ++g) {
      for (std::size_t h = g + 1; h < G; ++h) moved += exchange(f, g, h, w);
    }
    if (moved < kSmallStep) break;
  }
  return w;
}

}  // namespace refrain::score
