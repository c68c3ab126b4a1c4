#include "refrain/forecast/simple/simple.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "refrain/forecast/simple/methods.h"

namespace refrain::forecast {
namespace {

// Slower methods read at most this many of the last values: earlier ones add time and no accuracy.
constexpr std::size_t kLongPast = 3000;

using OneForecast = decltype(SimpleMethod::forecast);
using Learn = decltype(SimpleMethod::learn);
using ForecastLearned = decltype(SimpleMethod::forecast_learned);
using Along = decltype(SimpleMethod::along);

// The power of two that brings values near the ends of double's range to about 1; 0 for others.
int exponent_of_scale(std::span<const double> values) {
  double largest = 0;
  for (double v : values) largest = std::max(largest, std::abs(v));
  const int exponent = largest > 0 ? std::ilogb(largest) : 0;
  return std::abs(exponent) > 100 ? exponent : 0;
}

Wanted sound_wanted(const Wanted& wanted) {
  Wanted out;
  out.horizon = std::max(wanted.horizon, 0);
  for (int season : wanted.seasons) {
    if (season > 1) out.seasons.push_back(season);
  }
  std::sort(out.seasons.begin(), out.seasons.end());
  out.seasons.erase(std::unique(out.seasons.begin(), out.seasons.end()), out.seasons.end());
  return out;
}

// Back to the values' size; `last` stands where there is no number.
void make_finite(double last, int exponent, std::vector<double>& answer) {
  const double most = std::numeric_limits<double>::max();
  for (double& v : answer) {
    if (std::isnan(v)) v = last;
    v = std::clamp(std::ldexp(v, exponent), -most, most);
  }
}

// Makes a method safe: its values have an ordinary size, its answer is finite.
template <class Method>
std::vector<double> made_safe(std::span<const double> past, const Wanted& wanted,
                              const Method& method) {
  const Wanted sound = sound_wanted(wanted);
  const int exponent = exponent_of_scale(past);
  std::vector<double> scaled(past.begin(), past.end());
  for (double& v : scaled) v = std::ldexp(v, -exponent);
  std::vector<double> out = method(scaled, sound);
  make_finite(scaled.back(), exponent, out);
  return out;
}

// `longest`: as many of the last values are read; 0 = all.
template <OneForecast method, std::size_t longest = 0>
std::vector<double> safe_forecast(std::span<const double> past, const Wanted& wanted) {
  if (longest > 0 && past.size() > longest) past = past.last(longest);
  return made_safe(past, wanted, method);
}

// The exponent of scale is that of the first past, whose `longest` last values are read.
template <Along method, std::size_t longest>
std::vector<std::vector<double>> safe_along(std::span<const double> values,
                                            std::span<const size_t> origins, const Wanted& wanted) {
  const size_t before = origins.front() > longest ? origins.front() - longest : 0;
  const int exponent = exponent_of_scale(values.subspan(before, origins.front() - before));
  std::vector<double> scaled(values.begin() + long(before), values.end());
  for (double& v : scaled) v = std::ldexp(v, -exponent);
  std::vector<size_t> places;
  for (size_t origin : origins) places.push_back(origin - before);
  auto out = method(scaled, places, sound_wanted(wanted));
  for (size_t i = 0; i < out.size(); ++i) make_finite(scaled[places[i] - 1], exponent, out[i]);
  return out;
}

template <ForecastLearned method>
std::vector<double> safe_learned(std::span<const double> past, const Wanted& wanted,
                                 const SharedFit& fit) {
  return made_safe(past, wanted, [&](std::span<const double> scaled, const Wanted& sound) {
    return method(scaled, sound, fit);
  });
}

template <Learn method>
SharedFit safe_learn(const Lesson& lesson, const Wanted& wanted, const SharedFit* chosen) {
  Lesson scaled = lesson;
  for (auto& series : scaled.series) {
    const int exponent = exponent_of_scale(series.values);
    for (double& v : series.values) v = std::ldexp(v, -exponent);
  }
  return method(scaled, sound_wanted(wanted), chosen);
}

}  // namespace

const base::Registry<SimpleMethod>& simple_methods() {
  static const base::Registry<SimpleMethod> methods(
      "simple method of forecasting",
      {
          {"naive", "the last value", {safe_forecast<naive_forecast>}},
          {"seasonal_naive",
           "the values of the last season",
           {safe_forecast<seasonal_naive_forecast>}},
          {"drift",
           "the line through the first and the last value",
           {safe_forecast<drift_forecast>}},
          {"mean", "the mean of all values", {safe_forecast<mean_forecast>}},
          {"naive2",
           "the last value, seasonally adjusted where a test finds a season (M4's Naive2)",
           {safe_forecast<naive2_forecast>}},
          {"theta",
           "half linear trend, half exponential smoothing, seasonally adjusted as naive2 is",
           {safe_forecast<theta_forecast, kLongPast>}},
          {"ets",
           "exponential smoothing of level, trend and season, its form chosen by AICc",
           {safe_forecast<ets_forecast, kLongPast>, nullptr, nullptr,
            safe_along<ets_along, kLongPast>}},
          {"seasonal_ar",
           "autoregression on the last values and those a season ago, several variants weighted by "
           "held-out error",
           {safe_forecast<seasonal_ar_forecast, kLongPast>, nullptr, nullptr,
            safe_along<seasonal_ar_along, kLongPast>}},
          {"linear_window",
           "ridge regression from the last values to all steps at once, shared by all series",
           {safe_forecast<linear_window_forecast>, safe_learn<linear_window_learn>,
            safe_learned<linear_window_learned>}},
      });
  return methods;
}

std::vector<double> without_gaps(std::span<const double> values) {
  std::vector<double> out(values.begin(), values.end());
  size_t before = out.size();  // the last value that was there; size() = none so far
  for (size_t t = 0; t < out.size(); ++t) {
    if (std::isnan(out[t])) continue;
    const size_t first = before == out.size() ? 0 : before + 1;
    for (size_t gap = first; gap < t; ++gap) {
      const double part = first == 0 ? 1.0 : double(gap - before) / double(t - before);
      out[gap] = first == 0 ? out[t] : out[before] * (1 - part) + out[t] * part;
    }
    before = t;
  }
  for (size_t t = before + 1; t < out.size(); ++t) out[t] = out[before];
  return out;
}

}  // namespace refrain::forecast
