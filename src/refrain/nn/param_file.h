// Parameters as tensors of a file, weight matrices in PyTorch's layout.
#pragma once

#include <string>

#include "refrain/nn/param_set.h"
#include "refrain/tensor/safetensors.h"

namespace refrain::nn {

// True if the file holds the parameter transposed, [out,in], as PyTorch does: weight matrices, but
// no tables of word vectors.
bool is_turned(const Param& param);

// The parameter under the name prefix + its own.
tensor::NamedTensor to_tensor(const ParamSet& params, int index, const std::string& prefix);

// Takes the parameters' values from tensors called prefix + name. Throws data where one is missing
// or of another shape.
void read_parameters(const tensor::TensorFile& file, const std::string& prefix, ParamSet& params);

}  // namespace refrain::nn
