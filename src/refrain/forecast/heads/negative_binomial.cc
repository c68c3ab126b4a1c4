#include <cmath>

#include "refrain/forecast/heads/likelihood.h"
#include "refrain/score/distributions.h"

namespace refrain::forecast {
namespace {

constexpr auto kCounts = tape::Likelihood::kNegativeBinomial;
constexpr double kMostSummed = 300;  // a mean up to which probabilities are added one by one

// P(X <= k).
double count_cdf(const tape::Distribution& d, double k) {
  if (k < 0) return 0;
  const double r = 1 / d.scale;
  return score::incomplete_beta(r, k + 1, r / (r + d.location));
}

// The smallest count that at least `share` of the distribution is not above.
double large_quantile(const tape::Distribution& d, const WantedLevel& level) {
  const double deviation = std::sqrt(d.location + d.scale * d.location * d.location);
  const double start = std::max(0.0, std::floor(d.location + deviation * level.normal));
  double low = start, high = start, step = std::max(1.0, std::floor(deviation / 8));
  for (double s = step; low >= 0 && count_cdf(d, low) >= level.share; s *= 2) low -= s;
  for (double s = step; count_cdf(d, high) < level.share && s < 1e15; s *= 2) high += s;
  low = std::max(low, -1.0);
  while (high - low > 1) {
    const double middle = std::floor(low + (high - low) / 2);
    (count_cdf(d, middle) < level.share ? low : high) = middle;
  }
  return high;
}

// Counts; their mean over networks may lie between two of them.
void count_quantiles(const real* numbers, const std::vector<WantedLevel>& levels, double unit,
                     double* out) {
  const auto d = tape::distribution_of(kCounts, numbers, unit);
  if (!std::isfinite(d.location) || !std::isfinite(d.scale)) {
    for (std::size_t q = 0; q < levels.size(); ++q) out[q] = std::nan("");
    return;
  }
  if (d.location > kMostSummed) {
    for (std::size_t q = 0; q < levels.size(); ++q) out[q] = large_quantile(d, levels[q]) / unit;
    return;
  }
  const double r = 1 / d.scale, ratio = d.location / (r + d.location);
  double probability = std::exp(-r * std::log1p(d.location / r)), below = probability, k = 0;
  const double most = 1e6;  // beyond every level, as 300 is the mean and the dispersion finite
  for (std::size_t q = 0; q < levels.size(); ++q) {
    while (below < levels[q].share && k < most) {
      probability *= (k + r) / (k + 1) * ratio;
      k += 1;
      below += probability;
    }
    out[q] = k / unit;
  }
}

// Medians of rare counts are all 0.
double mean_count(const real* numbers, double unit) {
  return tape::distribution_of(kCounts, numbers, unit).location / unit;
}

}  // namespace

Head negative_binomial_head() {
  Head out = likelihood_head<kCounts>();
  out.quantiles = count_quantiles;
  out.middle = mean_count;
  out.counts = true;
  return out;
}

}  // namespace refrain::forecast
