#include "refrain/forecast/simple/smoothing.h"

#include <algorithm>
#include <cmath>

namespace refrain::forecast {
namespace {

constexpr double kLeastAlpha = 0.0001, kMostAlpha = 0.9999;

// For a given alpha each error is linear in the first level: u_t - w_t l_0, with w_t = (1 -
// alpha)^(t-1), so the best l_0 and its squared error come from one pass.
struct SmoothingOfAlpha {
  double alpha = 0, first_level = 0, last_level = 0, squared_error = 0;
};

SmoothingOfAlpha smoothing_of(std::span<const double> values, double alpha) {
  double level = 0, weight = 1, uu = 0, uw = 0, ww = 0;
  const double origin = values.front();  // smaller numbers lose less to rounding
  for (double value : values) {
    const double u = value - origin - level;
    uu += u * u;
    uw += u * weight;
    ww += weight * weight;
    level += alpha * u;
    weight *= 1 - alpha;
  }
  const double first = uw / ww;
  return {alpha, origin + first, origin + level + weight * first, uu - uw * first};
}

}  // namespace

Smoothing smooth_best(std::span<const double> values) {
  // The error may have several valleys in alpha: a grid finds the deepest, golden sections its
  // floor.
  constexpr int kCells = 50;
  auto alpha_at = [](int i) { return kLeastAlpha + (kMostAlpha - kLeastAlpha) * i / kCells; };
  SmoothingOfAlpha best = smoothing_of(values, alpha_at(0));
  int cell = 0;
  for (int i = 1; i <= kCells; ++i) {
    const SmoothingOfAlpha tried = smoothing_of(values, alpha_at(i));
    if (tried.squared_error < best.squared_error) best = tried, cell = i;
  }
  double low = alpha_at(std::max(cell - 1, 0)), high = alpha_at(std::min(cell + 1, kCells));
  const double golden = (std::sqrt(5.0) - 1) / 2;
  for (int i = 0; i < 40; ++i) {
    const auto left = smoothing_of(values, high - golden * (high - low));
    const auto right = smoothing_of(values, low + golden * (high - low));
    (left.squared_error < right.squared_error ? high : low) =
        left.squared_error < right.squared_error ? right.alpha : left.alpha;
    for (const auto& tried : {left, right}) {
      if (tried.squared_error < best.squared_error) best = tried;
    }
  }
  return {best.alpha, best.first_level, best.last_level};
}

}  // namespace refrain::forecast
