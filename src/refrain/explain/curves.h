// Whether scores of parts tell what the model uses: parts are taken out of a sample from the
// highest score on (deletion), or put into the blank one (insertion; Petsiuk et al. 2018). Faithful
// scores make the value fall, or rise, sooner than random orders do.
#pragma once

#include <vector>

#include "refrain/explain/method.h"

namespace refrain::explain {

struct Curves {
  std::vector<double> share;  // of the parts that were taken out or put in, 0 to 1
  std::vector<double> deletion, insertion, random_deletion, random_insertion;
  // By how much deletion falls below, and insertion rises above, random orders, on average over
  // shares; in units of the value.
  double deletion_gain() const;
  double insertion_gain() const;
};

// The random curves are means over `orders` orders.
Curves curves(const Case& of, const std::vector<double>& score, int orders);

// The correlation of the ranks (Spearman 1904) of two lists; 1 where one of them is constant and
// both are, 0 where only one is.
double rank_correlation(const std::vector<double>& a, const std::vector<double>& b);

}  // namespace refrain::explain
