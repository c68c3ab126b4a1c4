// A source of series: what `--init` begins with. One safetensors file: the tensors under the names
// of a classifier's encoder, a JSON head of kind "series-source" with options, features and a
// receipt.
#pragma once

#include <memory>
#include <string>

#include "refrain/pretext/network.h"
#include "refrain/tensor/safetensors.h"

namespace refrain::pretext {

struct Receipt {
  std::string version;
  int files = 0, n_train = 0, n_valid = 0;
  int epochs = 0, best_epoch = 0;
  std::string stop_reason, metric;
  double score = 0;
};

struct SeriesSource {
  PretextSpec spec;
  data::Features features;
  std::vector<std::string> classes;  // of its head; empty: none
  bool apart = false;                // one channel stands for any
  std::unique_ptr<PretextNetwork> network;
  Receipt receipt;
};

// True if the bytes of a safetensors file are one of these, sound or not.
bool is_series_source(const tensor::TensorFile& file);
std::string series_source_bytes(const SeriesSource& source);
// Throws data, naming the path, where the bytes are no such source, or damaged.
SeriesSource series_source_from(std::string_view bytes, const std::string& path);

}  // namespace refrain::pretext
