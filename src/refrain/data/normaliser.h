// Brings the channels of series to a common scale. Modes:
//   channel  (x - mean) / std with the mean and std of all training steps of the channel
//   series   the same with the mean and std of the series itself: only its shape is left
//   none     values as they are
// A channel (or series) that is constant has std 1, so that it becomes zeros. Missing values (NaN)
// are ignored when fitting and stay missing. Sums are in double: any float is safe.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "refrain/base/json.h"
#include "refrain/base/real.h"

namespace refrain::data {

struct Moments {
  std::vector<double> mean, std;  // [C]
};

class Normaliser {
 public:
  // The words that `mode` may be.
  static const std::vector<std::string>& modes();

  // Takes series as rows of `channels` values, each [T,C]. Infinite values count as missing.
  void fit(const std::vector<std::span<const float>>& series, int channels,
           const std::string& mode);

  // Scales `values` [T,C] in place. Results beyond +-1e6 deviations are set to that limit.
  void apply(std::span<real> values) const;

  int channels() const { return static_cast<int>(fitted_.mean.size()); }
  const std::string& mode() const { return mode_; }
  // The moments of the training steps, in every mode: [C].
  const Moments& fitted() const { return fitted_; }

  // {"mode", "mean": [C], "std": [C]}. from_json throws data where it is anything else.
  base::Json to_json() const;
  static Normaliser from_json(const base::Json& json);

 private:
  std::string mode_ = "none";
  Moments fitted_;
};

}  // namespace refrain::data
