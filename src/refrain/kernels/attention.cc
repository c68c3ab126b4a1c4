#include "refrain/kernels/attention.h"

#include <limits>

#include "refrain/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "refrain/kernels/attention.cc"
#include <hwy/foreach_target.h>
//
#include "refrain/kernels/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::kernels::HWY_NAMESPACE {

// P(Z < -|x|) = t (a1 + t (a2 + ...)) exp(-x^2 / 2) / 2, t = 1 / (1 + p |x| / sqrt(2)).
HWY_INLINE Vec normal_tail(Vec x) {
  const Tag d;
  const auto set = [&](double v) HWY_ATTR { return hn::Set(d, static_cast<real>(v)); };
  const Vec t =
      hn::Div(set(1), hn::MulAdd(set(0.3275911 * 0.70710678118654752440), hn::Abs(x), set(1)));
  Vec sum = set(0.5 * 1.061405429);
  sum = hn::MulAdd(sum, t, set(0.5 * -1.453152027));
  sum = hn::MulAdd(sum, t, set(0.5 * 1.421413741));
  sum = hn::MulAdd(sum, t, set(0.5 * -0.284496736));
  sum = hn::MulAdd(sum, t, set(0.5 * 0.254829592));
  return hn::Mul(hn::Mul(sum, t), vector_exp(hn::Mul(hn::Mul(set(-0.5), x), x)));
}

void gelu(std::size_t count, real* values) {
  const Tag d;
  for_vectors(count, [&](std::size_t i, int n) HWY_ATTR {
    const Vec x = load_part(values + i, n);
    const Vec tail = normal_tail(x);
    const auto negative = hn::Lt(x, hn::Zero(d));
    const Vec share = hn::IfThenElse(negative, tail, hn::Sub(hn::Set(d, 1), tail));
    store_part(hn::Mul(x, share), values + i, n);
  });
}

void gelu_tanh(std::size_t count, real* values) {
  const Tag d;
  const Vec half = hn::Set(d, static_cast<real>(0.5));
  const Vec root = hn::Set(d, static_cast<real>(0.79788456080286535588));  // sqrt(2 / pi)
  const Vec cubic = hn::Set(d, static_cast<real>(0.044715));
  for_vectors(count, [&](std::size_t i, int n) HWY_ATTR {
    const Vec x = load_part(values + i, n);
    const Vec inner = hn::MulAdd(hn::Mul(cubic, x), hn::Mul(x, x), x);
    const Vec share = hn::MulAdd(half, vector_tanh(hn::Mul(root, inner)), half);
    store_part(hn::Mul(x, share), values + i, n);
  });
}

HWY_INLINE Vec only(Vec x, int n, Vec rest) {
  const Tag d;
  return n < kLanes ? hn::IfThenElse(hn::FirstN(d, static_cast<std::size_t>(n)), x, rest) : x;
}

HWY_INLINE void softmax_row(real* x, std::size_t count, real scale) {
  const Tag d;
  const Vec lowest = hn::Set(d, std::numeric_limits<real>::lowest());
  Vec most = lowest;
  for_vectors(count, [&](std::size_t i, int n)
                         HWY_ATTR { most = hn::Max(most, only(load_part(x + i, n), n, lowest)); });
  const Vec shift = hn::Set(d, scale * hn::GetLane(hn::MaxOfLanes(d, most)));
  const Vec factor = hn::Set(d, scale);
  Vec total = hn::Zero(d);
  for_vectors(count, [&](std::size_t i, int n) HWY_ATTR {
    const Vec e = vector_exp(hn::MulSub(factor, load_part(x + i, n), shift));
    total = hn::Add(total, only(e, n, hn::Zero(d)));
    store_part(e, x + i, n);
  });
  const Vec inverse = hn::Set(d, 1 / hn::GetLane(hn::SumOfLanes(d, total)));
  for_vectors(count, [&](std::size_t i, int n)
                         HWY_ATTR { store_part(hn::Mul(inverse, load_part(x + i, n)), x + i, n); });
}

void softmax_rows(const ScaledRows& p) {
  for (int r = 0; r < p.rows; ++r) {
    softmax_row(p.x + r * p.stride, static_cast<std::size_t>(p.columns), p.scale);
  }
}

}  // namespace refrain::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace refrain::kernels {

HWY_EXPORT(gelu);
HWY_EXPORT(gelu_tanh);
HWY_EXPORT(softmax_rows);

void gelu(std::size_t n, real* x) { HWY_DYNAMIC_DISPATCH(gelu)(n, x); }
void gelu_tanh(std::size_t n, real* x) { HWY_DYNAMIC_DISPATCH(gelu_tanh)(n, x); }
void softmax_rows(const ScaledRows& rows) { HWY_DYNAMIC_DISPATCH(softmax_rows)(rows); }

}  // namespace refrain::kernels
#endif
