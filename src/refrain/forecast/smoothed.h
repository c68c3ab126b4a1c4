// Windows whose level and season are taken off by exponential smoothing with learned coefficients
// (Smyl 2020): where the smoothed numbers stand in what a network reads and says.
#pragma once

#include <string>
#include <vector>

#include "refrain/forecast/window.h"
#include "refrain/tensor/steps.h"

namespace refrain::forecast {

struct NetworkForm;
struct Origin;

// The places are those in the [B, window + horizon] numbers of tape::smooth(); -1: none.
struct SmoothedBatch {
  std::vector<real> values;  // [B, window] scaled, NaN = missing
  std::vector<int> rows;     // as the rows of the batch
  std::vector<int> side;     // [B, side_width]
  std::vector<int> outputs;  // [B, outputs]
  std::vector<int> offsets;  // [B, 2] places of the series' own coefficients; of an unseen one -1
  std::vector<int> shared;   // [B] 0: the row of those that all share
};

// Fills in the smoothed values of windows in this order, with the batch's `steps`.
void fill_smoothed(const Windows& windows, const NetworkForm& form,
                   const std::vector<Origin>& origins, const tensor::Steps& steps,
                   SmoothedBatch& out);

}  // namespace refrain::forecast
