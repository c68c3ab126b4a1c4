// A model on labelled samples: what it answered, and what that is worth; for the sources of this
// layer only.
#pragma once

#include <memory>

#include "refrain/api/inside/evaluation.h"
#include "refrain/api/model.h"

namespace refrain::api {

struct Evaluated {
  std::shared_ptr<const data::Dataset> data;
  Answered answered;
  Report report;
};

// Throws data for targets that the model cannot answer with.
Evaluated evaluate_samples(const task::Model& model, data::Dataset samples, int threads);

// Evaluates the model on a file, as Model::evaluate does.
Evaluated evaluate_file(const Model& model, const std::string& data, const Options& options,
                        const Hooks& hooks);

}  // namespace refrain::api
