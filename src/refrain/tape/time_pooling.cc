#include "refrain/tape/time_pooling.h"

#include <algorithm>
#include <new>

#include "refrain/base/error.h"
#include "refrain/kernels/elementwise.h"

namespace refrain::tape {

using tensor::Steps;

const Steps& shortened(Tape& tape, const Steps& steps, int window) {
  if (window < 1) throw Error(Code::kShape, "[shortened] wants a window of at least one step");
  tensor::Arena& arena = tape.arena();
  const auto B = static_cast<std::size_t>(steps.B);
  int* length = arena.array<int>(B);
  int N = 0;
  for (int b = 0; b < steps.B; ++b) N += length[b] = (steps.length[b] - 1) / window + 1;
  const int T = length[0];
  int* live = arena.array<int>(static_cast<std::size_t>(T));
  int* offset = arena.array<int>(static_cast<std::size_t>(T));
  int* before = arena.array<int>(static_cast<std::size_t>(N));
  int* sequence = arena.array<int>(static_cast<std::size_t>(N));
  for (int t = 0, n = 0, alive = steps.B; t < T; ++t) {
    while (length[alive - 1] <= t) --alive;
    live[t] = alive;
    offset[t] = n;
    for (int b = 0; b < alive; ++b, ++n) {
      before[n] = t == 0 ? -1 : offset[t - 1] + b;
      sequence[n] = b;
    }
  }
  return *new (arena.bytes(sizeof(Steps)))
      Steps{T, steps.B, N, length, live, offset, before, sequence, steps.position};
}

namespace {

// Calls visit(row of the short sequence, t, b, steps of this window).
template <class Visit>
void each_window(int window, const Steps& steps, const Steps& shorter, const Visit& visit) {
  for (int s = 0; s < shorter.T; ++s) {
    for (int b = 0; b < shorter.live[s]; ++b) {
      const int t = s * window;
      visit(shorter.row(s, b), t, b, std::min(window, steps.length[b] - t));
    }
  }
}

}  // namespace

Var average_pool(Tape& tape, Var x, int window, const Steps& steps, const Steps& shorter) {
  const Tensor xv = tape.value(x);
  const auto F = static_cast<std::size_t>(xv.columns());
  const Var y = tape.result({shorter.N, xv.columns()}, {x});
  const Tensor yv = tape.value(y);
  each_window(window, steps, shorter, [&](int row, int t, int b, int count) {
    real* out = yv.row(row);
    std::copy_n(xv.row(steps.row(t, b)), F, out);
    for (int i = 1; i < count; ++i) kernels::add(xv.row(steps.row(t + i, b)), F, out);
    kernels::scale(1 / static_cast<real>(count), F, out);
  });

  tape.on_backward(
      y, [dx = tape.gradient(x), dy = tape.gradient(y), window, s = &steps, r = &shorter, F] {
        each_window(window, *s, *r, [&](int row, int t, int b, int count) {
          const real share = 1 / static_cast<real>(count);
          for (int i = 0; i < count; ++i) {
            kernels::add_scaled(dy.row(row), share, F, dx.row(s->row(t + i, b)));
          }
        });
      });
  return y;
}

Var side_by_side(Tape& tape, Var x, int window, const Steps& steps, const Steps& shorter) {
  const Tensor xv = tape.value(x);
  const auto F = static_cast<std::size_t>(xv.columns());
  const Var y = tape.result({shorter.N, window * xv.columns()}, {x});
  const Tensor yv = tape.value(y);
  each_window(window, steps, shorter, [&](int row, int t, int b, int count) {
    real* out = yv.row(row);
    for (int i = 0; i < window; ++i) {
      out = std::copy_n(xv.row(steps.row(t + std::min(i, count - 1), b)), F, out);
    }
  });

  tape.on_backward(
      y, [dx = tape.gradient(x), dy = tape.gradient(y), window, s = &steps, r = &shorter, F] {
        each_window(window, *s, *r, [&](int row, int t, int b, int count) {
          const real* in = dy.row(row);
          for (int i = 0; i < window; ++i, in += F) {
            kernels::add(in, F, dx.row(s->row(t + std::min(i, count - 1), b)));
          }
        });
      });
  return y;
}

}  // namespace refrain::tape
