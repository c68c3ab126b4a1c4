#include "refrain/kernels/product.h"

#include "refrain/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "refrain/kernels/product.cc"
#include <hwy/foreach_target.h>
//
#include "refrain/kernels/pack-inl.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::kernels::HWY_NAMESPACE {

std::size_t packed_size(int K, int N) { return packed_count<1>(K, N); }

void pack_weights(const Weights& w, real* packed) {
  pack<1>(
      w.K, w.N, [&](int k, int) { return w.data + k * w.k_stride; }, w.n_stride, packed);
}

template <bool kAccumulate, bool kBias>
struct StoreEpilogue {
  real* c;
  std::ptrdiff_t stride;
  const real* bias;

  HWY_INLINE void operator()(int row, int unit, int n, const Vec* acc) const {
    real* out = c + row * stride + unit;
    Vec v = acc[0];
    if constexpr (kBias) v = hn::Add(v, load_part(bias + unit, n));
    if constexpr (kAccumulate) v = hn::Add(v, load_part(out, n));
    store_part(v, out, n);
  }
};

template <bool kAccumulate, bool kBias>
void run_product(const Product& p) {
  StoreEpilogue<kAccumulate, kBias> epilogue{p.c, p.c_stride, p.bias};
  constexpr int kRowsAtOnce = 96;  // the block of `a` stays in the cache while all panels pass
  for (int row = 0; row < p.rows; row += kRowsAtOnce) {
    const int count = HWY_MIN(kRowsAtOnce, p.rows - row);
    StoreEpilogue<kAccumulate, kBias> part = epilogue;
    part.c += row * p.c_stride;
    all_tiles<1>({p.a + row * p.a_stride, p.a_stride}, count, p.K, p.packed, p.N, part);
  }
}

void product(const Product& p) {
  if (p.accumulate) {
    p.bias != nullptr ? run_product<true, true>(p) : run_product<true, false>(p);
  } else {
    p.bias != nullptr ? run_product<false, true>(p) : run_product<false, false>(p);
  }
}

// Rows of b at once in outer_product: a panel of them (two vectors wide) is copied to the stack.
constexpr int kDepth = 128;
constexpr int kPanel = 2 * kLanes;

template <int MR>
HWY_INLINE void outer_tile(const OuterProduct& p, int m0, int depth, int i0, int j0,
                           const real* HWY_RESTRICT panel) {
  const Tag d;
  Vec acc[MR][2];
  HWY_UNROLL(16)
  for (int r = 0; r < MR; ++r) acc[r][0] = acc[r][1] = hn::Zero(d);
  for (int m = 0; m < depth; ++m) {
    const std::ptrdiff_t row = p.a_index != nullptr ? p.a_index[m0 + m] - p.index_base : m0 + m;
    const real* HWY_RESTRICT a = p.a + row * p.a_stride + i0;
    const Vec b0 = hn::Load(d, panel), b1 = hn::Load(d, panel + kLanes);
    panel += kPanel;
    HWY_UNROLL(16)
    for (int r = 0; r < MR; ++r) {
      const Vec x = hn::Set(d, a[r]);
      acc[r][0] = hn::MulAdd(x, b0, acc[r][0]);
      acc[r][1] = hn::MulAdd(x, b1, acc[r][1]);
    }
  }
  for (int v = 0; v < 2; ++v) {
    const int j = j0 + v * kLanes;
    if (j >= p.Nb) break;
    const int n = HWY_MIN(kLanes, p.Nb - j);
    HWY_UNROLL(16)
    for (int r = 0; r < MR; ++r) {
      real* c = p.c + (i0 + r) * p.c_stride + j;
      store_part(hn::Add(load_part(c, n), acc[r][v]), c, n);
    }
  }
}

