#include "refrain/forecast/simple/season.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace refrain::forecast {
namespace {

// A mean that does not overflow and is exact for a constant series.
double mean_of_series(std::span<const double> values) {
  if (values.empty()) return 0;
  const double n = double(values.size()), origin = values.front();
  double above = 0;
  for (double v : values) above += v / n - origin / n;
  return origin + above;
}

// The moving average centred on t, over `season` values; an even season takes half of the two ends.
double centred_average(std::span<const double> values, size_t t, size_t season) {
  const size_t half = season / 2;
  const bool even = season % 2 == 0;
  double sum = 0;
  for (size_t i = t - half; i <= t + half; ++i) {
    const bool end = i == t - half || i == t + half;
    sum += even && end ? 0.5 * values[i] : values[i];
  }
  return sum / double(season);
}

bool normalise_indices(SeasonalIndices& indices) {
  const double mean = mean_of_series(indices.of_step);
  for (double& index : indices.of_step) {
    index = indices.multiplicative ? index / mean : index - mean;
    if (!std::isfinite(index) || (indices.multiplicative && index <= 0)) return false;
  }
  return true;
}

SeasonalIndices indices_of_kind(std::span<const double> values, int season, bool multiplicative) {
  SeasonalIndices indices;
  indices.multiplicative = multiplicative;
  const size_t m = size_t(std::max(season, 0)), half = m / 2;
  if (season < 2 || values.size() / 2 < m) return indices;
  indices.of_step.assign(m, 0.0);
  std::vector<double> count(m, 0.0);
  for (size_t t = half; t + half < values.size(); ++t) {
    const double level = centred_average(values, t, m);
    indices.of_step[t % m] += multiplicative ? values[t] / level : values[t] - level;
    count[t % m] += 1;
  }
  for (size_t i = 0; i < m; ++i) indices.of_step[i] /= std::max(count[i], 1.0);
  if (!normalise_indices(indices)) indices.of_step.clear();
  return indices;
}

}  // namespace

bool is_seasonal(std::span<const double> values, int season) {
  const size_t n = values.size();
  if (season < 2 || n / 3 < size_t(season)) return false;
  const double mean = mean_of_series(values);
  double largest = 0;
  for (double v : values) largest = std::max(largest, std::abs(v - mean));
  if (!(largest > 0) || !std::isfinite(largest)) return false;
  std::vector<double> centred;
  for (double v : values) centred.push_back((v - mean) / largest);
  const double whole = std::inner_product(centred.begin(), centred.end(), centred.begin(), 0.0);
  auto correlation = [&](int lag) {
    return std::inner_product(centred.begin() + lag, centred.end(), centred.begin(), 0.0) / whole;
  };
  double earlier = 0;
  for (int lag = 1; lag < season; ++lag) earlier += std::pow(correlation(lag), 2);
  return std::abs(correlation(season)) > 1.645 * std::sqrt((1 + 2 * earlier) / double(n));
}

double SeasonalIndices::of(size_t t) const {
  if (of_step.empty()) return multiplicative ? 1.0 : 0.0;
  return of_step[t % of_step.size()];
}

double SeasonalIndices::without(double value, size_t t) const {
  return multiplicative ? value / of(t) : value - of(t);
}

double SeasonalIndices::with(double value, size_t t) const {
  return multiplicative ? value * of(t) : value + of(t);
}

SeasonalIndices seasonal_indices(std::span<const double> values, int season) {
  const bool positive = std::all_of(values.begin(), values.end(), [](double v) { return v > 0; });
  return indices_of_kind(values, season, positive);
}

SeasonalIndices added_indices(std::span<const double> values, int season) {
  return indices_of_kind(values, season, false);
}

SeasonalIndices tested_indices(std::span<const double> values, int season) {
  return is_seasonal(values, season) ? seasonal_indices(values, season) : SeasonalIndices{};
}

std::vector<double> without_season(std::span<const double> values, const SeasonalIndices& indices) {
  std::vector<double> out;
  for (size_t t = 0; t < values.size(); ++t) out.push_back(indices.without(values[t], t));
  return out;
}

double seasonal_naive_error(std::span<const double> past, int season) {
  if (past.size() < 2) return 0;
  const size_t lag = season > 1 && past.size() > size_t(season) ? size_t(season) : 1;
  const double n = double(past.size() - lag);
  double mean = 0;
  for (size_t t = lag; t < past.size(); ++t) mean += std::abs(past[t] / n - past[t - lag] / n);
  return std::min(mean, std::numeric_limits<double>::max());
}

}  // namespace refrain::forecast
