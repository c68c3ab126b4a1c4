// Cross-validation: every sample of a pool is tested once, by a model that was fitted on samples
// unrelated to it. How the folds are cut:
//   stratified           classes in proportion; groups, duplicates and descendants of one sample
//                        stay together (split.h)
//   time                 K blocks of consecutive samples in the order of the file, which is taken
//                        as time; `purge` samples beside the tested block are left out of training,
//                        and so is whatever is related to a tested sample
//   leave_one_group_out  one fold a group; a sample without a group is one of its own
#pragma once

#include <string>
#include <vector>

#include "refrain/data/split.h"

namespace refrain::data {

struct FoldSpec {
  int folds = 0;
  std::string fold_by = "stratified";
  int purge = 0;
};

struct Fold {
  std::vector<int> train, test;  // sample numbers, in the order of the pool
};

// Throws usage where that many folds cannot be made, or there are no groups to leave out.
std::vector<Fold> make_folds(const Dataset& dataset, const std::vector<int>& pool,
                             const FoldSpec& spec, base::Rng rng);

}  // namespace refrain::data
