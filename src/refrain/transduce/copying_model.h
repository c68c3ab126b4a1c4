// For tests: a model file that copies words.
#pragma once

#include <string>

#include "refrain/base/files.h"
#include "refrain/base/test_folder.h"
#include "refrain/transduce/fit.h"
#include "refrain/transduce/made_up_pairs.h"
#include "refrain/transduce/model_file.h"

namespace refrain::transduce {

inline std::string train_copying() {
  const auto word = [](base::Rng& rng) { return random_word(rng, 3, 6); };
  const auto d = made_up_texts(400, 1, word, [](const std::string& s) { return s; });
  const auto train = first_numbers(d, 0, 360), valid = first_numbers(d, 360, 400);
  Settings s;
  s.preset = "none";
  s.encoder.hidden = 32;
  s.encoder.layers = 1;
  s.encoder.embedding_dim = 24;
  s.encoder.dropout = 0.05;
  s.train.epochs = 20;
  s.train.threads = 2;
  s.given = {"hidden", "layers", "embedding_dim", "dropout", "epochs"};
  return transducer_bytes(fit_transducer({{d, train}, {d, valid}}, s, {}).model);
}

// A model that copies words, as a file. It is trained once for all tests of a process.
inline std::string copying_model(const base::TestFolder& folder) {
  static const std::string bytes = train_copying();
  const std::string path = folder.path() + "/copy.refrain";
  base::write_file_atomically(path, bytes);
  return path;
}

}  // namespace refrain::transduce
