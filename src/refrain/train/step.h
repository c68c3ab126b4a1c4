// One update: the gradient of a batch, penalties, clipping and noise, the optimiser's step, the
// proximal step and the norm limits after it. The trainer and the search for a learning rate both
// go through here.
#pragma once

#include <functional>
#include <memory>
#include <span>

#include "refrain/optim/units.h"
#include "refrain/train/gradient.h"
#include "refrain/train/layer_norms.h"
#include "refrain/train/penalty.h"
#include "refrain/train/tuning.h"

namespace refrain::train {

// When an update happens.
struct Moment {
  const base::Rng& rng;  // of the epoch
  int epoch;             // from 1
  std::int64_t step;     // from 1
  double lr;
  std::int64_t since = step;  // updates since the optimiser began, from 1
};

struct Measured {
  double loss = 0;
  double norm = 0;       // of the gradient, before clipping by it
  bool clipped = false;  // clipping changed the gradient
};

class Stepper {
 public:
  // Throws usage where options contradict each other.
  Stepper(const Fit& fit, Tuning& tuning);
  // The optimiser begins anew, for the parameters that are not frozen now.
  void begin_anew();

  int batch_size() const { return batch_size_; }
  optim::Optimiser& optimiser() { return *optimiser_; }
  const LayerNorms& layers() const { return layers_; }

  // Moves the parameters; adds the layers' gradients to `layer_sums` [layers]. What comes back is
  // of the values before. Throws numeric where loss or gradient is not finite.
  Measured step(std::span<const int> batch, const Moment& now, std::vector<double>& layer_sums);

 private:
  Measured measure(std::vector<double>* layer_sums);
  double measure_again();
  void require_finite(const Measured& m);

  const Fit& fit_;
  Tuning& tuning_;
  LayerNorms layers_;  // of all parameters that learn some time
  std::unique_ptr<optim::Optimiser> optimiser_;
  int batch_size_;
  std::unique_ptr<GradientRule> own_;  // where the fit brings no rule
  GradientRule& gradient_;
  Penalties penalties_;
  optim::Units units_;
  const std::function<double()> again_ = [this] { return measure_again(); };
  const Moment* now_ = nullptr;
};

}  // namespace refrain::train
