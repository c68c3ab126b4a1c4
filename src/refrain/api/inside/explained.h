// Explanations of samples that are read already; for the sources of this layer only.
#pragma once

#include <string>

#include "refrain/api/explain.h"
#include "refrain/data/sample.h"
#include "refrain/task/model.h"

namespace refrain::api {

// Explains samples of a dataset that has the model's form. `training` holds the samples of
// choice.train, or is null. Throws as explain() does.
Explanations explain_samples(const task::Model& model, data::Dataset& samples,
                             const data::Dataset* training, const ExplainChoice& choice,
                             int threads);

// Returns markup with a verdict about the explanations and the samples with their scores; ""
// without samples.
std::string explained_markup(const Explanations& found);

}  // namespace refrain::api
