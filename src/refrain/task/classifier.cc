#include "refrain/task/classifier.h"

#include <algorithm>
#include <cmath>

#include "refrain/base/threads.h"
#include "refrain/data/bucket.h"
#include "refrain/nn/targets.h"
#include "refrain/tape/activation.h"
#include "refrain/tape/loss.h"
#include "refrain/task/class_weight.h"
#include "refrain/task/labels.h"

namespace refrain::task {
namespace {

using data::EncodedSample;
using tape::Var;

constexpr int kPredictBatch = 32;

// [C]; empty where all classes weigh the same.
std::vector<real> loss_weights(const Classifier& model, const std::vector<EncodedSample>& samples,
                               int n_train) {
  std::vector<int> count(model.labels().size());
  for (int i = 0; i < n_train; ++i) {
    count[static_cast<std::size_t>(samples[static_cast<std::size_t>(i)].target)] += 1;
  }
  const auto weights = class_weights(model.spec().classify.class_weight, model.labels(), count);
  return {weights.begin(), weights.end()};
}

class ClassifyProblem : public train::Problem {
 public:
  ClassifyProblem(const Classifier& model, const std::vector<EncodedSample>& samples, int n_train)
      : model_(model),
        valid_(samples.begin() + n_train, samples.end()),
        classes_(static_cast<int>(model.labels().size())),
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
    const Var loss = tape::softmax_cross_entropy(context.tape, model_.logits(context), options);
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
    auto c = classification(valid_, model_.predict(valid_, threads), classes_);
    for (const auto& sample : valid_) c.weight.push_back(sample.weight);
    const auto& metrics = score::classification_metrics();
    return {metrics.at("accuracy")(c), metrics.at("log_loss")(c)};
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

  // Of a target: a class, or shares of the classes.
  double weight_of(int target, const real* shares) const {
    if (weights_.empty()) return 1;
    if (shares == nullptr) return static_cast<double>(weights_[static_cast<std::size_t>(target)]);
    double sum = 0;
    for (std::size_t c = 0; c < weights_.size(); ++c) {
      sum += static_cast<double>(shares[c]) * static_cast<double>(weights_[c]);
    }
    return sum;
  }

