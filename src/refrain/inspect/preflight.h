// How far so much data can lead, told before anything is trained: by simple methods that were
// fitted on parts of the data and asked about samples that they had not seen.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace refrain::inspect {

// The smallest difference in a share of right answers that n samples show with 80 % power at a
// level of 5 %, where a share `error` of the samples is answered differently by two models (paired:
// McNemar's test).
double smallest_difference(double error, double n);

// What came of learning from a share of the data.
struct CurvePoint {
  double share = 1;          // of the samples
  std::vector<double> loss;  // [n] of each sample, held out: 1 wrong, 0 right; or a squared error
};

// The mean loss as a power of the number of samples, fitted to the points, and what more samples
// would change. Intervals (90 %) by 300 bootstrap draws of the samples.
struct Growth {
  double loss = 0;                     // now
  double gain = 0, low = 0, high = 0;  // by which the loss falls with `factor` times as many
  double factor = 2;
};
Growth growth_of(const std::vector<CurvePoint>& curve, double factor, std::uint64_t seed);

// The class in which more samples would help most: how many for a gain of about `points` (a share)
// of that class, at most three times what there is. No name: none would.
struct MoreSamples {
  int of = -1;  // class
  std::int64_t have = 0, more = 0;
  Growth growth;
};
MoreSamples more_samples(const std::vector<CurvePoint>& curve, const std::vector<int>& label,
                         double points, std::uint64_t seed);

}  // namespace refrain::inspect
