#include "refrain/task/tag/problem.h"

#include <cmath>

#include "refrain/tape/activation.h"
#include "refrain/tape/chain_loss.h"
#include "refrain/tape/loss.h"
#include "refrain/task/classify/class_weight.h"

namespace refrain::task {
namespace {

using data::EncodedSample;
using tape::Var;

// Returns the weight of each tag, by how often it occurs; empty if all weigh the same.
std::vector<real> tag_weights(const Network& model, const TagCodec& codec,
                              const std::vector<EncodedSample>& samples, int n_train) {
  std::vector<int> count(static_cast<std::size_t>(codec.size()));
  for (int i = 0; i < n_train; ++i) {
    for (const int tag : samples[static_cast<std::size_t>(i)].tags) {
      if (tag >= 0) ++count[static_cast<std::size_t>(tag)];
    }
  }
  const auto weights = class_weights(model.spec().classify.class_weight, codec.names(), count);
  return {weights.begin(), weights.end()};
}

// The surprise of the right tags, a step's share of the batch's steps: of whole sequences under the
// chain, or step by step. Weights of tags raise, in a chain, the scores of all wrong tags by the
// logarithm of the right one's weight while it is trained (Gimpel and Smith 2010).
class TagProblem : public train::Problem {
 public:
  TagProblem(const Network& model, const TagCodec& codec, const std::vector<EncodedSample>& samples,
             int n_train)
      : model_(model),
        valid_(samples.begin() + n_train, samples.end()),
        rules_(codec.rules()),
        weights_(tag_weights(model, codec, samples, n_train)) {}

  Var loss(nn::Context& context, double total_weight) const override {
    context.share = shares(context, total_weight);
    Var whole;
    const nn::StepStates out = model_.step_outputs(context, whole);
    const bool chain = model_.goal().chain_rules() != nullptr;
    Var loss =
        chain ? of_chain(context, out, total_weight) : of_single_steps(context, out, total_weight);
    if (whole.present()) loss = tape::add(context.tape, loss, of_labels(context, whole));
    const Var added = context.activity;
    return added.present() ? tape::add(context.tape, loss, added) : loss;
  }

  double weight(const EncodedSample& sample) const override {
    return sample.weight * static_cast<double>(sample.tags.size());
  }

  bool has_valid() const override { return !valid_.empty(); }

  train::ValidScore validate() const override {
    const std::vector<data::EncodedTarget> truth(valid_.begin(), valid_.end());
    return model_.goal().judge().score(truth, model_.predict(valid_, model_.spec().train.threads));
  }

 private:
  static real weight_of(const nn::Context& context, const tensor::Steps& steps, int row) {
    return context.batch.weights[static_cast<std::size_t>(steps.position[row])];
  }

  // Returns the share of each sample, in batch order.
  static const real* shares(nn::Context& context, double total_weight) {
    const auto& steps = context.batch.streams.front().table.steps();
    auto* out = context.tape.arena().array<real>(static_cast<std::size_t>(steps.B));
    for (int row = 0; row < steps.B; ++row) {
      const double own = static_cast<double>(weight_of(context, steps, row)) * steps.length[row];
      out[steps.position[row]] = static_cast<real>(own / total_weight);
    }
    return out;
  }

  Var of_chain(nn::Context& context, const nn::StepStates& out, double total_weight) const {
    const tensor::Steps& steps = *out.steps;
    auto* weights = context.tape.arena().array<real>(static_cast<std::size_t>(steps.B));
    for (int row = 0; row < steps.B; ++row) weights[row] = weight_of(context, steps, row);
    tape::ChainLoss options;
    options.rules = rules_;
    options.tag = context.batch.tags.data();
    options.weight = weights;
    options.total_weight = total_weight;
    const auto scores = model_.chain_scores(context, with_costs(context, out));
    return tape::chain_loss(context.tape, scores, options, steps);
  }

  Var with_costs(nn::Context& context, const nn::StepStates& out) const {
    if (weights_.empty()) return out.states;
    const auto K = static_cast<int>(weights_.size());
    const tensor::Tensor cost = context.tape.arena().tensor({out.steps->N, K});
    for (int n = 0; n < out.steps->N; ++n) {
      const int tag = context.batch.tags[static_cast<std::size_t>(n)];
      std::fill_n(cost.row(n), K, std::log(weights_[static_cast<std::size_t>(tag)]));
      cost.row(n)[tag] = 0;
    }
    return tape::add(context.tape, out.states, context.tape.constant(cost));
  }

  Var of_single_steps(nn::Context& context, const nn::StepStates& out, double total_weight) const {
    const tensor::Steps& steps = *out.steps;
    auto* weights = context.tape.arena().array<real>(static_cast<std::size_t>(steps.N));
    for (int n = 0; n < steps.N; ++n) weights[n] = weight_of(context, steps, steps.sequence[n]);
    tape::CrossEntropy options;
    options.target = context.batch.tags.data();
    options.class_weight = weights_.empty() ? nullptr : weights_.data();
    options.sample_weight = weights;
    options.total_weight = total_weight;
    return tape::softmax_cross_entropy(context.tape, out.states, options);
  }

  // A sample's label weighs as many times --also-weight as it has steps.
  Var of_labels(nn::Context& context, Var whole) const {
    auto* weights = context.tape.arena().array<real>(static_cast<std::size_t>(context.batch.B));
    for (int b = 0; b < context.batch.B; ++b) {
      weights[b] = context.share[b] * static_cast<real>(model_.spec().tag.also_weight);
    }
    tape::CrossEntropy options;
    options.target = context.batch.targets.data();
    options.sample_weight = weights;
    options.total_weight = 1;
    return tape::softmax_cross_entropy(context.tape, whole, options);
  }

  const Network& model_;
  std::vector<EncodedSample> valid_;
  tape::ChainRules rules_;
  std::vector<real> weights_;
};

}  // namespace

std::unique_ptr<train::Problem> tag_problem(const Network& network, const TagCodec& codec,
                                            const std::vector<EncodedSample>& samples,
                                            int n_train) {
  return std::make_unique<TagProblem>(network, codec, samples, n_train);
}

}  // namespace refrain::task
