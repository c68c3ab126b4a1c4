// Rows of features under a ridge regression, dense or sparse. The mean of each column is taken off:
// in place, or as if it were.
#pragma once

#include <vector>

#include "refrain/base/real.h"
#include "refrain/method/logistic.h"

namespace refrain::method {

class RidgeRows {
 public:
  virtual ~RidgeRows() = default;

  int rows() const { return rows_; }
  int columns() const { return static_cast<int>(mean_.size()); }
  const std::vector<double>& mean() const { return mean_; }  // [D] that was taken off

  // Inner products [m,m] of the rows at these places; any vector may have been taken off them all.
  virtual std::vector<double> inner_products(const std::vector<int>& places) const = 0;
  // x w [n,C] of w [D,C].
  virtual std::vector<double> times(const std::vector<double>& w, int C) const = 0;
  // x^T r [D,C] of r [n,C].
  virtual std::vector<double> transposed_times(const std::vector<double>& r, int C) const = 0;

 protected:
  int rows_ = 0;
  std::vector<double> mean_;
};

class DenseRidgeRows : public RidgeRows {
 public:
  // x [n,columns]
  DenseRidgeRows(std::vector<real> x, int columns, int threads);
  std::vector<double> inner_products(const std::vector<int>& places) const override;
  std::vector<double> times(const std::vector<double>& w, int C) const override;
  std::vector<double> transposed_times(const std::vector<double>& r, int C) const override;

 private:
  std::vector<real> x_;
  int threads_;
};

class SparseRidgeRows : public RidgeRows {
 public:
  SparseRidgeRows(SparseRows x, int threads);
  std::vector<double> inner_products(const std::vector<int>& places) const override;
  std::vector<double> times(const std::vector<double>& w, int C) const override;
  std::vector<double> transposed_times(const std::vector<double>& r, int C) const override;

 private:
  SparseRows x_;
  int threads_;
};

}  // namespace refrain::method
