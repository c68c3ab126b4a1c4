#include "refrain/optim/optimiser.h"

#include "refrain/optim/schedule.h"

namespace refrain::optim {

base::Fields<OptimSpec> optim_fields() {
  using S = OptimSpec;
  return base::Fields<S>()
      .section("Optimisation")
      .field("optimiser", &S::optimiser, optimisers().names(), "how gradients become steps")
      .field("lr", &S::lr, 1e-8, 100, "learning rate (the schedule's peak)")
      .field("schedule", &S::schedule, schedules().names(), "learning rate over the training")
      .field("momentum", &S::momentum, 0, 0.9999, "momentum of sgd")
      .field("nesterov", &S::nesterov, "Nesterov's form of the momentum (sgd)")
      .field("beta1", &S::beta1, 0, 0.9999, "decay of adam's first moment")
      .field("beta2", &S::beta2, 0, 0.999999, "decay of adam's second moment")
      .field("alpha", &S::alpha, 0, 0.999999, "decay of rmsprop's mean square")
      .field("epsilon", &S::epsilon, 1e-16, 1, "added to the root in adam and rmsprop")
      .field("weight_decay", &S::weight_decay, 0, 10, "decoupled weight decay of adamw")
      .field("clip_norm", &S::clip_norm, 0, 1e9, "largest norm of the whole gradient, 0 = any")
      .field("clip_value", &S::clip_value, 0, 1e9, "largest gradient of one weight, 0 = any");
}

const base::Registry<OptimiserFactory>& optimisers() {
  static const base::Registry<OptimiserFactory> list(
      "optimiser",
      {{"adamw", "Adam with decoupled weight decay (Loshchilov and Hutter 2019): the default",
        make_adamw},
       {"adam", "adaptive moments (Kingma and Ba 2015)", make_adam},
       {"rmsprop", "divided by a running root mean square (Tieleman and Hinton 2012)",
        make_rmsprop},
       {"sgd", "stochastic gradient descent with momentum (Polyak 1964)", make_sgd}});
  return list;
}

std::vector<Range> update_ranges(const nn::ParamSet& params) {
  std::vector<Range> ranges;
  for (const auto& p : params.params()) {
    if (p.frozen) continue;
    ranges.push_back({p.offset, p.offset + p.shape.count(), p.weight});
  }
  return ranges;
}

}  // namespace refrain::optim
