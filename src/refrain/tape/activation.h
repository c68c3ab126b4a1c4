// Elementwise functions and changes of form.
#pragma once

#include "refrain/tape/tape.h"

namespace refrain::tape {

Var tanh(Tape& tape, Var x);
Var relu(Tape& tape, Var x);
Var sigmoid(Tape& tape, Var x);
Var gelu(Tape& tape, Var x);        // kernels/attention.h
Var gelu_tanh(Tape& tape, Var x);   // the same by an approximation with tanh
Var add(Tape& tape, Var a, Var b);  // same shape

// Side by side: matrices with equal rows -> [rows, sum of columns]. At most 8 parts.
Var concatenate(Tape& tape, const Var* parts, int count);

// One upon the other: matrices with equal columns -> [sum of rows, columns].
Var stack(Tape& tape, const Var* parts, int count);

// Returns the numbers under another shape of equal count; value and gradient are shared.
Var reshape(Tape& tape, Var x, const Shape& shape);

}  // namespace refrain::tape
