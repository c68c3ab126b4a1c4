#include "refrain/tape/embedding.h"

#include <cstring>

#include "refrain/kernels/elementwise.h"

namespace refrain::tape {

Var embedding(Tape& tape, Var table, const int* ids, int count) {
  const Tensor rows = tape.value(table);
  const auto E = static_cast<std::size_t>(rows.columns());
  const Var y = tape.result({count, rows.columns()}, {table});
  for (int n = 0; n < count; ++n) {
    std::memcpy(tape.value(y).row(n), rows.row(ids[n]), E * sizeof(real));
  }

  tape.on_backward(y, [d_table = tape.gradient(table), dy = tape.gradient(y), ids, count, E] {
    for (int n = 0; n < count; ++n) kernels::add(dy.row(n), E, d_table.row(ids[n]));
  });
  return y;
}

}  // namespace refrain::tape
