// The mean of the states that an encoder gives a text, a row a sample; less the mean of the
// training rows and divided by one number for all columns, so that they have variance 1 on average.
#pragma once

#include <vector>

#include "refrain/method/method.h"

namespace refrain::method {

// [n,H], row by row; Sample::mean_state where there is one. Throws data where there are no samples,
// or where they differ in H.
std::vector<real> mean_states(const data::Subset& view, int threads);

class StateScale {
 public:
  // Learns from rows [n,H] and brings them to the scale.
  void fit(std::vector<real>& rows, int rows_count);
  // Throws data where the rows have another width than in training.
  void apply(std::vector<real>& rows, int rows_count) const;
  void archive(Archive& file);
  int columns() const { return static_cast<int>(mean_.size()); }

 private:
  std::vector<double> mean_;
  double inverse_ = 1;
};

}  // namespace refrain::method
