// sLSTM (Beck et al. 2024, xLSTM): an lstm whose input gate is exponential, so that a late input
// can outweigh all earlier ones; n keeps the sum of the gates, and the state is a weighted mean.
// Gates in the order i, f, z, o, recurrent matrices dense:
//   i = exp(a_i)   f = sigmoid(a_f)   z = tanh(a_z)   o = sigmoid(a_o)     a = W x + U h' + b
//   c = f c' + i z   n = f n' + i   h = o c / n
// c and n are kept divided by exp(m), m = max(log f + m', a_i), or a_i where nothing is there yet
// (n' = 0): then n is at least 1 and nothing overflows. m cancels out of h, so that no gradient
// passes through it; and since any m cancels, log f need not be exact.
// z keeps i / exp(m), f exp(m' - m), z and o, later the gates' gradients. c keeps c, n, m and 1 -
// f. carry hands on d_c, d_n and, for a start state alone, d_m.
#include "refrain/kernels/cells/list.h"
#include "refrain/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "refrain/kernels/cells/slstm.cc"
#include <hwy/foreach_target.h>
//
#include "refrain/kernels/cells/cell-inl.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::kernels::HWY_NAMESPACE {

// log(1 + x) for x in [0, 1]: 2 artanh(x / (2 + x)), five terms of its series, within 1.1e-6. At
// this error n changes by a factor of e after a million steps of forgetting.
HWY_INLINE Vec rough_log1p(Vec x) {
  const Tag d;
  const auto term = [&](double k) { return hn::Set(d, static_cast<real>(2 / k)); };
  const Vec s = hn::Div(x, hn::Add(x, hn::Set(d, 2)));
  const Vec square = hn::Mul(s, s);
  Vec sum = hn::MulAdd(square, term(9), term(7));
  sum = hn::MulAdd(square, sum, term(5));
  sum = hn::MulAdd(square, sum, term(3));
  return hn::Mul(s, hn::MulAdd(square, sum, term(1)));
}

struct SlstmCell {
  static constexpr int kGates = 4, kZWidth = 4, kXOffset = 0, kHOffset = 0;
  static constexpr int kStates = 3, kCWidth = 4, kCarryWidth = 3, kExtraBias = 0, kHRotation = 0;

  struct Forward : StepRef {
    HWY_INLINE void operator()(int row, int unit, int n, const Vec* acc) const {
      const Tag d;
      const Vec a_i = hn::Add(acc[0], load_part(z(row, unit, 0), n));
      const Vec a_f = hn::Add(acc[1], load_part(z(row, unit, 1), n));
      const Vec input = vector_tanh(hn::Add(acc[2], load_part(z(row, unit, 2), n)));
      const Vec o = vector_sigmoid(hn::Add(acc[3], load_part(z(row, unit, 3), n)));
      // sigmoid(-|a_f|) and sigmoid(|a_f|): both exact, and one of them is f, the other 1 - f.
      const Vec falls = vector_exp(hn::Neg(hn::Abs(a_f)));
      const Vec large = hn::Div(hn::Set(d, 1), hn::Add(falls, hn::Set(d, 1)));
      const Vec small = hn::Mul(falls, large);
      const auto negative = hn::Lt(a_f, hn::Zero(d));
      const Vec below = hn::Min(a_f, hn::Zero(d));  // f = exp(below) large, however small it is
      const Vec log_f = hn::Sub(below, rough_log1p(falls));

      const Vec n_prev = c_prev(row, unit, 1, n), m_prev = c_prev(row, unit, 2, n);
      const Vec larger = hn::Max(hn::Add(log_f, m_prev), a_i);
      const auto nothing = hn::Eq(n_prev, hn::Zero(d));
      const Vec m = hn::IfThenElse(nothing, a_i, larger);
      const Vec in = vector_exp(hn::Sub(a_i, m));
      const Vec kept = hn::Mul(large, vector_exp(hn::Add(below, hn::Sub(m_prev, m))));
      const Vec keep = hn::IfThenZeroElse(nothing, kept);
      store_part(in, z(row, unit, 0), n);
      store_part(keep, z(row, unit, 1), n);
      store_part(input, z(row, unit, 2), n);
      store_part(o, z(row, unit, 3), n);
      store_part(hn::MulAdd(keep, c_prev(row, unit, 0, n), hn::Mul(in, input)), c(row, unit, 0), n);
      store_part(hn::MulAdd(keep, n_prev, in), c(row, unit, 1), n);
      store_part(m, c(row, unit, 2), n);
      store_part(hn::IfThenElse(negative, large, small), c(row, unit, 3), n);
    }
    HWY_INLINE void finish(int row, int unit, int n) const {
      const Vec mean = hn::Div(load_part(c(row, unit, 0), n), load_part(c(row, unit, 1), n));
      put_state(hn::Mul(load_part(z(row, unit, 3), n), mean), row, unit, n);
    }
  };

  struct Backward : StepRef {
    HWY_INLINE void operator()(int row, int unit, int n, const Vec* acc) const {
      const Vec in = load_part(z(row, unit, 0), n), keep = load_part(z(row, unit, 1), n);
      const Vec input = load_part(z(row, unit, 2), n), o = load_part(z(row, unit, 3), n);
      const Vec sum = load_part(c(row, unit, 1), n);
      const Vec mean = hn::Div(load_part(c(row, unit, 0), n), sum);
      const Vec dh = state_gradient(acc[0], hn::Zero(Tag()), row, unit, n);
      const Vec through = hn::Div(hn::Mul(dh, o), sum);
      const Vec dc = hn::Add(through, load_part(carry(row, unit, 0), n));
      const Vec dn = hn::NegMulAdd(through, mean, load_part(carry(row, unit, 1), n));
      const Vec d_kept = hn::Mul(
          keep, hn::MulAdd(dc, c_prev(row, unit, 0, n), hn::Mul(dn, c_prev(row, unit, 1, n))));
      store_part(hn::Mul(in, hn::MulAdd(dc, input, dn)), z(row, unit, 0), n);
      store_part(hn::Mul(d_kept, load_part(c(row, unit, 3), n)), z(row, unit, 1), n);
      store_part(hn::Mul(hn::Mul(dc, in), tanh_slope(input)), z(row, unit, 2), n);
      store_part(hn::Mul(hn::Mul(dh, mean), sigmoid_slope(o)), z(row, unit, 3), n);
      store_part(hn::Mul(dc, keep), carry(row, unit, 0), n);
      store_part(hn::Mul(dn, keep), carry(row, unit, 1), n);
      store_part(d_kept, carry(row, unit, 2), n);
    }
  };
};

REFRAIN_CELL(slstm, SlstmCell)

}  // namespace refrain::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace refrain::kernels {
REFRAIN_CELL_LIST_ITEM(slstm)
}  // namespace refrain::kernels
#endif
