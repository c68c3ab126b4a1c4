#include "refrain/kernels/cells.h"

#include "refrain/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "refrain/kernels/cells.cc"
#include <hwy/foreach_target.h>
//
#include "refrain/kernels/cells/gru-inl.h"
#include "refrain/kernels/cells/lstm-inl.h"
#include "refrain/kernels/cells/mgu-inl.h"
#include "refrain/kernels/cells/rnn-inl.h"
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

#define REFRAIN_CELL(name, Type)                                                                  \
  std::size_t name##_packed_forward(int units) { return Run<Type>::packed_forward(units); }       \
  std::size_t name##_packed_backward(int units) { return Run<Type>::packed_backward(units); }     \
  void name##_pack_forward(const real* w, int H, real* packed) {                                  \
    Run<Type>::pack_forward(w, H, packed);                                                        \
  }                                                                                               \
  void name##_pack_backward(const real* w, int H, real* packed) {                                 \
    Run<Type>::pack_backward(w, H, packed);                                                       \
  }                                                                                               \
  void name##_forward(const CellStep& s) { Run<Type>::forward(s); }                               \
  void name##_backward(const CellStep& s) { Run<Type>::backward(s); }                             \
  Cell name##_sizes() {                                                                           \
    return {Type::kGates,      Type::kZWidth,    Type::kXOffset,   Type::kHOffset, Type::kCWidth, \
            Type::kCarryWidth, Type::kExtraBias, Type::kHRotation, nullptr,        nullptr,       \
            nullptr,           nullptr,          nullptr,          nullptr};                      \
  }

REFRAIN_CELL(rnn, RnnCell<false>)
REFRAIN_CELL(rnn_relu, RnnCell<true>)
REFRAIN_CELL(lstm, LstmCell)
REFRAIN_CELL(gru, GruCell)
REFRAIN_CELL(mgu, MguCell)
#undef REFRAIN_CELL

}  // namespace refrain::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace refrain::kernels {
namespace {

#define REFRAIN_CELL(name)                                                               \
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

REFRAIN_CELL(rnn)
REFRAIN_CELL(rnn_relu)
REFRAIN_CELL(lstm)
REFRAIN_CELL(gru)
REFRAIN_CELL(mgu)
#undef REFRAIN_CELL

}  // namespace

const base::Registry<Cell>& cells() {
  static const base::Registry<Cell> list(
      "cell",
      {{"gru", "gated recurrent unit (Cho et al. 2014): the default for small data", gru_cell()},
       {"lstm", "long short-term memory (Hochreiter and Schmidhuber 1997)", lstm_cell()},
       {"mgu", "minimal gated unit, one gate (Zhou et al. 2016)", mgu_cell()},
       {"rnn", "plain recurrent network with tanh (Elman 1990)", rnn_cell()},
       {"rnn_relu", "plain recurrent network with relu", rnn_relu_cell()}});
  return list;
}

}  // namespace refrain::kernels
#endif
