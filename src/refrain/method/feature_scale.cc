#include "refrain/method/feature_scale.h"

#include <algorithm>
#include <cmath>

namespace refrain::method {
namespace {

using Size = std::size_t;

// The moments of each column.
struct Moments {
  std::vector<double> mean, variance, zeros;  // zeros: their share

  Moments(const std::vector<real>& x, int columns)
      : mean(static_cast<Size>(columns)), variance(mean), zeros(mean) {
    const double n = static_cast<double>(x.size() / mean.size());
    for (Size i = 0; i < x.size(); i += mean.size()) {
      for (Size k = 0; k < mean.size(); ++k) {
        const auto v = static_cast<double>(x[i + k]);
        mean[k] += v / n;
        variance[k] += v * v / n;
        zeros[k] += v == 0 ? 1 / n : 0;
      }
    }
    for (Size k = 0; k < mean.size(); ++k) {
      variance[k] = std::max(0.0, variance[k] - mean[k] * mean[k]);
    }
  }
};

}  // namespace

void DeviationScale::fit(const std::vector<real>& x, int columns) {
  const Moments m(x, columns);
  scale_.assign(m.mean.size(), 1);
  for (Size k = 0; k < scale_.size(); ++k) {
    if (m.variance[k] > 1e-10) scale_[k] = static_cast<real>(1 / std::sqrt(m.variance[k]));
  }
}

void DeviationScale::apply(std::vector<real>& x) const {
  for (Size i = 0; i < x.size(); i += scale_.size()) {
    for (Size k = 0; k < scale_.size(); ++k) x[i + k] *= scale_[k];
  }
}

void DeviationScale::archive(Archive& file) { file.list("scale", scale_); }

void SparseScale::fit(const std::vector<real>& x, int columns) {
  constexpr double kLeast = 1e-8;
  const Moments m(x, columns);
  mean_.resize(m.mean.size());
  scale_.resize(m.mean.size());
  for (Size k = 0; k < mean_.size(); ++k) {
    mean_[k] = static_cast<real>(m.mean[k]);
    const double deviation = std::sqrt(m.variance[k]);
    // A column that does not vary is worth nothing.
    scale_[k] = static_cast<real>(
        deviation > kLeast ? 1 / (deviation + std::pow(m.zeros[k], 4) + kLeast) : 0);
  }
}

void SparseScale::apply(std::vector<real>& x) const {
  for (Size i = 0; i < x.size(); i += mean_.size()) {
    for (Size k = 0; k < mean_.size(); ++k) {
      real& v = x[i + k];
      if (v != 0) v = (v - mean_[k]) * scale_[k];
    }
  }
}

void SparseScale::archive(Archive& file) {
  file.list("mean", mean_);
  file.list("scale", scale_);
  file.require(mean_.size() == scale_.size());
}

void BoundedScale::fit(const std::vector<real>& x, int columns) {
  const Moments m(x, columns);
  mean_.assign(m.mean.begin(), m.mean.end());
  scale_.assign(m.mean.size(), 0);
  for (Size k = 0; k < scale_.size(); ++k) {
    if (m.variance[k] > 1e-10) scale_[k] = static_cast<real>(1 / std::sqrt(m.variance[k]));
  }
}

void BoundedScale::apply(std::vector<real>& x) const {
  constexpr real kMost = 3;
  for (Size i = 0; i < x.size(); i += mean_.size()) {
    for (Size k = 0; k < mean_.size(); ++k) {
      x[i + k] = std::clamp((x[i + k] - mean_[k]) * scale_[k], -kMost, kMost);
    }
  }
}

void BoundedScale::archive(Archive& file) {
  file.list("mean", mean_);
  file.list("scale", scale_);
  file.require(mean_.size() == scale_.size());
}

}  // namespace refrain::method
