// A model as one safetensors file: its tensors (weights in PyTorch's layout, [out,in]) and a JSON
// head under "refrain" with format version, options, features, labels, the columns' names in the
// training file (where it had some), training receipt and a self-test: inputs made from a fixed key
// with the probabilities they gave, recomputed on every load. Format 1 is a single network. Format
// 2 lists members, the tensors of member 3 called "members.3.…"; a member's options and features
// stand there where they are not the model's.
#pragma once

#include <string>

#include "refrain/task/model.h"
#include "refrain/tensor/safetensors.h"

namespace refrain::task {

void save_model(const std::string& path, const Model& model);
std::string model_bytes(const Model& model);  // the bytes that save_model writes

// Throws io or data: missing, damaged, of a newer format, or failing its self-test.
Model load_model(const std::string& path);
// Reads a model from the bytes of a file; `path` is for messages.
Model parse_model(const std::string& bytes, const std::string& path);

}  // namespace refrain::task
