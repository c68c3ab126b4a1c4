#include "refrain/kernels/elementwise.h"

#include <cmath>

#include "refrain/base/rng.h"
#include "refrain/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "refrain/kernels/elementwise.cc"
#include <hwy/foreach_target.h>
//
#include "refrain/kernels/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::kernels::HWY_NAMESPACE {

void add(const real* x, std::size_t count, real* y) {
  for_vectors(count, [&](std::size_t i, int n) HWY_ATTR {
    store_part(hn::Add(load_part(y + i, n), load_part(x + i, n)), y + i, n);
  });
}

void add_scaled(const real* x, real a, std::size_t count, real* y) {
  const Vec factor = hn::Set(Tag(), a);
  for_vectors(count, [&](std::size_t i, int n) HWY_ATTR {
    store_part(hn::MulAdd(factor, load_part(x + i, n), load_part(y + i, n)), y + i, n);
  });
}

void scale(real a, std::size_t count, real* y) {
  const Vec factor = hn::Set(Tag(), a);
  for_vectors(count, [&](std::size_t i, int n)
                         HWY_ATTR { store_part(hn::Mul(factor, load_part(y + i, n)), y + i, n); });
}

void multiply_add(const real* x, const real* m, std::size_t count, real* y) {
  for_vectors(count, [&](std::size_t i, int n) HWY_ATTR {
    store_part(hn::MulAdd(load_part(x + i, n), load_part(m + i, n), load_part(y + i, n)), y + i, n);
  });
}

void multiply(const real* x, const real* m, std::size_t count, real* y) {
  for_vectors(count, [&](std::size_t i, int n) HWY_ATTR {
    store_part(hn::Mul(load_part(x + i, n), load_part(m + i, n)), y + i, n);
  });
}

// Sixteen partial sums in double whatever the vector width: the same order on every instruction
// set.
double sum_of_squares(const real* x, std::size_t count) {
  double part[16] = {};
  std::size_t i = 0;
  for (; i + 16 <= count; i += 16) {
    for (std::size_t k = 0; k < 16; ++k) {
      part[k] += static_cast<double>(x[i + k]) * static_cast<double>(x[i + k]);
    }
  }
  for (; i < count; ++i) part[i % 16] += static_cast<double>(x[i]) * static_cast<double>(x[i]);
  double total = 0;
  for (const double p : part) total += p;
  return total;
}

void exp(const real* x, std::size_t count, real* y) {
  for_vectors(count, [&](std::size_t i, int n)
                         HWY_ATTR { store_part(vector_exp(load_part(x + i, n)), y + i, n); });
}

void sigmoid(const real* x, std::size_t count, real* y) {
  for_vectors(count, [&](std::size_t i, int n)
                         HWY_ATTR { store_part(vector_sigmoid(load_part(x + i, n)), y + i, n); });
}

void tanh(const real* x, std::size_t count, real* y) {
  for_vectors(count, [&](std::size_t i, int n)
                         HWY_ATTR { store_part(vector_tanh(load_part(x + i, n)), y + i, n); });
}

void keep_largest(const Candidate& c, std::size_t count, real* best, real* where) {
  const Tag d;
  const Vec place = hn::Set(d, c.place);
  for_vectors(count, [&](std::size_t i, int n) HWY_ATTR {
    const Vec x = load_part(c.x + i, n), old = load_part(best + i, n);
    const auto stays = c.ties ? hn::Lt(x, old) : hn::Le(x, old);
    const auto takes = hn::AndNot(stays, hn::Eq(old, old));
    store_part(hn::IfThenElse(takes, x, old), best + i, n);
    store_part(hn::IfThenElse(takes, place, load_part(where + i, n)), where + i, n);
  });
}

void select_place(const real* x, const real* where, real place, std::size_t count, real* y) {
  const Tag d;
  const Vec wanted = hn::Set(d, place);
  for_vectors(count, [&](std::size_t i, int n) HWY_ATTR {
    const auto here = hn::Eq(load_part(where + i, n), wanted);
    store_part(hn::IfThenElseZero(here, load_part(x + i, n)), y + i, n);
  });
}

