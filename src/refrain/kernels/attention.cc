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

// P(Z < -|x|) = s(t) exp(-x^2 / 2), t = 1 / (1 + p |x|), s(t) = t (a1 + t (a2 + ...)) / 2.
constexpr double kTailScale = 0.3275911 * 0.70710678118654752440;  // p
constexpr double kTail[] = {0.5 * 0.254829592, 0.5 * -0.284496736, 0.5 * 1.421413741,
                            0.5 * -1.453152027, 0.5 * 1.061405429};

HWY_INLINE Vec constant(double v) { return hn::Set(Tag(), static_cast<real>(v)); }

HWY_INLINE Vec tail_argument(Vec x) {
  return hn::Div(constant(1), hn::MulAdd(constant(kTailScale), hn::Abs(x), constant(1)));
}

HWY_INLINE Vec bell(Vec x) { return vector_exp(hn::Mul(hn::Mul(constant(-0.5), x), x)); }

HWY_INLINE Vec normal_tail(Vec x) {
  const Vec t = tail_argument(x);
  Vec sum = constant(kTail[4]);
  for (int k = 3; k >= 0; --k) sum = hn::MulAdd(sum, t, constant(kTail[k]));
  return hn::Mul(hn::Mul(sum, t), bell(x));
}

HWY_INLINE Vec share_below(Vec x, Vec tail) {
  const Tag d;
  return hn::IfThenElse(hn::Lt(x, hn::Zero(d)), tail, hn::Sub(constant(1), tail));
}

void gelu(std::size_t count, real* values) {
  for_vectors(count, [&](std::size_t i, int n) HWY_ATTR {
    const Vec x = load_part(values + i, n);
    store_part(hn::Mul(x, share_below(x, normal_tail(x))), values + i, n);
  });
}

// The share's derivative is exp(-x^2 / 2) (|x| s + p t^2 s'), s' by t.
void gelu_backward(const real* values, const real* d_y, std::size_t count, real* d_x) {
  for_vectors(count, [&](std::size_t i, int n) HWY_ATTR {
    const Vec x = load_part(values + i, n), t = tail_argument(x), e = bell(x);
    Vec s = constant(kTail[4]), slope = constant(5 * kTail[4]);
    for (int k = 3; k >= 0; --k) {
      s = hn::MulAdd(s, t, constant(kTail[k]));
      slope = hn::MulAdd(slope, t, constant((k + 1) * kTail[k]));
    }
    s = hn::Mul(s, t);
    const Vec by_t = hn::Mul(constant(kTailScale), hn::Mul(hn::Mul(t, t), slope));
    const Vec density = hn::Mul(e, hn::MulAdd(hn::Abs(x), s, by_t));
    const Vec factor = hn::MulAdd(x, density, share_below(x, hn::Mul(s, e)));
    store_part(hn::MulAdd(load_part(d_y + i, n), factor, load_part(d_x + i, n)), d_x + i, n);
  });
}

constexpr double kTanhScale = 0.79788456080286535588;  // sqrt(2 / pi)
constexpr double kTanhCubic = 0.044715;

HWY_INLINE Vec tanh_of_cubic(Vec x) {
  const Vec inner = hn::MulAdd(hn::Mul(constant(kTanhCubic), x), hn::Mul(x, x), x);
  return vector_tanh(hn::Mul(constant(kTanhScale), inner));
}

void gelu_tanh(std::size_t count, real* values) {
  const Vec half = constant(0.5);
  for_vectors(count, [&](std::size_t i, int n) HWY_ATTR {
    const Vec x = load_part(values + i, n);
    const Vec share = hn::MulAdd(half, tanh_of_cubic(x), half);
    store_part(hn::Mul(x, share), values + i, n);
  });
}

