#include "refrain/tape/pooling.h"

#include <algorithm>
#include <cmath>

#include "refrain/base/error.h"
#include "refrain/kernels/elementwise.h"
#include "refrain/tape/activation.h"
#include "refrain/tape/linear.h"

namespace refrain::tape {

using tensor::Steps;

Var pool_last(Tape& tape, Var x, int reverse_from, const Steps& steps) {
  const Tensor xv = tape.value(x);
  const int F = xv.columns();
  const Var y = tape.result({steps.B, F}, {x});
  const auto source = [s = &steps, reverse_from](int b, int f) {
    return s->row(f < reverse_from ? s->length[b] - 1 : 0, b);
  };
  for (int b = 0; b < steps.B; ++b) {
    real* out = tape.value(y).row(steps.position[b]);
    for (int f = 0; f < F; ++f) out[f] = xv.row(source(b, f))[f];
  }

  tape.on_backward(y, [dx = tape.gradient(x), dy = tape.gradient(y), s = &steps, F, source] {
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
  const Var y = tape.result({steps.B, xv.columns()}, {x});
  const Tensor yv = tape.value(y);
  for (int b = 0; b < steps.B; ++b) {
    real* out = yv.row(steps.position[b]);
    std::fill_n(out, F, real{0});
    for (int t = 0; t < steps.length[b]; ++t) kernels::add(xv.row(steps.row(t, b)), F, out);
    kernels::scale(1 / static_cast<real>(steps.length[b]), F, out);
  }

  tape.on_backward(y, [dx = tape.gradient(x), dy = tape.gradient(y), s = &steps, F] {
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
  const Var y = tape.result({steps.B, F}, {x});
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

  tape.on_backward(y, [dx = tape.gradient(x), dy = tape.gradient(y), s = &steps, F, winner] {
    for (int b = 0; b < s->B; ++b) {
      const real* in = dy.row(s->position[b]);
      const int* won = winner + static_cast<std::ptrdiff_t>(b) * F;
      for (int f = 0; f < F; ++f) dx.row(won[f])[f] += in[f];
    }
  });
  return y;
}

namespace {

// scores [N,A] * factor -> weights [N,A], a softmax over the steps of each sequence and column.
Var softmax_over_steps(Tape& tape, Var scores, real factor, const Steps& steps) {
  const Tensor in = tape.value(scores);
  const int A = in.columns();
  const Var y = tape.result(in.shape, {scores});
  const Tensor a = tape.value(y);
  for (int b = 0; b < steps.B; ++b) {
    for (int h = 0; h < A; ++h) {
      real most = in.row(b)[h];
      for (int t = 1; t < steps.length[b]; ++t) most = std::max(most, in.row(steps.row(t, b))[h]);
      real total = 0;
      for (int t = 0; t < steps.length[b]; ++t) {
        const int n = steps.row(t, b);
        a.row(n)[h] = std::exp((in.row(n)[h] - most) * factor);
        total += a.row(n)[h];
      }
      for (int t = 0; t < steps.length[b]; ++t) a.row(steps.row(t, b))[h] /= total;
    }
  }

  tape.on_backward(y,
                   [a, da = tape.gradient(y), d_in = tape.gradient(scores), factor, s = &steps, A] {
                     for (int b = 0; b < s->B; ++b) {
                       for (int h = 0; h < A; ++h) {
                         real inner = 0;
                         for (int t = 0; t < s->length[b]; ++t) {
                           inner += a.row(s->row(t, b))[h] * da.row(s->row(t, b))[h];
                         }
                         for (int t = 0; t < s->length[b]; ++t) {
                           const int n = s->row(t, b);
                           d_in.row(n)[h] += factor * a.row(n)[h] * (da.row(n)[h] - inner);
                         }
                       }
                     }
                   });
  return y;
}

// x [N,F], weights [N,A] -> [B,F], the sum over each sequence, columns of the h-th of A parts
// weighted by column h.
Var weighted_sum(Tape& tape, Var x, Var weights, const Steps& steps) {
  const Tensor xv = tape.value(x), a = tape.value(weights);
  const int A = a.columns();
  const auto F = static_cast<std::size_t>(xv.columns()), part = F / static_cast<std::size_t>(A);
  const Var y = tape.result({steps.B, xv.columns()}, {x, weights});
  const Tensor yv = tape.value(y);
  for (int b = 0; b < steps.B; ++b) {
    real* out = yv.row(steps.position[b]);
    std::fill_n(out, F, real{0});
    for (int t = 0; t < steps.length[b]; ++t) {
      const int n = steps.row(t, b);
      for (std::size_t h = 0; h * part < F; ++h) {
        kernels::add_scaled(xv.row(n) + h * part, a.row(n)[h], part, out + h * part);
      }
    }
  }

  tape.on_backward(y, [xv, a, dx = tape.gradient(x), da = tape.gradient(weights),
                       dy = tape.gradient(y), s = &steps, F, part] {
    for (int n = 0; n < s->N; ++n) {
      const real* in = dy.row(s->position[s->sequence[n]]);
      const real* row = xv.row(n);
      for (std::size_t h = 0; h * part < F; ++h) {
        real inner = 0;
        for (std::size_t f = h * part; f < (h + 1) * part; ++f) inner += in[f] * row[f];
        if (da.data != nullptr) da.row(n)[h] += inner;
        if (dx.data == nullptr) continue;
        kernels::add_scaled(in + h * part, a.row(n)[h], part, dx.row(n) + h * part);
      }
    }
  });
  return y;
}

}  // namespace

Var pool_attention(Tape& tape, Var x, const AttentionPool& p, const Steps& steps, Var* weights) {
  const int A = tape.value(p.v).shape[0];
  const Var hidden = tanh(tape, linear(tape, x, p.w, p.b));  // [N,A]
  const Var v = reshape(tape, p.v, {A, 1});
  const Var scores = linear(tape, hidden, v, {});  // [N,1]
  const Var a = softmax_over_steps(tape, scores, 1, steps);
  if (weights != nullptr) *weights = a;
  return weighted_sum(tape, x, a, steps);
}

Var pool_dot_attention(Tape& tape, Var x, Var w, const Steps& steps, Var* weights) {
  const int F = tape.value(x).columns(), heads = tape.value(w).columns();
  if (heads < 1 || F % heads != 0) {
    throw Error(Code::kShape, "[pool_dot_attention] heads do not divide the columns");
  }
  const real factor = 1 / std::sqrt(static_cast<real>(F));
  const Var scores = linear(tape, x, w, {});  // [N,heads]
  const Var a = softmax_over_steps(tape, scores, factor, steps);
  if (weights != nullptr) *weights = a;
  return weighted_sum(tape, x, a, steps);
}

Var scale_sequences(Tape& tape, Var x, Var s, const Steps& steps) {
  const Tensor xv = tape.value(x), sv = tape.value(s);
  require_shape("scale_sequences", sv, {steps.B, xv.columns()});
  const auto F = static_cast<std::size_t>(xv.columns());
  const Var y = tape.result(xv.shape, {x, s});
  const Tensor yv = tape.value(y);
  for (int n = 0; n < steps.N; ++n) {
    const real* factor = sv.row(steps.position[steps.sequence[n]]);
    kernels::multiply(xv.row(n), factor, F, yv.row(n));
  }

  tape.on_backward(y, [xv, sv, dx = tape.gradient(x), ds = tape.gradient(s), dy = tape.gradient(y),
                       r = &steps, F] {
    for (int n = 0; n < r->N; ++n) {
      const int place = r->position[r->sequence[n]];
      if (dx.data != nullptr) kernels::multiply_add(dy.row(n), sv.row(place), F, dx.row(n));
      if (ds.data != nullptr) kernels::multiply_add(dy.row(n), xv.row(n), F, ds.row(place));
    }
  });
  return y;
}

}  // namespace refrain::tape
