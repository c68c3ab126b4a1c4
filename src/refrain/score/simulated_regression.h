// Made-up regressions with a known truth, for tests and bench/coverage.cc: how often do intervals
// hold the true score, and how often are equally good methods called different?
#pragma once

#include <map>

#include "refrain/score/regression.h"
#include "refrain/score/simulated.h"

namespace refrain::score::simulated {

struct Numbers {
  int n = 0;
  std::vector<int> group = {};  // [n] or empty
  bool heavy = false;           // errors of Student's t with 5 degrees of freedom, not normal ones
  double signal = 1;  // standard deviation of what can be predicted; that of the errors is 1
};

constexpr double kSharedInGroup = 0.3;  // of the variance of errors and of what can be predicted

// Student's t with 5 degrees of freedom, of variance 1.
inline double heavy_tailed(base::Rng& rng) {
  double squares = 0;
  for (int i = 0; i < 5; ++i) squares += std::pow(rng.normal(), 2);
  return rng.normal() / std::sqrt(squares / 5) * std::sqrt(3.0 / 5);
}

// One column; the prediction intervals are of different widths.
inline Regression numbers(base::Rng& rng, const Numbers& s) {
  const auto n = static_cast<std::size_t>(s.n);
  const auto of_error = normals(rng, n), of_signal = normals(rng, n);
  Regression r;
  r.group = s.group;
  for (std::size_t i = 0; i < n; ++i) {
    const auto g = s.group.empty() ? i : static_cast<std::size_t>(s.group[i]);
    const double share = std::sqrt(kSharedInGroup), own = std::sqrt(1 - kSharedInGroup);
    const double error = share * of_error[g] + own * (s.heavy ? heavy_tailed(rng) : rng.normal());
    const double predicted = s.signal * (share * of_signal[g] + own * rng.normal());
    const double half = std::exp(0.4 + 0.3 * rng.normal());
    r.predicted.push_back(predicted);
    r.truth.push_back(predicted + error);
    r.low.push_back(predicted - half);
    r.high.push_back(predicted + half);
  }
  return r;
}

// Values of all metrics on very many samples.
inline std::map<std::string, double> true_values(Numbers s) {
  base::Rng rng(99);
  s.n = 400000;
  s.group.clear();
  const Regression r = numbers(rng, s);
  std::map<std::string, double> out;
  for (const auto& [name, about, metric] : r.metrics()) out[name] = metric(r);
  return out;
}

// Returns for each metric the share of `problems` of n samples whose interval contains the true
// value.
inline std::map<std::string, double> regression_coverage(const Numbers& setting, bool grouped,
                                                         int problems, int seed) {
  const auto truth = true_values(setting);
  std::map<std::string, double> held;
  for (int i = 0; i < problems; ++i) {
    base::Rng rng = base::Rng(static_cast<std::uint64_t>(seed)).fork(static_cast<std::uint64_t>(i));
    Numbers s = setting;
    if (grouped) s.group = any_groups(rng, s.n, 5);
    const Regression r = numbers(rng, s);
    for (const auto& [name, found] : score_all(r, i)) {
      const double value = truth.at(name);
      held[name] += found.low <= value && value <= found.high ? 1 : 0;
    }
  }
  for (auto& item : held) item.second /= problems;
  return held;
}

// Share of `pairs` of equally good predictions of the same samples that are called different.
inline double regression_false_alarms(const Numbers& setting, bool grouped, int pairs, int seed) {
  int alarms = 0;
  for (int i = 0; i < pairs; ++i) {
    base::Rng rng = base::Rng(static_cast<std::uint64_t>(seed)).fork(static_cast<std::uint64_t>(i));
    Numbers s = setting;
    if (grouped) s.group = any_groups(rng, s.n, 6);
    Regression a = numbers(rng, s), b = a;
    for (std::size_t k = 0; k < a.size(); ++k) {
      a.predicted[k] += 0.5 * rng.normal();
      b.predicted[k] += 0.5 * rng.normal();
    }
    const Pair pair{a, b};
    alarms += permutation_test(pair, regression_metrics().at("rmse"), i).p <= 0.05 ? 1 : 0;
  }
  return static_cast<double>(alarms) / pairs;
}

}  // namespace refrain::score::simulated
