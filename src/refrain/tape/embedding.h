// Rows of a table, chosen by number: the vectors of words or characters.
#pragma once

#include "refrain/tape/tape.h"

namespace refrain::tape {

// table [V,E], ids [count] in [0,V) -> [count,E].
Var embedding(Tape& tape, Var table, const int* ids, int count);

}  // namespace refrain::tape
