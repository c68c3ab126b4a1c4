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

// Throws data where a tensor is missing or has another shape than the config says.
EncoderWeights read_weights(const Config& config, std::string_view bytes, const std::string& path);

}  // namespace refrain::transformer
