#include "refrain/kernels/convolution9.h"

#include <cstdint>

#include "refrain/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "refrain/kernels/convolution9.cc"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace refrain::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using FloatTag = hn::ScalableTag<float>;
using CountTag = hn::RebindToSigned<FloatTag>;
constexpr int kFloats = static_cast<int>(hn::MaxLanes(FloatTag()));

void nine_tap_base(const float* x, int dilation, int n, float* base) {
  const FloatTag d;
  int i = 0;
  for (; i + kFloats <= n; i += kFloats) {
    auto sum = hn::LoadU(d, x + i);
    for (int k = 1; k < 9; ++k) sum = hn::Add(sum, hn::LoadU(d, x + i + k * dilation));
    hn::StoreU(hn::Neg(sum), d, base + i);
  }
  for (; i < n; ++i) {
    float sum = x[i];
    for (int k = 1; k < 9; ++k) sum += x[i + k * dilation];
    base[i] = -sum;
  }
}

void nine_tap(const float* x, const float* base, HeavyTaps taps, int n, bool accumulate, float* y) {
  const FloatTag d;
  const auto three = hn::Set(d, 3.0F);
  int i = 0;
  for (; i + kFloats <= n; i += kFloats) {
    const auto ab = hn::Add(hn::LoadU(d, x + i + taps.a), hn::LoadU(d, x + i + taps.b));
    const auto heavy = hn::Add(ab, hn::LoadU(d, x + i + taps.c));
    auto sum = hn::Add(hn::LoadU(d, base + i), hn::Mul(three, heavy));
    if (accumulate) sum = hn::Add(sum, hn::LoadU(d, y + i));
    hn::StoreU(sum, d, y + i);
  }
  for (; i < n; ++i) {
    const float heavy = x[i + taps.a] + x[i + taps.b] + x[i + taps.c];
    const float sum = base[i] + 3.0F * heavy;
    y[i] = accumulate ? sum + y[i] : sum;
  }
}

// Four thresholds share each load.
HWY_INLINE void count_four(const float* x, int n, const float* threshold, int* above) {
  const FloatTag d;
  const CountTag di;
  const auto t0 = hn::Set(d, threshold[0]), t1 = hn::Set(d, threshold[1]);
  const auto t2 = hn::Set(d, threshold[2]), t3 = hn::Set(d, threshold[3]);
  auto c0 = hn::Zero(di), c1 = hn::Zero(di), c2 = hn::Zero(di), c3 = hn::Zero(di);
  int i = 0;
  for (; i + kFloats <= n; i += kFloats) {
    const auto v = hn::LoadU(d, x + i);
    c0 = hn::Sub(c0, hn::BitCast(di, hn::VecFromMask(d, hn::Gt(v, t0))));
    c1 = hn::Sub(c1, hn::BitCast(di, hn::VecFromMask(d, hn::Gt(v, t1))));
    c2 = hn::Sub(c2, hn::BitCast(di, hn::VecFromMask(d, hn::Gt(v, t2))));
    c3 = hn::Sub(c3, hn::BitCast(di, hn::VecFromMask(d, hn::Gt(v, t3))));
  }
  above[0] = hn::GetLane(hn::SumOfLanes(di, c0));
  above[1] = hn::GetLane(hn::SumOfLanes(di, c1));
  above[2] = hn::GetLane(hn::SumOfLanes(di, c2));
  above[3] = hn::GetLane(hn::SumOfLanes(di, c3));
  for (; i < n; ++i) {
    for (int k = 0; k < 4; ++k) above[k] += x[i] > threshold[k] ? 1 : 0;
  }
}

void count_above(const float* x, int n, const float* threshold, int count, int* above) {
  int k = 0;
  for (; k + 4 <= count; k += 4) count_four(x, n, threshold + k, above + k);
  if (k == count) return;
  float last[4] = {};
  int counts[4];
  for (int j = k; j < count; ++j) last[j - k] = threshold[j];
  count_four(x, n, last, counts);
  for (int j = k; j < count; ++j) above[j] = counts[j - k];
}

}  // namespace refrain::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace refrain::kernels {

HWY_EXPORT(nine_tap_base);
HWY_EXPORT(nine_tap);
HWY_EXPORT(count_above);

void nine_tap_base(const float* x, int dilation, int n, float* base) {
  HWY_DYNAMIC_DISPATCH(nine_tap_base)(x, dilation, n, base);
}
void nine_tap(const float* x, const float* base, HeavyTaps taps, int n, bool accumulate, float* y) {
  HWY_DYNAMIC_DISPATCH(nine_tap)(x, base, taps, n, accumulate, y);
}
void count_above(const float* x, int n, const float* threshold, int count, int* above) {
  HWY_DYNAMIC_DISPATCH(count_above)(x, n, threshold, count, above);
}

}  // namespace refrain::kernels
#endif
