// Plain recurrent cell (Elman 1990): h = phi(W_x x + W_h h' + b), phi = tanh or relu.
// PyTorch: nn.RNN; its two biases are one here (their sum).
// z keeps the activated gate (the state before zoneout), later its gradient.
#include "refrain/kernels/cells/list.h"
#include "refrain/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "refrain/kernels/cells/rnn.cc"
#include <hwy/foreach_target.h>
//
#include "refrain/kernels/cells/cell-inl.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::kernels::HWY_NAMESPACE {

template <bool kRelu>
struct RnnCell {
  static constexpr int kGates = 1, kZWidth = 1, kXOffset = 0, kHOffset = 0;
  static constexpr int kStates = 0, kCWidth = 0, kCarryWidth = 0, kExtraBias = 0, kHRotation = 0;

  struct Forward : StepRef {
    HWY_INLINE void operator()(int row, int unit, int n, const Vec* acc) const {
      const Vec gate = hn::Add(acc[0], load_part(z(row, unit, 0), n));
      const Vec h = kRelu ? keep_nan(gate, hn::Max(gate, hn::Zero(Tag()))) : vector_tanh(gate);
      store_part(h, z(row, unit, 0), n);
      put_state(h, row, unit, n);
    }
  };

  struct Backward : StepRef {
    HWY_INLINE void operator()(int row, int unit, int n, const Vec* acc) const {
      const Tag d;
      const Vec h = load_part(z(row, unit, 0), n);
      const Vec dh = state_gradient(acc[0], hn::Zero(Tag()), row, unit, n);
      const Vec slope = kRelu ? hn::IfThenElseZero(hn::Gt(h, hn::Zero(d)), hn::Set(d, 1))
                              : hn::NegMulAdd(h, h, hn::Set(d, 1));
      store_part(hn::Mul(dh, slope), z(row, unit, 0), n);
    }
  };
};

REFRAIN_CELL(rnn, RnnCell<false>)
REFRAIN_CELL(rnn_relu, RnnCell<true>)

}  // namespace refrain::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace refrain::kernels {
REFRAIN_CELL_LIST_ITEM(rnn)
REFRAIN_CELL_LIST_ITEM(rnn_relu)
}  // namespace refrain::kernels
#endif
