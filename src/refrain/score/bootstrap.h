// Intervals of any metric of any kind of answers, from its values under the weightings of a
// bootstrap over samples, or groups, and repeats (Efron 1979; Owen 2007). For the sources of this
// layer only; intervals.h says what comes out.
#pragma once

#include "refrain/score/draws.h"

namespace refrain::score {

using Groups = std::vector<std::vector<int>>;

// "12 samples", or "12 samples in 1 group" where they have groups.
std::string counted_samples(const Answers& answers);

// Throws Error(data) where answers are not sound, or the repeats are not of the same samples.
void check_repeats(const Repeats& repeats);

// The metrics over all repeats, for one weighting after another.
class Scorer {
 public:
  Scorer(const Repeats& repeats, NamedMetrics metrics);

  const NamedMetrics& metrics() const { return metrics_; }

  // Returns Metric::noise of each metric: the mean over the repeats, whose noise may be fully
  // shared.
  std::vector<double> noise();

  // Each metric's mean over the repeats, the r-th taken times[r] times; samples weighed by
  // `factor`.
  std::vector<double> score(const std::vector<double>& factor, const std::vector<double>& times);

 private:
  std::size_t n_;
  NamedMetrics metrics_;
  std::vector<std::unique_ptr<Weigher>> weighers_;
};

struct Bootstrap {
  const Repeats& repeats;
  const Groups& groups;
  int seed = 0;
  Stop stop = nullptr;
};

// [metric][draw]
std::vector<std::vector<double>> draw(const Bootstrap& job, Scorer& scorer);

// Degrees of freedom of the standard error of each metric whose range has an open end (0 of the
// others): of n groups 2 n / (k + 1), at most n - 1, with the kurtosis k of the changes that
// leaving out one group makes; about 2 where one group makes them all. Satterthwaite (1946) has k -
// 1, but few samples show too little of a heavy tail. 0, which stands for n - 1, where there are
// more than kMostLeftOut groups.
constexpr std::size_t kMostLeftOut = 2000;
std::vector<double> degrees_of_freedom(const Bootstrap& job, Scorer& scorer);

// The draws and values behind the interval of a metric.
struct Drawn {
  double value = 0;
  const std::vector<double>& draws;
  double n = 0;      // groups
  double noise = 0;  // of the value; 0: it can move either way
  double df = 0;     // degrees of freedom, for a metric whose range has an open end; 0: n - 1
};
Interval from_draws(const Metric& metric, const Drawn& drawn);

}  // namespace refrain::score
