#include "refrain/tape/layer_norm.h"

#include "refrain/kernels/normalise.h"

namespace refrain::tape {

Var layer_norm(Tape& tape, Var x, Var gain, Var bias, real epsilon) {
  const Tensor xv = tape.value(x), g = tape.value(gain), b = tape.value(bias);
  const int N = xv.rows();
  const auto F = static_cast<std::size_t>(xv.columns());
  require_shape("layer_norm gain", g, {xv.columns()});
  require_shape("layer_norm bias", b, {xv.columns()});
  const Var y = tape.result(xv.shape, {x, gain, bias});
  const Tensor normal = tape.arena().tensor(xv.shape);  // [N,F] before gain and bias
  real* inverse = tape.arena().array<real>(static_cast<std::size_t>(N));  // 1 / deviation
  for (int n = 0; n < N; ++n) {
    inverse[n] = kernels::normalise_row(xv.row(n), F, normal.row(n), epsilon);
    kernels::scale_and_shift(normal.row(n), g.data, b.data, F, tape.value(y).row(n));
  }

  tape.on_backward(y, [normal, inverse, g, dy = tape.gradient(y), dx = tape.gradient(x),
                       dg = tape.gradient(gain), db = tape.gradient(bias), N, F] {
    for (int n = 0; n < N; ++n) {
      real* d_x = dx.data == nullptr ? nullptr : dx.row(n);
      kernels::normalise_row_backward(
          {dy.row(n), normal.row(n), g.data, inverse[n], F, d_x, dg.data, db.data});
    }
  });
  return y;
}

}  // namespace refrain::tape
