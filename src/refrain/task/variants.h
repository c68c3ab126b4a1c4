// Augmentation for methods that see each sample once: the training samples and a few variants of
// each, drawn as a network meets them in its first epochs.
#pragma once

#include <string>
#include <vector>

#include "refrain/data/sample.h"

namespace refrain::task {

constexpr int kMostRounds = 8;

struct Variants {
  data::Dataset dataset;    // the samples as given, then the variants, round by round
  std::vector<int> chosen;  // all of them
  std::vector<int> source;  // [n] the place in `chosen` that each was made from
};

// How many variants of each of so many samples: as many as keep all together below 4,500, at most
// kMostRounds.
int variant_rounds(int samples);

// Returns variant_rounds() variants of each sample with these numbers. A specification that gives
// shares of labels, and too many samples, give the samples alone. Throws usage for a malformed or
// unsuitable specification.
Variants with_variants(const data::Dataset& dataset, const std::vector<int>& numbers,
                       const std::string& specification, std::int64_t seed, int threads);

}  // namespace refrain::task