void softmax(std::size_t count, real* x) {
  real most = x[0];
  for (std::size_t i = 1; i < count; ++i) most = x[i] > most ? x[i] : most;
  const Vec shift = hn::Set(Tag(), most);
  for_vectors(count, [&](std::size_t i, int n) HWY_ATTR {
    store_part(vector_exp(hn::Sub(load_part(x + i, n), shift)), x + i, n);
  });
  double total = 0;
  for (std::size_t i = 0; i < count; ++i) total += static_cast<double>(x[i]);
  scale(static_cast<real>(1.0 / total), count, x);
}

// The sums of a vector's lanes stay short (64 vectors) before they are added in double.
double softmax_of_many(std::size_t count, real* x) {
  constexpr std::size_t kStep = kLanes, kRun = 64 * kStep;
  const Tag d;
  const std::size_t whole = count - count % kStep;
  Vec largest = hn::Set(d, x[0]);
  for (std::size_t i = 0; i < whole; i += kStep) {
    largest = hn::Max(largest, hn::LoadU(d, x + i));
  }
  real most = hn::GetLane(hn::MaxOfLanes(d, largest));
  for (std::size_t i = whole; i < count; ++i) most = x[i] > most ? x[i] : most;
  const Vec shift = hn::Set(d, most);
  double total = 0;
  for (std::size_t from = 0; from < count; from += kRun) {
    const std::size_t end = HWY_MIN(count, from + kRun);
    Vec sum = hn::Zero(d);
    for (std::size_t i = from; i + kStep <= end; i += kStep) {
      const Vec e = vector_exp(hn::Sub(hn::LoadU(d, x + i), shift));
      hn::StoreU(e, d, x + i);
      sum = hn::Add(sum, e);
    }
    total += static_cast<double>(hn::GetLane(hn::SumOfLanes(d, sum)));
  }
  if (whole < count) {
    const int n = static_cast<int>(count - whole);
    store_part(vector_exp(hn::Sub(load_part(x + whole, n), shift)), x + whole, n);
    for (std::size_t i = whole; i < count; ++i) total += static_cast<double>(x[i]);
  }
  scale(static_cast<real>(1.0 / total), count, x);
  return static_cast<double>(most) + std::log(total);
}

// 32 well mixed bits from a counter: two multiply-xorshift rounds.
template <class D, class V>
HWY_INLINE V hash_bits(D d, V x) {
  x = hn::Mul(hn::Xor(x, hn::ShiftRight<16>(x)), hn::Set(d, 0x7feb352dU));
  x = hn::Mul(hn::Xor(x, hn::ShiftRight<15>(x)), hn::Set(d, 0x846ca68bU));
  return hn::Xor(x, hn::ShiftRight<16>(x));
}

void dropout_mask(std::uint64_t key, std::uint32_t first, real p, std::size_t count, real* mask) {
  const hn::ScalableTag<std::uint32_t> du;
  constexpr std::size_t kWords = hn::MaxLanes(hn::ScalableTag<std::uint32_t>());
  HWY_ALIGN std::uint32_t bits[kWords];
  const auto low = static_cast<std::uint32_t>(key), high = static_cast<std::uint32_t>(key >> 32);
  const real keep = 1 / (1 - p);
  const auto threshold = static_cast<std::uint32_t>(static_cast<double>(p) * 4294967295.0);
  for (std::size_t i = 0; i < count; i += kWords) {
    auto x = hn::Add(hn::Iota(du, 0), hn::Set(du, first + static_cast<std::uint32_t>(i)));
    x = hash_bits(du, hn::Xor(x, hn::Set(du, low)));
    x = hash_bits(du, hn::Add(x, hn::Set(du, high)));
    hn::Store(x, du, bits);
    const std::size_t n = HWY_MIN(kWords, count - i);
    for (std::size_t k = 0; k < n; ++k) mask[i + k] = bits[k] < threshold ? real{0} : keep;
  }
}

