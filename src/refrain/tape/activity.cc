#include "refrain/tape/activity.h"

#include <algorithm>

namespace refrain::tape {
namespace {

// The weight of a squared number in sequence b: of the states, and of their changes.
struct Weights {
  double state, change;
};
Weights weights_of(const Activity& a, const tensor::Steps& steps, int b, int F) {
  const int T = steps.length[b];
  const double share = static_cast<double>(a.share[steps.position[b]]);
  return {share * a.ar / (static_cast<double>(T) * F),
          share * a.tar / (static_cast<double>(std::max(1, T - 1)) * F)};
}

}  // namespace

Var activity(Tape& tape, Var x, const Activity& a, const tensor::Steps& steps) {
  const Tensor xv = tape.value(x);
  const int F = xv.columns();
  const Var y = tape.result({1}, {x});
  double sum = 0;
  for (int n = 0; n < steps.N; ++n) {
    const Weights w = weights_of(a, steps, steps.sequence[n], F);
    const real* now = xv.row(n);
    const real* before = steps.before[n] < 0 ? now : xv.row(steps.before[n]);
    double state = 0, change = 0;
    for (int f = 0; f < F; ++f) {
      const double value = static_cast<double>(now[f]);
      const double step = value - static_cast<double>(before[f]);
      state += value * value;
      change += step * step;
    }
    sum += w.state * state + w.change * change;
  }
  tape.value(y).data[0] = static_cast<real>(sum);

  tape.on_backward(y, [xv, a, s = &steps, dy = tape.gradient(y), dx = tape.gradient(x), F] {
    for (int n = 0; n < s->N; ++n) {
      const Weights w = weights_of(a, *s, s->sequence[n], F);
      const double twice = 2 * static_cast<double>(dy.data[0]);
      const real of_state = static_cast<real>(twice * w.state);
      const real of_change = static_cast<real>(twice * w.change);
      const real* now = xv.row(n);
      real* d_now = dx.row(n);
      for (int f = 0; f < F; ++f) d_now[f] += of_state * now[f];
      if (s->before[n] < 0) continue;
      const real* before = xv.row(s->before[n]);
      real* d_before = dx.row(s->before[n]);
      for (int f = 0; f < F; ++f) {
        const real d = of_change * (now[f] - before[f]);
        d_now[f] += d;
        d_before[f] -= d;
      }
    }
  });
  return y;
}

}  // namespace refrain::tape
