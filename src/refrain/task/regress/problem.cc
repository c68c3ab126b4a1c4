#include "refrain/task/regress/problem.h"

#include "refrain/nn/targets.h"
#include "refrain/tape/activation.h"
#include "refrain/tape/number_loss.h"

namespace refrain::task {
namespace {

tape::NumberLoss number_loss_of(const std::string& name) {
  if (name == "absolute") return tape::NumberLoss::kAbsolute;
  if (name == "huber") return tape::NumberLoss::kHuber;
  return name == "quantile" ? tape::NumberLoss::kQuantile : tape::NumberLoss::kSquared;
}

// The quantile of each column that the network answers with.
std::vector<real> quantiles_of(const RegressParts& parts) {
  std::vector<real> out(parts.targets.size(), real(0.5));
  if (parts.loss != "quantile" || parts.interval <= 0) return out;
  const auto side = static_cast<real>((1 - parts.interval) / 2);
  out.insert(out.end(), parts.targets.size(), side);
  out.insert(out.end(), parts.targets.size(), real{1} - side);
  return out;
}

class RegressProblem : public train::Problem {
 public:
  RegressProblem(const Network& model, const RegressParts& parts,
                 const std::vector<data::EncodedSample>& samples, int n_train)
      : model_(model),
        valid_(samples.begin() + n_train, samples.end()),
        kind_(number_loss_of(parts.loss)),
        targets_(static_cast<int>(parts.targets.size())),
        quantiles_(quantiles_of(parts)),
        delta_(static_cast<real>(parts.huber_delta)) {}

  tape::Var loss(nn::Context& context, double total_weight) const override {
    tape::NumberTarget options;
    options.target = repeated(context);
    options.sample_weight = nn::target_weights(context);
    options.quantile = quantiles_.data();
    options.delta = delta_;
    options.total_weight = total_weight;
    context.share = shares(context, options.sample_weight, total_weight);
    const tape::Var loss = tape::number_loss(context.tape, model_.outputs(context), kind_, options);
    const tape::Var added = context.activity;
    return added.present() ? tape::add(context.tape, loss, added) : loss;
  }

  double weight(const data::EncodedSample& sample) const override { return sample.weight; }
  bool has_valid() const override { return !valid_.empty(); }

  train::ValidScore validate() const override {
    const std::vector<data::EncodedTarget> truth(valid_.begin(), valid_.end());
    return model_.goal().judge().score(truth, model_.predict(valid_, model_.spec().train.threads));
  }

 private:
  // The targets once a block of columns: the point, the lower and the upper quantile.
  const real* repeated(nn::Context& context) const {
    const real* values = nn::target_values(context, targets_);
    const int width = static_cast<int>(quantiles_.size());
    if (width == targets_) return values;
    const tensor::Tensor out = context.tape.arena().tensor({context.batch.B, width});
    for (int b = 0; b < context.batch.B; ++b) {
      for (int c = 0; c < width; ++c) out.row(b)[c] = values[b * targets_ + c % targets_];
    }
    return out.data;
  }

  static const real* shares(nn::Context& context, const real* weights, double total_weight) {
    auto* out = context.tape.arena().array<real>(static_cast<std::size_t>(context.batch.B));
    for (int b = 0; b < context.batch.B; ++b) {
      const double weight = weights == nullptr ? 1 : static_cast<double>(weights[b]);
      out[b] = static_cast<real>(weight / total_weight);
    }
    return out;
  }

  const Network& model_;
  std::vector<data::EncodedSample> valid_;
  tape::NumberLoss kind_;
  int targets_;
  std::vector<real> quantiles_;  // [width]
  real delta_;
};

}  // namespace

std::unique_ptr<train::Problem> regress_problem(const Network& network, const RegressParts& parts,
                                                const std::vector<data::EncodedSample>& samples,
                                                int n_train) {
  return std::make_unique<RegressProblem>(network, parts, samples, n_train);
}

}  // namespace refrain::task
