// Files of models: parameters, and a head of JSON that says which kind of model this is, how it was
// made, and some numbers that it computes (its self-test).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "refrain/base/json.h"
#include "refrain/nn/param_set.h"
#include "refrain/tensor/safetensors.h"

namespace refrain::nn {

void put_head(const base::Json& head, tensor::TensorFile& file);

// All parameters under prefix + their names, as to_tensor (param_file.h).
void put_parameters(const ParamSet& params, const std::string& prefix, tensor::TensorFile& file);

// A kind of model, and what is said where a file is none.
struct ModelKind {
  const char* kind;      // "kind" of the head
  const char* not_this;  // "is no forecaster"
  const char* hint;
};
bool is_of_kind(const tensor::TensorFile& file, const ModelKind& kind);

// Reads a model with `read`. Throws data, with the path, where the file is of another kind, where
// its head is damaged, and where `read` throws.
void read_model(std::string_view bytes, const std::string& path, const ModelKind& kind,
                const std::function<void(const tensor::TensorFile&, const base::Json& head)>& read);

// Refuses sizes that this file cannot hold, before memory is asked for. Throws data.
void require_held(const ParamSet& claimed, const tensor::TensorFile& file);

// Throws data where a self-test gives other numbers than when the model was saved, but for what
// instruction sets differ by: tolerance * (1 + the number).
void require_self_test(const base::Json& expected, const std::vector<double>& got,
                       double tolerance);

}  // namespace refrain::nn
