// Explanations of samples that are read already; for the sources of this layer only.
#pragma once

#include <string>

#include "refrain/api/explain.h"
#include "refrain/data/sample.h"
#include "refrain/task/model.h"

namespace refrain::api {

// Of the samples of a dataset that has the model's form; `training`: that of choice.train, null
// where there is none. Throws as explain().
Explanations explain_samples(const task::Model& model, data::Dataset& samples,
                             const data::Dataset* training, const ExplainChoice& choice,
                             int threads);

// Whether they can be trusted, and the samples with their scores, as markup; "" without samples.
std::string explained_markup(const Explanations& found);

}  // namespace refrain::api
