#include "refrain/tape/layer_norm.h"

#include <cmath>

namespace refrain::tape {

real normalise_row(const real* x, int F, real* out) {
  double mean = 0, square = 0;
  for (int f = 0; f < F; ++f) mean += static_cast<double>(x[f]);
  mean /= F;
  for (int f = 0; f < F; ++f) {
    const double gap = static_cast<double>(x[f]) - mean;
    square += gap * gap;
  }
  const real inverse = static_cast<real>(1 / std::sqrt(square / F + 1e-5));
  for (int f = 0; f < F; ++f)
    out[f] = static_cast<real>(static_cast<double>(x[f]) - mean) * inverse;
  return inverse;
}

Var layer_norm(Tape& tape, Var x, Var gain, Var bias) {
  const Tensor xv = tape.value(x), g = tape.value(gain), b = tape.value(bias);
  const int N = xv.rows(), F = xv.columns();
  require_shape("layer_norm gain", g, {F});
  require_shape("layer_norm bias", b, {F});
  const Var y = tape.result(xv.shape);
  const Tensor normal = tape.arena().tensor(xv.shape);  // [N,F] before gain and bias
  real* inverse = tape.arena().array<real>(static_cast<std::size_t>(N));  // 1 / deviation
  for (int n = 0; n < N; ++n) {
    inverse[n] = normalise_row(xv.row(n), F, normal.row(n));
    for (int f = 0; f < F; ++f) {
      tape.value(y).row(n)[f] = normal.row(n)[f] * g.data[f] + b.data[f];
    }
  }

  tape.on_backward([normal, inverse, g, dy = tape.gradient(y), dx = tape.gradient(x),
                    dg = tape.gradient(gain), db = tape.gradient(bias), N, F] {
    for (int n = 0; n < N; ++n) {
      const real *d = dy.row(n), *u = normal.row(n);
      double sum = 0, inner = 0;
      for (int f = 0; f < F; ++f) {
        if (dg.data != nullptr) dg.data[f] += d[f] * u[f];
        if (db.data != nullptr) db.data[f] += d[f];
        sum += static_cast<double>(d[f] * g.data[f]);
        inner += static_cast<double>(d[f] * g.data[f] * u[f]);
      }
      if (dx.data == nullptr) continue;
      const real mean = static_cast<real>(sum / F), slope = static_cast<real>(inner / F);
      for (int f = 0; f < F; ++f) {
        dx.row(n)[f] += inverse[n] * (d[f] * g.data[f] - mean - u[f] * slope);
      }
    }
  });
  return y;
}

}  // namespace refrain::tape
