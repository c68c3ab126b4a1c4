// The micro-kernel in registers: a tile of rows times a panel of packed weights, or times two
// panels at once.
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

// Defined and compiled once in accumulate.cc, for G from 1 to 4 gates a unit; tile-inl.h cuts
// products into such tiles and tells the layout of the panels.
// out[r][v] (vectors) = sum over k of a[r][k] * panel[k][v], for up to rows_per_tile rows.
template <int G>
void accumulate_rows(int height, Rows a, int K, const real* panel, real* out);
// Accumulates for one row or two.
template <int G, int MR>
void accumulate_low(Rows a, int K, const real* panel, real* out);
// Two panels at once, for tiles of one or two rows: twice the independent chains, since a chain
// waits for its last multiply-add. The order within a chain, and so the bits, are the same.
template <int G, int MR>
void accumulate_pair(Rows a, int K, const real* first, const real* second, real* out);

}  // namespace refrain::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif

// CASE(1) to CASE(12): every height that a tile may have on some instruction set.
#ifndef REFRAIN_FOR_HEIGHTS
#define REFRAIN_FOR_HEIGHTS(CASE) \
  CASE(1) CASE(2) CASE(3) CASE(4) CASE(5) CASE(6) CASE(7) CASE(8) CASE(9) CASE(10) CASE(11) CASE(12)
#endif
