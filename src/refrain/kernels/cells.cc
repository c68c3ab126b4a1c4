#include "refrain/kernels/cells.h"

#include "refrain/kernels/cells/list.h"

namespace refrain::kernels {

const base::Registry<Cell>& cells() {
  static const base::Registry<Cell> list(
      "cell",
      {{"gru", "gated recurrent unit (Cho et al. 2014): the default for small data", gru_cell()},
       {"lstm", "long short-term memory (Hochreiter and Schmidhuber 1997)", lstm_cell()},
       {"mgu", "minimal gated unit, one gate (Zhou et al. 2016)", mgu_cell()},
       {"rnn", "plain recurrent network with tanh (Elman 1990)", rnn_cell()},
       {"rnn_relu", "plain recurrent network with relu", rnn_relu_cell()},
       {"slstm", "lstm with an exponential input gate and a normaliser (Beck et al. 2024)",
        slstm_cell()}});
  return list;
}

}  // namespace refrain::kernels
