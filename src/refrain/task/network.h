// A network that gives each sample an answer of its goal: an encoder a stream, their vectors side
// by side, a linear head. Owns everything that prediction needs: options, fitted features, goal,
// parameters.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "refrain/nn/chain_head.h"
#include "refrain/nn/encoder.h"
#include "refrain/nn/head.h"
#include "refrain/task/goal.h"
#include "refrain/task/learner.h"
#include "refrain/task/spec.h"
#include "refrain/train/trainer.h"

namespace refrain::task {

class Network : public Learner {
 public:
  // A network with its start values for these features and this goal.
  Network(Spec spec, data::Features features, std::shared_ptr<const Goal> goal);

  // Samples of the dataset as numbers, with their targets; sample i of the result is sample
  // chosen[i]. Throws data where a target is none of the goal's; unlabelled data have none.
  std::vector<data::EncodedSample> encode(const data::Dataset& dataset,
                                          const std::vector<int>& chosen) const;

  // Encodes samples without targets.
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

  // Trains on all samples from the parameters as they are, in this way instead of the network's;
  // `train.l2_sp` keeps the weights near these.
  train::Outcome fit_further(const std::vector<data::EncodedSample>& samples,
                             const train::TrainSpec& train, const optim::OptimSpec& optim,
                             const train::Hooks& hooks);

  // Answers [n,width], row by row; the same for any number of threads.
  std::vector<double> predict(const std::vector<data::EncodedSample>& samples, int threads) const;

  std::vector<double> answer(const data::Subset& samples, int threads) const override;
  std::vector<double> self_test(const Form& form) const override;
  void write(const Form& form, const std::string& prefix, tensor::TensorFile& file,
             base::Json& entry) const override;
  std::size_t number_count() const override { return params_.parameter_count(); }
  void add_to(base::Digest& digest) const override { digest.add_list(params_.values()); }
  const Network* network() const override { return this; }

  // For a series that arrives step by step. Throws unsupported where the model cannot.
  std::unique_ptr<nn::EncoderStream> stream() const;
  // An encoder's vector [F] -> an answer [width]; allocates nothing.
  void decode(const real* vector, double* answer) const;

  const Spec& spec() const { return spec_; }
  const data::Features& features() const { return features_; }
  const Goal& goal() const { return *goal_; }
  std::shared_ptr<const Goal> shared_goal() const { return goal_; }
  nn::ParamSet& params() { return params_; }
  const nn::ParamSet& params() const { return params_; }

  // Returns the output of the head for context.batch, [B,width], before Goal::finish.
  tape::Var outputs(nn::Context& context) const;
  // For a goal of steps: returns the output of the head for each step, [N,width], before
  // Goal::finish or a chain. `whole` gets the output for each sample as a whole,
  // [B,whole_columns()] in batch order, if the goal has any.
  nn::StepStates step_outputs(nn::Context& context, tape::Var& whole) const;
  // The scores of the goal's chain above these.
  tape::ChainScores chain_scores(nn::Context& context, tape::Var outputs) const {
    return chain_.scores(context, outputs);
  }

 private:
  void require_steps() const;
  void answer_steps(nn::Context& context, const std::vector<double*>& out) const;
  void slow_tuned_layers();

  Spec spec_;
  data::Features features_;
  std::shared_ptr<const Goal> goal_;
  nn::ParamSet params_;
  std::vector<std::unique_ptr<nn::Encoder>> encoders_;  // one a stream
  nn::LinearHead head_;
  nn::LinearHead whole_head_;  // of the mean and the largest of all states
  nn::ChainHead chain_;        // of a goal that has one
};

// Returns the shape of a stream as its encoder needs it.
nn::StreamShape shape_of(const Spec& spec, const data::Features& features, int stream);

}  // namespace refrain::task