  const Classifier& model_;
  std::vector<EncodedSample> valid_;
  int classes_;
  std::vector<real> weights_;
};

// In place.
void softmax(double* x, int count) {
  const double most = *std::max_element(x, x + count);
  double total = 0;
  for (int i = 0; i < count; ++i) total += x[i] = std::exp(x[i] - most);
  for (int i = 0; i < count; ++i) x[i] /= total;
}

}  // namespace

Classifier::Classifier(Spec spec, data::Features features, std::vector<std::string> labels)
    : spec_(std::move(spec)), features_(std::move(features)), labels_(std::move(labels)) {
  int width = 0;
  for (std::size_t s = 0; s < features_.streams().size(); ++s) {
    const auto& info = features_.streams()[s];
    const int at = static_cast<int>(s);
    const nn::StreamShape shape{info.kind, features_.inputs(at), features_.length(at)};
    const std::string first(nn::kFirstEncoder);
    const std::string name = s == 0 ? first : first + "_" + info.name;
    encoders_.push_back(nn::make_encoder(spec_.encoder, shape, name, params_));
    width += encoders_.back()->features();
  }
  head_ = nn::LinearHead::make(width, static_cast<int>(labels_.size()), "head", params_);
  params_.initialise(base::Rng(static_cast<std::uint64_t>(spec_.train.seed)).fork("start"));
}

std::vector<EncodedSample> Classifier::encode(const data::Dataset& dataset,
                                              const std::vector<int>& chosen) const {
  std::vector<int> targets(chosen.size(), -1);
  if (dataset.has_labels) targets = targets_of(labels_, {dataset, chosen});
  auto encoded = encode_unlabelled(dataset, chosen);
  for (std::size_t i = 0; i < targets.size(); ++i) encoded[i].target = targets[i];
  return encoded;
}

std::vector<EncodedSample> Classifier::encode_unlabelled(const data::Dataset& dataset,
                                                         const std::vector<int>& chosen) const {
  std::vector<EncodedSample> out(chosen.size());
  base::parallel_for(static_cast<int>(chosen.size()), spec_.train.threads, [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    out[at] = features_.encode(dataset.samples[static_cast<std::size_t>(chosen[at])], chosen[at]);
  });
  return out;
}

Var Classifier::logits(nn::Context& context) const {
  const int streams = static_cast<int>(encoders_.size());
  Var* parts = context.tape.arena().array<Var>(encoders_.size());
  for (int s = 0; s < streams; ++s) {
    const auto at = static_cast<std::size_t>(s);
    parts[s] = encoders_[at]->forward(context, context.batch.streams[at]);
  }
  const Var all = streams == 1 ? parts[0] : tape::concatenate(context.tape, parts, streams);
  if (context.look != nullptr) context.look->see("vector", all);
  return head_.forward(context, all);
}

namespace {

// All of it but the hooks.
train::Fit fit_of(Classifier& model, const std::vector<EncodedSample>& samples, int n_train,
                  const train::Problem& problem) {
  train::Fit f;
  f.samples = &samples;
  for (int i = 0; i < n_train; ++i) f.training.push_back(i);
  f.streams = &model.features().streams();
  f.params = &model.params();
  f.problem = &problem;
  f.train = model.spec().train;
  f.optim = model.spec().optim;
  return f;
}

}  // namespace

train::Outcome Classifier::fit(const std::vector<EncodedSample>& samples, int n_train,
                               const train::Hooks& hooks, const train::State* resume) {
  const ClassifyProblem problem(*this, samples, n_train);
  train::Fit f = fit_of(*this, samples, n_train, problem);
  f.hooks = hooks;
  return train::fit(f, resume);
}

train::Outcome Classifier::fit_again(const std::vector<EncodedSample>& samples,
                                     const train::Outcome& first, const train::Hooks& hooks,
                                     const train::State* resume) {
  const int n = static_cast<int>(samples.size());
  const ClassifyProblem problem(*this, samples, n);
  train::Fit f = fit_of(*this, samples, n, problem);
  f.hooks = hooks;
  f.updates = first.best_updates;
  f.planned_updates = first.planned_updates;
  f.optim.lr = first.lr;
  return train::fit(f, resume);
}

train::Outcome Classifier::fit_further(const std::vector<EncodedSample>& samples,
                                       const train::TrainSpec& train, const optim::OptimSpec& optim,
                                       const train::Hooks& hooks) {
  const int n = static_cast<int>(samples.size());
  const ClassifyProblem problem(*this, samples, n);
  train::Fit f = fit_of(*this, samples, n, problem);
  f.hooks = hooks;
  f.train = train;
  f.optim = optim;
  return train::fit(f, nullptr);
}

std::vector<double> Classifier::predict(const std::vector<EncodedSample>& samples,
                                        int threads) const {
  const std::size_t C = labels_.size();
  std::vector<double> out(samples.size() * C);
  std::vector<int> lengths;
  for (const auto& s : samples) lengths.push_back(s.streams.front().length);
  const auto batches = data::ordered_batches(lengths, kPredictBatch);
  const auto run = [&](int i) {
    const auto& chosen = batches[static_cast<std::size_t>(i)];
    thread_local tape::Tape tape;  // keeps its memory from batch to batch
    data::Batch batch;
    data::assemble(samples, chosen.data(), static_cast<int>(chosen.size()), features_.streams(),
                   batch);
    tape.reset(false);
    nn::Context context{tape, params_, nullptr, false, base::Rng(0), batch};
    const tensor::Tensor z = tape.value(logits(context));
    for (int b = 0; b < batch.B; ++b) {
      double* p = &out[static_cast<std::size_t>(chosen[static_cast<std::size_t>(b)]) * C];
      std::copy_n(z.row(b), C, p);
      softmax(p, static_cast<int>(C));
    }
  };
  base::parallel_for(static_cast<int>(batches.size()), threads, run);
  return out;
}

std::unique_ptr<nn::EncoderStream> Classifier::stream() const {
  if (encoders_.size() > 1) {
    throw Error(Code::kUnsupported, "a model of several streams cannot answer step by step");
  }
  return encoders_.front()->stream(params_);
}

void Classifier::decode(const real* vector, double* probability) const {
  const tensor::Tensor w = params_.value(head_.w), b = params_.value(head_.b);
  const int C = b.shape[0];
  for (int c = 0; c < C; ++c) probability[c] = static_cast<double>(b.data[c]);
  for (int f = 0; f < w.rows(); ++f) {
    for (int c = 0; c < C; ++c) {
      probability[c] += static_cast<double>(vector[f]) * static_cast<double>(w.row(f)[c]);
    }
  }
  softmax(probability, C);
}

score::Classification classification(const std::vector<EncodedSample>& samples,
                                     std::vector<double> probability, int classes) {
  score::Classification c;
  c.classes = classes;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const auto row = probability.begin() + static_cast<std::ptrdiff_t>(i) * classes;
    c.truth.push_back(samples[i].target);
    c.predicted.push_back(static_cast<int>(std::max_element(row, row + classes) - row));
  }
  c.probability = std::move(probability);
  return c;
}

}  // namespace refrain::task
