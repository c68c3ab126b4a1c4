// From a cell's epilogues to the functions of `Cell`, for one instruction set: what a cell's source
// includes, and two macros that it ends with:
//   REFRAIN_CELL(gru, GruCell)   in the namespace of the instruction set
//   REFRAIN_CELL_LIST_ITEM(gru)  once, in namespace refrain::kernels: defines `Cell gru_cell()`
#if defined(REFRAIN_KERNELS_CELLS_CELL_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef REFRAIN_KERNELS_CELLS_CELL_INL_H_
#undef REFRAIN_KERNELS_CELLS_CELL_INL_H_
#else
#define REFRAIN_KERNELS_CELLS_CELL_INL_H_
#endif

#include "refrain/kernels/cells/step-inl.h"
#include "refrain/kernels/pack-inl.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::kernels::HWY_NAMESPACE {

template <int G, class Epilogue>
HWY_INLINE void run_step(const CellStep& s, int K) {
  const Epilogue epilogue{{s}};
  const int depth = s.product.data == nullptr ? 0 : K;
  all_tiles<G>({s.product.data, s.product.stride}, s.rows, depth, s.packed, s.units, epilogue);
}

template <class C>
struct Run {
  static std::size_t packed_forward(int units) { return packed_count<C::kGates>(units, units); }
  static std::size_t packed_backward(int units) {
    return packed_count<1>(C::kGates * units, units);
  }
  static void pack_forward(const real* w, int H, real* packed) {
    pack<C::kGates>(
        H, H, [&](int k, int g) { return w + (k * C::kGates + g) * H; }, 1, packed);
  }
  static void pack_backward(const real* w, int H, real* packed) {
    const int G = C::kGates * H, turned = G - C::kHRotation * H;
    const auto column = [&](int k, int) {
      return w + (k < turned ? k + C::kHRotation * H : k - turned);
    };
    pack<1>(G, H, column, G, packed);
  }
  static void forward(const CellStep& s) { run_step<C::kGates, typename C::Forward>(s, s.units); }
  static void backward(const CellStep& s) {
    run_step<1, typename C::Backward>(s, C::kGates * s.units);
  }
};

}  // namespace refrain::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif

#ifndef REFRAIN_CELL
#define REFRAIN_CELL(name, Type)                                                                 \
  std::size_t name##_packed_forward(int units) { return Run<Type>::packed_forward(units); }      \
  std::size_t name##_packed_backward(int units) { return Run<Type>::packed_backward(units); }    \
  void name##_pack_forward(const real* w, int H, real* packed) {                                 \
    Run<Type>::pack_forward(w, H, packed);                                                       \
  }                                                                                              \
  void name##_pack_backward(const real* w, int H, real* packed) {                                \
    Run<Type>::pack_backward(w, H, packed);                                                      \
  }                                                                                              \
  void name##_forward(const CellStep& s) { Run<Type>::forward(s); }                              \
  void name##_backward(const CellStep& s) { Run<Type>::backward(s); }                            \
  Cell name##_sizes() {                                                                          \
    return {Type::kGates,  Type::kZWidth,     Type::kXOffset,   Type::kHOffset,   Type::kStates, \
            Type::kCWidth, Type::kCarryWidth, Type::kExtraBias, Type::kHRotation, nullptr,       \
            nullptr,       nullptr,           nullptr,          nullptr,          nullptr};      \
  }

#define REFRAIN_CELL_LIST_ITEM(name)                                                     \
  HWY_EXPORT(name##_packed_forward);                                                     \
  HWY_EXPORT(name##_packed_backward);                                                    \
  HWY_EXPORT(name##_pack_forward);                                                       \
  HWY_EXPORT(name##_pack_backward);                                                      \
  HWY_EXPORT(name##_forward);                                                            \
  HWY_EXPORT(name##_backward);                                                           \
  HWY_EXPORT(name##_sizes);                                                              \
  Cell name##_cell() {                                                                   \
    Cell cell = HWY_DYNAMIC_DISPATCH(name##_sizes)();                                    \
    cell.packed_size_forward = [](int H) {                                               \
      return HWY_DYNAMIC_DISPATCH(name##_packed_forward)(H);                             \
    };                                                                                   \
    cell.packed_size_backward = [](int H) {                                              \
      return HWY_DYNAMIC_DISPATCH(name##_packed_backward)(H);                            \
    };                                                                                   \
    cell.pack_forward = [](const real* w, int H, real* packed) {                         \
      HWY_DYNAMIC_DISPATCH(name##_pack_forward)(w, H, packed);                           \
    };                                                                                   \
    cell.pack_backward = [](const real* w, int H, real* packed) {                        \
      HWY_DYNAMIC_DISPATCH(name##_pack_backward)(w, H, packed);                          \
    };                                                                                   \
    cell.forward = [](const CellStep& s) { HWY_DYNAMIC_DISPATCH(name##_forward)(s); };   \
    cell.backward = [](const CellStep& s) { HWY_DYNAMIC_DISPATCH(name##_backward)(s); }; \
    return cell;                                                                         \
  }
#endif
