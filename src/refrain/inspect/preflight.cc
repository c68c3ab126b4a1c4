#include "refrain/inspect/preflight.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "refrain/base/rng.h"
#include "refrain/inspect/reservoir.h"

namespace refrain::inspect {
namespace {

constexpr int kDraws = 300;
constexpr double kSteepest = 1;      // of the exponent: no set was seen to fall faster
constexpr double kMostTimes = 3;     // as many samples as there are
constexpr std::size_t kFewest = 10;  // samples of a class, for a curve of its own

// The mean loss at each share, under weights of the samples.
std::vector<double> means_of(const std::vector<CurvePoint>& curve,
                             const std::vector<double>& weight) {
  std::vector<double> out;
  for (const auto& point : curve) {
    double sum = 0, total = 0;
    for (std::size_t i = 0; i < weight.size(); ++i) {
      sum += weight[i] * point.loss[i];
      total += weight[i];
    }
    out.push_back((sum + 1e-9) / std::max(1.0, total));
  }
  return out;
}

// By how much the loss falls with `factor` times as many samples: a line through the logarithms.
double gain_of(const std::vector<CurvePoint>& curve, const std::vector<double>& mean,
               double factor) {
  double x = 0, y = 0, xx = 0, xy = 0;
  const auto n = static_cast<double>(curve.size());
  const double floor = mean.back() * 1e-3 + 1e-12;
  for (std::size_t k = 0; k < curve.size(); ++k) {
    const double u = std::log(curve[k].share), v = std::log(std::max(mean[k], floor));
    x += u, y += v, xx += u * u, xy += u * v;
  }
  const double spread = n * xx - x * x;
  const double slope = spread > 0 ? (n * xy - x * y) / spread : 0;
  const double power = std::clamp(-slope, 0.0, kSteepest);
  return mean.back() * (1 - std::pow(factor, -power));
}

std::vector<double> draw(std::size_t n, base::Rng rng) {
  std::vector<double> weight(n, 0);
  for (std::size_t i = 0; i < n; ++i) weight[rng.below(n)] += 1;
  return weight;
}

// The samples of one class.
std::vector<CurvePoint> part_of(const std::vector<CurvePoint>& curve, const std::vector<int>& label,
                                int of) {
  std::vector<CurvePoint> out;
  for (const auto& point : curve) {
    CurvePoint part{point.share, {}};
    for (std::size_t i = 0; i < label.size(); ++i) {
      if (label[i] == of) part.loss.push_back(point.loss[i]);
    }
    out.push_back(std::move(part));
  }
  return out;
}

}  // namespace

double smallest_difference(double error, double n) {
  constexpr double kLevel = 1.959964, kPower = 0.841621;
  const double differently = std::clamp(error, 1 / std::max(1.0, n), 1.0);
  return std::min(1.0, (kLevel + kPower) * std::sqrt(differently / std::max(1.0, n)));
}

Growth growth_of(const std::vector<CurvePoint>& curve, double factor, std::uint64_t seed) {
  Growth out;
  out.factor = factor;
  if (curve.empty() || curve.back().loss.empty()) return out;
  const std::size_t n = curve.back().loss.size();
  const auto mean = means_of(curve, std::vector<double>(n, 1));
  out.loss = mean.back();
  out.gain = gain_of(curve, mean, factor);
  std::vector<double> gains;
  const base::Rng rng = base::Rng(seed).fork("growth");
  for (int k = 0; k < kDraws; ++k) {
    gains.push_back(gain_of(curve, means_of(curve, draw(n, rng.fork(std::to_string(k)))), factor));
  }
  std::sort(gains.begin(), gains.end());
  out.low = quantile(gains, 0.05), out.high = quantile(gains, 0.95);
  return out;
}

MoreSamples more_samples(const std::vector<CurvePoint>& curve, const std::vector<int>& label,
                         double points, std::uint64_t seed) {
  MoreSamples out;
  std::map<int, std::size_t> counts;
  for (const int c : label) ++counts[c];
  double best = 0;
  for (const auto& [of, count] : counts) {
    if (count < kFewest) continue;
    const auto part = part_of(curve, label, of);
    const auto mean = means_of(part, std::vector<double>(count, 1));
    const double gain = gain_of(part, mean, 2);
    if (gain <= best) continue;
    best = gain;
    out.of = of, out.have = static_cast<std::int64_t>(count);
  }
  if (out.of < 0) return out;
  const auto part = part_of(curve, label, out.of);
  const auto mean = means_of(part, std::vector<double>(static_cast<std::size_t>(out.have), 1));
  double factor = 1;
  while (factor < 1 + kMostTimes && gain_of(part, mean, factor) < points) factor += 0.05;
  out.more = std::llround((factor - 1) * static_cast<double>(out.have));
  out.growth = growth_of(part, factor, seed);
  return out;
}

}  // namespace refrain::inspect
