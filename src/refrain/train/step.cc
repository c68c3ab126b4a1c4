#include "refrain/train/step.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "refrain/base/error.h"
#include "refrain/optim/clip.h"
#include "refrain/optim/noise.h"

namespace refrain::train {

namespace {

void refuse_contradictions(const Fit& f) {
  const bool whole = f.optim.optimiser == "lbfgs";
  const auto& params = f.params->params();
  if (whole &&
      std::any_of(params.begin(), params.end(), [](const auto& p) { return p.rate != 1; })) {
    throw Error(Code::kUsage, "--encoder-tune does not go with lbfgs", "leave one of both out");
  }
  if (!whole ||
      (f.train.unfreeze_every + f.train.unfreeze_words == 0 && f.train.layer_lr_decay == 1))
    return;
  throw Error(Code::kUsage, "--unfreeze-every and --layer-lr-decay do not go with lbfgs",
              "leave them out, or --optimiser lbfgs");
}

std::unique_ptr<optim::Optimiser> optimiser_of(const Fit& f) {
  return optim::optimisers().at(f.optim.optimiser)(f.optim, optim::slot_size(*f.params));
}

}  // namespace

Stepper::Stepper(const Fit& f, Tuning& tuning)
    : fit_(f),
      tuning_(tuning),
      layers_(*f.params),
      optimiser_((refuse_contradictions(f), tuning.apply(0, *f.params), optimiser_of(f))),
      batch_size_(optimiser_->takes_all() ? static_cast<int>(f.training.size())
                                          : f.train.batch_size),
      own_(f.rule != nullptr ? nullptr : std::make_unique<BatchGradient>(f, batch_size_)),
      gradient_(f.rule != nullptr ? *f.rule : *own_),
      penalties_(f.train, f.optim.weight_decay, *f.params, f.start),
      units_(*f.params) {
  if (f.train.mixup > 0 && batch_size_ < 2) {
    throw Error(Code::kUsage, "--mixup mixes the samples of a batch, and this one has one sample",
                "give a --batch-size of at least 2");
  }
  if (penalties_.patterns_decay() && !optimiser_->decays()) {
    throw Error(Code::kUsage, fmt::format("--penalty: {} has no weight decay", f.optim.optimiser),
                "use l2 instead, or --optimiser adamw");
  }
}

void Stepper::begin_anew() {
  optimiser_ = optimiser_of(fit_);
  penalties_ = Penalties(fit_.train, fit_.optim.weight_decay, *fit_.params, fit_.start);
}

Measured Stepper::step(std::span<const int> batch, const Moment& now,
                       std::vector<double>& layer_sums) {
  now_ = &now;
  gradient_.take(batch, now.rng);
  const Measured found = measure(&layer_sums);
  require_finite(found);
  auto& values = fit_.params->values();
  tuning_.keep(values);
  optimiser_->update({penalties_.ranges(), now.since, now.lr, gradient_.gradient().data(),
                      values.data(), found.loss, &again_});
  tuning_.slow(values);
  penalties_.shrink(now.lr, values.data());
  units_.limit_norms(fit_.train.max_norm, *fit_.params);
  return found;
}

// The loss of the batch at the values as they are; its gradient, as an optimiser gets it.
Measured Stepper::measure(std::vector<double>* layer_sums) {
  auto& d = gradient_.gradient();
  Measured out;
  out.loss = gradient_.evaluate(now_->rng, now_->step - 1);
  out.loss += penalties_.add(fit_.params->values().data(), d.data());
  if (layer_sums != nullptr) layers_.add(d.data(), *layer_sums);
  if (optimiser_->takes_all()) {
    out.norm = optim::clip_by_norm(0, d.size(), d.data());
    return out;
  }
  out.clipped = units_.clip_adaptive(fit_.optim.clip_adaptive, *fit_.params, d.data());
  out.clipped = optim::clip_by_value(fit_.optim.clip_value, d.size(), d.data()) || out.clipped;
  out.norm = optim::clip_by_norm(fit_.optim.clip_norm, d.size(), d.data());
  out.clipped = out.clipped || (fit_.optim.clip_norm > 0 && out.norm > fit_.optim.clip_norm);
  const base::Rng seed(static_cast<std::uint64_t>(fit_.train.seed));
  optim::add_noise(fit_.train.gradient_noise, seed.fork("gradient noise"),
                   {penalties_.ranges(), now_->step, 0, d.data(), nullptr});
  return out;
}

// For an optimiser that asks again. One that searches may look where nothing is finite.
double Stepper::measure_again() {
  const Measured found = measure(nullptr);
  if (!optimiser_->takes_all()) require_finite(found);
  return found.loss;
}

void Stepper::require_finite(const Measured& m) {
  if (std::isfinite(m.loss) && std::isfinite(m.norm)) return;
  std::string where = "the loss";
  const auto& d = gradient_.gradient();
  for (const auto& p : fit_.params->params()) {
    const auto begin = d.begin() + static_cast<std::ptrdiff_t>(p.offset);
    const auto end = begin + static_cast<std::ptrdiff_t>(p.shape.count());
    if (std::all_of(begin, end, [](real x) { return std::isfinite(x); })) continue;
    where = "the gradient of " + p.name;
    break;
  }
  throw Error(Code::kNumeric,
              fmt::format("training diverged at step {} (epoch {}): {} is not finite (loss {})",
                          now_->step, now_->epoch, where, m.loss),
              "lower --lr, or set --clip-norm 1");
}

}  // namespace refrain::train
