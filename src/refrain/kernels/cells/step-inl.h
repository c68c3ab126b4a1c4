// Functions that all cells' epilogues share: addresses of a row's gates and states, the recurrent
// mask, and the gradient of a state, gathered from above and from the following step.
#if defined(REFRAIN_KERNELS_CELLS_STEP_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef REFRAIN_KERNELS_CELLS_STEP_INL_H_
#undef REFRAIN_KERNELS_CELLS_STEP_INL_H_
#else
#define REFRAIN_KERNELS_CELLS_STEP_INL_H_
#endif

#include "refrain/kernels/cells.h"
#include "refrain/kernels/math-inl.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::kernels::HWY_NAMESPACE {

struct StepRef {
  CellStep s;

  // The second turn of an epilogue, for cells that need none.
  HWY_INLINE void finish(int, int, int) const {}
  HWY_INLINE real* z(int row, int unit, int block) const {
    return s.z.data + row * s.z.stride + block * s.units + unit;
  }
  HWY_INLINE real* c(int row, int unit, int block) const {
    return s.c.data + row * s.c.stride + block * s.units + unit;
  }
  HWY_INLINE real* carry(int row, int unit, int block) const {
    return s.carry.data + row * s.carry.stride + block * s.units + unit;
  }
  static HWY_INLINE Vec at(const Block& block, int row, int unit, int n) {
    if (block.data == nullptr) return hn::Zero(Tag());
    return load_part(block.data + row * block.stride + unit, n);
  }
  // A further state of the step before.
  HWY_INLINE Vec c_prev(int row, int unit, int block, int n) const {
    return at(s.c_prev, row, block * s.units + unit, n);
  }
  HWY_INLINE Vec mask(int row, int unit, int n) const {
    return load_part(s.mask.data + row * s.mask.stride + unit, n);
  }
  // Zoneout (Krueger et al. 2017) keeps a share of the previous state, then the state is stored.
  HWY_INLINE void put_state(Vec h, int row, int unit, int n) const {
    if (s.zone.data != nullptr) {
      h = hn::MulAdd(at(s.zone, row, unit, n), hn::Sub(at(s.h_prev, row, unit, n), h), h);
    }
    store_part(h, s.h.data + row * s.h.stride + unit, n);
    if (s.mask.data != nullptr) {
      store_part(hn::Mul(h, mask(row, unit, n)), s.h_masked.data + row * s.h_masked.stride + unit,
                 n);
    }
  }
  // d h = from above + through the next step's product (masked as the product's input was) + what
  // the next step's zoneout kept; of the sum, the share that zoneout kept goes to the previous
  // step.
  // `direct` is what else reached this state (the gru's own path past the gates).
  HWY_INLINE Vec state_gradient(Vec from_product, Vec direct, int row, int unit, int n) const {
    Vec d_h = hn::Add(at(s.d_h, row, unit, n), direct);
    d_h = s.mask.data == nullptr ? hn::Add(d_h, from_product)
                                 : hn::MulAdd(from_product, mask(row, unit, n), d_h);
    if (s.zone.data == nullptr) return d_h;
    real* kept = s.zone_carry.data + row * s.zone_carry.stride + unit;
    d_h = hn::Add(d_h, load_part(kept, n));
    const Vec to_previous = hn::Mul(d_h, at(s.zone, row, unit, n));
    store_part(to_previous, kept, n);
    return hn::Sub(d_h, to_previous);
  }
};

// x * (1 - x), the slope of the sigmoid at output x
HWY_INLINE Vec sigmoid_slope(Vec x) { return hn::NegMulAdd(x, x, x); }
// 1 - x^2, the slope of tanh at output x
HWY_INLINE Vec tanh_slope(Vec x) { return hn::NegMulAdd(x, x, hn::Set(Tag(), 1)); }

}  // namespace refrain::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
