// Minimal gated unit (Zhou et al. 2016), one gate that both forgets and lets in; as in our gru it
// stands behind the candidate's product, and the candidate keeps its hidden-side bias q apart:
//   f = sigmoid(W x + U h' + b)   n = tanh(W x + b + f * (U h' + q))   h = (1 - f) h' + f n
// Gates in the order f, n. z buffer, blocks: [hidden share of n | f | n]; in backward their
// gradients: columns 0..2H are the d_h-gates (n, f), columns H..3H the d_x-gates (f, n). carry
// hands (1 - f) * d_h on.
#include "refrain/kernels/cells/list.h"
#include "refrain/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "refrain/kernels/cells/mgu.cc"
#include <hwy/foreach_target.h>
//
#include "refrain/kernels/cells/cell-inl.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::kernels::HWY_NAMESPACE {

struct MguCell {
  static constexpr int kGates = 2, kZWidth = 3, kXOffset = 1, kHOffset = 0;
  static constexpr int kStates = 0, kCWidth = 0, kCarryWidth = 1, kExtraBias = 1, kHRotation = 1;

  struct Forward : StepRef {
    HWY_INLINE void operator()(int row, int unit, int n, const Vec* acc) const {
      const Vec f = vector_sigmoid(hn::Add(acc[0], load_part(z(row, unit, 1), n)));
      const Vec hidden = hn::Add(acc[1], load_part(s.bias + unit, n));
      const Vec candidate = vector_tanh(hn::MulAdd(f, hidden, load_part(z(row, unit, 2), n)));
      const Vec h_prev = at(s.h_prev, row, unit, n);
      store_part(hidden, z(row, unit, 0), n);
      store_part(f, z(row, unit, 1), n);
      store_part(candidate, z(row, unit, 2), n);
      put_state(hn::MulAdd(f, hn::Sub(candidate, h_prev), h_prev), row, unit, n);
    }
  };

  struct Backward : StepRef {
    HWY_INLINE void operator()(int row, int unit, int n, const Vec* acc) const {
      const Vec hidden = load_part(z(row, unit, 0), n), f = load_part(z(row, unit, 1), n);
      const Vec candidate = load_part(z(row, unit, 2), n);
      const Vec dh = state_gradient(acc[0], load_part(carry(row, unit, 0), n), row, unit, n);
      const Vec d_candidate = hn::Mul(hn::Mul(dh, f), tanh_slope(candidate));
      const Vec df = hn::MulAdd(dh, hn::Sub(candidate, at(s.h_prev, row, unit, n)),
                                hn::Mul(d_candidate, hidden));
      store_part(hn::Mul(d_candidate, f), z(row, unit, 0), n);
      store_part(hn::Mul(df, sigmoid_slope(f)), z(row, unit, 1), n);
      store_part(d_candidate, z(row, unit, 2), n);
      store_part(hn::NegMulAdd(dh, f, dh), carry(row, unit, 0), n);
    }
  };
};

REFRAIN_CELL(mgu, MguCell)

}  // namespace refrain::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace refrain::kernels {
REFRAIN_CELL_LIST_ITEM(mgu)
}  // namespace refrain::kernels
#endif
