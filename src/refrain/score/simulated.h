// Made-up predictions with a known truth, for tests and bench/coverage.cc: how often do intervals
// hold the true accuracy, and how often are equal methods called different? Whether a sample is
// right is decided by a sum of standard normal shares of variance 1 (group, sample, repeat, own)
// against the quantile of the accuracy, so that each single prediction is right with exactly that
// chance.
#pragma once

#include <algorithm>
#include <cmath>
#include <vector>

#include "refrain/base/rng.h"
#include "refrain/score/distributions.h"
#include "refrain/score/intervals.h"
#include "refrain/score/metrics.h"
#include "refrain/score/paired.h"

namespace refrain::score::simulated {

struct Setting {
  int n = 0;
  double accuracy = 0;
  std::vector<int> group;       // [n] or empty
  double group_share = 0;       // of the variance: shared in a group
  double difference_share = 0;  // shared in a group, but not by the two methods
  double sample_share = 0;      // a sample's difficulty, shared by repeats and methods
  double repeat_share = 0;      // a repeat's luck
};

inline double log_uniform(base::Rng& rng, double low, double high) {
  return std::exp(rng.uniform(std::log(low), std::log(high)));
}

// Groups of unequal sizes, at least one sample each.
inline std::vector<int> group_sizes(base::Rng& rng, int n, int groups) {
  const double spread = 0.5 * static_cast<double>(rng.below(3));
  std::vector<double> weight;
  double total = 0;
  for (int g = 0; g < groups; ++g) total += weight.emplace_back(std::exp(spread * rng.normal()));
  std::vector<int> group(static_cast<std::size_t>(n));
  for (int i = 0; i < n; ++i) {
    int g = i;
    if (i >= groups) {
      double at = rng.uniform() * total;
      for (g = 0; g + 1 < groups && at >= weight[static_cast<std::size_t>(g)]; ++g) {
        at -= weight[static_cast<std::size_t>(g)];
      }
    }
    group[static_cast<std::size_t>(i)] = g;
  }
  return group;
}

// Groups of 2 to 20 samples on average, at least `least`.
inline std::vector<int> any_groups(base::Rng& rng, int n, int least) {
  const int groups = static_cast<int>(n / log_uniform(rng, 2, 20));
  return group_sizes(rng, n, std::max(least, groups));
}

// n from 20 to 500, accuracy from 0.5 to 0.98; groups as any_groups().
inline Setting any_setting(base::Rng& rng, bool grouped, int least = 5) {
  Setting s;
  s.n = static_cast<int>(log_uniform(rng, 20, 500));
  s.accuracy = rng.uniform(0.5, 0.98);
  if (!grouped) return s;
  s.group = any_groups(rng, s.n, least);
  s.group_share = rng.uniform(0, 0.7);
  return s;
}

// `repeats` sets of predictions of the same samples by each of two methods.
struct Methods {
  std::vector<Classification> a, b;
};

inline std::vector<double> normals(base::Rng& rng, std::size_t n) {
  std::vector<double> out(n);
  for (double& x : out) x = rng.normal();
  return out;
}

inline Classification predictions(base::Rng& rng, const Setting& s,
                                  const std::vector<double>& shared) {
  const double luck = std::sqrt(s.repeat_share) * rng.normal();
  const double own = std::sqrt(
      std::max(0.0, 1 - s.group_share - s.difference_share - s.sample_share - s.repeat_share));
  const double limit = normal_quantile(s.accuracy);
  Classification c;
  c.classes = 3;
  c.group = s.group;
  for (int i = 0; i < s.n; ++i) {
    const bool right = shared[static_cast<std::size_t>(i)] + luck + own * rng.normal() < limit;
    c.truth.push_back(i % 3);
    c.predicted.push_back(right ? i % 3 : (i + 1) % 3);
  }
  return c;
}

inline Methods methods(base::Rng& rng, const Setting& s, int repeats = 1) {
  const auto n = static_cast<std::size_t>(s.n);
  const auto of_sample = normals(rng, n), of_group = normals(rng, n);
  Methods out;
  for (auto* side : {&out.a, &out.b}) {
    const auto apart = normals(rng, n);
    std::vector<double> shared(n);
    for (std::size_t i = 0; i < n; ++i) {
      shared[i] = std::sqrt(s.sample_share) * of_sample[i];
      if (s.group.empty()) continue;
      const auto g = static_cast<std::size_t>(s.group[i]);
      shared[i] +=
          std::sqrt(s.group_share) * of_group[g] + std::sqrt(s.difference_share) * apart[g];
    }
    for (int r = 0; r < repeats; ++r) side->push_back(predictions(rng, s, shared));
  }
  return out;
}

// Share of `problems` whose interval holds the true accuracy.
inline double coverage(bool grouped, int repeats, int problems, int seed) {
  int held = 0;
  for (int i = 0; i < problems; ++i) {
    base::Rng rng = base::Rng(static_cast<std::uint64_t>(seed)).fork(static_cast<std::uint64_t>(i));
    Setting s = any_setting(rng, grouped);
    if (repeats > 1) {
      s.repeat_share = rng.uniform(0, 0.05);
      s.sample_share = (0.95 - s.group_share) * rng.uniform(0.2, 1);
    }
    const Interval found = accuracy_interval(methods(rng, s, repeats).a);
    held += found.low <= s.accuracy && s.accuracy <= found.high ? 1 : 0;
  }
  return static_cast<double>(held) / problems;
}

// Share of `pairs` of equal methods on the same samples that are called different.
inline double false_alarms(bool grouped, int pairs, int seed) {
  int alarms = 0;
  for (int i = 0; i < pairs; ++i) {
    base::Rng rng = base::Rng(static_cast<std::uint64_t>(seed)).fork(static_cast<std::uint64_t>(i));
    Setting s = any_setting(rng, grouped, 6);
    s.sample_share = rng.uniform(0, 0.25);
    if (grouped) s.group_share /= 2, s.difference_share = rng.uniform(0, 0.3);
    const Methods m = methods(rng, s);
    const auto& accuracy = classification_metrics().at("accuracy");
    alarms += permutation_test({m.a, m.b}, accuracy, i).p <= 0.05 ? 1 : 0;
  }
  return static_cast<double>(alarms) / pairs;
}

}  // namespace refrain::score::simulated
