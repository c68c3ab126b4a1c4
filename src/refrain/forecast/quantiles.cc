#include "refrain/forecast/quantiles.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "refrain/score/conformal.h"
#include "refrain/score/distributions.h"

namespace refrain::forecast {
namespace {

constexpr double kMostStretch = 30;
constexpr std::size_t kFewestUnits = 40;
constexpr double kLeastGrowth = 1e-9;
// Distances in units of the usual error. Quantile loss of the last years in the training part of M3
// yearly: 2.03 without an upper limit, 0.153, 0.137, 0.134 with 10, 5, 3; of M3 other 0.0248,
// 0.0245, 0.0260, 0.0273.
constexpr double kLeastDistance = 0.01, kMostDistance = 5;
constexpr double kMiddle = 1e-9;  // levels so near to one half are the forecast itself

bool is_middle(double level) { return std::fabs(level - 0.5) < kMiddle; }

// A distance is never nothing: an error must have a unit that it is measured in. Nor is it many
// times the usual error: of a short series a network may say anything, and its logarithm's
// exponential would be more.
double distance_of(const Spoken& s, const QuantileRule& rule, std::size_t h, std::size_t q) {
  const double usual = rule.logs ? rule.growth[h] : rule.growth[h] * s.unit;
  if (s.distances.empty()) return usual;
  return std::clamp(s.distances[h * rule.levels.size() + q], kLeastDistance * usual,
                    kMostDistance * usual);
}

// The truth less the forecast, or the difference of their logarithms; NaN where there is none.
double gap_of(const Spoken& s, const QuantileRule& rule, std::size_t h) {
  if (!rule.logs) return s.truth[h] - s.point[h];
  if (!(s.truth[h] > 0) || !(s.point[h] > 0)) return std::nan("");
  return std::log(s.truth[h] / s.point[h]);
}

// Means of |error| / unit at each step, then so that they never fall: the nearest such numbers
// (pooling of adjacent ones).
std::vector<double> fit_growth(const std::vector<Spoken>& held_out, const QuantileRule& rule,
                               int horizon) {
  struct Pool {
    double mean, weight;
    int count;
  };
  std::vector<Pool> pools;
  for (int h = 0; h < horizon; ++h) {
    double sum = 0, n = 0;
    for (const auto& s : held_out) {
      const auto i = static_cast<std::size_t>(h);
      const double gap = gap_of(s, rule, i);
      if (std::isnan(gap) || !(s.unit > 0)) continue;
      sum += std::fabs(gap) / (rule.logs ? 1 : s.unit);
      n += 1;
    }
    pools.push_back(
        {n > 0 ? sum / n : (rule.logs ? 0.1 : 1) * std::sqrt(h + 1.0), n > 0 ? n : 1e-9, 1});
    while (pools.size() > 1 && pools[pools.size() - 2].mean > pools.back().mean) {
      const Pool last = pools.back();
      pools.pop_back();
      Pool& to = pools.back();
      to.mean = (to.mean * to.weight + last.mean * last.weight) / (to.weight + last.weight);
      to.weight += last.weight;
      to.count += last.count;
    }
  }
  std::vector<double> out;
  for (const Pool& pool : pools) {
    out.insert(out.end(), static_cast<std::size_t>(pool.count), std::max(pool.mean, kLeastGrowth));
  }
  return out;
}

double fit_stretch(const std::vector<Spoken>& held_out, const QuantileRule& rule, std::size_t q) {
  const double level = rule.levels[q];
  const bool upper = level > 0.5;
  std::vector<double> errors;
  std::vector<int> of_series, of_window, of_step;
  std::set<int> series, windows;
  for (std::size_t w = 0; w < held_out.size(); ++w) {
    const auto& s = held_out[w];
    for (std::size_t h = 0; h < s.point.size(); ++h) {
      const double gap = gap_of(s, rule, h), unit = distance_of(s, rule, h, q);
      if (std::isnan(gap) || !(unit > 0)) continue;
      of_series.push_back(s.series);
      of_window.push_back(static_cast<int>(w));
      of_step.push_back(static_cast<int>(errors.size()));
      errors.push_back((upper ? gap : -gap) / unit);
      series.insert(s.series);
      windows.insert(static_cast<int>(w));
    }
  }
  if (errors.empty()) return std::fabs(score::normal_quantile(level));
  // A few series promise nothing of others; their windows, or steps, are then counted one by one.
  const auto& units = series.size() >= kFewestUnits    ? of_series
                      : windows.size() >= kFewestUnits ? of_window
                                                       : of_step;
  const double radius = score::conformal_radius(errors, units, upper ? level : 1 - level);
  return std::clamp(radius, -kMostStretch, kMostStretch);
}

}  // namespace

base::Json to_json(const QuantileRule& r) {
  return {{"levels", r.levels}, {"stretch", r.stretch}, {"growth", r.growth}, {"logs", r.logs}};
}

QuantileRule quantile_rule_from(const base::Json& json) {
  QuantileRule r;
  json.at("levels").get_to(r.levels);
  json.at("stretch").get_to(r.stretch);
  json.at("growth").get_to(r.growth);
  json.at("logs").get_to(r.logs);
  return r;
}

QuantileRule fit_quantiles(const std::vector<Spoken>& held_out, const QuantileRule& form,
                           int horizon) {
  QuantileRule rule = form;
  rule.growth = fit_growth(held_out, rule, horizon);
  rule.stretch.clear();
  for (std::size_t q = 0; q < rule.levels.size(); ++q) {
    rule.stretch.push_back(is_middle(rule.levels[q]) ? 0 : fit_stretch(held_out, rule, q));
  }
  return rule;
}

std::vector<double> quantiles_of(const QuantileRule& rule, const Spoken& s) {
  const std::size_t Q = rule.levels.size();
  std::vector<double> out;
  for (std::size_t h = 0; h < s.point.size(); ++h) {
    for (std::size_t q = 0; q < Q; ++q) {
      const double sign = is_middle(rule.levels[q]) ? 0 : rule.levels[q] > 0.5 ? 1 : -1;
      const double away = sign == 0 ? 0 : sign * rule.stretch[q] * distance_of(s, rule, h, q);
      const bool by_log = rule.logs && s.point[h] > 0;
      out.push_back(by_log ? s.point[h] * std::exp(std::clamp(away, -50.0, 50.0))
                           : s.point[h] + (rule.logs ? away * s.unit : away));
    }
    std::sort(out.end() - static_cast<std::ptrdiff_t>(Q), out.end());
  }
  return out;
}

}  // namespace refrain::forecast
