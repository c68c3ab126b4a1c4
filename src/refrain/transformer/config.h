// Reads config.json of a folder in the layout of Hugging Face Transformers, for an encoder of the
// BERT family: model_type "bert" (BERT, MiniLM and others of this form) or "distilbert".
#pragma once

#include <string>

#include "refrain/base/json.h"

namespace refrain::transformer {

enum class Family { kBert, kDistilBert };

enum class Activation { kGelu, kGeluTanh, kRelu };

struct Config {
  Family family = Family::kBert;
  int vocabulary = 0;  // rows of the table of word vectors
  int hidden = 0;      // H
  int layers = 0;
  int heads = 0;
  int inner = 0;       // width between the two products of a layer
  int positions = 0;   // the most tokens that a text may have
  double epsilon = 0;  // of layer normalisation
  Activation activation = Activation::kGelu;

  bool operator==(const Config&) const = default;
};

// `path` is for messages. Throws data where something is missing or out of range, unsupported for
// another architecture.
Config parse_config(const std::string& text, const std::string& path);

// "gelu", "gelu_tanh" or "relu".
std::string name_of(Activation activation);

// FOLDER/config.json. Throws io where it cannot be read.
Config read_config(const std::string& folder);

// A file that others made, as JSON. Throws data, naming the path, where it is none.
base::Json parse_foreign_json(const std::string& text, const std::string& path);

}  // namespace refrain::transformer
