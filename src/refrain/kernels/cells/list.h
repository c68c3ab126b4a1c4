// Every recurrent cell's function, each defined by its own source in this folder. A new cell is one
// more source, a line here and a line in kernels/cells.cc.
#pragma once

#include "refrain/kernels/cells.h"

namespace refrain::kernels {

Cell gru_cell();
Cell lstm_cell();
Cell mgu_cell();
Cell rnn_cell();
Cell rnn_relu_cell();
Cell slstm_cell();

}  // namespace refrain::kernels
