// A stack of recurrent layers run one step at a time, batch 1: weights packed once, states kept,
// nothing allocated. Gives the same numbers as the whole sequence at once.
#pragma once

#include <string>
#include <vector>

#include "refrain/nn/recurrent_stack.h"
#include "refrain/tensor/arena.h"

namespace refrain::nn {

class RecurrentStream : public EncoderStream {
 public:
  // One direction only. `pooling` is last, mean, max or concat.
  RecurrentStream(const RecurrentStack& stack, const ParamSet& params, const std::string& pooling);

  void reset() override;
  void step(const real* x) override;
  const real* vector() const override;

 private:
  struct Layer {
    int inputs = 0;
    const real *packed_x = nullptr, *packed_h = nullptr, *b = nullptr, *b_h = nullptr;
    const real *gain = nullptr, *bias = nullptr;  // layer norm, null = none
    real* sum = nullptr;                   // [H] state plus what was read, null = no residual
    real *z = nullptr, *normal = nullptr;  // gates; the normalised state
    real *h[2] = {}, *c[2] = {};           // this step's and the last one's states, in turn
  };
  Layer make_layer(const RecurrentStack::Layer& layer, int inputs, const ParamSet& params);
  const real* run_layer(Layer& layer, const real* x);
  const real* finish(const Layer& layer, const real* x) const;

  const kernels::Cell* cell_;
  int H_;
  std::string pooling_;
  tensor::Arena arena_;
  std::vector<Layer> layers_;
  real* zone_ = nullptr;  // [H] zoneout's expected share of the previous state, null = none
  int steps_ = 0;
  real *last_ = nullptr, *mean_ = nullptr, *max_ = nullptr;  // [H] each, side by side
  double* sum_ = nullptr;
};

}  // namespace refrain::nn
