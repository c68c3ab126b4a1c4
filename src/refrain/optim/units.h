// Limits for each unit of a layer by itself. A unit's weights are a column of a matrix [in,out] (a
// gate's incoming weights), a row of a table of word vectors, or a whole bias.
#pragma once

#include <vector>

#include "refrain/nn/param_set.h"

namespace refrain::optim {

class Units {
 public:
  explicit Units(const nn::ParamSet& params);

  // Adaptive clipping (Brock et al. 2021): scales each unit's gradient in the block d so that its
  // norm is at most `ratio` times the norm of the unit's values (at least 1e-3); 0 = nothing.
  // True where one was above. Frozen parameters stay out.
  bool clip_adaptive(double ratio, const nn::ParamSet& params, real* d);

  // Max-norm (Srebro et al. 2005): scales the weights of each unit to a norm of at most `most`; 0 =
  // nothing. Biases, gains and frozen parameters stay.
  void limit_norms(double most, nn::ParamSet& params);

 private:
  std::vector<double> norms_, others_;  // of one parameter's units
};

}  // namespace refrain::optim
