// The ridge classifier: least squares onto targets of 1 (the class) and -1 (the others) with an L2
// penalty alpha, chosen from 10^-3 .. 10^3 by the leave-one-out error, which follows from one
// factorisation of the n x n matrix of inner products (double precision). On more than 800 rows
// alpha is chosen on 800 of them, drawn at random, and the weights come from conjugate gradients.
// The same leave-one-out decisions tell how sharp the softmax over the decision values should be.
// Rows that were made from other ones are left out with them, and only those judge that are given.
#pragma once

#include <cstdint>
#include <vector>

#include "refrain/base/real.h"
#include "refrain/method/archive.h"

namespace refrain::method {

struct RidgeData {
  std::vector<real> x;             // [n,D], overwritten: fit_ridge centres it
  const std::vector<int>& target;  // [n]
  int columns = 0, classes = 0;
  std::uint64_t seed = 0;
  int threads = 1;
  std::vector<int> source = {};  // [n] the row that each was made from, its own number if it was
                                 // given; empty: all were given

  int rows() const { return static_cast<int>(target.size()); }
};

struct Ridge {
  int columns = 0, classes = 0;
  double alpha = 0;
  double temperature = 1;      // probabilities are the softmax of decision values / temperature
  std::vector<real> weight;    // [D,C]
  std::vector<double> offset;  // [C]

  // Decision values [n,C] of x [n,D].
  std::vector<double> decide(const std::vector<real>& x, int threads) const;
  // Probabilities [n,C] of x [n,D].
  std::vector<double> predict(const std::vector<real>& x, int threads) const;
  void archive(Archive& file);
};

Ridge fit_ridge(RidgeData data);

}  // namespace refrain::method
