#include "refrain/tape/mixing.h"

#include <algorithm>

#include "refrain/kernels/elementwise.h"

namespace refrain::tape {

using tensor::Steps;

namespace {

// For each place in the batch the row of its sequence.
const int* rows_of(Tape& tape, const Steps& steps) {
  int* row = tape.arena().array<int>(static_cast<std::size_t>(steps.B));
  for (int b = 0; b < steps.B; ++b) row[steps.position[b]] = b;
  return row;
}

struct Pairing {
  Mixing m;
  const int* row;
  const Steps* from;
  const Steps* mixed;
};

// Calls visit(row of the mix, row that it takes from, weight).
template <class Visit>
void each_part(const Pairing& p, const Visit& visit) {
  for (int t = 0; t < p.mixed->T; ++t) {
    for (int b = 0; b < p.mixed->live[t]; ++b) {
      const int place = p.mixed->position[b];
      const int own = p.row[place], partner = p.row[p.m.partner[place]];
      const real weight = p.m.own[place];
      const int n = p.mixed->row(t, b);
      if (t < p.from->length[own]) visit(n, p.from->row(t, own), weight);
      if (t < p.from->length[partner]) visit(n, p.from->row(t, partner), real{1} - weight);
    }
  }
}

}  // namespace

Var mix(Tape& tape, Var x, const Mixing& m, const Steps& from, const Steps& mixed) {
  const Tensor xv = tape.value(x);
  const auto F = static_cast<std::size_t>(xv.columns());
  const Var y = tape.result({mixed.N, xv.columns()}, {x});
  const Tensor yv = tape.value(y);
  std::fill_n(yv.data, yv.count(), real{0});
  const Pairing pairing{m, rows_of(tape, from), &from, &mixed};
  each_part(pairing, [&](int to, int at, real weight) {
    kernels::add_scaled(xv.row(at), weight, F, yv.row(to));
  });

  tape.on_backward(y, [pairing, dy = tape.gradient(y), dx = tape.gradient(x), F] {
    each_part(pairing, [&](int to, int at, real weight) {
      kernels::add_scaled(dy.row(to), weight, F, dx.row(at));
    });
  });
  return y;
}

}  // namespace refrain::tape
