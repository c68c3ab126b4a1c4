// 95 % intervals. Accuracy: Wilson's formula (1927); with groups or repeats the same formula with
// n = p (1 - p) / v and Student's t in place of 1.96, where v = G / (G - 1) sum_g (sum_(i in g)
// w_i (hit_i - p))^2 / W^2 is the variance between groups, never less than without groups (Korn and
// Graubard 1998). Other metrics: standard error of a bootstrap over samples, or groups (Efron
// 1979), times t, on the logit scale of the metric's range. bench/coverage.cc measures both: 93 to
// 97 % hold the truth, of the calibration error (which noise can only raise: the lower end is freed
// of it) 98 to 99 %.
// `repeats` are predictions of the same samples, in the same order, by several runs (seeds,
// repetitions of cross-validation); groups and repeats are then both drawn (Owen 2007).
#pragma once

#include <span>

#include "refrain/score/draws.h"
#include "refrain/score/metrics.h"

namespace refrain::score {

// Of a share of n independent samples; n may be fractional.
Interval wilson(double successes, double n);

Interval accuracy_interval(std::span<const Classification> repeats);

// All metrics that can be worked out, accuracy first; the value is the mean over the repeats. The
// bootstrap is keyed by `seed`. Throws as check(), and where repeats differ in truths or groups.
// `more` are scored like them and follow. Throws Stopped where `stop` is set.
using NamedMetrics = std::vector<base::RegistryItem<Metric>>;
std::vector<NamedScore> score_repeats(std::span<const Classification> repeats, int seed,
                                      const NamedMetrics& more = {}, Stop stop = nullptr);
std::vector<NamedScore> score_all(const Classification& c, int seed);

// Of one class; counts are means over the repeats, without weights.
struct ClassScores {
  Interval precision, recall, f1;
  double support = 0, predicted = 0;  // samples of the class; answers of it
};

// One row a class. Recall: the interval of accuracy on the samples of the class. Precision and F1:
// as the other metrics, with as many samples (groups) as have to do with the class; [0, 1] where
// that is fewer than two.
std::vector<ClassScores> class_scores(std::span<const Classification> repeats, int seed,
                                      Stop stop = nullptr);

// What the intervals hold: "the choice of 120 samples in 12 groups and 5 repeats; not ..."; what
// the groups are is said by Classification::words.
std::string sources_of_variation(std::span<const Classification> repeats);

}  // namespace refrain::score