void adam(const AdamStep& s, const real* g, std::size_t count, real* m, real* v, real* x) {
  const Tag d;
  const Vec beta1 = hn::Set(d, s.beta1), rest1 = hn::Set(d, 1 - s.beta1);
  const Vec beta2 = hn::Set(d, s.beta2), rest2 = hn::Set(d, 1 - s.beta2);
  const Vec rate = hn::Set(d, s.rate), epsilon = hn::Set(d, s.epsilon);
  const Vec keep = hn::Set(d, 1 - s.decay);
  for_vectors(count, [&](std::size_t i, int n) HWY_ATTR {
    const Vec grad = load_part(g + i, n);
    const Vec first = hn::MulAdd(beta1, load_part(m + i, n), hn::Mul(rest1, grad));
    const Vec second = hn::MulAdd(beta2, load_part(v + i, n), hn::Mul(rest2, hn::Mul(grad, grad)));
    const Vec move = hn::Div(hn::Mul(rate, first), hn::Add(hn::Sqrt(second), epsilon));
    store_part(first, m + i, n);
    store_part(second, v + i, n);
    store_part(hn::Sub(hn::Mul(keep, load_part(x + i, n)), move), x + i, n);
  });
}

}  // namespace refrain::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace refrain::kernels {

HWY_EXPORT(add);
HWY_EXPORT(add_scaled);
HWY_EXPORT(scale);
HWY_EXPORT(multiply_add);
HWY_EXPORT(multiply);
HWY_EXPORT(sum_of_squares);
HWY_EXPORT(exp);
HWY_EXPORT(sigmoid);
HWY_EXPORT(tanh);
HWY_EXPORT(softmax);
HWY_EXPORT(softmax_of_many);
HWY_EXPORT(keep_largest);
HWY_EXPORT(select_place);
HWY_EXPORT(dropout_mask);
HWY_EXPORT(adam);

void add(const real* x, std::size_t n, real* y) { HWY_DYNAMIC_DISPATCH(add)(x, n, y); }
void add_scaled(const real* x, real a, std::size_t n, real* y) {
  HWY_DYNAMIC_DISPATCH(add_scaled)(x, a, n, y);
}
void scale(real a, std::size_t n, real* y) { HWY_DYNAMIC_DISPATCH(scale)(a, n, y); }
void multiply_add(const real* x, const real* m, std::size_t n, real* y) {
  HWY_DYNAMIC_DISPATCH(multiply_add)(x, m, n, y);
}
void multiply(const real* x, const real* m, std::size_t n, real* y) {
  HWY_DYNAMIC_DISPATCH(multiply)(x, m, n, y);
}
double sum_of_squares(const real* x, std::size_t n) {
  return HWY_DYNAMIC_DISPATCH(sum_of_squares)(x, n);
}
void exp(const real* x, std::size_t n, real* y) { HWY_DYNAMIC_DISPATCH(exp)(x, n, y); }
void sigmoid(const real* x, std::size_t n, real* y) { HWY_DYNAMIC_DISPATCH(sigmoid)(x, n, y); }
void tanh(const real* x, std::size_t n, real* y) { HWY_DYNAMIC_DISPATCH(tanh)(x, n, y); }
void softmax(std::size_t n, real* x) { HWY_DYNAMIC_DISPATCH(softmax)(n, x); }
double softmax_of_many(std::size_t n, real* x) {
  return HWY_DYNAMIC_DISPATCH(softmax_of_many)(n, x);
}
void keep_largest(const Candidate& candidate, std::size_t n, real* best, real* where) {
  HWY_DYNAMIC_DISPATCH(keep_largest)(candidate, n, best, where);
}
void select_place(const real* x, const real* where, real place, std::size_t n, real* y) {
  HWY_DYNAMIC_DISPATCH(select_place)(x, where, place, n, y);
}
// The key is mixed first: keys that differ in their low bits only would give the same mask in
// another order.
void dropout_mask(std::uint64_t key, std::uint32_t first, real p, std::size_t n, real* mask) {
  HWY_DYNAMIC_DISPATCH(dropout_mask)(base::Rng(key).key(), first, p, n, mask);
}
void adam(const AdamStep& step, const real* d, std::size_t n, real* m, real* v, real* x) {
  HWY_DYNAMIC_DISPATCH(adam)(step, d, n, m, v, x);
}

}  // namespace refrain::kernels
#endif
