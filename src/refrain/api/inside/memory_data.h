// Samples in memory as a Dataset; for the sources of this layer only.
#pragma once

#include "refrain/api/memory.h"
#include "refrain/data/reader.h"
#include "refrain/data/sample.h"
#include "refrain/task/model.h"

namespace refrain::api {

// Throws data where a list has another size than the samples, a text is not UTF-8, a weight is
// negative or not finite, all weights are 0; shape where a sample is too large.
data::Dataset dataset_of(const Samples& samples);

// Builds the dataset and divides it into streams where --streams names them.
data::Dataset dataset_of(const Samples& samples, const std::string& streams);

// Builds the dataset of a run: divides it into streams and settles the scheme of its tags.
data::Dataset dataset_to_learn(const Samples& samples, const data::ReadSpec& how);

// Builds the dataset as a model reads it: hears recordings, divides channels, checks the form.
// Throws data as dataset_of() does, and where the form differs from that of the training data.
data::Dataset dataset_for(const Samples& samples, const task::Model& model);

// Moves the values from the dataset's offset of the channels to another; empty is none.
void shift(data::Dataset& dataset, const std::vector<double>& to);

// The samples alone, unchecked, without labels, groups and weights.
data::Dataset contents_of(const Samples& samples);

// The samples that count: one of weight 0 is as if it were not there.
std::vector<int> pool_of(const data::Dataset& dataset);

}  // namespace refrain::api
