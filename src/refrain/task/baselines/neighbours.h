// The nearest training series under dynamic time warping with a band (window 0 = Euclidean),
// sixteen at a time (kernels/warping.h). Candidates are tried in the order of their lower bounds,
// until the bound exceeds the best distance found. Ties go to the earlier series.
#pragma once

#include <vector>

#include "refrain/task/baselines/channels.h"

namespace refrain::task {

struct Neighbour {
  int index = -1;  // -1 = none
  float distance = 0;
};

class Neighbours {
 public:
  // Series of equal length and channels, at least one.
  explicit Neighbours(const std::vector<Channels>& series);

  // Prepares the lower bounds for searches with this window (in steps).
  void set_window(int window);

  // The nearest to the query, other than number `except`. A neighbour known to be within `known`
  // (index -1 = none) speeds the search up.
  Neighbour nearest(const Channels& query, int except, const Neighbour& known) const;

  // Series i.
  Channels at(int i) const;

  int size() const { return size_; }
  int steps() const { return steps_; }
  int channels() const { return channels_; }
  int window() const { return window_; }

 private:
  struct Bound {
    float low;
    int index;
  };
  struct Query {
    std::vector<float> values;          // [T,C]
    std::vector<float> block, scratch;  // candidates side by side; rows of the warping matrix
  };
  static bool later(const Bound& a, const Bound& b);
  std::vector<Bound> bounds(const std::vector<float>& query, int except) const;
  void gather(const std::vector<Bound>& chosen, std::vector<float>& block) const;
  void distances(Query& query, const std::vector<Bound>& chosen, float cutoff,
                 float* distance) const;

  int size_ = 0, steps_ = 0, channels_ = 0, window_ = 0;
  std::vector<float> blocks_;      // [blocks,T,C,16]
  std::vector<float> low_, high_;  // envelopes, the same shape
};

}  // namespace refrain::task
