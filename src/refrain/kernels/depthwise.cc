#include "refrain/kernels/depthwise.h"

#include "refrain/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "refrain/kernels/depthwise.cc"
#include <hwy/foreach_target.h>
//
#include "refrain/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::kernels::HWY_NAMESPACE {

// Rows (or taps) that share a load, and vectors of channels: 12 sums fit 16 registers.
constexpr int kShare = 4, kVectors = 3;

// R rows from r0 on, V vectors of channels from c0 on; the last one has n channels.
template <int R, int V>
HWY_INLINE void depthwise_tile(const Depthwise& p, int r0, int c0, int n) {
  const Tag d;
  Vec sum[R][V];
  HWY_UNROLL(4)
  for (int v = 0; v < V; ++v) {
    const Vec start =
        p.bias == nullptr ? hn::Zero(d) : load_part(p.bias + c0 + v * kLanes, V == 1 ? n : kLanes);
    HWY_UNROLL(4)
    for (int r = 0; r < R; ++r) sum[r][v] = start;
  }
  const real* HWY_RESTRICT x = p.x + static_cast<std::ptrdiff_t>(r0) * p.C + c0;
  const real* HWY_RESTRICT w = p.w + c0;
  for (int k = 0; k < p.taps; ++k, x += p.C, w += p.w_stride) {
    HWY_UNROLL(4)
    for (int v = 0; v < V; ++v) {
      const Vec weight = V == 1 ? load_part(w, n) : hn::LoadU(d, w + v * kLanes);
      HWY_UNROLL(4)
      for (int r = 0; r < R; ++r) {
        const real* at = x + static_cast<std::ptrdiff_t>(r) * p.C + v * kLanes;
        sum[r][v] = hn::MulAdd(weight, V == 1 ? load_part(at, n) : hn::LoadU(d, at), sum[r][v]);
      }
    }
  }
  HWY_UNROLL(4)
  for (int r = 0; r < R; ++r) {
    HWY_UNROLL(4)
    for (int v = 0; v < V; ++v) {
      real* y = p.y + p.index[r0 + r] * p.y_stride + c0 + v * kLanes;
      const int count = V == 1 ? n : kLanes;
      store_part(p.accumulate ? hn::Add(load_part(y, count), sum[r][v]) : sum[r][v], y, count);
    }
  }
}

template <int V>
HWY_INLINE void depthwise_columns(const Depthwise& p, int c0, int n) {
  int r = 0;
  for (; r + kShare <= p.rows; r += kShare) depthwise_tile<kShare, V>(p, r, c0, n);
  for (; r < p.rows; ++r) depthwise_tile<1, V>(p, r, c0, n);
}

void depthwise(const Depthwise& p) {
  int c = 0;
  for (; c + kVectors * kLanes <= p.C; c += kVectors * kLanes) {
    depthwise_columns<kVectors>(p, c, kLanes);
  }
  if (c + 2 * kLanes <= p.C) {
    depthwise_columns<2>(p, c, kLanes);
    c += 2 * kLanes;
  }
  for (; c < p.C; c += kLanes) depthwise_columns<1>(p, c, HWY_MIN(kLanes, p.C - c));
}

// S taps from k0 on.
template <int S, int V>
HWY_INLINE void gradient_tile(const DepthwiseGradient& p, int k0, int c0, int n) {
  const Tag d;
  Vec sum[S][V];
  HWY_UNROLL(4)
  for (int s = 0; s < S; ++s) {
    HWY_UNROLL(4)
    for (int v = 0; v < V; ++v) sum[s][v] = hn::Zero(d);
  }
  for (int r = 0; r < p.rows; ++r) {
    const real* x = p.x + static_cast<std::ptrdiff_t>(r + k0) * p.C + c0;
    HWY_UNROLL(4)
    for (int v = 0; v < V; ++v) {
      const real* y = p.d_y + static_cast<std::ptrdiff_t>(r) * p.C + c0 + v * kLanes;
      const Vec d_y = V == 1 ? load_part(y, n) : hn::LoadU(d, y);
      HWY_UNROLL(4)
      for (int s = 0; s < S; ++s) {
        const real* at = x + static_cast<std::ptrdiff_t>(s) * p.C + v * kLanes;
        sum[s][v] = hn::MulAdd(d_y, V == 1 ? load_part(at, n) : hn::LoadU(d, at), sum[s][v]);
      }
    }
  }
  HWY_UNROLL(4)
  for (int s = 0; s < S; ++s) {
    HWY_UNROLL(4)
    for (int v = 0; v < V; ++v) {
      real* w = p.d_w + static_cast<std::ptrdiff_t>(k0 + s) * p.C + c0 + v * kLanes;
      const int count = V == 1 ? n : kLanes;
      store_part(hn::Add(load_part(w, count), sum[s][v]), w, count);
    }
  }
}

template <int V>
HWY_INLINE void gradient_columns(const DepthwiseGradient& p, int c0, int n) {
  int k = 0;
  for (; k + kShare <= p.taps; k += kShare) gradient_tile<kShare, V>(p, k, c0, n);
  for (; k < p.taps; ++k) gradient_tile<1, V>(p, k, c0, n);
}

void depthwise_gradient(const DepthwiseGradient& p) {
  int c = 0;
  for (; c + kVectors * kLanes <= p.C; c += kVectors * kLanes) {
    gradient_columns<kVectors>(p, c, kLanes);
  }
  if (c + 2 * kLanes <= p.C) {
    gradient_columns<2>(p, c, kLanes);
    c += 2 * kLanes;
  }
  for (; c < p.C; c += kLanes) gradient_columns<1>(p, c, HWY_MIN(kLanes, p.C - c));
}

}  // namespace refrain::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace refrain::kernels {

HWY_EXPORT(depthwise);
HWY_EXPORT(depthwise_gradient);

void depthwise(const Depthwise& p) { HWY_DYNAMIC_DISPATCH(depthwise)(p); }
void depthwise_gradient(const DepthwiseGradient& p) { HWY_DYNAMIC_DISPATCH(depthwise_gradient)(p); }

}  // namespace refrain::kernels
#endif
