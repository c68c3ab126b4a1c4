// Series as rows of numbers for trees: the mean, deviation, slope, extremes, median and quartile
// range of random intervals (Deng et al. 2013) of each series, of its differences and of its
// amplitudes by frequency (Middlehurst et al. 2021), and the summaries of the whole (summaries.h).
// An interval is a share of the series, so that lengths may differ.
#pragma once

#include <cstdint>
#include <vector>

#include "refrain/method/channels.h"
#include "refrain/method/forest.h"

namespace refrain::method {

// The amplitude of each frequency from the first above 0 to half the rate of the steps, around the
// mean, of a series that zeros lengthen to a power of two; at least one number.
std::vector<float> amplitudes(const float* values, int steps);

class IntervalFeatures {
 public:
  // Draws the intervals, fewer for more and longer series; at least one series. Throws unsupported
  // where there are too many to look at in a minute.
  void fit(const std::vector<Channels>& training, std::uint64_t seed);

  // [n,columns()]
  ForestRows of(const std::vector<Channels>& series, int threads) const;

  void archive(Archive& file);

  int channels() const { return channels_; }
  int columns() const;

  struct Interval {
    int view = 0;  // 0 the series, 1 its differences, 2 its amplitudes
    int channel = 0;
    double begin = 0, end = 1;  // shares of the steps
  };
  const std::vector<Interval>& intervals() const { return intervals_; }

 private:
  void draw();

  int channels_ = 0, count_ = 0, seed_ = 0;
  std::vector<Interval> intervals_;
};

}  // namespace refrain::method
