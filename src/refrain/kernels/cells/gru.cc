// Gated recurrent unit (Cho et al. 2014) in PyTorch's form, gates in its order r, z, n; the two
// biases of r and of z are one here (their sum), the candidate keeps its hidden-side bias q apart:
//   r, z = sigmoid(W x + U h' + b)   n = tanh(W x + b + r * (U h' + q))   h = (1 - z) n + z h'
// z buffer, blocks: [hidden share of n | r | z | n]; in backward their gradients, so that columns
// 0..3H are the d_h-gates (n, r, z) and columns H..4H the d_x-gates (r, z, n). carry hands z * d_h
// on.
#include "refrain/kernels/cells/list.h"
#include "refrain/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "refrain/kernels/cells/gru.cc"
#include <hwy/foreach_target.h>
//
#include "refrain/kernels/cells/cell-inl.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::kernels::HWY_NAMESPACE {

struct GruCell {
  static constexpr int kGates = 3, kZWidth = 4, kXOffset = 1, kHOffset = 0;
  static constexpr int kStates = 0, kCWidth = 0, kCarryWidth = 1, kExtraBias = 1, kHRotation = 2;

  struct Forward : StepRef {
    HWY_INLINE void operator()(int row, int unit, int n, const Vec* acc) const {
      const Vec r = vector_sigmoid(hn::Add(acc[0], load_part(z(row, unit, 1), n)));
      const Vec u = vector_sigmoid(hn::Add(acc[1], load_part(z(row, unit, 2), n)));
      const Vec hidden = hn::Add(acc[2], load_part(s.bias + unit, n));
      store_part(hidden, z(row, unit, 0), n);
      store_part(r, z(row, unit, 1), n);
      store_part(u, z(row, unit, 2), n);
      store_part(hn::MulAdd(r, hidden, load_part(z(row, unit, 3), n)), z(row, unit, 3), n);
    }
    HWY_INLINE void finish(int row, int unit, int n) const {
      const Vec u = load_part(z(row, unit, 2), n);
      const Vec candidate = vector_tanh(load_part(z(row, unit, 3), n));
      const Vec h_prev = at(s.h_prev, row, unit, n);
      store_part(candidate, z(row, unit, 3), n);
      put_state(hn::MulAdd(u, hn::Sub(h_prev, candidate), candidate), row, unit, n);
    }
  };

  struct Backward : StepRef {
    HWY_INLINE void operator()(int row, int unit, int n, const Vec* acc) const {
      const Vec hidden = load_part(z(row, unit, 0), n), r = load_part(z(row, unit, 1), n);
      const Vec u = load_part(z(row, unit, 2), n), candidate = load_part(z(row, unit, 3), n);
      const Vec dh = state_gradient(acc[0], load_part(carry(row, unit, 0), n), row, unit, n);
      const Vec d_candidate =
          hn::Mul(hn::NegMulAdd(dh, u, dh), tanh_slope(candidate));  // dh (1 - u) n'
      const Vec du =
          hn::Mul(hn::Mul(dh, hn::Sub(at(s.h_prev, row, unit, n), candidate)), sigmoid_slope(u));
      store_part(hn::Mul(d_candidate, r), z(row, unit, 0), n);
      store_part(hn::Mul(hn::Mul(d_candidate, hidden), sigmoid_slope(r)), z(row, unit, 1), n);
      store_part(du, z(row, unit, 2), n);
      store_part(d_candidate, z(row, unit, 3), n);
      store_part(hn::Mul(dh, u), carry(row, unit, 0), n);
    }
  };
};

REFRAIN_CELL(gru, GruCell)

}  // namespace refrain::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace refrain::kernels {
REFRAIN_CELL_LIST_ITEM(gru)
}  // namespace refrain::kernels
#endif
