// Predictions of ridge regression for rows that are left out of the fit, from one factorisation of
// the n x n matrix of inner products for every penalty. Rows that belong together are left out
// together.
#pragma once

#include <vector>

#include "refrain/method/tridiagonal.h"

namespace refrain::method {

// Rows that are left out together, by number; the first `judges` of them count as errors.
struct Family {
  std::vector<int> rows;
  int judges = 1;
};
using Families = std::vector<Family>;

// The rows of each source: the source itself first, which alone is judged. source [n] is the row
// that each was made from, its own number if it was given.
Families families_of(const std::vector<int>& source);

// The form of the inner products [n,n] of rows whose mean is subtracted first.
Tridiagonal centred_form(std::vector<double> inner_products, int n);

// The errors [judges,C] at centred goals y [n,C] when each family is left out, family by family;
// empty where they cannot be told.
std::vector<double> left_out_errors(const Tridiagonal& form, double alpha,
                                    const std::vector<double>& y, const Families& families);

}  // namespace refrain::method
