#include "refrain/kernels/product.h"

#include <hwy/cache_control.h>

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
  HWY_INLINE void finish(int, int, int) const {}
  // What a tile will store in: its lines lie far apart, and there is time while it is computed.
  HWY_INLINE void fetch(int row, int height, int unit) const {
    for (int r = 0; r < height; ++r) {
      hwy::Prefetch(c + (row + r) * stride + unit);
      hwy::Prefetch(c + (row + r) * stride + unit + kLanes);
    }
  }
};

template <bool kAccumulate, bool kBias>
void run_product(const Product& p) {
  StoreEpilogue<kAccumulate, kBias> epilogue{p.c, p.c_stride, p.bias};
  // The block of `a` stays in the cache while all panels pass. Few weights stay in the first cache
  // themselves: then the rows pass, a tile at a time, and what is written lies together.
  constexpr std::size_t kFewBytes = 16384;
  const std::size_t bytes = packed_size(p.K, p.N) * sizeof(real);
  const int rows_at_once = bytes <= kFewBytes ? rows_per_tile<1>() : 96;
  for (int row = 0; row < p.rows; row += rows_at_once) {
    const int count = HWY_MIN(rows_at_once, p.rows - row);
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

HWY_INLINE std::ptrdiff_t row_of(const int* index, std::ptrdiff_t base, int m) {
  return index != nullptr ? index[m] - base : m;
}

// b: the rows m0.. and columns j0.. in place or copied.
template <int MR>
HWY_INLINE void outer_tile(const OuterProduct& p, int m0, int depth, int i0, int j0, Rows b) {
  const Tag d;
  Vec acc[MR][2];
  HWY_UNROLL(16)
  for (int r = 0; r < MR; ++r) {
    acc[r][0] = acc[r][1] = hn::Zero(d);
    hwy::Prefetch(p.c + (i0 + r) * p.c_stride + j0);  // a line far from the last tile's
  }
  for (int m = 0; m < depth; ++m, b.data += b.stride) {
    const real* a = p.a + row_of(p.a_index, p.index_base, m0 + m) * p.a_stride + i0;
    const Vec b0 = hn::LoadU(d, b.data), b1 = hn::LoadU(d, b.data + kLanes);
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
                                     int j0, Rows b) {
  switch (height) {
#define REFRAIN_TILE(MR)                                                             \
  case MR:                                                                           \
    if constexpr (MR <= rows_per_tile<1>()) outer_tile<MR>(p, m0, depth, i0, j0, b); \
    break;
    REFRAIN_FOR_HEIGHTS(REFRAIN_TILE)
#undef REFRAIN_TILE
    default:
      break;
  }
}

HWY_INLINE void copy_panel(const OuterProduct& p, int m0, int depth, int j0, real* panel) {
  constexpr int kAhead = 12;  // a line a row, rows apart: nothing but this fetches them early
  const Tag d;
  const int left = p.Nb - j0;
  const auto row = [&](int m) {
    return p.b + row_of(p.b_index, p.index_base, m0 + m) * p.b_stride + j0;
  };
  for (int m = 0; m < depth; ++m, panel += kPanel) {
    const real* b = row(m);
    if (HWY_LIKELY(left >= kPanel)) {
      hwy::Prefetch(row(HWY_MIN(m + kAhead, depth - 1)));
      hn::Store(hn::LoadU(d, b), d, panel);
      hn::Store(hn::LoadU(d, b + kLanes), d, panel + kLanes);
    } else {
      hn::Store(load_part(b, HWY_MIN(left, kLanes)), d, panel);
      hn::Store(left > kLanes ? load_part(b + kLanes, left - kLanes) : hn::Zero(d), d,
                panel + kLanes);
    }
  }
}

void outer_product(const OuterProduct& p) {
  HWY_ALIGN real panel[kDepth * kPanel];
  const int tiles = (p.Ka + rows_per_tile<1>() - 1) / rows_per_tile<1>();
  for (int m0 = 0; m0 < p.rows; m0 += kDepth) {
    const int depth = HWY_MIN(kDepth, p.rows - m0);
    for (int j0 = 0; j0 < p.Nb; j0 += kPanel) {
      const bool in_place = tiles <= 2 && p.b_index == nullptr && j0 + kPanel <= p.Nb;
      if (!in_place) copy_panel(p, m0, depth, j0, panel);
      const Rows b = in_place ? Rows{p.b + m0 * p.b_stride + j0, p.b_stride} : Rows{panel, kPanel};
      for (int i = 0; i < tiles; ++i) {
        const int i0 = p.Ka * i / tiles, end = p.Ka * (i + 1) / tiles;
        outer_tile_of_height(end - i0, p, m0, depth, i0, j0, b);
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
