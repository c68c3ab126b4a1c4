// The one place where a model meets the data it learns from. Everything that is fitted (defaults by
// size, labels, vocabulary, normaliser, weights) sees the training part only; a hold-out run, each
// fold of a cross-validation and the model that is kept all come through here.
#pragma once

#include <vector>

#include "refrain/base/rng.h"
#include "refrain/task/classifier.h"

namespace refrain::task {

struct FitParts {
  const data::Dataset* train_data = nullptr;
  std::vector<int> train;  // sample numbers
  const data::Dataset* valid_data = nullptr;
  std::vector<int> valid;  // for early stopping; may be empty
};

// Takes a validation part from the pool, as large as the options say or as its size suggests: few
// samples teach more than they can judge. Throws data where fewer than two classes are left.
// `kept_whole` gets the classes of which nothing could be held out.
FitParts split_valid(const data::Dataset& dataset, const std::vector<int>& pool, const Spec& spec,
                     const base::Rng& rng, std::vector<std::string>* kept_whole);

// Throws data where the chosen samples have fewer than two labels.
void require_classes(const data::Dataset& dataset, const std::vector<int>& chosen);

// A network with its start values; options and features from the training part.
Classifier make_classifier(Spec spec, const FitParts& parts);

// The training samples, then the validation samples, as numbers.
std::vector<data::EncodedSample> encode_parts(const Classifier& model, const FitParts& parts);

bool is_text(const data::Dataset& dataset);

}  // namespace refrain::task
