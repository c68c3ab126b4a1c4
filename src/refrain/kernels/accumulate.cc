// The micro-kernel of accumulate-inl.h, compiled once for all products and cells.
#include "refrain/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "refrain/kernels/accumulate.cc"
#include <hwy/foreach_target.h>
//
#include "refrain/kernels/accumulate-inl.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::kernels::HWY_NAMESPACE {

// acc[r][v] += row[r][k] * panel[v]. The smaller of the two sides is held in registers while the
// other passes one vector at a time: with all sums that is no more than 16 registers.
template <int MR, int NV>
HWY_INLINE void multiply_add_rows(const real* const* row, int k, const real* HWY_RESTRICT panel,
                                  Vec (&acc)[MR][NV]) {
  const Tag d;
  if constexpr (MR < NV) {
    Vec x[MR];
    HWY_UNROLL(16)
    for (int r = 0; r < MR; ++r) x[r] = hn::Set(d, row[r][k]);
    HWY_UNROLL(8)
    for (int v = 0; v < NV; ++v) {
      const Vec b = hn::Load(d, panel + v * kLanes);
      HWY_UNROLL(16)
      for (int r = 0; r < MR; ++r) acc[r][v] = hn::MulAdd(x[r], b, acc[r][v]);
    }
  } else {
    Vec b[NV];
    HWY_UNROLL(8)
    for (int v = 0; v < NV; ++v) b[v] = hn::Load(d, panel + v * kLanes);
    HWY_UNROLL(16)
    for (int r = 0; r < MR; ++r) {
      const Vec x = hn::Set(d, row[r][k]);
      HWY_UNROLL(8)
      for (int v = 0; v < NV; ++v) acc[r][v] = hn::MulAdd(x, b[v], acc[r][v]);
    }
  }
}

template <int MR, int NV>
HWY_NOINLINE void accumulate_tile(Rows a, int K, const real* HWY_RESTRICT panel,
                                  real* HWY_RESTRICT out) {
  const Tag d;
  Vec acc[MR][NV];
  const real* row[MR];
  HWY_UNROLL(16)
  for (int r = 0; r < MR; ++r) row[r] = a.data + r * a.stride;
  HWY_UNROLL(16)
  for (int i = 0; i < MR * NV; ++i) acc[i / NV][i % NV] = hn::Zero(d);
  for (int k = 0; k < K; ++k) {
    multiply_add_rows<MR, NV>(row, k, panel, acc);
    panel += NV * kLanes;
  }
  HWY_UNROLL(16)
  for (int r = 0; r < MR; ++r) {
    HWY_UNROLL(8)
    for (int v = 0; v < NV; ++v) hn::Store(acc[r][v], d, out + (r * NV + v) * kLanes);
  }
}

template <int MR, int NV>
HWY_INLINE void accumulate_two_panels(Rows a, int K, const real* HWY_RESTRICT first,
                                      const real* HWY_RESTRICT second, real* HWY_RESTRICT out) {
  const Tag d;
  Vec acc[2][MR][NV];
  HWY_UNROLL(2)
  for (int r = 0; r < MR; ++r) {
    HWY_UNROLL(8)
    for (int v = 0; v < NV; ++v) acc[0][r][v] = acc[1][r][v] = hn::Zero(d);
  }
  for (int k = 0; k < K; ++k) {
    HWY_UNROLL(2)
    for (int r = 0; r < MR; ++r) {
      const Vec x = hn::Set(d, a.data[r * a.stride + k]);
      HWY_UNROLL(8)
      for (int v = 0; v < NV; ++v) {
        acc[0][r][v] = hn::MulAdd(x, hn::Load(d, first + v * kLanes), acc[0][r][v]);
        acc[1][r][v] = hn::MulAdd(x, hn::Load(d, second + v * kLanes), acc[1][r][v]);
      }
    }
    first += NV * kLanes;
    second += NV * kLanes;
  }
  HWY_UNROLL(2)
  for (int r = 0; r < MR; ++r) {
    HWY_UNROLL(8)
    for (int v = 0; v < NV; ++v) {
      hn::Store(acc[0][r][v], d, out + (r * NV + v) * kLanes);
      hn::Store(acc[1][r][v], d, out + ((MR + r) * NV + v) * kLanes);
    }
  }
}

template <int G>
void accumulate_rows(int height, Rows a, int K, const real* panel, real* out) {
  constexpr int NV = G * blocks_per_panel<G>();
  switch (height) {
#define REFRAIN_TILE(MR)                                                               \
  case MR:                                                                             \
    if constexpr (MR <= rows_per_tile<G>()) accumulate_tile<MR, NV>(a, K, panel, out); \
    break;
    REFRAIN_FOR_HEIGHTS(REFRAIN_TILE)
#undef REFRAIN_TILE
    default:
      break;
  }
}

template <int G, int MR>
void accumulate_low(Rows a, int K, const real* panel, real* out) {
  accumulate_tile<MR, G * blocks_per_panel<G>()>(a, K, panel, out);
}

template <int G, int MR>
void accumulate_pair(Rows a, int K, const real* first, const real* second, real* out) {
  accumulate_two_panels<MR, G * blocks_per_panel<G>()>(a, K, first, second, out);
}

#define REFRAIN_GATES(G)                                                           \
  template void accumulate_rows<G>(int, Rows, int, const real*, real*);            \
  template void accumulate_low<G, 1>(Rows, int, const real*, real*);               \
  template void accumulate_low<G, 2>(Rows, int, const real*, real*);               \
  template void accumulate_pair<G, 1>(Rows, int, const real*, const real*, real*); \
  template void accumulate_pair<G, 2>(Rows, int, const real*, const real*, real*);
REFRAIN_GATES(1)
REFRAIN_GATES(2)
REFRAIN_GATES(3)
REFRAIN_GATES(4)
#undef REFRAIN_GATES

}  // namespace refrain::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
