#include "refrain/forecast/blend.h"

#include <algorithm>
#include <cmath>

namespace refrain::forecast {
namespace {

constexpr int kRounds = 400;
constexpr double kFirstStep = 0.5;
// The pull towards the prior, as that many windows would err more for a weight of one alone.
constexpr double kPriorWindows = 3;
constexpr double kLeastWeight = 1e-6;

// Steps of all windows in one row: |y - sum_k w_k f_k| counts `unit` each.
struct Steps {
  std::size_t K = 0;
  std::vector<double> truth, unit, forecasts;  // forecasts [steps, K]

  double error(const std::vector<double>& w, std::vector<double>& slope) const {
    double sum = 0;
    std::fill(slope.begin(), slope.end(), 0.0);
    for (std::size_t i = 0; i < truth.size(); ++i) {
      const double* f = forecasts.data() + i * K;
      double gap = -truth[i];
      for (std::size_t k = 0; k < K; ++k) gap += w[k] * f[k];
      sum += unit[i] * std::fabs(gap);
      const double sign = gap > 0 ? unit[i] : gap < 0 ? -unit[i] : 0;
      for (std::size_t k = 0; k < K; ++k) slope[k] += sign * (f[k] - truth[i]);
    }
    return sum;
  }
};

Steps steps_of(const std::vector<BlendWindow>& windows, std::size_t K) {
  Steps out;
  out.K = K;
  for (const auto& window : windows) {
    double steps = 0;
    for (const double y : window.truth) steps += std::isnan(y) ? 0 : 1;
    for (std::size_t h = 0; h < window.truth.size(); ++h) {
      if (std::isnan(window.truth[h]) || !(window.unit > 0)) continue;
      out.truth.push_back(window.truth[h]);
      out.unit.push_back(1 / window.unit / steps);
      for (const auto& f : window.forecasts) out.forecasts.push_back(f[h]);
    }
  }
  return out;
}

}  // namespace

std::vector<double> blend_weights(const std::vector<BlendWindow>& windows,
                                  const std::vector<double>& prior) {
  const std::size_t K = prior.size();
  if (windows.empty() || K < 2) return prior;
  const Steps steps = steps_of(windows, K);
  const auto n = static_cast<double>(windows.size());
  const double pull = kPriorWindows / n;
  std::vector<double> w = prior, slope(K), mean(K);
  double taken = 0;
  // Exponentiated gradient (Kivinen and Warmuth 1997); the mean of the later rounds.
  for (int round = 0; round < kRounds; ++round) {
    steps.error(w, slope);
    double most = 1e-12;
    for (std::size_t k = 0; k < K; ++k) {
      slope[k] = slope[k] / n + pull * std::log(std::max(w[k], kLeastWeight) / prior[k]);
      most = std::max(most, std::fabs(slope[k]));
    }
    const double step = kFirstStep / std::sqrt(1.0 + round) / std::max(1.0, most);
    double sum = 0;
    for (std::size_t k = 0; k < K; ++k) {
      w[k] = std::max(kLeastWeight, w[k] * std::exp(-step * slope[k]));
      sum += w[k];
    }
    for (double& x : w) x /= sum;
    if (round < kRounds / 2) continue;
    taken += 1;
    for (std::size_t k = 0; k < K; ++k) mean[k] += w[k];
  }
  for (double& x : mean) x /= taken;
  return mean;
}

std::vector<double> errors_alone(const std::vector<BlendWindow>& windows, std::size_t K) {
  std::vector<double> out(K);
  double counted = 0;
  for (const auto& window : windows) {
    if (!(window.unit > 0)) continue;
    counted += 1;
    for (std::size_t k = 0; k < K; ++k) {
      double sum = 0, steps = 0;
      for (std::size_t h = 0; h < window.truth.size(); ++h) {
        if (std::isnan(window.truth[h])) continue;
        sum += std::fabs(window.truth[h] - window.forecasts[k][h]);
        steps += 1;
      }
      if (steps > 0) out[k] += sum / steps / window.unit;
    }
  }
  for (double& x : out) x /= std::max(1.0, counted);
  return out;
}

}  // namespace refrain::forecast
