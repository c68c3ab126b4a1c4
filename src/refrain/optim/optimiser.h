// Optimisers: gradients -> new parameters. One more is one file and one line in the list of
// optimiser.cc. The state of an optimiser is slots (blocks like the parameters' without the frozen
// ones), so that checkpoints need to know nothing about it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "refrain/base/fields.h"
#include "refrain/base/registry.h"
#include "refrain/nn/param_set.h"

namespace refrain::optim {

// Stands for --lr auto: the rate is searched for.
constexpr double kAutoRate = 0;

struct OptimSpec {
  std::string optimiser = "adamw";
  double lr = 0.003;
  double momentum = 0.9;
  bool nesterov = false;
  double beta1 = 0.9;
  double beta2 = 0.999;
  double epsilon = 1e-8;
  double alpha = 0.99;
  double weight_decay = 0.01;
  std::string sam_base = "adamw";
  double sam_rho = 0.05;
  std::string schedule = "one_cycle";
  double warmup = 0;
  int plateau_epochs = 5;
  double clip_norm = 5;
  double clip_value = 0;
  double clip_adaptive = 0;
};
base::Fields<OptimSpec> optim_fields();

// A run of parameters [begin, end) of the block that is updated alike (frozen ones are in none).
struct Range {
  std::size_t begin, end;
  double decay = 0;        // decoupled weight decay, used by optimisers that have one
  std::size_t frozen = 0;  // numbers of frozen parameters before it, for which slots have no place

  std::size_t size() const { return end - begin; }
  std::size_t slot() const { return begin - frozen; }  // where its state begins in a slot
};
// Those of all parameters that learn; weights (not biases and gains) with this decay.
std::vector<Range> update_ranges(const nn::ParamSet& params, double weight_decay);
// The length of a slot: of the block without its frozen parameters.
std::size_t slot_size(const nn::ParamSet& params);

// The arrays and numbers of one step.
struct Update {
  const std::vector<Range>& ranges;
  std::int64_t step;  // from 1
  double lr;          // the schedule's
  real* d;            // gradient
  real* x;            // values
  double loss = 0;    // at x
  // The loss of the same batch at the values that stand in x when it is called; its gradient then
  // stands in d. Null where nobody can answer.
  const std::function<double()>* evaluate = nullptr;
};

class Optimiser {
 public:
  virtual ~Optimiser() = default;
  virtual void update(const Update& u) = 0;
  // True if a step is a search on the loss of the whole training part: the batch is then all of it,
  // and gradients are neither clipped nor given noise.
  virtual bool takes_all() const { return false; }
  virtual bool decays() const { return false; }  // uses Range::decay
  virtual std::vector<std::vector<real>>& slots() { return slots_; }

 protected:
  Optimiser(std::size_t count, std::size_t slots) : slots_(slots, std::vector<real>(count)) {}
  real* slot(std::size_t number, const Range& r) { return slots_[number].data() + r.slot(); }
  std::vector<std::vector<real>> slots_;
};

// `count` is the slot_size of the parameters.
using OptimiserFactory = std::unique_ptr<Optimiser> (*)(const OptimSpec&, std::size_t count);
const base::Registry<OptimiserFactory>& optimisers();

std::unique_ptr<Optimiser> make_sgd(const OptimSpec& spec, std::size_t count);
std::unique_ptr<Optimiser> make_adam(const OptimSpec& spec, std::size_t count);
std::unique_ptr<Optimiser> make_adamw(const OptimSpec& spec, std::size_t count);
std::unique_ptr<Optimiser> make_rmsprop(const OptimSpec& spec, std::size_t count);
std::unique_ptr<Optimiser> make_nadam(const OptimSpec& spec, std::size_t count);
std::unique_ptr<Optimiser> make_radam(const OptimSpec& spec, std::size_t count);
std::unique_ptr<Optimiser> make_adagrad(const OptimSpec& spec, std::size_t count);
std::unique_ptr<Optimiser> make_lion(const OptimSpec& spec, std::size_t count);
std::unique_ptr<Optimiser> make_sam(const OptimSpec& spec, std::size_t count);
std::unique_ptr<Optimiser> make_lbfgs(const OptimSpec& spec, std::size_t count);

}  // namespace refrain::optim
