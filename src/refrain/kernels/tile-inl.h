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

// out[r][v] (vectors) = sum over k. Compiled once per tile size and shared by every epilogue.
template <int MR, int NV>
HWY_NOINLINE void accumulate(Rows a, int K, const real* HWY_RESTRICT panel,
                             real* HWY_RESTRICT out) {
  const Tag d;
  Vec acc[MR][NV];
  const real* row[MR];
  HWY_UNROLL(16)
  for (int r = 0; r < MR; ++r) {
    row[r] = a.data + r * a.stride;
    HWY_UNROLL(8)
    for (int v = 0; v < NV; ++v) acc[r][v] = hn::Zero(d);
  }
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

template <int G>
HWY_INLINE void accumulate_rows(int height, Rows a, int K, const real* panel, real* out) {
  constexpr int NV = G * blocks_per_panel<G>();
  switch (height) {
#define REFRAIN_TILE(MR)                                                          \
  case MR:                                                                        \
    if constexpr (MR <= rows_per_tile<G>()) accumulate<MR, NV>(a, K, panel, out); \
    break;
    REFRAIN_TILE(1)
    REFRAIN_TILE(2)
    REFRAIN_TILE(3)
    REFRAIN_TILE(4)
    REFRAIN_TILE(5)
    REFRAIN_TILE(6)
    REFRAIN_TILE(7)
    REFRAIN_TILE(8)
    REFRAIN_TILE(9)
    REFRAIN_TILE(10)
    REFRAIN_TILE(11)
    REFRAIN_TILE(12)
#undef REFRAIN_TILE
    default:
      break;
  }
}

// Hands a tile's sums (G vectors for a row and block of units) to the epilogue.
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
  }
}

// One or two rows: panels in pairs.
template <int G, int MR, class Epilogue>
HWY_INLINE void low_tiles(Rows a, int K, const real* packed, int units, const Epilogue& epilogue) {
  constexpr int kUnits = units_per_panel<G>(), NV = G * blocks_per_panel<G>();
  HWY_ALIGN real sums[2 * MR * NV * kLanes];
  const std::ptrdiff_t size = static_cast<std::ptrdiff_t>(K) * kUnits * G;
  int unit0 = 0;
  for (; unit0 + kUnits < units; unit0 += 2 * kUnits, packed += 2 * size) {
    accumulate_pair<MR, NV>(a, K, packed, packed + size, sums);
    finish_tile<G>(sums, 0, MR, unit0, units, epilogue);
    finish_tile<G>(sums + MR * NV * kLanes, 0, MR, unit0 + kUnits, units, epilogue);
  }
  if (unit0 >= units) return;
  accumulate<MR, NV>(a, K, packed, sums);
  finish_tile<G>(sums, 0, MR, unit0, units, epilogue);
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
      accumulate_rows<G>(height, {a.data + row0 * a.stride, a.stride}, K, panel, sums);
      finish_tile<G>(sums, row0, height, unit0, units, epilogue);
    }
  }
}

}  // namespace refrain::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