HWY_INLINE void outer_tile_of_height(int height, const OuterProduct& p, int m0, int depth, int i0,
                                     int j0, const real* panel) {
  switch (height) {
#define REFRAIN_TILE(MR)                                                                 \
  case MR:                                                                               \
    if constexpr (MR <= rows_per_tile<1>()) outer_tile<MR>(p, m0, depth, i0, j0, panel); \
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

HWY_INLINE void copy_panel(const OuterProduct& p, int m0, int depth, int j0, real* panel) {
  const Tag d;
  const int left = p.Nb - j0;
  for (int m = 0; m < depth; ++m) {
    const std::ptrdiff_t row = p.b_index != nullptr ? p.b_index[m0 + m] - p.index_base : m0 + m;
    const real* b = p.b + row * p.b_stride + j0;
    hn::Store(load_part(b, HWY_MIN(left, kLanes)), d, panel + m * kPanel);
    const int second = HWY_MIN(left - kLanes, kLanes);
    hn::Store(second > 0 ? load_part(b + kLanes, second) : hn::Zero(d), d,
              panel + m * kPanel + kLanes);
  }
}

void outer_product(const OuterProduct& p) {
  HWY_ALIGN real panel[kDepth * kPanel];
  const int tiles = (p.Ka + rows_per_tile<1>() - 1) / rows_per_tile<1>();
  for (int m0 = 0; m0 < p.rows; m0 += kDepth) {
    const int depth = HWY_MIN(kDepth, p.rows - m0);
    for (int j0 = 0; j0 < p.Nb; j0 += kPanel) {
      copy_panel(p, m0, depth, j0, panel);
      for (int i = 0; i < tiles; ++i) {
        const int i0 = p.Ka * i / tiles, end = p.Ka * (i + 1) / tiles;
        outer_tile_of_height(end - i0, p, m0, depth, i0, j0, panel);
      }
    }
  }
}

// Rows in order for eight vectors of columns at a time.
void add_column_sums(const real* a, std::ptrdiff_t stride, int rows, int N, real* sum) {
  constexpr int kVectors = 8;
  const Tag d;
  int n0 = 0;
  for (; n0 + kVectors * kLanes <= N; n0 += kVectors * kLanes) {
    Vec total[kVectors];
    HWY_UNROLL(8)
    for (int v = 0; v < kVectors; ++v) total[v] = hn::LoadU(d, sum + n0 + v * kLanes);
    for (int r = 0; r < rows; ++r) {
      const real* row = a + r * stride + n0;
      HWY_UNROLL(8)
      for (int v = 0; v < kVectors; ++v) {
        total[v] = hn::Add(total[v], hn::LoadU(d, row + v * kLanes));
      }
    }
    HWY_UNROLL(8)
    for (int v = 0; v < kVectors; ++v) hn::StoreU(total[v], d, sum + n0 + v * kLanes);
  }
  for (; n0 < N; n0 += kLanes) {
    const int n = HWY_MIN(kLanes, N - n0);
    Vec total = load_part(sum + n0, n);
    for (int r = 0; r < rows; ++r) total = hn::Add(total, load_part(a + r * stride + n0, n));
    store_part(total, sum + n0, n);
  }
}

}  // namespace refrain::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace refrain::kernels {

HWY_EXPORT(packed_size);
HWY_EXPORT(pack_weights);
HWY_EXPORT(product);
HWY_EXPORT(outer_product);
HWY_EXPORT(add_column_sums);

std::size_t packed_size(int K, int N) { return HWY_DYNAMIC_DISPATCH(packed_size)(K, N); }
void pack(const Weights& weights, real* packed) {
  HWY_DYNAMIC_DISPATCH(pack_weights)(weights, packed);
}
void product(const Product& p) { HWY_DYNAMIC_DISPATCH(product)(p); }
void outer_product(const OuterProduct& p) { HWY_DYNAMIC_DISPATCH(outer_product)(p); }
void add_column_sums(const real* a, std::ptrdiff_t stride, int rows, int N, real* sum) {
  HWY_DYNAMIC_DISPATCH(add_column_sums)(a, stride, rows, N, sum);
}

}  // namespace refrain::kernels
#endif
