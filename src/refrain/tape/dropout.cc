#include "refrain/tape/dropout.h"

#include "refrain/kernels/elementwise.h"

namespace refrain::tape {

using tensor::Steps;

namespace {

// y = x * mask, masks of x's own shape.
Var multiply_by(Tape& tape, Var x, const Tensor& mask) {
  const Tensor xv = tape.value(x);
  const Var y = tape.result(xv.shape, {x});
  kernels::multiply(xv.data, mask.data, xv.count(), tape.value(y).data);

  tape.on_backward(y, [mask, dy = tape.gradient(y), dx = tape.gradient(x)] {
    kernels::multiply_add(dy.data, mask.data, dy.count(), dx.data);
  });
  return y;
}

}  // namespace

namespace {

Tensor element_mask(Tape& tape, int F, const Dropout& dropout, const Steps& steps) {
  const Tensor mask = tape.arena().tensor({steps.N, F});
  for (int t = 0; t < steps.T; ++t) {
    for (int b = 0; b < steps.live[t]; ++b) {
      kernels::dropout_mask(dropout.row_key[b], static_cast<std::uint32_t>(t * F), dropout.p,
                            static_cast<std::size_t>(F), mask.row(steps.row(t, b)));
    }
  }
  return mask;
}

}  // namespace

Var dropout_elements(Tape& tape, Var x, const Dropout& dropout, const Steps& steps) {
  return multiply_by(tape, x, element_mask(tape, tape.value(x).columns(), dropout, steps));
}

void zoneout_mask(const Dropout& dropout, const Steps& steps, int first, int end, int features,
                  real* mask) {
  const auto F = static_cast<std::size_t>(features);
  for (int t = first; t < end; ++t) {
    for (int b = 0; b < steps.live[t]; ++b, mask += F) {
      kernels::dropout_mask(dropout.row_key[b], static_cast<std::uint32_t>(t * features), dropout.p,
                            F, mask);
      for (std::size_t f = 0; f < F; ++f) mask[f] = mask[f] == 0 ? real{1} : real{0};
    }
  }
}

Var dropout_weights(Tape& tape, Var w, real p, std::uint64_t key) {
  const Tensor mask = tape.arena().tensor(tape.value(w).shape);
  kernels::dropout_mask(key, 0, p, mask.count(), mask.data);
  return multiply_by(tape, w, mask);
}

Tensor variational_mask(Tape& tape, int features, const Dropout& dropout, int sequences) {
  const Tensor mask = tape.arena().tensor({sequences, features});
  for (int b = 0; b < sequences; ++b) {
    kernels::dropout_mask(dropout.row_key[b], 0, dropout.p, static_cast<std::size_t>(features),
                          mask.row(b));
  }
  return mask;
}

Var dropout_variational(Tape& tape, Var x, const Dropout& dropout, const Steps& steps) {
  const Tensor xv = tape.value(x);
  const auto F = static_cast<std::size_t>(xv.columns());
  const Tensor mask = variational_mask(tape, xv.columns(), dropout, steps.B);
  const Var y = tape.result(xv.shape, {x});
  for (int n = 0; n < steps.N; ++n) {
    kernels::multiply(xv.row(n), mask.row(steps.sequence[n]), F, tape.value(y).row(n));
  }

  tape.on_backward(y, [mask, dy = tape.gradient(y), dx = tape.gradient(x), s = &steps, F] {
    for (int n = 0; n < s->N; ++n) {
      kernels::multiply_add(dy.row(n), mask.row(s->sequence[n]), F, dx.row(n));
    }
  });
  return y;
}

Var dropout_rows(Tape& tape, Var x, const Dropout& dropout, const Steps& steps) {
  const int F = tape.value(x).columns();
  const Tensor mask = tape.arena().tensor({steps.B, F});
  for (int b = 0; b < steps.B; ++b) {
    kernels::dropout_mask(dropout.row_key[b], 0, dropout.p, static_cast<std::size_t>(F),
                          mask.row(steps.position[b]));
  }
  return multiply_by(tape, x, mask);
}

Var dropout_words(Tape& tape, Var x, const int* ids, const Dropout& dropout, const Steps& steps) {
  const Tensor xv = tape.value(x);
  const auto E = static_cast<std::size_t>(xv.columns());
  real* factor = tape.arena().array<real>(static_cast<std::size_t>(steps.N));
  for (int n = 0; n < steps.N; ++n) {
    kernels::dropout_mask(dropout.row_key[steps.sequence[n]], static_cast<std::uint32_t>(ids[n]),
                          dropout.p, 1, factor + n);
  }
  const Var y = tape.result(xv.shape, {x});
  for (int n = 0; n < steps.N; ++n) {
    real* out = tape.value(y).row(n);
    for (std::size_t e = 0; e < E; ++e) out[e] = factor[n] * xv.row(n)[e];
  }

  tape.on_backward(y, [factor, dy = tape.gradient(y), dx = tape.gradient(x), N = steps.N, E] {
    for (int n = 0; n < N; ++n) kernels::add_scaled(dy.row(n), factor[n], E, dx.row(n));
  });
  return y;
}

}  // namespace refrain::tape
