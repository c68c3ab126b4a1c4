// The weights of an encoder by their roles, whichever names their family has in the file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "refrain/tensor/arena.h"
#include "refrain/transformer/config.h"
#include "refrain/transformer/dense.h"

namespace refrain::transformer {

struct Norm {
  const real* gain = nullptr;  // [H]
  const real* bias = nullptr;  // [H]
};

struct LayerWeights {
  Dense query_key_value;  // [H, 3H]
  Dense attended;         // [H, H]
  Norm attention_norm;
  Dense widen;   // [H, inner]
  Dense narrow;  // [inner, H]
  Norm norm;
};

struct EncoderWeights {
  const real* words = nullptr;      // [vocabulary, H]
  const real* positions = nullptr;  // [positions, H], with the vector of the first token type added
  Norm norm;
  std::vector<LayerWeights> layers;
  tensor::Arena memory;  // of all of them
};

// The weights of a layer as numbers: matrices [in,out], query, key and value side by side.
struct LayerNumbers {
  std::vector<real> w_in, b_in, w_out, b_out;  // [H,3H] [3H] [H,H] [H]
  std::vector<real> attention_gain, attention_bias;
  std::vector<real> w_wide, b_wide, w_narrow, b_narrow;  // [H,inner] [inner] [inner,H] [H]
  std::vector<real> gain, bias;
};

// Throws data where a tensor is missing or has another shape than the config says.
EncoderWeights read_weights(const Config& config, std::string_view bytes, const std::string& path);
// The layers from `first` to the config's last one.
std::vector<LayerNumbers> read_layers(const Config& config, int first, std::string_view bytes,
                                      const std::string& path);

}  // namespace refrain::transformer
