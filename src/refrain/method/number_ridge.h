// Ridge regression onto numbers: least squares with an L2 penalty, and an offset that is free. Each
// column of numbers has a penalty of its own, the one of the least leave-one-out error (left_out.h)
// among steps of sqrt(10) between 10^-6 and 10^4 times the mean square length of a row. Samples
// that belong together (data/units.h) are left out together, and only those judge that were given.
// On more than 800 rows the penalty is chosen on 800 of them, drawn at random.
#pragma once

#include <cstdint>
#include <vector>

#include "refrain/method/left_out.h"
#include "refrain/method/method.h"
#include "refrain/method/number_scale.h"
#include "refrain/method/ridge_rows.h"

namespace refrain::method {

// Returns the samples of a training part that are left out together, by place. If all samples
// belong together, each forms a family with the samples made from it.
Families families_of(const Training& training);

struct RidgeGoal {
  std::vector<double> y;  // [n,C], each column of mean 0
  Families families;      // of the n rows
  int width = 1;
  std::uint64_t seed = 0;
};

class NumberRidge {
 public:
  void fit(const RidgeRows& x, const RidgeGoal& goal);

  // [n,C] of x [n,D]. Columns of sparse rows lie in [0, columns()).
  std::vector<double> predict(const std::vector<real>& x, int threads) const;
  std::vector<double> predict(const SparseRows& x) const;

  void archive(Archive& file);

  int columns() const { return columns_; }
  int width() const { return static_cast<int>(offset_.size()); }
  const std::vector<double>& alpha() const { return alpha_; }
  const std::vector<real>& weight() const { return weight_; }  // [D,C]

 private:
  int columns_ = 0;
  std::vector<real> weight_;    // [D,C]
  std::vector<double> offset_;  // [C]
  std::vector<double> alpha_;   // [C]
};

}  // namespace refrain::method
