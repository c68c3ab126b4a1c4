#include "refrain/score/draws.h"

#include <algorithm>
#include <cmath>

#include "refrain/score/distributions.h"

namespace refrain::score {

std::vector<double> draw_counts(std::size_t n, base::Rng& rng) {
  std::vector<double> counts(n);
  // The high half times n: a bias of n / 2^32, and no division.
  for (std::size_t i = 0; i < n; ++i) counts[((rng.next() >> 32) * n) >> 32] += 1;
  return counts;
}

void draw_groups(const std::vector<std::vector<int>>& groups, base::Rng& rng,
                 std::vector<double>& factor) {
  const auto counts = draw_counts(groups.size(), rng);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (const int i : groups[g]) factor[static_cast<std::size_t>(i)] = counts[g];
  }
}

double lower_share(std::size_t n) {
  if (n < 2) return 0;
  const double size = static_cast<double>(n);
  return normal_cdf(-std::sqrt(size / (size - 1)) * t_quantile(0.975, size - 1));
}

Spread spread(const std::vector<double>& drawn) {
  const double n = static_cast<double>(drawn.size());
  Spread s;
  for (const double x : drawn) s.mean += x / n;
  for (const double x : drawn) s.deviation += (x - s.mean) * (x - s.mean) / n;
  s.deviation = std::sqrt(s.deviation);
  return s;
}

Interval percentiles(std::vector<double>& drawn, double value, double lower) {
  std::sort(drawn.begin(), drawn.end());
  const double last = static_cast<double>(drawn.size()) - 1;
  const auto at = [&](double share) { return drawn[static_cast<std::size_t>(share * last + 0.5)]; };
  return {value, std::min(value, at(lower)), std::max(value, at(1 - lower))};
}

int draw_count(double work) {
  return static_cast<int>(std::clamp(4e8 / std::max(work, 1.0), 200.0, 1000.0));
}

}  // namespace refrain::score
