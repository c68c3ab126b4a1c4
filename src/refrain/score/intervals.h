// 95 % intervals. Accuracy: Wilson's formula (1927); with groups or repeats the same formula with
// n = p (1 - p) / v and Student's t in place of 1.96, where v = G / (G - 1) sum_g (sum_(i in g)
// w_i (hit_i - p))^2 / W^2 is the variance between groups, never less than without groups (Korn and
// Graubard 1998). Other metrics: standard error of a bootstrap over samples, or groups (Efron
// 1979), times t, on the logit scale of the metric's range; of a range with an open end (errors in
// units of the target, R2) on the log scale, with fewer degrees of freedom where a few groups weigh
// most (bootstrap.h); word error rates below 1 likewise, on the logit scale of 0 to 1. One whose
// draws are all alike then has an interval of no width.
// bench/coverage.cc measures all: 93 to 97 % hold the truth; of 20 samples up to 99 %, of the
// calibration error (which noise can only raise: the lower end is freed of it) 98 to 99 %.
// `repeats` are predictions of the same samples, in the same order, by several runs (seeds,
// repetitions of cross-validation); groups and repeats are then both drawn (Owen 2007).
#pragma once

#include "refrain/score/class_scores.h"  // for callers that include this header alone
#include "refrain/score/draws.h"

namespace refrain::score {

// Returns the interval of a share of n independent samples; n may be fractional.
Interval wilson(double successes, double n);

// Returns the interval of a mean: hit[r][i], from 0 to 1, is how far repeat r answers sample i
// correctly. The repeats must have been checked.
Interval share_interval(const Repeats& repeats, const std::vector<std::vector<double>>& hit);

// Returns the interval of the share of correct answers. Throws Error(internal) if answers are
// neither right nor wrong.
Interval accuracy_interval(const Repeats& repeats);

// All metrics that can be worked out, the main one first; the value is the mean over the repeats.
// The bootstrap is keyed by `seed`. Throws as Answers::check(), and where the repeats are not of
// the same samples. `more` are scored like them and follow. Throws Stopped where `stop` is set.
std::vector<NamedScore> score_repeats(const Repeats& repeats, int seed,
                                      const NamedMetrics& more = {}, Stop stop = nullptr);
std::vector<NamedScore> score_all(const Answers& answers, int seed);

// Returns the main metric's interval for other samples of the same groups: these may say much of
// themselves where they are too few to say anything of other groups. None where every sample stands
// alone, and from kManyGroups on.
constexpr std::size_t kManyGroups = 10;
std::optional<Interval> interval_within_groups(const Repeats& repeats, int seed,
                                               Stop stop = nullptr);

// Says which variation the intervals contain: "the choice of 120 samples in 12 groups and 5
// repeats; not ..."; Answers::words describes the groups.
std::string sources_of_variation(const Repeats& repeats);

}  // namespace refrain::score
