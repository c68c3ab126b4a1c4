#include "refrain/optim/optimiser.h"

#include "refrain/optim/schedule.h"

namespace refrain::optim {

namespace {

// Returns the optimisers that --optimiser sam can use for its step.
std::vector<std::string> sam_bases() {
  auto names = optimisers().names();
  std::erase(names, "sam");
  std::erase(names, "lbfgs");
  return names;
}

}  // namespace

base::Fields<OptimSpec> optim_fields() {
  using S = OptimSpec;
  return base::Fields<S>()
      .section("Optimisation")
      .field("optimiser", &S::optimiser, optimisers().names(),
             "method that turns gradients into steps")
      .field("lr", &S::lr, 1e-8, 100, base::Word{"auto", kAutoRate},
             "learning rate at the peak of the schedule; auto = the rate at which the loss falls "
             "fastest in a short test (Smith 2017)")
      .common("Learning rate of the networks; auto searches for it.")
      .field("schedule", &S::schedule, schedules().names(),
             "course of the learning rate over the training")
      .field("warmup", &S::warmup, 0, 0.9,
             "share of the training during which the learning rate rises to its peak")
      .field("plateau_epochs", &S::plateau_epochs, 1, 1'000'000,
             "with --schedule plateau: epochs without improvement before the rate is lowered")
      .field("momentum", &S::momentum, 0, 0.9999, "momentum of sgd")
      .field("nesterov", &S::nesterov, "use Nesterov momentum (sgd)")
      .field("beta1", &S::beta1, 0, 0.9999,
             "decay of the first moment (adam, adamw, nadam, radam, lion)")
      .field("beta2", &S::beta2, 0, 0.999999,
             "decay of the second moment (adam, adamw, nadam, radam); of lion's momentum")
      .field("alpha", &S::alpha, 0, 0.999999, "decay of the mean square (rmsprop)")
      .field("epsilon", &S::epsilon, 1e-16, 1,
             "constant that is added to the denominator (adam and similar optimisers)")
      .field("weight_decay", &S::weight_decay, 0, 10, "decoupled weight decay (adamw, lion)")
      .field("sam_base", &S::sam_base, sam_bases(),
             "with --optimiser sam: the optimiser that makes the step")
      .field("sam_rho", &S::sam_rho, 0, 10,
             "with --optimiser sam: radius in which the largest loss is looked for")
      .field("clip_norm", &S::clip_norm, 0, 1e9,
             "clip the norm of the whole gradient to this value; 0 = no limit")
      .field("clip_value", &S::clip_value, 0, 1e9,
             "clip each element of the gradient to this value; 0 = no limit")
      .field("clip_adaptive", &S::clip_adaptive, 0, 1e9,
             "clip the gradient of a unit to this share of the norm of its weights (Brock et al. "
             "2021); 0 = no limit");
}

const base::Registry<OptimiserFactory>& optimisers() {
  static const base::Registry<OptimiserFactory> list(
      "optimiser",
      {{"adamw", "Adam with decoupled weight decay (Loshchilov and Hutter 2019): the default",
        make_adamw},
       {"adam", "adaptive moments (Kingma and Ba 2015)", make_adam},
       {"rmsprop", "divided by a running root mean square (Tieleman and Hinton 2012)",
        make_rmsprop},
       {"nadam", "Adam with Nesterov's look ahead (Dozat 2016)", make_nadam},
       {"radam", "Adam whose early steps are held back (Liu et al. 2020)", make_radam},
       {"adagrad", "divided by the root of all squares so far (Duchi et al. 2011)", make_adagrad},
       {"lion", "the sign of a momentum, with decoupled weight decay (Chen et al. 2023)",
        make_lion},
       {"sam",
        "sharpness-aware: the gradient at the worst place near by (Foret et al. 2021), twice the "
        "work, steps by --sam-base",
        make_sam},
       {"lbfgs",
        "quasi-Newton steps on the whole training part with a line search (Liu and Nocedal 1989): "
        "for tiny sets; an epoch is a step, --lr is not used",
        make_lbfgs},
       {"sgd", "stochastic gradient descent with momentum (Polyak 1964)", make_sgd}});
  return list;
}

std::vector<Range> update_ranges(const nn::ParamSet& params, double weight_decay) {
  std::vector<Range> ranges;
  std::size_t frozen = 0;
  for (std::size_t i = 0; i < params.params().size(); ++i) {
    const nn::Param& p = params.params()[i];
    if (p.frozen) {
      frozen += params.room(i);
    } else {
      ranges.push_back({p.offset, p.offset + p.shape.count(), p.weight ? weight_decay : 0, frozen});
    }
  }
  return ranges;
}

std::size_t slot_size(const nn::ParamSet& params) {
  std::size_t size = params.count();
  for (std::size_t i = 0; i < params.params().size(); ++i) {
    if (params.params()[i].frozen) size -= params.room(i);
  }
  return size;
}

}  // namespace refrain::optim
