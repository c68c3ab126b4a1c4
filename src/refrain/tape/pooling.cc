#include "refrain/tape/pooling.h"

#include <algorithm>
#include <cmath>

#include "refrain/kernels/elementwise.h"
#include "refrain/tape/activation.h"
#include "refrain/tape/linear.h"

namespace refrain::tape {

using tensor::Steps;

Var pool_last(Tape& tape, Var x, int reverse_from, const Steps& steps) {
  const Tensor xv = tape.value(x);
  const int F = xv.columns();
  const Var y = tape.result({steps.B, F});
  const auto source = [s = &steps, reverse_from](int b, int f) {
    return s->row(f < reverse_from ? s->length[b] - 1 : 0, b);
  };
  for (int b = 0; b < steps.B; ++b) {
    real* out = tape.value(y).row(steps.position[b]);
    for (int f = 0; f < F; ++f) out[f] = xv.row(source(b, f))[f];
  }

  if (!tape.wants_gradient(x)) return y;
  tape.on_backward([dx = tape.gradient(x), dy = tape.gradient(y), s = &steps, F, source] {
    for (int b = 0; b < s->B; ++b) {
      const real* in = dy.row(s->position[b]);
      for (int f = 0; f < F; ++f) dx.row(source(b, f))[f] += in[f];
    }
  });
  return y;
}

Var pool_mean(Tape& tape, Var x, const Steps& steps) {
  const Tensor xv = tape.value(x);
  const auto F = static_cast<std::size_t>(xv.columns());
  const Var y = tape.result({steps.B, xv.columns()});
  const Tensor yv = tape.value(y);
  for (int b = 0; b < steps.B; ++b) {
    real* out = yv.row(steps.position[b]);
    std::fill_n(out, F, real{0});
    for (int t = 0; t < steps.length[b]; ++t) kernels::add(xv.row(steps.row(t, b)), F, out);
    kernels::scale(1 / static_cast<real>(steps.length[b]), F, out);
  }

  if (!tape.wants_gradient(x)) return y;
  tape.on_backward([dx = tape.gradient(x), dy = tape.gradient(y), s = &steps, F] {
    for (int n = 0; n < s->N; ++n) {
      const int b = s->sequence[n];
      const real share = 1 / static_cast<real>(s->length[b]);
      kernels::add_scaled(dy.row(s->position[b]), share, F, dx.row(n));
    }
  });
  return y;
}

Var pool_max(Tape& tape, Var x, const Steps& steps) {
  const Tensor xv = tape.value(x);
  const int F = xv.columns();
  const Var y = tape.result({steps.B, F});
  const Tensor yv = tape.value(y);
  int* winner =
      tape.arena().array<int>(yv.count());  // [B,F] matrix row of the largest, first one wins
  for (int b = 0; b < steps.B; ++b) {
    real* out = yv.row(steps.position[b]);
    int* won = winner + static_cast<std::ptrdiff_t>(b) * F;
    for (int t = 0; t < steps.length[b]; ++t) {
      const int n = steps.row(t, b);
      const real* in = xv.row(n);
      for (int f = 0; f < F; ++f) {
        if (t > 0 && !(in[f] > out[f]) && !std::isnan(in[f])) continue;  // NaN stays to be seen
        out[f] = in[f];
        won[f] = n;
      }
    }
  }

  if (!tape.wants_gradient(x)) return y;
  tape.on_backward([dx = tape.gradient(x), dy = tape.gradient(y), s = &steps, F, winner] {
    for (int b = 0; b < s->B; ++b) {
      const real* in = dy.row(s->position[b]);
      const int* won = winner + static_cast<std::ptrdiff_t>(b) * F;
      for (int f = 0; f < F; ++f) dx.row(won[f])[f] += in[f];
    }
  });
  return y;
}

namespace {

// scores [N,1] -> weights [N,1], a softmax over the steps of each sequence.
Var softmax_over_steps(Tape& tape, Var scores, const Steps& steps) {
  const Tensor in = tape.value(scores);
  const Var y = tape.result({steps.N, 1});
  const Tensor a = tape.value(y);
  for (int b = 0; b < steps.B; ++b) {
    real most = in.data[b];
    for (int t = 1; t < steps.length[b]; ++t) most = std::max(most, in.data[steps.row(t, b)]);
    real total = 0;
    for (int t = 0; t < steps.length[b]; ++t) {
      const int n = steps.row(t, b);
      a.data[n] = std::exp(in.data[n] - most);
      total += a.data[n];
    }
    for (int t = 0; t < steps.length[b]; ++t) a.data[steps.row(t, b)] /= total;
  }

  tape.on_backward([a, da = tape.gradient(y), d_in = tape.gradient(scores), s = &steps] {
    for (int b = 0; b < s->B; ++b) {
      real inner = 0;
      for (int t = 0; t < s->length[b]; ++t) inner += a.data[s->row(t, b)] * da.data[s->row(t, b)];
      for (int t = 0; t < s->length[b]; ++t) {
        const int n = s->row(t, b);
        d_in.data[n] += a.data[n] * (da.data[n] - inner);
      }
    }
  });
  return y;
}

// x [N,F], weights [N,1] -> [B,F], the weighted sum over each sequence.
Var weighted_sum(Tape& tape, Var x, Var weights, const Steps& steps) {
  const Tensor xv = tape.value(x), a = tape.value(weights);
  const auto F = static_cast<std::size_t>(xv.columns());
  const Var y = tape.result({steps.B, xv.columns()});
  const Tensor yv = tape.value(y);
  for (int b = 0; b < steps.B; ++b) {
    real* out = yv.row(steps.position[b]);
    std::fill_n(out, F, real{0});
    for (int t = 0; t < steps.length[b]; ++t) {
      const int n = steps.row(t, b);
      kernels::add_scaled(xv.row(n), a.data[n], F, out);
    }
  }

  tape.on_backward([xv, a, dx = tape.gradient(x), da = tape.gradient(weights),
                    dy = tape.gradient(y), s = &steps, F] {
    for (int n = 0; n < s->N; ++n) {
      const real* in = dy.row(s->position[s->sequence[n]]);
      const real* row = xv.row(n);
      real inner = 0;
      for (std::size_t f = 0; f < F; ++f) inner += in[f] * row[f];
      da.data[n] += inner;
      if (dx.data != nullptr) kernels::add_scaled(in, a.data[n], F, dx.row(n));
    }
  });
  return y;
}

}  // namespace

Var pool_attention(Tape& tape, Var x, const AttentionPool& p, const Steps& steps) {
  const int A = tape.value(p.v).shape[0];
  const Var hidden = tanh(tape, linear(tape, x, p.w, p.b));  // [N,A]
  const Var v = reshape(tape, p.v, {A, 1});
  const Var scores = linear(tape, hidden, v, {});  // [N,1]
  return weighted_sum(tape, x, softmax_over_steps(tape, scores, steps), steps);
}

}  // namespace refrain::tape
