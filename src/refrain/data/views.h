// Views of a series: more columns for a network to read, made from the values as the normaliser
// left them. With a = the values themselves, or (names that begin with shape) each series brought
// to mean 0 and deviation 1 by itself:
//   raw, shape                         a
//   deviation, shape_deviation         a - m(t), m(t) = mean of the training series at step t
//   step_scaled, shape_step_scaled     (a - m(t)) / s(t), s(t) their deviation at step t, at least
//                                      a tenth of its usual size
//   difference, shape_difference       a(t) - a(t-1), 0 at the first step
//   cumulative, shape_cumulative       the sum of a up to step t
// Each view but the first two is divided by its root mean square in training, channel by channel.
// Series of unequal length: m(t) and s(t) are of those alive at t; where fewer than a tenth (or
// two) are, of all steps together. What depends on a missing value is missing.
#pragma once

#include <string>
#include <vector>

#include "refrain/base/json.h"
#include "refrain/base/real.h"

namespace refrain::data {

class Views {
 public:
  // Every name that a list may hold.
  static const std::vector<std::string>& names();

  // "raw" alone: values stay as they are.
  Views() = default;
  // The lists of an ensemble, with bars between them: each member takes its own in turn. Throws
  // usage as fit() does.
  static std::vector<std::string> lists(const std::string& all);
  // `list` is names with commas between them. Takes the training series, each [T,C] with NaN where
  // a value is missing. Throws usage for unknown names, names given twice and an empty list.
  static Views fit(const std::string& list, const std::vector<std::vector<real>>& training,
                   int channels);

  // values [T,C] -> [T, count() * C], view after view in each step, missing ones NaN.
  std::vector<real> apply(const std::vector<real>& values) const;

  int count() const { return static_cast<int>(views_.size()); }
  bool only_raw() const { return views_.size() == 1 && views_[0].name == "raw"; }

  // from_json throws data for what to_json cannot have made for so many channels.
  base::Json to_json() const;
  static Views from_json(const base::Json& json, int channels);

 private:
  struct View {
    std::string name;
    std::vector<double> mean, spread;  // [T,C] of the training steps, where the view has them
    std::vector<double> all_mean, all_spread;  // [C] beyond them
    std::vector<double> scale;                 // [C]
  };
  static void fit_steps(const std::vector<std::vector<real>>& training, View& view);
  std::vector<real> column(const View& view, std::vector<real> values) const;

  int channels_ = 0;
  std::vector<View> views_ = {{"raw", {}, {}, {}, {}, {}}};
};

}  // namespace refrain::data
