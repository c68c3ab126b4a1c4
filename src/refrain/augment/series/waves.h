// Single frequencies of a series, found and changed without a whole Fourier transform: O(steps)
// each.
#pragma once

#include <complex>
#include <vector>

#include "refrain/augment/series/steps.h"

namespace refrain::augment {

class Waves {
 public:
  // The series must outlive this.
  explicit Waves(data::Series& series);

  // How many cycles over the whole series the highest frequency has; 0 = there is none.
  int highest() const { return series_.steps / 2; }

  // The coefficient of the wave of `cycles` cycles over the whole series, in a channel's values
  // less their first mean (missing ones count as the mean): the wave is the real part of
  // coefficient * exp(2 pi i cycles t / steps).
  std::complex<double> at(int channel, int cycles) const;

  // Adds the wave of this coefficient to the present values.
  void add(std::complex<double> coefficient, int channel, int cycles);

 private:
  data::Series& series_;
  std::vector<double> mean_;                 // [C]
  std::vector<std::complex<double>> turns_;  // [steps] exp(2 pi i t / steps)
};

}  // namespace refrain::augment
