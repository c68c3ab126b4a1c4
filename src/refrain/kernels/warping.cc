#include "refrain/kernels/warping.h"

#include <algorithm>
#include <limits>

#include "refrain/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "refrain/kernels/warping.cc"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace refrain::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using LaneTag = hn::CappedTag<float, kWarpingLanes>;
using LaneVec = hn::Vec<LaneTag>;
constexpr int kWidth = static_cast<int>(hn::MaxLanes(LaneTag()));
constexpr int kVectors = kWarpingLanes / kWidth;

HWY_INLINE LaneVec infinite() { return hn::Set(LaneTag(), std::numeric_limits<float>::infinity()); }

// Squared difference of step i of the query and step j of the candidates.
HWY_INLINE LaneVec local_cost(const float* query, const float* candidates, int channels) {
  const LaneTag d;
  const auto first = hn::Sub(hn::Set(d, query[0]), hn::LoadU(d, candidates));
  auto sum = hn::Mul(first, first);
  for (int c = 1; c < channels; ++c) {
    const auto more = hn::Sub(hn::Set(d, query[c]), hn::LoadU(d, candidates + c * kWarpingLanes));
    sum = hn::MulAdd(more, more, sum);
  }
  return sum;
}

// One row of the band; cells j of a row lie at (j + 1) * 16. Returns whether a lane is still below
// the cutoff.
HWY_INLINE bool warp_row(const Warping& w, int i, const float* above, float* row) {
  const LaneTag d;
  const int begin = std::max(0, i - w.window), end = std::min(w.steps - 1, i + w.window);
  const float* query = w.query + static_cast<std::ptrdiff_t>(i) * w.channels;
  LaneVec left[kVectors], least[kVectors];
  for (int v = 0; v < kVectors; ++v) left[v] = least[v] = infinite();
  for (int j = begin; j <= end; ++j) {
    const std::ptrdiff_t cell = static_cast<std::ptrdiff_t>(j) * kWarpingLanes;
    for (int v = 0; v < kVectors; ++v) {
      const int at = v * kWidth;
      const auto cost = local_cost(query, w.candidates + cell * w.channels + at, w.channels);
      const auto diagonal = hn::LoadU(d, above + cell + at);
      const auto up = hn::LoadU(d, above + cell + kWarpingLanes + at);
      left[v] = hn::Add(cost, hn::Min(left[v], hn::Min(diagonal, up)));
      least[v] = hn::Min(least[v], left[v]);
      hn::StoreU(left[v], d, row + cell + kWarpingLanes + at);
    }
  }
  bool alive = false;
  for (int v = 0; v < kVectors; ++v) {
    alive |= !hn::AllFalse(d, hn::Le(least[v], hn::Set(d, w.cutoff)));
  }
  return alive;
}

void warping_distances(const Warping& w, float* distance) {
  const std::ptrdiff_t row_size = static_cast<std::ptrdiff_t>(w.steps + 1) * kWarpingLanes;
  float* above = w.scratch;
  float* row = above + row_size;
  std::fill(above, above + 2 * row_size, std::numeric_limits<float>::infinity());
  std::fill(above, above + kWarpingLanes, 0.0F);
  for (int i = 0; i < w.steps; ++i) {
    if (!warp_row(w, i, above, row)) {
      std::fill(distance, distance + kWarpingLanes, std::numeric_limits<float>::infinity());
      return;
    }
    if (i == 0) {
      std::fill(above, above + kWarpingLanes, std::numeric_limits<float>::infinity());
    }
    std::swap(above, row);
  }
  const float* last = above + static_cast<std::ptrdiff_t>(w.steps) * kWarpingLanes;
  std::copy(last, last + kWarpingLanes, distance);
}

void warping_lower_bounds(const float* query, const WarpingEnvelope& envelope, std::size_t n,
                          float* bound) {
  const LaneTag d;
  const auto zero = hn::Zero(d);
  LaneVec sum[kVectors];
  for (int v = 0; v < kVectors; ++v) sum[v] = zero;
  for (std::size_t i = 0; i < n; ++i) {
    const auto q = hn::Set(d, query[i]);
    for (int v = 0; v < kVectors; ++v) {
      const std::size_t at = i * kWarpingLanes + static_cast<std::size_t>(v * kWidth);
      const auto over = hn::Max(hn::Sub(q, hn::LoadU(d, envelope.high + at)), zero);
      const auto under = hn::Max(hn::Sub(hn::LoadU(d, envelope.low + at), q), zero);
      const auto gap = hn::Add(over, under);
      sum[v] = hn::MulAdd(gap, gap, sum[v]);
    }
  }
  for (int v = 0; v < kVectors; ++v) hn::StoreU(sum[v], d, bound + v * kWidth);
}

}  // namespace refrain::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace refrain::kernels {

HWY_EXPORT(warping_distances);
HWY_EXPORT(warping_lower_bounds);

void warping_distances(const Warping& warping, float* distance) {
  HWY_DYNAMIC_DISPATCH(warping_distances)(warping, distance);
}
void warping_lower_bounds(const float* query, const WarpingEnvelope& envelope, std::size_t n,
                          float* bound) {
  HWY_DYNAMIC_DISPATCH(warping_lower_bounds)(query, envelope, n, bound);
}

}  // namespace refrain::kernels
#endif
