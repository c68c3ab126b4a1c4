// Cutting the steps of a batch. A segment is a run of steps whose gates and states together stay in
// the second cache while every product passes over them. A group is a run of segments whose
// activations are kept at the same time: all of them when memory allows, otherwise about
// sqrt(N) rows, the states between groups are saved and backward computes each group again (Chen et
// al. 2016). The segments, and so the order of every sum, do not depend on the groups: results are
// the same bits with and without.
#pragma once

#include <cstddef>

#include "refrain/tensor/arena.h"
#include "refrain/tensor/steps.h"

namespace refrain::tape {

struct Segments {
  int count = 0, groups = 0;
  const int* cut = nullptr;    // [count+1] segment k is the steps [cut[k], cut[k+1])
  const int* group = nullptr;  // [groups+1] group g is the segments [group[g], group[g+1])
  int most_rows = 0;           // of a group and one step more on either side
  int most_segment_rows = 0;

  int first_step(int g) const { return cut[group[g]]; }
  int end_step(int g) const { return cut[group[g + 1]]; }
};

// The matrix row where step t starts; t = T: one past the last.
inline int row_begin(const tensor::Steps& steps, int t) {
  return t == steps.T ? steps.N : steps.offset[t];
}

// Two depths of an outer product's panel; at H = 64 the gates and states of a segment take 300 KB.
constexpr int kSegmentRows = 256;

// Segments have at least `segment_rows` matrix rows, groups at least `group_rows` (the last ones
// fewer); group_rows 0 = one group.
Segments cut_steps(const tensor::Steps& steps, int segment_rows, std::size_t group_rows,
                   tensor::Arena& arena);

}  // namespace refrain::tape
