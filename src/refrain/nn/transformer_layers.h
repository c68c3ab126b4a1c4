// Layers of a transformer with layer normalisation behind each block (Vaswani et al. 2017, as BERT
// has them, Devlin et al. 2019), whose parameters are trained. With LN layer normalisation, each is
//   y = LN(x + drop(attention(x))),  x' = LN(y + drop(W2 gelu(W1 y)))
// Parameters of layer i: <name>.i.w_in [F,3F] and b_in (query, key and value side by side), w_out
// [F,F], b_out, attention_gain, attention_bias, w_wide [F,inner], b_wide, w_narrow [inner,F],
// b_narrow, gain, bias.
#pragma once

#include <string>
#include <vector>

#include "refrain/data/tuned_layers.h"
#include "refrain/nn/context.h"

namespace refrain::nn {

struct TransformerLayer {
  int w_in, b_in, w_out, b_out;
  int attention_gain, attention_bias;
  int w_wide, b_wide, w_narrow, b_narrow;
  int gain, bias;
};

struct TransformerLayers {
  data::TunedLayers form;
  double dropout = 0;
  std::vector<TransformerLayer> layers;  // of parameter numbers

  // Layers whose states have F numbers. `form.heads` divides F.
  static TransformerLayers make(const data::TunedLayers& form, int F, const std::string& name,
                                ParamSet& params);
  tape::Var forward(Context& context, tape::Var x, const tensor::Steps& steps) const;  // [N,F]

 private:
  tape::Var drop(Context& context, tape::Var x, const tensor::Steps& steps,
                 std::size_t place) const;
  tape::Var attended(Context& context, std::size_t i, tape::Var x,
                     const tensor::Steps& steps) const;
  tape::Var widened(Context& context, std::size_t i, tape::Var x, const tensor::Steps& steps) const;
};

// The part of the parameters' names that follows the name of their encoder.
constexpr std::string_view kTunedName = ".bert";

}  // namespace refrain::nn
