// Operating conditions of a series: where some channels are settings (altitude, speed), the other
// channels are read against those of the same condition. Conditions are clusters of the settings
// (k-means from farthest points, no chance in it), found on the training part; each sensor is
// brought to mean 0 and deviation 1 within its condition. Settings and sensors that never change
// there become 0.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "refrain/base/json.h"
#include "refrain/base/real.h"
#include "refrain/data/sample.h"
#include "refrain/data/subset.h"

namespace refrain::data {

class Conditions {
 public:
  // Throws usage where `wanted` is not auto, none or a number of conditions.
  static void check(const std::string& wanted);

  // From series [T,channels] whose channels `settings` (from 0) tell the condition. auto: as few
  // conditions, up to 8, as leave under a thousandth of the settings' variance unexplained; one
  // where that takes more.
  void fit(const std::vector<std::span<const float>>& series, int channels,
           const std::vector<int>& settings, const std::string& wanted);

  // Fits conditions to the first stream of the samples, by the settings that their dataset names.
  // There are none without such settings, and with `wanted` "none".
  static Conditions of_samples(const Subset& training, const std::string& wanted);

  // 0: there are none, and apply() changes nothing.
  int count() const { return static_cast<int>(moments_.size()); }
  // The condition of one step [channels].
  template <class T>
  int of(const T* values) const;
  // A value of a channel as it counts in this condition.
  double scaled(int condition, int channel, double value) const;
  // Scales [T,channels] in place; missing values stay missing, but for those of settings.
  void apply(std::span<real> values) const;

  // These samples, their first stream scaled.
  Dataset applied_to(const Subset& samples) const;

  // from_json throws data for anything that to_json cannot have made.
  base::Json to_json() const;
  static Conditions from_json(const base::Json& json, int channels);

 private:
  struct Moment {
    double mean = 0, std = 0;  // 0: it never changes
  };
  void fit_moments(const std::vector<std::span<const float>>& series, std::size_t channels);
  bool is_setting(int channel) const;

  std::vector<int> settings_;
  std::vector<double> unit_;                  // of each setting: its deviation
  std::vector<std::vector<double>> centre_;   // of each condition, in these units
  std::vector<std::vector<Moment>> moments_;  // of each condition and channel
};

}  // namespace refrain::data
