// Weights into the panels that the tiles of tile-inl.h read: done once for each step of the
// optimiser.
#if defined(REFRAIN_KERNELS_PACK_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef REFRAIN_KERNELS_PACK_INL_H_
#undef REFRAIN_KERNELS_PACK_INL_H_
#else
#define REFRAIN_KERNELS_PACK_INL_H_
#endif

#include "refrain/kernels/tile-inl.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::kernels::HWY_NAMESPACE {

// Elements of all panels of K rows.
template <int G>
HWY_INLINE std::size_t packed_count(int K, int units) {
  constexpr int kUnits = units_per_panel<G>();
  return static_cast<std::size_t>((units + kUnits - 1) / kUnits) * kUnits * G *
         static_cast<std::size_t>(K);
}

// The units unit0.. of one vector, consecutive in memory; zero from unit `units` on.
HWY_INLINE void pack_vector(const real* p, int unit0, int units, real* HWY_RESTRICT out) {
  const Tag d;
  const int n = units - unit0;
  hn::Store(n > 0 ? load_part(p + unit0, HWY_MIN(n, kLanes)) : hn::Zero(d), d, out);
}

// Rows k0.. of one panel where the units lie apart in memory and consecutive k together: a lane at
// a time, so that what is read is read in order.
template <int G, class Column>
HWY_INLINE void pack_rows_across(int k0, int rows, int unit0, int units, const Column& column,
                                 std::ptrdiff_t unit_stride, real* HWY_RESTRICT out) {
  constexpr int kUnits = units_per_panel<G>();
  for (int u = 0; u < kUnits; ++u) {
    const int block = u / kLanes, lane = u % kLanes, unit = unit0 + u;
    for (int g = 0; g < G; ++g) {
      real* to = out + (block * G + g) * kLanes + lane;
      for (int k = 0; k < rows; ++k) {
        to[k * kUnits * G] = unit < units ? column(k0 + k, g)[unit * unit_stride] : real{0};
      }
    }
  }
}

// column(k, gate) is where the weights of unit 0 stand; the others follow at unit_stride.
template <int G, class Column>
HWY_INLINE void pack(int K, int units, const Column& column, std::ptrdiff_t unit_stride,
                     real* HWY_RESTRICT packed) {
  constexpr int kUnits = units_per_panel<G>(), kRows = 16;
  for (int unit0 = 0; unit0 < units; unit0 += kUnits) {
    for (int k0 = 0; k0 < K; k0 += kRows) {
      const int rows = HWY_MIN(kRows, K - k0);
      if (unit_stride != 1) {
        pack_rows_across<G>(k0, rows, unit0, units, column, unit_stride, packed);
        packed += rows * kUnits * G;
        continue;
      }
      for (int k = k0; k < k0 + rows; ++k) {
        for (int block = 0; block < kUnits; block += kLanes) {
          for (int g = 0; g < G; ++g, packed += kLanes) {
            pack_vector(column(k, g), unit0 + block, units, packed);
          }
        }
      }
    }
  }
}

}  // namespace refrain::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
