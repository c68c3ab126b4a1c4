// Convolutions over time below, or beside, the recurrent layers: a few layers of filters at several
// scales, each followed by layer normalisation (so that nothing depends on the batch) and relu.
//
//   depthwise: x W_in (first layer), then each scale on every channel, then all scales mixed by one
//              matrix (Chollet 2017; at several scales: Ismail-Fawaz et al. 2023, LITE)
//   full:      each scale sees all channels and gives its part of them (Ismail Fawaz et al. 2020;
//              on texts: Kim 2014)
#pragma once

#include <string>
#include <vector>

#include "refrain/base/fields.h"
#include "refrain/nn/context.h"

namespace refrain::nn {

struct StemSpec {
  std::string stem = "none";
  std::string stem_form = "stem";
  int stem_channels = 48;
  int stem_layers = 1;
  std::string stem_kernels = "auto";
  int stem_pool = 0;
  bool stem_skip = false;
  double stem_dropout = 0;
  bool squeeze = false;
};
base::Fields<StemSpec> stem_fields();

// The input of a stem: columns, the length of the longest training sequence, words or numbers.
struct StemInput {
  int features = 1;
  int length = 0;
  bool text = false;
};

// The widths of the filters: as the option says, or three by the length (about a sixth of it, its
// half and its quarter, at most 39, 19 and 9; 2 to 5 words of a text). Throws usage where the
// option is no list of 1 to 8 whole numbers in [1, 1001].
std::vector<int> stem_kernels(const StemSpec& spec, const StemInput& input);

// Steps that become one: as the option says, or as many as leave about 100.
int stem_pool(const StemSpec& spec, const StemInput& input);

struct ConvolutionStem {
  struct Layer {
    int w_in = -1, b_in = -1;  // depthwise, first layer
    std::vector<int> filters, biases;
    int w_mix = -1, b_mix = -1;                          // depthwise
    int gain = -1, bias = -1;                            // layer norm
    int w_down = -1, b_down = -1, w_up = -1, b_up = -1;  // squeeze and excitation
  };
  bool depthwise = true;
  int channels = 0;  // S
  std::vector<int> kernels;
  std::vector<Layer> layers;

  static ConvolutionStem make(const StemSpec& spec, const StemInput& input, const std::string& name,
                              ParamSet& params);
  // x [N,I] -> [N,S]
  tape::Var forward(Context& context, tape::Var x, const tensor::Steps& steps) const;

 private:
  void add_layer(const std::string& path, int inputs, bool squeeze, ParamSet& params);
  tape::Var excite(Context& context, const Layer& layer, tape::Var x,
                   const tensor::Steps& steps) const;
  tape::Var run(Context& context, const Layer& layer, tape::Var x,
                const tensor::Steps& steps) const;
};

}  // namespace refrain::nn
