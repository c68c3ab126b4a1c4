#include "refrain/kernels/alignment.h"

#include <algorithm>
#include <limits>

#include "refrain/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "refrain/kernels/alignment.cc"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace refrain::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

constexpr float kFar = std::numeric_limits<float>::max() / 4;

// x * x where that is finite, else 0. No fused operations here: they would make sums differ between
// machines.
template <class D, class V>
HWY_INLINE V finite_square(D d, V x) {
  const auto square = hn::Mul(x, x);
  return hn::IfThenElseZero(hn::Lt(square, hn::Set(d, std::numeric_limits<float>::infinity())),
                            square);
}

// Rows of costs by i + 1, so that a cell's neighbours lie at i and i + 1.
struct AlignmentRows {
  float *twice, *once;  // of the antidiagonals s - 2 and s - 1
  float* now;
};

// Cells `begin` to `end`; whole vectors are written, those behind `end` mended by the caller.
HWY_INLINE void align_cells(const Alignment& w, int s, const AlignmentRows& rows,
                            std::int32_t* from) {
  const hn::CappedTag<float, 16> d;
  const hn::RebindToSigned<decltype(d)> di;
  const int lanes = static_cast<int>(hn::Lanes(d));
  for (int i = w.begin[s]; i < w.end[s]; i += lanes) {
    auto cost = hn::Zero(d);
    for (int c = 0; c < w.channels; ++c) {
      const float* a = w.a + static_cast<std::ptrdiff_t>(c) * w.n + i;
      const float* b = w.b + static_cast<std::ptrdiff_t>(c) * w.m + (w.m - 1 - s + i);
      const auto difference = hn::Sub(hn::LoadU(d, a), hn::LoadU(d, b));
      cost = hn::Add(cost, finite_square(d, difference));
    }
    const auto both = hn::LoadU(d, rows.twice + i);
    const auto by_a = hn::LoadU(d, rows.once + i);
    const auto by_b = hn::LoadU(d, rows.once + i + 1);
    const auto least = hn::Min(hn::Min(both, by_a), by_b);
    const auto step = hn::IfThenElse(hn::Le(by_a, by_b), hn::Set(d, 1.0F), hn::Set(d, 2.0F));
    const auto chosen = hn::IfThenZeroElse(hn::Le(both, hn::Min(by_a, by_b)), step);
    hn::StoreU(hn::ConvertTo(di, chosen), di, from + (i - w.begin[s]));
    hn::StoreU(hn::Min(hn::Add(least, cost), hn::Set(d, kFar)), d, rows.now + i + 1);
  }
}

void align(const Alignment& w) {
  const std::ptrdiff_t row = static_cast<std::ptrdiff_t>(alignment_scratch(w.n) / 3);
  std::fill(w.scratch, w.scratch + 3 * row, kFar);
  AlignmentRows rows{w.scratch, w.scratch + row, w.scratch + 2 * row};
  w.scratch[0] = 0;  // the way to cell (0, 0) comes from nowhere
  std::int32_t* from = w.from;
  for (int s = 0; s < w.n + w.m - 1; ++s) {
    align_cells(w, s, rows, from);
    rows.now[w.begin[s]] = rows.now[w.end[s] + 1] = kFar;
    from += w.end[s] - w.begin[s];
    if (s == 0) rows.twice[0] = kFar;
    rows = {rows.once, rows.now, rows.twice};
  }
}

float mean_square_difference(const float* a, const float* b, const float* weight, std::size_t n) {
  const hn::CappedTag<float, 4> d;  // the same partial sums on every machine
  const std::size_t lanes = hn::Lanes(d);
  const auto zero = hn::Zero(d), one = hn::Set(d, 1.0F);
  auto sum0 = zero, sum1 = zero, count0 = zero, count1 = zero;
  const auto take = [&](auto x, auto y, auto w, auto& sum, auto& count) {
    const auto scaled = hn::Mul(hn::Sub(x, y), w);
    const auto square = hn::Mul(scaled, scaled);
    const auto finite = hn::Lt(square, hn::Set(d, std::numeric_limits<float>::infinity()));
    sum = hn::Add(sum, hn::IfThenElseZero(finite, square));
    count = hn::Add(count, hn::IfThenElseZero(hn::And(finite, hn::Gt(w, zero)), one));
  };
  std::size_t i = 0;
  for (; i + 2 * lanes <= n; i += 2 * lanes) {
    const std::size_t k = i + lanes;
    take(hn::LoadU(d, a + i), hn::LoadU(d, b + i), hn::LoadU(d, weight + i), sum0, count0);
    take(hn::LoadU(d, a + k), hn::LoadU(d, b + k), hn::LoadU(d, weight + k), sum1, count1);
  }
  if (i < n) {  // padding behind the end weighs nothing
    HWY_ALIGN float rest[3][8] = {};
    std::copy(a + i, a + n, rest[0]);
    std::copy(b + i, b + n, rest[1]);
    std::copy(weight + i, weight + n, rest[2]);
    for (std::size_t k = 0; k < 8; k += lanes) {
      take(hn::Load(d, rest[0] + k), hn::Load(d, rest[1] + k), hn::Load(d, rest[2] + k), sum0,
           count0);
    }
  }
  const float places = hn::GetLane(hn::SumOfLanes(d, hn::Add(count0, count1)));
  return places > 0 ? hn::GetLane(hn::SumOfLanes(d, hn::Add(sum0, sum1))) / places : 0;
}

}  // namespace refrain::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace refrain::kernels {

HWY_EXPORT(align);
HWY_EXPORT(mean_square_difference);

void align(const Alignment& alignment) { HWY_DYNAMIC_DISPATCH(align)(alignment); }
float mean_square_difference(const float* a, const float* b, const float* weight, std::size_t n) {
  return HWY_DYNAMIC_DISPATCH(mean_square_difference)(a, b, weight, n);
}

}  // namespace refrain::kernels
#endif
