// Cutting samples into parts: a held-out part, or K folds. Both keep the classes in proportion, and
// neither lets related samples straddle: a unit is the set of samples that share a group, have
// equal contents (exact duplicates) or were made from the same source sample; units are never cut.
// The result depends on the data, the pool and the generator alone.
#pragma once

#include <string>
#include <vector>

#include "refrain/base/rng.h"
#include "refrain/data/sample.h"

namespace refrain::data {

struct Split {
  std::vector<int> train, held_out;     // sample numbers, in the order of the pool
  std::vector<std::string> kept_whole;  // classes of which nothing is held out
};

// Holds out floor(n * fraction + 0.5) of the n samples of each class, but never its last one. Where
// that gives less than half of the wanted total, because classes are small, the largest of those
// that gave nothing give one each. Large units make the numbers approximate. At least one sample is
// held out if that is possible without taking the last one of a class. Without labels all samples
// are one class; numbers are five, the fifths of the pool. Throws usage where the fraction is not
// in [0, 1); 0 holds nothing out.
Split split_off(const Dataset& dataset, const std::vector<int>& pool, double fraction,
                base::Rng rng);

// How many units a pool has.
int unit_count(const Dataset& dataset, const std::vector<int>& pool);

// K parts of the pool, none empty, each sample in exactly one. Throws usage where k is less than 2
// or more than there are units.
std::vector<std::vector<int>> folds(const Dataset& dataset, const std::vector<int>& pool, int k,
                                    base::Rng rng);

}  // namespace refrain::data
