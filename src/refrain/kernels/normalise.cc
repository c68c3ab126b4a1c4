#include "refrain/kernels/normalise.h"

#include <cmath>

#include "refrain/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "refrain/kernels/normalise.cc"
#include <hwy/foreach_target.h>
//
#include "refrain/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::kernels::HWY_NAMESPACE {

HWY_INLINE real sum_of(Vec v) {
  const Tag d;
  return hn::GetLane(hn::SumOfLanes(d, v));
}

// The mean of x - shift.
HWY_INLINE real mean_of(const real* x, real shift, std::size_t F) {
  const Tag d;
  const Vec s = hn::Set(d, shift);
  Vec total = hn::Zero(d);
  for_vectors(F, [&](std::size_t i, int n) HWY_ATTR {
    const Vec v = hn::Sub(load_part(x + i, n), s);
    total = hn::Add(
        total, n < kLanes ? hn::IfThenElseZero(hn::FirstN(d, static_cast<std::size_t>(n)), v) : v);
  });
  return sum_of(total) / static_cast<real>(F);
}

real normalise_row(const real* x, std::size_t F, real* normal, real epsilon) {
  const Tag d;
  real mean = mean_of(x, 0, F);
  mean += mean_of(x, mean, F);  // adds what rounding lost where the mean is large
  const Vec m = hn::Set(d, mean);
  Vec square = hn::Zero(d);
  for_vectors(F, [&](std::size_t i, int n) HWY_ATTR {
    const Vec v = hn::Sub(load_part(x + i, n), m);
    store_part(v, normal + i, n);
    const Vec part =
        n < kLanes ? hn::IfThenElseZero(hn::FirstN(d, static_cast<std::size_t>(n)), v) : v;
    square = hn::MulAdd(part, part, square);
  });
  const real variance = sum_of(square) / static_cast<real>(F);
  const real inverse = 1 / std::sqrt(variance + epsilon);
  const Vec factor = hn::Set(d, inverse);
  for_vectors(F, [&](std::size_t i, int n) HWY_ATTR {
    store_part(hn::Mul(load_part(normal + i, n), factor), normal + i, n);
  });
  return inverse;
}

void scale_and_shift(const real* normal, const real* gain, const real* bias, std::size_t F,
                     real* y) {
  for_vectors(F, [&](std::size_t i, int n) HWY_ATTR {
    store_part(hn::MulAdd(load_part(normal + i, n), load_part(gain + i, n), load_part(bias + i, n)),
               y + i, n);
  });
}

void normalise_row_backward(const NormaliseBackward& b) {
  const Tag d;
  Vec sum = hn::Zero(d), inner = hn::Zero(d);
  for_vectors(b.F, [&](std::size_t i, int n) HWY_ATTR {
    const Vec d_y = load_part(b.d_y + i, n), u = load_part(b.normal + i, n);
    if (b.d_gain != nullptr) {
      store_part(hn::MulAdd(d_y, u, load_part(b.d_gain + i, n)), b.d_gain + i, n);
    }
    if (b.d_bias != nullptr) store_part(hn::Add(d_y, load_part(b.d_bias + i, n)), b.d_bias + i, n);
    const Vec scaled = hn::Mul(d_y, load_part(b.gain + i, n));  // zero beyond the row
    sum = hn::Add(sum, scaled);
    inner = hn::MulAdd(scaled, u, inner);
  });
  if (b.d_x == nullptr) return;
  const Vec mean = hn::Set(d, sum_of(sum) / static_cast<real>(b.F));
  const Vec slope = hn::Set(d, sum_of(inner) / static_cast<real>(b.F));
  const Vec inverse = hn::Set(d, b.inverse);
  for_vectors(b.F, [&](std::size_t i, int n) HWY_ATTR {
    const Vec scaled = hn::Mul(load_part(b.d_y + i, n), load_part(b.gain + i, n));
    const Vec centred = hn::NegMulAdd(load_part(b.normal + i, n), slope, hn::Sub(scaled, mean));
    store_part(hn::MulAdd(inverse, centred, load_part(b.d_x + i, n)), b.d_x + i, n);
  });
}

}  // namespace refrain::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace refrain::kernels {

HWY_EXPORT(normalise_row);
HWY_EXPORT(scale_and_shift);
HWY_EXPORT(normalise_row_backward);

real normalise_row(const real* x, std::size_t F, real* normal, real epsilon) {
  return HWY_DYNAMIC_DISPATCH(normalise_row)(x, F, normal, epsilon);
}
void scale_and_shift(const real* normal, const real* gain, const real* bias, std::size_t F,
                     real* y) {
  HWY_DYNAMIC_DISPATCH(scale_and_shift)(normal, gain, bias, F, y);
}
void normalise_row_backward(const NormaliseBackward& b) {
  HWY_DYNAMIC_DISPATCH(normalise_row_backward)(b);
}

}  // namespace refrain::kernels
#endif
