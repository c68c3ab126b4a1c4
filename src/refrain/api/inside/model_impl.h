// The private members of Model; for the sources of this layer only.
#pragma once

#include "refrain/api/model.h"
#include "refrain/data/sample.h"
#include "refrain/task/model_file.h"

namespace refrain::api {

struct Model::Impl {
  std::string path;
  task::Model model;
};

// The samples of a file as the model reads them, with the labels or tags that it learned or
// without any. Throws as Model::evaluate and Model::predict do.
data::Dataset read_labelled_for(const Model& model, const std::string& path, const Options& options,
                                const Hooks& hooks);
data::Dataset read_unlabelled_for(const Model& model, const std::string& path,
                                  const Options& options, const Hooks& hooks);

// Threads that the options ask for.
int threads_of(const Options& options);

}  // namespace refrain::api
