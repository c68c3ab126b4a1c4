// The last value, the last season, the line through the first and the last value, and the mean.
#include "refrain/forecast/simple/methods.h"

namespace refrain::forecast {

std::vector<double> naive_forecast(std::span<const double> past, const Wanted& wanted) {
  return std::vector<double>(size_t(wanted.horizon), past.back());
}

std::vector<double> seasonal_naive_forecast(std::span<const double> past, const Wanted& wanted) {
  const size_t season = size_t(wanted.season());
  if (season < 2 || past.size() < season) return naive_forecast(past, wanted);
  std::vector<double> out;
  const auto last = past.last(season);
  for (size_t h = 0; h < size_t(wanted.horizon); ++h) out.push_back(last[h % season]);
  return out;
}

std::vector<double> drift_forecast(std::span<const double> past, const Wanted& wanted) {
  if (past.size() < 2) return naive_forecast(past, wanted);
  const double slope = (past.back() - past.front()) / double(past.size() - 1);
  std::vector<double> out;
  for (int h = 1; h <= wanted.horizon; ++h) out.push_back(past.back() + slope * h);
  return out;
}

std::vector<double> mean_forecast(std::span<const double> past, const Wanted& wanted) {
  double sum = 0;
  for (double v : past) sum += v;
  return std::vector<double>(size_t(wanted.horizon), sum / double(past.size()));
}

}  // namespace refrain::forecast
