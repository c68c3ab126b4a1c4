// The micro-kernel in registers: a tile of rows times a panel of packed weights, or times two
// panels at once. tile-inl.h cuts products into such tiles and tells the layout of the panels.
#if defined(REFRAIN_KERNELS_ACCUMULATE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef REFRAIN_KERNELS_ACCUMULATE_INL_H_
#undef REFRAIN_KERNELS_ACCUMULATE_INL_H_
#else
#define REFRAIN_KERNELS_ACCUMULATE_INL_H_
#endif

#include "refrain/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::kernels::HWY_NAMESPACE {

// Accumulators that the register file holds: 24 of 32 (AVX-512, NEON) or 12 of 16.
constexpr int kAccumulators = (HWY_TARGET == HWY_AVX3 || HWY_TARGET == HWY_NEON) ? 24 : 12;

// Blocks of units a panel: one when a cell has several gates, two for plain products.
template <int G>
constexpr int blocks_per_panel() {
  return G == 1 ? 2 : 1;
}
template <int G>
constexpr int units_per_panel() {
  return blocks_per_panel<G>() * kLanes;
}
template <int G>
constexpr int rows_per_tile() {
  return kAccumulators / (G * blocks_per_panel<G>());
}

struct Rows {
  const real* data;
  std::ptrdiff_t stride;
};

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

// out[r][v] (vectors) = sum over k, after what `out` holds where `more`. Compiled once per tile
// size and shared by every epilogue.
template <int MR, int NV>
HWY_NOINLINE void accumulate(Rows a, int K, const real* HWY_RESTRICT panel,
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

// The same for two panels at once, for tiles of one or two rows: twice the independent chains,
// since a chain waits for its last multiply-add. The order within a chain, and so the bits, are the
// same.
template <int MR, int NV>
HWY_NOINLINE void accumulate_pair(Rows a, int K, const real* HWY_RESTRICT first,
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

}  // namespace refrain::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
