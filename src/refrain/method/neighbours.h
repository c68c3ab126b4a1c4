// The nearest training series under dynamic time warping with a band (window 0 = Euclidean),
// sixteen at a time (kernels/warping.h). Candidates are tried in the order of their lower bounds,
// until the bound exceeds the best distance found. Ties go to the earlier series.
#pragma once

#include <array>
#include <limits>
#include <memory>
#include <vector>

#include "refrain/base/rng.h"
#include "refrain/method/channels.h"

namespace refrain::method {

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

  // The `count` nearest, the nearest first, other than those with the numbers `except`; fewer where
  // there are no more. Those that are known to be within `limit` are as many.
  std::vector<Neighbour> nearest_of(const Channels& query, int count,
                                    const std::vector<int>& except,
                                    float limit = std::numeric_limits<float>::infinity()) const;

  // Writes the series and the window of *neighbours, or reads them into it.
  static void archive(Archive& file, std::unique_ptr<Neighbours>& neighbours);

  // Returns the number of cells in the warping matrices of a query against all series with this
  // window.
  double cells(int window) const;
  // A share of the length in percent, in steps.
  int window_of(int percent) const { return (steps_ - 1) * percent / 100; }

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
  static void take_least(std::vector<Bound>& heap, std::vector<Bound>& chosen);
  void gather(const std::vector<Bound>& chosen, std::vector<float>& block) const;
  void distances(Query& query, const std::vector<Bound>& chosen, float cutoff,
                 float* distance) const;

  int size_ = 0, steps_ = 0, channels_ = 0, window_ = 0;
  std::vector<float> blocks_;      // [blocks,T,C,16]
  std::vector<float> low_, high_;  // envelopes, the same shape
};

// Cells of warping matrices that a method may estimate, before lower bounds spare most of them:
// 2e10 are 3 to 10 seconds of one core.
constexpr double kMostCells = 2e10;
// Throws unsupported for more.
void check_cells(double cells);

// Windows to choose from, in percent of the length.
constexpr std::array<int, 14> kWindowPercents = {0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 30, 100};

// Returns the series to leave out in turn: all of `count`, or a random part that the time allows at
// this cost in cells each; at most 1,000. Throws unsupported if fewer than 50 of more remain.
std::vector<int> left_out_series(int count, double cells_each, base::Rng rng);

}  // namespace refrain::method
