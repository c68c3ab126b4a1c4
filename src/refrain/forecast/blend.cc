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

// Steps of all windows in one row: |y - sum_k w_k f_k| counts `unit` each. Half of what an error
// counts is by the scale of its series, half by the size of the values, as MASE and sMAPE have it.
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
  // Mean errors of all forecasts make both measures alike in size.
  double scaled = 0, relative = 0, count = 0;
  for (int pass = 0; pass < 2; ++pass) {
    for (const auto& window : windows) {
      double steps = 0;
      for (const double y : window.truth) steps += std::isnan(y) ? 0 : 1;
      for (std::size_t h = 0; h < window.truth.size(); ++h) {
        const double y = window.truth[h];
        if (std::isnan(y)) continue;
        double gap = 0;
        for (const auto& f : window.forecasts) gap += std::fabs(f[h] - y) / static_cast<double>(K);
        const double by_scale = window.unit > 0 ? 1 / window.unit : 0;
        const double by_size = 1 / std::max(std::fabs(y), 1e-3 * window.unit + 1e-300);
        if (pass == 0) {
          scaled += gap * by_scale / steps;
          relative += std::min(gap * by_size, 2.0) / steps;
          count += 1 / steps;
          continue;
        }
        double unit = 0;
        if (scaled > 0) unit += by_scale * count / scaled / 2;
        if (relative > 0 && gap > 0) {
          unit += std::min(gap * by_size, 2.0) / gap * count / relative / 2;
        }
        out.truth.push_back(y);
        out.unit.push_back(unit / steps);
        for (const auto& f : window.forecasts) out.forecasts.push_back(f[h]);
      }
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
