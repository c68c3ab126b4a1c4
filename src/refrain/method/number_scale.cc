#include "refrain/method/number_scale.h"

#include <cmath>
#include <cstddef>

namespace refrain::method {
namespace {

using Size = std::size_t;

void check_numbers(const Training& training) {
  if (training.samples.chosen.empty()) throw Error(Code::kData, "no training samples");
  if (training.width < 1) {
    throw Error(Code::kUnsupported, "it predicts numbers, and the samples have none");
  }
  if (training.values.size() != training.samples.chosen.size() * static_cast<Size>(training.width))
    throw Error(Code::kInternal, "numbers to learn: not one row a sample");
  for (const double v : training.values) {
    if (!std::isfinite(v)) {
      throw Error(Code::kUnsupported, "some of the numbers to learn are missing",
                  "leave out the samples without them");
    }
  }
}

}  // namespace

std::vector<double> NumberScale::fit(const Training& training) {
  check_numbers(training);
  const auto width = static_cast<Size>(training.width);
  auto rows = training.values;
  const double n = static_cast<double>(rows.size() / width);
  mean_.assign(width, 0);
  deviation_.assign(width, 0);
  // Beside the first row, so that equal numbers have that mean exactly, and a large level costs
  // no digits.
  for (Size i = 0; i < rows.size(); ++i) mean_[i % width] += (rows[i] - rows[i % width]) / n;
  for (Size c = 0; c < width; ++c) mean_[c] += rows[c];
  for (Size i = 0; i < rows.size(); ++i) {
    rows[i] -= mean_[i % width];
    deviation_[i % width] += rows[i] * rows[i] / n;
  }
  for (double& d : deviation_) {
    d = std::sqrt(d);
    if (!std::isfinite(d)) throw Error(Code::kUnsupported, "the numbers to learn are too large");
  }
  for (Size i = 0; i < rows.size(); ++i) {
    const double d = deviation_[i % width];
    rows[i] = d > 0 ? rows[i] / d : 0;
  }
  return rows;
}

void NumberScale::restore(std::vector<double>& rows) const {
  const Size width = mean_.size();
  for (Size i = 0; i < rows.size(); ++i) {
    rows[i] = mean_[i % width] + deviation_[i % width] * rows[i];
  }
}

void NumberScale::archive(Archive& file) {
  file.exact("number_mean", mean_);
  file.exact("number_deviation", deviation_);
  file.require(mean_.size() == static_cast<Size>(file.width()) &&
               deviation_.size() == mean_.size() && !mean_.empty());
}

}  // namespace refrain::method
