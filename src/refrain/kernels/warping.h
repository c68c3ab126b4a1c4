// Dynamic time warping of one series against sixteen at once, one a vector lane, with a band
// (Sakoe and Chiba 1978): the least sum of squared differences along a monotone path of cells
// |i - j| <= window. Several channels warp together. Single precision whatever `real` is. Nothing
// allocates or throws.
#pragma once

#include <cstddef>

namespace refrain::kernels {

constexpr int kWarpingLanes = 16;

struct Warping {
  const float* query;       // [T,C]
  const float* candidates;  // [T,C,16]
  int steps, channels;
  int window;      // 0 = the Euclidean distance, steps - 1 = no limit
  float cutoff;    // work stops when all sixteen exceed it
  float* scratch;  // [2 (T + 1) 16]
};
// distance[k], infinity for all where all exceed the cutoff.
void warping_distances(const Warping& warping, float* distance);

// Lower bounds of the distances to sixteen series between whose envelopes the query is compared
// (LB_Keogh, Keogh and Ratanamahatana 2005): query [n], low and high [n,16]; n = steps * channels.
struct WarpingEnvelope {
  const float* low;
  const float* high;
};
void warping_lower_bounds(const float* query, const WarpingEnvelope& envelope, std::size_t n,
                          float* bound);

}  // namespace refrain::kernels
