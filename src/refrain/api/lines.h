// Answers to texts that come one by one, such as lines of standard input. Standard library only.
#pragma once

#include <string>

#include "refrain/api/tagging.h"

namespace refrain::api {

class Lines {
 public:
  // The model stays alive and unchanged meanwhile. Throws unsupported for a model that does not
  // read texts, or reads them through an encoder; usage for options that say how a file is read.
  Lines(const Model& model, const Options& options);

  // The answer to the text on this line (from 1). Throws data where it is not UTF-8.
  Prediction predict(const std::string& text, int line) const;
  Tagged tag(const std::string& text, int line) const;  // of a tagger

 private:
  const Model& model_;
};

}  // namespace refrain::api
