// The form of the last layers of an encoder of texts where a network tunes them: it reads the
// states below them. Their weights are parameters of the network.
#pragma once

#include <string>

#include "refrain/base/json.h"

namespace refrain::data {

struct TunedLayers {
  int count = 0;  // 0: no layer is tuned
  int first = 0;  // number of the lowest, from 0, as the encoder's folder counts them
  int heads = 1;
  int inner = 1;                    // width between the two products of a layer
  std::string activation = "gelu";  // or gelu_tanh, relu
  double epsilon = 1e-12;           // of layer normalisation

  bool operator==(const TunedLayers&) const = default;
};

base::Json tuned_layers_to_json(const TunedLayers& tuned);
// `channels`: of the states. Throws data where the layers are impossible.
TunedLayers tuned_layers_from(const base::Json& json, int channels);

}  // namespace refrain::data
