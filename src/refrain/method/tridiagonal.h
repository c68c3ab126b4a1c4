// A symmetric matrix A = Q T Q^T with T tridiagonal and Q orthogonal (Householder's method): with
// it (A + shift I)^-1 costs n^2 operations for every further shift.
#pragma once

#include <vector>

namespace refrain::method {

struct Tridiagonal {
  int n = 0;
  std::vector<double> diagonal, beside;  // [n], [n - 1] of T
  std::vector<double> q_transposed;      // [n,n]; row j is the j-th column of Q

  // (A + shift I)^-1 y for the columns of y [n,columns]. A + shift I must be positive definite.
  std::vector<double> solve(double shift, const std::vector<double>& y, int columns) const;
  // The diagonal of (A + shift I)^-1.
  std::vector<double> inverse_diagonal(double shift) const;
  // The rows and columns of (A + shift I)^-1 at the numbers of each group: [m,m] for m of them.
  std::vector<std::vector<double>> inverse_blocks(
      double shift, const std::vector<std::vector<int>>& groups) const;

 private:
  struct Factors {
    std::vector<double> pivot, below;  // T + shift I = L D L^T
  };
  Factors factorise(double shift) const;
};

// a [n,n] symmetric.
Tridiagonal tridiagonalise(std::vector<double> a, int n);

}  // namespace refrain::method
