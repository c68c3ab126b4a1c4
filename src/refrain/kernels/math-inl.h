// Vectorised exp, tanh and sigmoid for `real`. exp(x) = 2^n * (1 + q(r)) with r = x - n*ln2, |r| <=
// ln2/2, and q the Taylor series of exp(r) - 1; tanh and sigmoid are built from the same q, so that
// tanh keeps its relative accuracy near zero. Largest error found in units of the last place
// (math_test.cc, against long double; SSE4 is the worst, as it has no fused multiply-add):
//            exp in [-87, 88]   sigmoid from -87 on   tanh
//   float    1.2                2.3                   2.7
//   double   1.2                2.0                   2.7   (exp in [-708, 709], sigmoid from -708)
#if defined(REFRAIN_KERNELS_MATH_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef REFRAIN_KERNELS_MATH_INL_H_
#undef REFRAIN_KERNELS_MATH_INL_H_
#else
#define REFRAIN_KERNELS_MATH_INL_H_
#endif

#include <limits>

#include "refrain/kernels/simd-inl.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::kernels::HWY_NAMESPACE {

struct ExpParts {
  Vec scale;  // 2^n
  Vec q;      // exp(r) - 1
};

template <class T>
struct ExpConstants;
template <>
struct ExpConstants<float> {
  static constexpr float kLow = -87.0f, kHigh = 88.0f, kTanhLimit = 18.5f;
  static constexpr float kLn2High = 0.693359375f, kLn2Low = -2.12194440e-4f;
  static constexpr float kMagic = 8388608.0f + 127.0f;  // 2^23 + bias
  static constexpr int kShift = 23, kTerms = 7;
};
template <>
struct ExpConstants<double> {
  static constexpr double kLow = -708.0, kHigh = 709.0, kTanhLimit = 40.0;
  static constexpr double kLn2High = 0.693147180369123816490, kLn2Low = 1.90821492927058770002e-10;
  static constexpr double kMagic = 4503599627370496.0 + 1023.0;  // 2^52 + bias
  static constexpr int kShift = 52, kTerms = 13;
};

// x within [kLow, kHigh].
HWY_INLINE ExpParts exp_parts(Vec x) {
  using C = ExpConstants<real>;
  const Tag d;
  const hn::RebindToUnsigned<Tag> du;
  const Vec n = hn::Round(hn::Mul(x, hn::Set(d, static_cast<real>(1.44269504088896340736))));
  const Vec r =
      hn::NegMulAdd(n, hn::Set(d, C::kLn2Low), hn::NegMulAdd(n, hn::Set(d, C::kLn2High), x));
  const auto bits = hn::BitCast(du, hn::Add(n, hn::Set(d, C::kMagic)));
  const Vec scale = hn::BitCast(d, hn::ShiftLeft<C::kShift>(bits));
  real factorial = 1;
  for (int k = 2; k <= C::kTerms; ++k) factorial *= static_cast<real>(k);
  Vec q = hn::Set(d, 1 / factorial);
  HWY_UNROLL(16)
  for (int k = C::kTerms; k > 1; --k) {
    factorial /= static_cast<real>(k);
    q = hn::MulAdd(q, r, hn::Set(d, 1 / factorial));
  }
  return {scale, hn::Mul(q, r)};
}

HWY_INLINE Vec keep_nan(Vec x, Vec y) { return hn::IfThenElse(hn::IsNaN(x), x, y); }

// NaN stays NaN. Where one operand is NaN, Min and Max give the second one on x86 and the other one
// on ARM.
HWY_INLINE Vec clamp(Vec x, real low, real high) {
  const Tag d;
  const Vec within = hn::Min(hn::Set(d, high), hn::Max(hn::Set(d, low), x));
#if HWY_ARCH_ARM
  return keep_nan(x, within);
#else
  return within;
#endif
}

HWY_INLINE Vec vector_exp(Vec x) {
  using C = ExpConstants<real>;
  const ExpParts e = exp_parts(clamp(x, C::kLow, C::kHigh));
  return hn::MulAdd(e.scale, e.q, e.scale);
}

// 1 / (1 + exp(-x))
HWY_INLINE Vec vector_sigmoid(Vec x) {
  using C = ExpConstants<real>;
  const Tag d;
  const ExpParts e = exp_parts(clamp(hn::Neg(x), C::kLow, C::kHigh));
  const Vec one_and_exp = hn::MulAdd(e.scale, e.q, hn::Add(e.scale, hn::Set(d, 1)));
  return hn::Div(hn::Set(d, 1), one_and_exp);
}

// (exp(2x) - 1) / (exp(2x) + 1)
HWY_INLINE Vec vector_tanh(Vec x) {
  using C = ExpConstants<real>;
  const Tag d;
  const ExpParts e = exp_parts(clamp(hn::Add(x, x), -C::kTanhLimit, C::kTanhLimit));
  const Vec minus = hn::MulAdd(e.scale, e.q, hn::Sub(e.scale, hn::Set(d, 1)));
  return hn::Div(minus, hn::Add(minus, hn::Set(d, 2)));
}

}  // namespace refrain::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
