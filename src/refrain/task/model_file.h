// A trained classifier as one safetensors file: its tensors (weights in PyTorch's layout, [out,in])
// and a JSON head under "refrain" with format version, options, features, labels, training receipt
// and a self-test: an input made from a fixed key with the probabilities it gave, recomputed on
// every load.
#pragma once

#include <string>

#include "refrain/task/classifier.h"

namespace refrain::task {

// How a model came about; kept in its file.
struct Receipt {
  std::string version;  // of Refrain
  int n_train = 0, n_valid = 0;
  int epochs = 0, best_epoch = 0;
  std::string stop_reason;
};

struct Model {
  std::unique_ptr<Classifier> classifier;
  Receipt receipt;
};

void save_model(const std::string& path, const Classifier& model, const Receipt& receipt);

// Throws io or data: missing, damaged, of a newer format, or failing its self-test.
Model load_model(const std::string& path);
// The same from the file's bytes (fuzzing); `path` is for messages.
Model parse_model(const std::string& bytes, const std::string& path);

}  // namespace refrain::task
