// Answers that are forecasts: the next H values of n windows (a series from an origin on), beside
// what came. Errors are measured in units of the window's own series, so that series of any size
// have one mean.
//
//   mase    |y - f| / mean |x_t - x_(t-m)| of the history (Hyndman and Koehler 2006)
//   smape   200 |y - f| / (|y| + |f|), in per cent (Makridakis 1993, as the M competitions have it)
//   rmsse   square root of (y - f)^2 / mean (x_t - x_(t-m))^2 (Makridakis et al. 2022)
//   owa     mean of mase and smape, each over that of Naive2 on the same windows (M4)
//   weighted_quantile_loss  2 sum pinball / sum |y|, the mean over the quantiles (Park et al. 2022)
//   coverage, interval_width   of the outer quantiles; widths in units of mase
//   mse_scaled, mae_scaled  of values in deviations of the training part
//
// Each is a mean over the steps of a window, then over the windows. A window whose history never
// changes has no scale: mase, rmsse and owa leave it out. A missing value has no error.
#pragma once

#include "refrain/score/answers.h"

namespace refrain::score {

struct Forecasts : Answers {
  int horizon = 1;
  std::vector<double> truth, predicted;  // [n,H]; a truth may be NaN
  std::vector<double> levels;            // [Q] ascending, of the quantiles; empty: there are none
  std::vector<double> quantiles;         // [n,H,Q]
  // [n]: mean error and mean squared error of the seasonal naive method in the history, the
  // deviation of the training part; 0 = there is none.
  std::vector<double> naive_error, naive_square, deviation;
  std::vector<double> naive2_mase, naive2_smape;  // [n] of Naive2 here; empty: no owa

  std::size_t size() const override;
  // Throws Error(data) where sizes do not match, a forecast is not finite, quantiles cross or a
  // window has no truth at all.
  void check() const override;
  bool same_samples(const Answers& other) const override;
  NamedMetrics metrics() const override;  // those of what is there
  std::unique_ptr<Weigher> weigher(bool order) const override;
  std::unique_ptr<Answers> followed_by(const Answers& other) const override;
  std::unique_ptr<Answers> clone() const override;
  double work() const override;

  bool has_quantiles() const { return levels.size() > 1; }
  bool without_truth() const;  // a window has none at all
  // Returns the steps as windows of one step each, for intervals where windows are few: blocks of
  // consecutive steps are groups, since neighbours err alike (Kuensch 1989). The mean scores are
  // those of the windows, except for rmsse.
  Forecasts by_steps() const;
};

// One window against its truth: the means over its steps.
struct WindowErrors {
  double absolute = 0, square = 0, smape = 0;
  int steps = 0;  // that have a truth
};
WindowErrors window_errors(const double* truth, const double* predicted, int horizon);

const base::Registry<Metric>& forecast_metrics();

}  // namespace refrain::score
