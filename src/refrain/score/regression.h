// Answers that are numbers: truths and predictions of n samples in one or several columns, with
// prediction intervals where a method gives them.
//
// The metrics are scikit-learn's and scipy's; of several columns each is the mean over the columns
// (scikit-learn's uniform average), so columns of different units are better scaled first. The
// median weighs as scikit-learn >= 1.7 does; Spearman's ranks with whole weights are those of
// repeated rows, ties sharing their mean. Where theirs are undefined: R2 of constant truths is 1 if
// all is right and else 0, as scikit-learn has it, of one sample too; Spearman is 0 where truths or
// predictions are constant; no samples, or no prediction intervals, give 0.
#pragma once

#include "refrain/score/answers.h"

namespace refrain::score {

struct Regression : Answers {
  int width = 1;                         // columns
  std::vector<double> truth, predicted;  // [n,width]
  std::vector<double> low, high;         // [n,width], prediction intervals; empty: none
  std::vector<std::string> columns;      // [width], their names; empty: none

  std::size_t size() const override;
  // Throws Error(data) where sizes do not match, a number is not finite, an interval ends before
  // it begins.
  void check() const override;
  bool same_samples(const Answers& other) const override;
  NamedMetrics metrics() const override;  // without prediction intervals only those that need none
  std::unique_ptr<Weigher> weigher(bool order) const override;
  std::unique_ptr<Answers> followed_by(const Answers& other) const override;
  std::unique_ptr<Answers> clone() const override;
  double work() const override;

  bool has_intervals() const { return !low.empty(); }
};

// rmse, the main one, mae, r2, median_absolute_error, spearman; of prediction intervals coverage
// and interval_width.
const base::Registry<Metric>& regression_metrics();

}  // namespace refrain::score
