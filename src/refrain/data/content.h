// Tells whether two samples are the same: a key of their contents, and the original that a sample
// descends from.
#pragma once

#include <cstdint>

#include "refrain/data/sample.h"

namespace refrain::data {

// Equal contents give equal keys; a collision (one pair in 2^64) would only keep two samples
// together.
std::uint64_t content_hash(const Sample& sample);
// The same of contents as they were written, with what reading took off.
std::uint64_t written_hash(const Sample& sample);

// The sample that `index` was made from, or the one that was made from, and so on.
std::int64_t origin(const Dataset& dataset, std::int64_t index);

// Hashes all samples of a dataset (contents, labels and groups in their order): identifies the data
// independently of the file format.
std::uint64_t dataset_hash(const Dataset& dataset);

}  // namespace refrain::data
