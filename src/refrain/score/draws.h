// Random weightings for the bootstrap: how often each sample is drawn when whole groups (or single
// samples) are drawn with replacement, keyed by (generator, draw).
#pragma once

#include <atomic>
#include <vector>

#include "refrain/base/rng.h"
#include "refrain/score/classification.h"  // for callers that include this header alone

namespace refrain::score {

// Long work looks at it in each draw, and ends by throwing Stopped, where it is set. May be null.
using Stop = const std::atomic<bool>*;
struct Stopped {};
inline void look_at(Stop stop) {
  if (stop != nullptr && stop->load(std::memory_order_relaxed)) throw Stopped();
}

// How often each of n things is drawn in n draws with replacement.
std::vector<double> draw_counts(std::size_t n, base::Rng& rng);

// The counts of the drawn groups, for each sample.
void draw_groups(const std::vector<std::vector<int>>& groups, base::Rng& rng,
                 std::vector<double>& factor);

// The percentiles that cover 95 % with n things drawn: wider than 2.5 and 97.5 % for small n
// (Hesterberg 2015). The share below the lower one; 0 where n < 2.
double lower_share(std::size_t n);

// Mean and standard deviation of the draws.
struct Spread {
  double mean = 0, deviation = 0;
};
Spread spread(const std::vector<double>& drawn);

// Sorts, and gives the values at the shares `lower` and 1 - `lower`.
Interval percentiles(std::vector<double>& drawn, double value, double lower);

// 1000, fewer where each costs very much (`work` is the number of steps of one).
int draw_count(double work);

}  // namespace refrain::score
