// The task `classify`: a network that gives each sample a probability for every class. Owns
// everything that prediction needs: options, fitted features, labels, parameters.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "refrain/nn/encoder.h"
#include "refrain/nn/head.h"
#include "refrain/score/metrics.h"
#include "refrain/task/spec.h"
#include "refrain/train/trainer.h"

namespace refrain::task {

class Classifier {
 public:
  // A network with its start values for these features and labels (sorted, unique, at least two).
  Classifier(Spec spec, data::Features features, std::vector<std::string> labels);

  // Samples of the dataset as numbers, targets by label; sample i of the result is sample
  // chosen[i]. A label that is not known is an error naming its line (unlabelled data: all targets
  // -1).
  std::vector<data::EncodedSample> encode(const data::Dataset& dataset,
                                          const std::vector<int>& chosen) const;

  // The same without looking at labels.
  std::vector<data::EncodedSample> encode_unlabelled(const data::Dataset& dataset,
                                                     const std::vector<int>& chosen) const;

  // Trains on samples [0, n_train) of `samples`, validates on the rest.
  train::Outcome fit(const std::vector<data::EncodedSample>& samples, int n_train,
                     const train::Hooks& hooks, const train::State* resume);

  // Trains on all samples for as many updates as an earlier training of a network like this one
  // found best, by the schedule and the rate that it had.
  train::Outcome fit_again(const std::vector<data::EncodedSample>& samples,
                           const train::Outcome& first, const train::Hooks& hooks,
                           const train::State* resume);

  // Trains on all samples from the parameters as they are, in this way instead of the network's.
  train::Outcome fit_further(const std::vector<data::EncodedSample>& samples,
                             const train::TrainSpec& train, const optim::OptimSpec& optim,
                             const train::Hooks& hooks);

  // Probabilities [n,C], row by row; the same for any number of threads.
  std::vector<double> predict(const std::vector<data::EncodedSample>& samples, int threads) const;

  // For a series that arrives step by step. Throws unsupported where the model cannot.
  std::unique_ptr<nn::EncoderStream> stream() const;
  // An encoder's vector [F] -> probabilities [C]; allocates nothing.
  void decode(const real* vector, double* probability) const;

  const Spec& spec() const { return spec_; }
  const data::Features& features() const { return features_; }
  const std::vector<std::string>& labels() const { return labels_; }
  nn::ParamSet& params() { return params_; }
  const nn::ParamSet& params() const { return params_; }

  // logits [B,C] of context.batch
  tape::Var logits(nn::Context& context) const;

 private:
  Spec spec_;
  data::Features features_;
  std::vector<std::string> labels_;
  nn::ParamSet params_;
  std::vector<std::unique_ptr<nn::Encoder>> encoders_;  // one a stream
  nn::LinearHead head_;
};

// Predictions and truths as the metrics want them; the class is the one with the largest
// probability.
score::Classification classification(const std::vector<data::EncodedSample>& samples,
                                     std::vector<double> probability, int classes);

}  // namespace refrain::task
