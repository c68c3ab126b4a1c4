// Series as rows of numbers: twenty-three about each channel (moments, extremes, quartiles, where
// the extremes lie, slope, changes, crossings, autocorrelations), and the log length.
#pragma once

#include <vector>

#include "refrain/method/channels.h"
#include "refrain/method/logistic.h"

namespace refrain::method {

using Summaries = std::vector<std::vector<double>>;  // [n] rows of equal length

Summaries summaries(const std::vector<Channels>& series, int threads);
// Throws data as channels_of() does.
Summaries summaries(const data::Subset& view, int threads);
// How many numbers a row has.
std::size_t summary_columns(int channels);
// The numbers of all rows.
std::vector<int> every_row(const Summaries& rows);

// Columns brought to mean 0 and deviation 1, those that do not vary left out.
class Standard {
 public:
  // Learns from the rows at these places.
  void fit(const Summaries& rows, const std::vector<int>& places);
  // Standardises the summaries; values beyond ten deviations are clipped there.
  SparseRows apply(const Summaries& rows, const std::vector<int>& places) const;
  void archive(Archive& file);
  std::size_t inputs() const { return mean_.size(); }

 private:
  std::vector<double> mean_, deviation_;
};

}  // namespace refrain::method
