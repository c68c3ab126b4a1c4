// The samples of one fit: those to train on, those to stop early by, and all of them together,
// which simple methods, inner folds and --refit use.
#pragma once

#include <string>
#include <vector>

#include "refrain/base/rng.h"
#include "refrain/data/sample.h"
#include "refrain/task/spec.h"

namespace refrain::task {

struct FitParts {
  const data::Dataset* train_data = nullptr;
  std::vector<int> train;  // sample numbers
  const data::Dataset* valid_data = nullptr;
  std::vector<int> valid;                 // for early stopping; may be empty
  std::vector<std::string> classes = {};  // that the samples may lack; networks can wait for them
};

// Takes a validation part from the pool, as large as the options say or as its size suggests: few
// samples teach more than they can judge. Throws data where nothing can be learned from the rest.
// `kept_whole` gets the classes of which nothing could be held out.
FitParts split_valid(const data::Dataset& dataset, const std::vector<int>& pool, const Spec& spec,
                     const base::Rng& rng, std::vector<std::string>* kept_whole);

// Every sample that may be trained on. A validation file is trained on by --refit alone.
struct WholePool {
  FitParts all;
  data::Dataset merged;    // the training data with the validation file, where both are in `all`
  std::vector<int> valid;  // the validation part, as sample numbers of `all`
};
// `whole` is written in place, since `all` may point to `merged`.
void gather_whole(const FitParts& parts, const Spec& spec, WholePool& whole);

bool is_text(const data::Dataset& dataset);

// The facts of the training part that defaults depend on.
TrainingData facts_of(const FitParts& parts);

}  // namespace refrain::task
