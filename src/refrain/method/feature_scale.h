// How columns of features are scaled by the training part before a linear classifier.
#pragma once

#include <vector>

#include "refrain/base/real.h"
#include "refrain/method/archive.h"

namespace refrain::method {

// Divided by the deviation; columns that hardly vary stay.
class DeviationScale {
 public:
  void fit(const std::vector<real>& x, int columns);  // x [n,columns]
  void apply(std::vector<real>& x) const;
  void archive(Archive& file);
  std::size_t size() const { return scale_.size(); }

 private:
  std::vector<real> scale_;
};

// For counts of which many are zero (Dempster, Schmidt and Webb 2023): what is zero stays zero, the
// rest is centred and divided by the deviation plus the fourth power of the share of zeros.
class SparseScale {
 public:
  void fit(const std::vector<real>& x, int columns);
  void apply(std::vector<real>& x) const;
  void archive(Archive& file);
  std::size_t size() const { return scale_.size(); }

 private:
  std::vector<real> mean_, scale_;
};

// Centred and divided by the deviation, and never beyond three of them: what hardly varies in
// training, and suddenly does, is not taken at its word. A column that does not vary is 0.
class BoundedScale {
 public:
  void fit(const std::vector<real>& x, int columns);
  void apply(std::vector<real>& x) const;
  void archive(Archive& file);
  std::size_t size() const { return scale_.size(); }

 private:
  std::vector<real> mean_, scale_;
};

}  // namespace refrain::method
