// Windows of histories as a network reads them: the last steps before an origin, in segments, moved
// to a level and divided by a spread of their own, so that series of any size are learned together
// (segments: Lin et al. 2023, SegRNN; scales of windows: Smyl 2020; Salinas et al. 2020). All that
// a window holds but its targets lies before the origin: no later value has a part in it.
//
//   series   x x x x x x x x x x | y y y        origin = number of values before |
//            [ s0  ][ s1  ][ s2 ]  targets      z = (f(x) - level) / spread, f = identity or log
#pragma once

#include <string>
#include <vector>

#include "refrain/base/json.h"
#include "refrain/base/real.h"
#include "refrain/data/history/history.h"

namespace refrain::forecast {

enum class Transform { kNone, kLog };
// kSmoothing: that of kSeason, and the network takes off what it has learned to (smoothed.h).
enum class Level { kNone, kLast, kSeason, kWindow, kSmoothing };
enum class Spread { kNone, kRatio, kWindow, kSeries, kCount };

// The settled form of windows, as a model keeps it.
struct WindowForm {
  int horizon = 1;
  int window = 1;   // steps that are read, at most
  int segment = 1;  // steps that are one step of the recurrent network
  int skip = 0;     // last steps that a linear path reads too, 0 = there is none
  int season = 1;   // steps of Level::kSeason and kSmoothing
  Transform transform = Transform::kNone;
  Level level = Level::kLast;
  Spread spread = Spread::kWindow;
  bool mask = false;                   // values may be missing: whether they are is read too
  std::vector<std::string> calendar;   // parts of the calendar that are read
  int known = 0, past = 0, fixed = 0;  // covariates

  int step_width() const { return 1 + int{mask} + known + past; }
  int row_width() const { return segment * step_width() + 2 * static_cast<int>(calendar.size()); }
  // The width of the inputs beside the recurrent rows: the linear path, covariates of the horizon,
  // those of the series, the calendar of the origin.
  int side_width() const {
    return skip + horizon * known + fixed + 2 * static_cast<int>(calendar.size());
  }
  int most_rows() const { return (window + segment - 1) / segment; }
};
base::Json to_json(const WindowForm& form);
WindowForm window_form_from(const base::Json& json);  // throws Error(data)

// Means and deviations that covariates are scaled by.
struct CovariateScale {
  std::vector<double> known_mean, known_spread, past_mean, past_spread, fixed_mean, fixed_spread;
};
// From the values before `ends` [series].
CovariateScale fit_covariates(const data::Histories& histories, const std::vector<int>& ends);
base::Json to_json(const CovariateScale& scale);
CovariateScale covariate_scale_from(const base::Json& json);

// Leads from a window's numbers back to values.
struct Scaling {
  double level = 0, spread = 1;
  Transform transform = Transform::kNone;

  double forward(double x) const;  // NaN where x is missing, or the logarithm has none
  double back(double z) const;
  double value_spread() const;  // how far apart, in values, 0 and 1 lie, about
};

// The windows of one form over some histories, which it keeps a view of.
class Windows {
 public:
  Windows(const data::Histories& histories, WindowForm form, CovariateScale scale);

  const WindowForm& form() const { return form_; }
  const data::Histories& histories() const { return *histories_; }
  const CovariateScale& covariates() const { return scale_; }

  int rows(int origin) const;  // of the window, at least 1
  Scaling scaling(int series, int origin) const;
  // rows [rows(origin), row_width()], oldest first.
  void cut_rows(int series, int origin, const Scaling& scaling, real* out) const;
  void cut_side(int series, int origin, const Scaling& scaling, real* out) const;  // [side_width()]
  // [window] the values that are read, the last one at the end; NaN where one is missing.
  void cut_values(int series, int origin, const Scaling& scaling, real* out) const;
  // [horizon], NaN from `end` on and where values are missing.
  void cut_targets(int series, int origin, int end, const Scaling& scaling, real* out) const;

 private:
  struct RunningSums {
    std::vector<double> first, second;  // [T+1] of transformed values and their squares
    std::vector<int> count;             // of values that are there
  };
  double transformed(double x) const;
  double series_spread(const RunningSums& sums, int origin) const;
  void put_calendar(int series, std::int64_t step, real* out) const;

  const data::Histories* histories_;
  WindowForm form_;
  CovariateScale scale_;
  std::vector<RunningSums> sums_;  // [series]
};

}  // namespace refrain::forecast
