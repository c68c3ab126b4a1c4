// Long short-term memory (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al.
// 2000), gates in PyTorch's order i, f, g, o; its two biases are one here (their sum):
//   i, f, o = sigmoid(W x + U h' + b)   g = tanh(W x + U h' + b)   c = f c' + i g   h = o tanh(c)
// z keeps the activated gates, later their gradients. c keeps c and tanh(c). carry hands d_c on.
#include "refrain/kernels/cells/list.h"
#include "refrain/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "refrain/kernels/cells/lstm.cc"
#include <hwy/foreach_target.h>
//
#include "refrain/kernels/cells/cell-inl.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::kernels::HWY_NAMESPACE {

struct LstmCell {
  static constexpr int kGates = 4, kZWidth = 4, kXOffset = 0, kHOffset = 0;
  static constexpr int kStates = 1, kCWidth = 2, kCarryWidth = 1, kExtraBias = 0, kHRotation = 0;

  struct Forward : StepRef {
    HWY_INLINE void operator()(int row, int unit, int n, const Vec* acc) const {
      const Vec i = vector_sigmoid(hn::Add(acc[0], load_part(z(row, unit, 0), n)));
      const Vec f = vector_sigmoid(hn::Add(acc[1], load_part(z(row, unit, 1), n)));
      const Vec g = vector_tanh(hn::Add(acc[2], load_part(z(row, unit, 2), n)));
      const Vec o = vector_sigmoid(hn::Add(acc[3], load_part(z(row, unit, 3), n)));
      const Vec c_new = hn::MulAdd(f, at(s.c_prev, row, unit, n), hn::Mul(i, g));
      store_part(i, z(row, unit, 0), n);
      store_part(f, z(row, unit, 1), n);
      store_part(g, z(row, unit, 2), n);
      store_part(o, z(row, unit, 3), n);
      store_part(c_new, c(row, unit, 0), n);
    }
    HWY_INLINE void finish(int row, int unit, int n) const {
      const Vec tanh_c = vector_tanh(load_part(c(row, unit, 0), n));
      store_part(tanh_c, c(row, unit, 1), n);
      put_state(hn::Mul(load_part(z(row, unit, 3), n), tanh_c), row, unit, n);
    }
  };

  struct Backward : StepRef {
    HWY_INLINE void operator()(int row, int unit, int n, const Vec* acc) const {
      const Vec i = load_part(z(row, unit, 0), n), f = load_part(z(row, unit, 1), n);
      const Vec g = load_part(z(row, unit, 2), n), o = load_part(z(row, unit, 3), n);
      const Vec tanh_c = load_part(c(row, unit, 1), n);
      const Vec dh = state_gradient(acc[0], hn::Zero(Tag()), row, unit, n);
      const Vec dc =
          hn::MulAdd(hn::Mul(dh, o), tanh_slope(tanh_c), load_part(carry(row, unit, 0), n));
      store_part(hn::Mul(hn::Mul(dc, g), sigmoid_slope(i)), z(row, unit, 0), n);
      store_part(hn::Mul(hn::Mul(dc, at(s.c_prev, row, unit, n)), sigmoid_slope(f)),
                 z(row, unit, 1), n);
      store_part(hn::Mul(hn::Mul(dc, i), tanh_slope(g)), z(row, unit, 2), n);
      store_part(hn::Mul(hn::Mul(dh, tanh_c), sigmoid_slope(o)), z(row, unit, 3), n);
      store_part(hn::Mul(dc, f), carry(row, unit, 0), n);
    }
  };
};

REFRAIN_CELL(lstm, LstmCell)

}  // namespace refrain::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace refrain::kernels {
REFRAIN_CELL_LIST_ITEM(lstm)
}  // namespace refrain::kernels
#endif
