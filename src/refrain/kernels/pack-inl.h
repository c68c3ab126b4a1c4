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

// Four rows of four consecutive numbers each, `stride` apart, into four columns `out_stride` apart.
HWY_INLINE void transpose_four(const float* p, std::ptrdiff_t stride, float* out,
                               std::ptrdiff_t out_stride) {
  const hn::Full128<float> d;
  const auto r0 = hn::LoadU(d, p), r1 = hn::LoadU(d, p + stride);
  const auto r2 = hn::LoadU(d, p + 2 * stride), r3 = hn::LoadU(d, p + 3 * stride);
  const auto low01 = hn::InterleaveLower(d, r0, r1), high01 = hn::InterleaveUpper(d, r0, r1);
  const auto low23 = hn::InterleaveLower(d, r2, r3), high23 = hn::InterleaveUpper(d, r2, r3);
  hn::StoreU(hn::ConcatLowerLower(d, low23, low01), d, out);
  hn::StoreU(hn::ConcatUpperUpper(d, low23, low01), d, out + out_stride);
  hn::StoreU(hn::ConcatLowerLower(d, high23, high01), d, out + 2 * out_stride);
  hn::StoreU(hn::ConcatUpperUpper(d, high23, high01), d, out + 3 * out_stride);
}
HWY_INLINE void transpose_four(const double*, std::ptrdiff_t, double*, std::ptrdiff_t) {}

// Rows k0.. of one panel where the units lie apart in memory: where four rows stand together, four
// by four.
template <int G, class Column>
HWY_INLINE void pack_rows_across(int k0, int rows, int unit0, int units, const Column& column,
                                 std::ptrdiff_t unit_stride, real* HWY_RESTRICT out) {
  constexpr int kUnits = units_per_panel<G>(), kRow = kUnits * G, kWide = HWY_MIN(4, kLanes);
  for (int u = 0; u < kUnits; u += kWide) {
    const int unit = unit0 + u;
    const bool whole = sizeof(real) == 4 && unit + kWide <= units;
    for (int g = 0; g < G; ++g) {
      real* to = out + (u / kLanes * G + g) * kLanes + u % kLanes;
      for (int k = 0; k < rows;) {
        const real* from = column(k0 + k, g) + unit * unit_stride;
        if (whole && k + 4 <= rows && column(k0 + k + 3, g) - column(k0 + k, g) == 3) {
          transpose_four(from, unit_stride, to + k * kRow, kRow);
          k += 4;
          continue;
        }
        for (int i = 0; i < kWide; ++i) {
          to[k * kRow + i] = unit + i < units ? from[i * unit_stride] : real{0};
        }
        ++k;
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
