// The one micro-kernel behind every product with packed weights.
//
//   acc[r][v] = sum over k of a[r][k] * panel[k][v]      r < MR rows, v < NV vectors, in registers
//
// An epilogue then gets the sums while they are hot: a plain product stores them, a recurrent cell
// turns them into gates and states. Each output is one chain of fused multiply-adds over k in
// order, so that a row's result does not depend on the rows beside it.
//
// Packed weights: panels of U blocks of kLanes units; within a panel, row k holds for each block
// its G gates: [K][U][G][kLanes]. Units beyond the last are zero.
#if defined(REFRAIN_KERNELS_TILE_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef REFRAIN_KERNELS_TILE_INL_H_
#undef REFRAIN_KERNELS_TILE_INL_H_
#else
#define REFRAIN_KERNELS_TILE_INL_H_
#endif

#include <utility>

#include "refrain/kernels/accumulate-inl.h"
#include "refrain/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::kernels::HWY_NAMESPACE {

// Hands a tile's sums (G vectors for a row and block of units) to the epilogue, in two turns: what
// has to wait for a row's first results (tanh of the lstm's new c) comes after all rows' first
// turn, so that long chains of dependent instructions run side by side.
template <int G, class Epilogue>
HWY_INLINE void finish_tile(const real* sums, int row0, int height, int unit0, int units,
                            const Epilogue& epilogue) {
  constexpr int U = blocks_per_panel<G>();
  const Tag d;
  for (int u = 0; u < U && unit0 + u * kLanes < units; ++u) {
    const int unit = unit0 + u * kLanes, n = HWY_MIN(kLanes, units - unit);
    for (int r = 0; r < height; ++r) {
      Vec acc[G];
      HWY_UNROLL(8)
      for (int g = 0; g < G; ++g) acc[g] = hn::Load(d, sums + ((r * U + u) * G + g) * kLanes);
      epilogue(row0 + r, unit, n, acc);
    }
    for (int r = 0; r < height; ++r) epilogue.finish(row0 + r, unit, n);
  }
}

// One or two rows: panels in pairs. The epilogue stands here once, so that it is compiled once.
template <int G, int MR, class Epilogue>
HWY_INLINE void low_tiles(Rows a, int K, const real* packed, int units, const Epilogue& epilogue) {
  constexpr int kUnits = units_per_panel<G>(), NV = G * blocks_per_panel<G>();
  HWY_ALIGN real sums[2 * MR * NV * kLanes];
  const std::ptrdiff_t size = static_cast<std::ptrdiff_t>(K) * kUnits * G;
  for (int unit0 = 0; unit0 < units; packed += 2 * size) {
    const int end = HWY_MIN(units, unit0 + 2 * kUnits);
    if (unit0 + kUnits < units) {
      accumulate_pair<G, MR>(a, K, packed, packed + size, sums);
    } else {
      accumulate_low<G, MR>(a, K, packed, sums);
    }
    const real* panel_sums = sums;
    for (; unit0 < end; unit0 += kUnits, panel_sums += MR * NV * kLanes) {
      finish_tile<G>(panel_sums, 0, MR, unit0, units, epilogue);
    }
  }
}

// All rows x all units. Rows are cut into tiles of nearly equal height; the epilogue gets each
// tile's sums from a buffer that is still in the first cache.
template <int G, class Epilogue>
HWY_INLINE void all_tiles(Rows a, int rows, int K, const real* packed, int units,
                          const Epilogue& epilogue) {
  constexpr int kMost = rows_per_tile<G>(), kUnits = units_per_panel<G>();
  if (rows == 1) return low_tiles<G, 1>(a, K, packed, units, epilogue);
  if constexpr (kMost >= 4) {
    if (rows == 2) return low_tiles<G, 2>(a, K, packed, units, epilogue);
  }
  HWY_ALIGN real sums[kAccumulators * kLanes];
  const int tiles = (rows + kMost - 1) / kMost;
  for (int unit0 = 0; unit0 < units; unit0 += kUnits) {
    const real* panel = packed + static_cast<std::ptrdiff_t>(unit0 / kUnits) * K * kUnits * G;
    for (int i = 0; i < tiles; ++i) {
      const int row0 = rows * i / tiles, height = rows * (i + 1) / tiles - row0;
      if constexpr (requires { epilogue.fetch(0, 0, 0); }) epilogue.fetch(row0, height, unit0);
      accumulate_rows<G>(height, {a.data + row0 * a.stride, a.stride}, K, panel, sums);
      finish_tile<G>(sums, row0, height, unit0, units, epilogue);
    }
  }
}

}  // namespace refrain::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
