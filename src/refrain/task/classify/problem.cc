#include "refrain/task/classify/problem.h"

#include "refrain/nn/targets.h"
#include "refrain/tape/activation.h"
#include "refrain/tape/loss.h"
#include "refrain/task/classify/class_weight.h"

namespace refrain::task {
namespace {

using data::EncodedSample;
using tape::Var;

// [C]; empty where all classes weigh the same.
std::vector<real> loss_weights(const Network& model, const std::vector<EncodedSample>& samples,
                               int n_train) {
  std::vector<int> count(model.goal().columns().size());
  for (int i = 0; i < n_train; ++i) {
    count[static_cast<std::size_t>(samples[static_cast<std::size_t>(i)].target)] += 1;
  }
  const auto weights =
      class_weights(model.spec().classify.class_weight, model.goal().columns(), count);
  return {weights.begin(), weights.end()};
}

// Softmax cross-entropy over the labels, smoothed and weighed as the options say.
class ClassifyProblem : public train::Problem {
 public:
  ClassifyProblem(const Network& model, const std::vector<EncodedSample>& samples, int n_train)
      : model_(model),
        valid_(samples.begin() + n_train, samples.end()),
        classes_(static_cast<int>(model.goal().columns().size())),
        weights_(loss_weights(model, samples, n_train)) {}

  Var loss(nn::Context& context, double total_weight) const override {
    tape::CrossEntropy options;
    options.target = context.batch.targets.data();
    options.aim = nn::target_shares(context, classes_);
    options.class_weight = weights_.empty() ? nullptr : weights_.data();
    options.smoothing = static_cast<real>(model_.spec().classify.label_smoothing);
    options.total_weight = total_weight;
    options.sample_weight = nn::target_weights(context);
    context.share = shares(context, total_weight);
    const Var loss = tape::softmax_cross_entropy(context.tape, model_.outputs(context), options);
    const Var added = context.activity;
    return added.present() ? tape::add(context.tape, loss, added) : loss;
  }

  double weight(const EncodedSample& sample) const override {
    const real* shares = sample.shares.empty() ? nullptr : sample.shares.data();
    return weight_of(sample.target, shares) * sample.weight;
  }

  bool has_valid() const override { return !valid_.empty(); }

  train::ValidScore validate() const override {
    const int threads = model_.spec().train.threads;
    const std::vector<data::EncodedTarget> truth(valid_.begin(), valid_.end());
    return model_.goal().judge().score(truth, model_.predict(valid_, threads));
  }

 private:
  const real* shares(nn::Context& context, double total_weight) const {
    auto* out = context.tape.arena().array<real>(static_cast<std::size_t>(context.batch.B));
    for (int b = 0; b < context.batch.B; ++b) {
      out[b] = static_cast<real>(weight_in(context.batch, b) / total_weight);
    }
    return out;
  }

  double weight_in(const data::Batch& batch, int b) const {
    const auto weight = [&](int place) {
      const auto at = static_cast<std::size_t>(place), C = static_cast<std::size_t>(classes_);
      const real* shares = batch.shares.empty() ? nullptr : batch.shares.data() + at * C;
      return weight_of(batch.targets[at], shares) * static_cast<double>(batch.weights[at]);
    };
    if (!batch.mixed()) return weight(b);
    const auto at = static_cast<std::size_t>(b);
    const double own = static_cast<double>(batch.own[at]);
    return own * weight(b) + (1 - own) * weight(batch.partner[at]);
  }

  // Returns the weight of a target: a class, or shares of the classes.
  double weight_of(int target, const real* shares) const {
    if (weights_.empty()) return 1;
    if (shares == nullptr) return static_cast<double>(weights_[static_cast<std::size_t>(target)]);
    double sum = 0;
    for (std::size_t c = 0; c < weights_.size(); ++c) {
      sum += static_cast<double>(shares[c]) * static_cast<double>(weights_[c]);
    }
    return sum;
  }

  const Network& model_;
  std::vector<EncodedSample> valid_;
  int classes_;
  std::vector<real> weights_;
};

}  // namespace

std::unique_ptr<train::Problem> classify_problem(const Network& network,
                                                 const std::vector<EncodedSample>& samples,
                                                 int n_train) {
  return std::make_unique<ClassifyProblem>(network, samples, n_train);
}

}  // namespace refrain::task
