#include "refrain/tape/neighbours.h"

#include <algorithm>

#include "refrain/base/error.h"
#include "refrain/kernels/elementwise.h"

namespace refrain::tape {
namespace {

using tensor::Steps;

// Pair n is row B + n and the row before it.
Var side(Tape& tape, Var x, int from, int width, bool earlier, const Steps& steps) {
  const int count = neighbour_count(steps);
  const Tensor xv = tape.value(x);
  if (count == 0 || from < 0 || width < 1 || from + width > xv.columns()) {
    throw Error(Code::kShape, "[neighbours] no pairs of steps, or no such columns");
  }
  const auto row = [earlier, s = &steps](int n) {
    const int later = s->B + n;
    return earlier ? s->before[later] : later;
  };
  const Var y = tape.result({count, width}, {x});
  for (int n = 0; n < count; ++n) std::copy_n(xv.row(row(n)) + from, width, tape.value(y).row(n));
  tape.on_backward(y, [dx = tape.gradient(x), dy = tape.gradient(y), row, from, count] {
    const auto columns = static_cast<std::size_t>(dy.columns());
    for (int n = 0; n < count; ++n) kernels::add(dy.row(n), columns, dx.row(row(n)) + from);
  });
  return y;
}

}  // namespace

Var earlier_steps(Tape& tape, Var x, int from, int width, const Steps& steps) {
  return side(tape, x, from, width, true, steps);
}

Var later_steps(Tape& tape, Var x, int from, int width, const Steps& steps) {
  return side(tape, x, from, width, false, steps);
}

void earlier_ids(const int* ids, const Steps& steps, int* out) {
  for (int n = steps.B; n < steps.N; ++n) *out++ = ids[steps.before[n]];
}

void later_ids(const int* ids, const Steps& steps, int* out) {
  std::copy(ids + steps.B, ids + steps.N, out);
}

}  // namespace refrain::tape