void gelu_tanh_backward(const real* values, const real* d_y, std::size_t count, real* d_x) {
  const Vec half = constant(0.5);
  for_vectors(count, [&](std::size_t i, int n) HWY_ATTR {
    const Vec x = load_part(values + i, n), th = tanh_of_cubic(x);
    const Vec inner =
        hn::MulAdd(hn::Mul(constant(3 * kTanhCubic * kTanhScale), x), x, constant(kTanhScale));
    const Vec density = hn::Mul(hn::Mul(half, hn::NegMulAdd(th, th, constant(1))), inner);
    const Vec factor = hn::MulAdd(x, density, hn::MulAdd(half, th, half));
    store_part(hn::MulAdd(load_part(d_y + i, n), factor, load_part(d_x + i, n)), d_x + i, n);
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

void additive_scores(const AdditiveScores& a, real* score) {
  const Tag d;
  const real* key = a.keys;
  for (int u = 0; u < a.rows; ++u, key += a.columns) {
    Vec sum = hn::Zero(d);
    for_vectors(static_cast<std::size_t>(a.columns), [&](std::size_t i, int n) HWY_ATTR {
      const Vec met = vector_tanh(hn::Add(load_part(a.query + i, n), load_part(key + i, n)));
      sum = hn::MulAdd(load_part(a.energy + i, n), met, sum);
    });
    score[u] = hn::GetLane(hn::SumOfLanes(d, sum));
  }
}

// Column by column, so that the gradients of query and energy stay in registers.
void additive_scores_backward(const AdditiveScores& a, const AdditiveGradients& g) {
  const Tag d;
  for_vectors(static_cast<std::size_t>(a.columns), [&](std::size_t i, int n) HWY_ATTR {
    const Vec query = load_part(a.query + i, n), energy = load_part(a.energy + i, n);
    Vec d_query = load_part(g.d_query + i, n), d_energy = load_part(g.d_energy + i, n);
    std::size_t at = i;
    for (int u = 0; u < a.rows; ++u, at += static_cast<std::size_t>(a.columns)) {
      const Vec met = vector_tanh(hn::Add(query, load_part(a.keys + at, n)));
      const Vec d_score = hn::Set(d, g.d_score[u]);
      const Vec d_met = hn::Mul(hn::Mul(d_score, energy), hn::NegMulAdd(met, met, constant(1)));
      d_query = hn::Add(d_query, d_met);
      d_energy = hn::MulAdd(d_score, met, d_energy);
      store_part(hn::Add(load_part(g.d_keys + at, n), d_met), g.d_keys + at, n);
    }
    store_part(d_query, g.d_query + i, n);
    store_part(d_energy, g.d_energy + i, n);
  });
}

}  // namespace refrain::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace refrain::kernels {

HWY_EXPORT(gelu);
HWY_EXPORT(gelu_tanh);
HWY_EXPORT(gelu_backward);
HWY_EXPORT(gelu_tanh_backward);
HWY_EXPORT(softmax_rows);
HWY_EXPORT(additive_scores);
HWY_EXPORT(additive_scores_backward);

void gelu(std::size_t n, real* x) { HWY_DYNAMIC_DISPATCH(gelu)(n, x); }
void gelu_tanh(std::size_t n, real* x) { HWY_DYNAMIC_DISPATCH(gelu_tanh)(n, x); }
void gelu_backward(const real* x, const real* d_y, std::size_t n, real* d_x) {
  HWY_DYNAMIC_DISPATCH(gelu_backward)(x, d_y, n, d_x);
}
void gelu_tanh_backward(const real* x, const real* d_y, std::size_t n, real* d_x) {
  HWY_DYNAMIC_DISPATCH(gelu_tanh_backward)(x, d_y, n, d_x);
}
void softmax_rows(const ScaledRows& rows) { HWY_DYNAMIC_DISPATCH(softmax_rows)(rows); }
void additive_scores(const AdditiveScores& a, real* score) {
  HWY_DYNAMIC_DISPATCH(additive_scores)(a, score);
}
void additive_scores_backward(const AdditiveScores& a, const AdditiveGradients& d) {
  HWY_DYNAMIC_DISPATCH(additive_scores_backward)(a, d);
}

}  // namespace refrain::kernels
#endif
