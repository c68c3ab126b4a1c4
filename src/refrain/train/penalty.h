// Penalties on weights (not on biases, gains or frozen parameters):
//   l1 * sum |w| + l2 / 2 * sum w^2, and the decoupled weight decay of those optimisers that have
// one. L2 joins the gradient; L1 is a proximal step after the update, w = sign(w) max(|w| - lr l1,
// 0), so that zeros are true zeros. Patterns give single parameters their own:
//   l2_sp / 2 * sum (w - start)^2 keeps all but the head near the values that a transferred network
// began with (Li et al. 2018).
//   "encoder.*:l2=1e-4,head.*:l1=1e-3": '*' is any text, '?' any character; a later item wins, and
// each wins over --l1, --l2 and --weight-decay.
#pragma once

#include <string>
#include <vector>

#include "refrain/optim/optimiser.h"
#include "refrain/train/spec.h"

namespace refrain::train {

class Penalties {
 public:
  // Throws usage for a text that is no such list, and for a pattern that no weight matches.
  // `start` (a block; null: there is none) outlives it.
  Penalties(const TrainSpec& spec, double weight_decay, const nn::ParamSet& params,
            const std::vector<real>* start = nullptr);

  // The parameters that the optimiser updates, each range with its weight decay.
  const std::vector<optim::Range>& ranges() const { return ranges_; }
  bool patterns_decay() const { return patterns_decay_; }  // a pattern names weight_decay

  // Adds the gradients of L2 and L2-SP to the block d; returns the value of all penalties.
  double add(const real* values, real* d) const;

  // L1's proximal step after an update with this learning rate.
  void shrink(double lr, real* values) const;

 private:
  struct Part {
    double l1 = 0, l2 = 0, l2_sp = 0;
  };
  double add_l2_sp(std::size_t part, const real* values, real* d) const;
  void apply(const std::string& item);

  std::vector<optim::Range> ranges_;
  std::vector<Part> parts_;  // beside the ranges
  const std::vector<real>* start_;
  std::vector<std::string> names_;  // of the weights; "" for what is none
  bool patterns_decay_ = false;
};

}  // namespace refrain::train
