#include "refrain/tape/part_pooling.h"

#include <algorithm>
#include <cstdint>

#include "refrain/base/error.h"
#include "refrain/kernels/elementwise.h"

namespace refrain::tape {
namespace {

using tensor::Steps;

struct Part {
  int first, count;
};

Part part_of(int length, int p, int parts) {
  const auto at = [&](int i) { return static_cast<int>(std::int64_t{length} * i / parts); };
  return {std::min(at(p), length - 1), std::max(1, at(p + 1) - at(p))};
}

}  // namespace

Var pool_parts(Tape& tape, Var x, int parts, const Steps& steps) {
  if (parts < 1) throw Error(Code::kShape, "[pool_parts] wants at least one part");
  const Tensor xv = tape.value(x);
  const auto F = static_cast<std::size_t>(xv.columns());
  const Var y = tape.result({steps.B, parts * xv.columns()}, {x});
  for (int b = 0; b < steps.B; ++b) {
    real* out = tape.value(y).row(steps.position[b]);
    for (int p = 0; p < parts; ++p, out += F) {
      const Part part = part_of(steps.length[b], p, parts);
      std::copy_n(xv.row(steps.row(part.first, b)), F, out);
      for (int i = 1; i < part.count; ++i) {
        kernels::add(xv.row(steps.row(part.first + i, b)), F, out);
      }
      kernels::scale(1 / static_cast<real>(part.count), F, out);
    }
  }

  tape.on_backward(y, [dx = tape.gradient(x), dy = tape.gradient(y), parts, s = &steps, F] {
    for (int b = 0; b < s->B; ++b) {
      const real* in = dy.row(s->position[b]);
      for (int p = 0; p < parts; ++p, in += F) {
        const Part part = part_of(s->length[b], p, parts);
        const real share = 1 / static_cast<real>(part.count);
        for (int i = 0; i < part.count; ++i) {
          kernels::add_scaled(in, share, F, dx.row(s->row(part.first + i, b)));
        }
      }
    }
  });
  return y;
}

}  // namespace refrain::tape
