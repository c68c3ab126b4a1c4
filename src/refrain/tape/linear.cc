#include "refrain/tape/linear.h"

#include "refrain/kernels/product.h"

namespace refrain::tape {

Var linear(Tape& tape, Var x, Var w, Var b) {
  const Tensor xv = tape.value(x), wv = tape.value(w);
  const int N = xv.rows(), I = wv.shape[0], O = wv.shape[1];
  require_columns("linear", xv, I);
  const real* bias = b.present() ? tape.value(b).data : nullptr;
  if (b.present()) require_shape("linear", tape.value(b), {O});
  const Var y = tape.result({N, O}, {x, w, b});
  real* packed = tape.arena().array<real>(kernels::packed_size(I, O));
  kernels::pack({wv.data, I, O, O, 1}, packed);
  kernels::product({xv.data, I, N, I, O, packed, bias, tape.value(y).data, O});

  tape.on_backward(y, [t = &tape, x, w, b, xv, wv, dy = tape.gradient(y), N, I, O] {
    if (t->wants_gradient(w)) {
      kernels::outer_product(
          {xv.data, I, nullptr, dy.data, O, nullptr, N, I, O, t->gradient(w).data, O});
    }
    if (t->wants_gradient(b)) kernels::add_column_sums(dy.data, O, N, O, t->gradient(b).data);
    if (!t->wants_gradient(x)) return;
    real* transposed = t->arena().array<real>(kernels::packed_size(O, I));
    kernels::pack({wv.data, O, I, 1, O}, transposed);
    kernels::product({dy.data, O, N, O, I, transposed, nullptr, t->gradient(x).data, I, true});
  });
  return y;
}

}  // namespace refrain::tape
