#include "refrain/tape/activation.h"

#include <algorithm>
#include <cstring>

#include "refrain/base/error.h"
#include "refrain/kernels/attention.h"
#include "refrain/kernels/elementwise.h"

namespace refrain::tape {

Var tanh(Tape& tape, Var x) {
  const Var y = tape.result(tape.value(x).shape, {x});
  const Tensor yv = tape.value(y);
  kernels::tanh(tape.value(x).data, yv.count(), yv.data);

  tape.on_backward(y, [yv, dy = tape.gradient(y), dx = tape.gradient(x)] {
    for (std::size_t i = 0; i < yv.count(); ++i) {
      dx.data[i] += dy.data[i] * (1 - yv.data[i] * yv.data[i]);
    }
  });
  return y;
}

Var relu(Tape& tape, Var x) {
  const Var y = tape.result(tape.value(x).shape, {x});
  const Tensor xv = tape.value(x), yv = tape.value(y);
  for (std::size_t i = 0; i < yv.count(); ++i) yv.data[i] = std::max(xv.data[i], real{0});

  tape.on_backward(y, [yv, dy = tape.gradient(y), dx = tape.gradient(x)] {
    for (std::size_t i = 0; i < yv.count(); ++i) {
      if (yv.data[i] > 0) dx.data[i] += dy.data[i];
    }
  });
  return y;
}

Var sigmoid(Tape& tape, Var x) {
  const Var y = tape.result(tape.value(x).shape, {x});
  const Tensor yv = tape.value(y);
  kernels::sigmoid(tape.value(x).data, yv.count(), yv.data);

  tape.on_backward(y, [yv, dy = tape.gradient(y), dx = tape.gradient(x)] {
    for (std::size_t i = 0; i < yv.count(); ++i) {
      dx.data[i] += dy.data[i] * yv.data[i] * (1 - yv.data[i]);
    }
  });
  return y;
}

Var gelu(Tape& tape, Var x) {
  const Tensor xv = tape.value(x);
  const Var y = tape.result(xv.shape, {x});
  const Tensor yv = tape.value(y);
  std::copy_n(xv.data, xv.count(), yv.data);
  kernels::gelu(yv.count(), yv.data);

  tape.on_backward(y, [xv, dy = tape.gradient(y), dx = tape.gradient(x)] {
    kernels::gelu_backward(xv.data, dy.data, xv.count(), dx.data);
  });
  return y;
}

Var gelu_tanh(Tape& tape, Var x) {
  const Tensor xv = tape.value(x);
  const Var y = tape.result(xv.shape, {x});
  const Tensor yv = tape.value(y);
  std::copy_n(xv.data, xv.count(), yv.data);
  kernels::gelu_tanh(yv.count(), yv.data);

  tape.on_backward(y, [xv, dy = tape.gradient(y), dx = tape.gradient(x)] {
    kernels::gelu_tanh_backward(xv.data, dy.data, xv.count(), dx.data);
  });
  return y;
}

Var add(Tape& tape, Var a, Var b) {
  const Tensor av = tape.value(a), bv = tape.value(b);
  require_shape("add", bv, av.shape);
  const Var y = tape.result(av.shape, {a, b});
  const Tensor yv = tape.value(y);
  std::copy_n(av.data, av.count(), yv.data);
  kernels::add(bv.data, bv.count(), yv.data);

  tape.on_backward(y, [dy = tape.gradient(y), da = tape.gradient(a), db = tape.gradient(b)] {
    if (da.data != nullptr) kernels::add(dy.data, dy.count(), da.data);
    if (db.data != nullptr) kernels::add(dy.data, dy.count(), db.data);
  });
  return y;
}

namespace {

// Copies (or adds back) columns of `wide` from column `from` on.
void copy_columns(const Tensor& narrow, const Tensor& wide, int from) {
  const auto bytes = static_cast<std::size_t>(narrow.columns()) * sizeof(real);
  for (int r = 0; r < narrow.rows(); ++r) std::memcpy(wide.row(r) + from, narrow.row(r), bytes);
}
void add_columns(const Tensor& wide, const Tensor& narrow, int from) {
  const auto columns = static_cast<std::size_t>(narrow.columns());
  for (int r = 0; r < narrow.rows(); ++r) kernels::add(wide.row(r) + from, columns, narrow.row(r));
}

}  // namespace

Var concatenate(Tape& tape, const Var* parts, int count) {
  if (count < 1) throw Error(Code::kShape, "[concatenate] takes at least one part");
  Var* list = tape.arena().array<Var>(static_cast<std::size_t>(count));
  int columns = 0;
  bool wanted = false;
  for (int i = 0; i < count; ++i) {
    list[i] = parts[i];
    columns += tape.value(parts[i]).columns();
    wanted = wanted || tape.wants_gradient(parts[i]);
  }
  const Var y = tape.result({tape.value(parts[0]).rows(), columns}, wanted);
  for (int i = 0, from = 0; i < count; ++i) {
    const Tensor part = tape.value(parts[i]);
    require_shape("concatenate", part, {tape.value(y).rows(), part.columns()});
    copy_columns(part, tape.value(y), from);
    from += part.columns();
  }

  tape.on_backward(y, [t = &tape, y, list, count] {
    for (int i = 0, from = 0; i < count; ++i) {
      const Var part = list[i];
      if (t->wants_gradient(part)) add_columns(t->gradient(y), t->gradient(part), from);
      from += t->value(part).columns();
    }
  });
  return y;
}

Var stack(Tape& tape, const Var* parts, int count) {
  if (count < 1) throw Error(Code::kShape, "[stack] takes at least one part");
  Var* list = tape.arena().array<Var>(static_cast<std::size_t>(count));
  int rows = 0;
  bool wanted = false;
  for (int i = 0; i < count; ++i) {
    list[i] = parts[i];
    rows += tape.value(parts[i]).rows();
    wanted = wanted || tape.wants_gradient(parts[i]);
  }
  const Var y = tape.result({rows, tape.value(parts[0]).columns()}, wanted);
  real* to = tape.value(y).data;
  for (int i = 0; i < count; ++i) {
    const Tensor part = tape.value(parts[i]);
    require_columns("stack", part, tape.value(y).columns());
    to = std::copy_n(part.data, part.count(), to);
  }

  tape.on_backward(y, [t = &tape, y, list, count] {
    const real* from = t->gradient(y).data;
    for (int i = 0; i < count; ++i) {
      const std::size_t numbers = t->value(list[i]).count();
      if (t->wants_gradient(list[i])) kernels::add(from, numbers, t->gradient(list[i]).data);
      from += numbers;
    }
  });
  return y;
}

Var reshape(Tape& tape, Var x, const Shape& shape) {
  const Tensor xv = tape.value(x);
  if (shape.count() != xv.count()) {
    throw Error(Code::kShape, "[reshape] " + xv.shape.text() + " does not fit " + shape.text());
  }
  return tape.variable({shape, xv.data}, {shape, tape.gradient(x).data});
}

}  // namespace refrain::tape
