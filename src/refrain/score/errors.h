// The weigher of a regression: what does not depend on the weights (errors, orders), column by
// column, and one weight a sample. Does not refer to the regression. For the sources of this layer
// only.
#pragma once

#include <cstdint>

#include "refrain/score/regression.h"

namespace refrain::score {

// One sample in the order of some numbers, from the smallest up.
struct Ordered {
  std::uint32_t sample : 31;
  std::uint32_t last_tied : 1;  // the next sample's number is larger
};
using Order = std::vector<Ordered>;

// Numbers of one column of the targets, each [n].
struct ErrorColumn {
  std::vector<double> truth, absolute, square;  // the truth; the error's size and square
  std::vector<double> late;                     // the prediction less the truth
  std::vector<double> inside, width;            // of the prediction interval: 1 or 0; empty: none
  Order by_truth, by_predicted, by_error;       // empty where no order is wanted
};

struct WeightedErrors : Weigher {
  // With the samples' own weights. Throws as r.check(). Without `order` metrics that need it are 0.
  WeightedErrors(const Regression& r, bool order);

  void reweigh(const std::vector<double>& factor) override;
  double mean(const std::vector<double>& values) const;  // over the samples; 0 if there are none

  std::vector<ErrorColumn> columns;
  std::vector<double> weight;  // [n]
  double total = 0;

 private:
  std::vector<double> own_;  // [n]
};

}  // namespace refrain::score
