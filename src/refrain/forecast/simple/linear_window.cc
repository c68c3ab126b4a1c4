// One linear map from the last L steps to all H steps of the horizon, shared by all series (the
// idea of DLinear, Zeng et al. 2023; a split into trend and season by a moving average is linear
// itself and adds nothing to it):
//   y_{t+h} - y_t = sum_i w_{ih} (y_{t-i} - y_t)
// A window is moved to its last value and weighs by the deviation of its series, so that series of
// any size are learned together. The weights are those of ridge regression on all windows; L and
// the ridge are those of the least squared error on held-out windows. Products of columns of
// consecutive windows follow from each other, so that time grows with L (n + L + H) for each series
// of n values, and memory with L (L + H).
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "refrain/base/at.h"
#include "refrain/base/threads.h"
#include "refrain/forecast/simple/least_squares.h"
#include "refrain/forecast/simple/methods.h"

namespace refrain::forecast {
namespace {

using base::at;

// Windows that are tried, in halves of a horizon or season, whichever is longer.
constexpr size_t kWindowHalves[] = {1, 2, 4, 6, 8, 12, 16};
constexpr size_t kLongestLinear = 1024;
constexpr double kLinearRidges[] = {0.001, 0.01, 0.1, 1.0};  // of the columns' mean square
constexpr double kUsualRidge = 0.1;                          // where nothing is held out
constexpr size_t kMostHeldOut = 1000;
constexpr size_t kOwnFolds = 4;  // horizons that a history alone holds out

// Values before `end` around their mean, in deviations; empty where they do not vary.
std::vector<double> standardised(const Lesson::Series& series) {
  const auto n = std::min(at(std::max(series.train, 0)), series.values.size());
  const std::span<const double> known(series.values.data(), n);
  double mean = 0, square = 0;
  for (double v : known) mean += v / double(n);
  for (double v : known) square += (v - mean) * (v - mean) / double(n);
  const double spread = std::sqrt(square);
  if (!(spread > 1e-12 * std::abs(mean) && spread > 0)) return {};
  std::vector<double> out;
  for (double v : known) out.push_back((v - mean) / spread);
  return out;
}

// The sums over all windows of the values at two of their steps, a of the window and b of window
// and horizon: sum_o z_{o-L+a} z_{o-L+b}. The next diagonal entry differs by a window at each end.
class WindowProducts {
 public:
  WindowProducts(std::span<const double> z, size_t window, size_t horizon)
      : width_(window + horizon), sums_(window * width_) {
    const size_t windows = z.size() - width_ + 1;
    for (size_t b = 0; b < width_; ++b) {
      sums_[b] = std::inner_product(z.begin(), z.begin() + long(windows), z.begin() + long(b), 0.0);
    }
    for (size_t a = 1; a < window; ++a) {
      for (size_t b = a; b < width_; ++b) {
        sums_[a * width_ + b] = sums_[(a - 1) * width_ + b - 1] - z[a - 1] * z[b - 1] +
                                z[windows + a - 1] * z[windows + b - 1];
      }
    }
  }
  double of(size_t a, size_t b) const { return sums_[std::min(a, b) * width_ + std::max(a, b)]; }

 private:
  size_t width_;
  std::vector<double> sums_;
};

// Adds the windows of one series, each moved to its last value.
void add_windows(std::span<const double> z, size_t horizon, NormalEquations& to) {
  const size_t window = to.columns, last = window - 1;
  const WindowProducts raw(z, window, horizon);
  const double square = raw.of(last, last);
  for (size_t a = 0; a < window; ++a) {
    const double own = square - raw.of(a, last);
    for (size_t b = 0; b < window; ++b) {
      to.products[a * window + b] += raw.of(a, b) - raw.of(b, last) + own;
    }
    for (size_t h = 0; h < horizon; ++h) {
      to.with_target[a * horizon + h] += raw.of(a, window + h) - raw.of(last, window + h) + own;
    }
  }
}

// Returns the normal equations of all series that are long enough, empty if there are none.
NormalEquations equations_of(const Lesson& lesson, size_t window, size_t horizon) {
  NormalEquations out;
  out.columns = window;
  for (const auto& series : lesson.series) {
    if (series.train < 0 || at(series.train) < window + horizon) continue;
    const auto z = standardised(series);
    if (z.size() < window + horizon) continue;
    out.products.resize(window * window);
    out.with_target.resize(window * horizon);
    add_windows(z, horizon, out);
  }
  return out;
}

SharedFit solved(const NormalEquations& equations, double ridge) {
  const size_t n = equations.columns;
  double trace = 0;
  for (size_t i = 0; i < n; ++i) trace += equations.products[i * n + i];
  SharedFit out{int(n), ridge, std::vector<real>(equations.with_target.size())};
  if (!(trace > 0)) return out;
  const auto weights = solve_ridge(equations, ridge * trace / double(n));
  for (size_t i = 0; i < weights.size(); ++i) out.weights[i] = real(weights[i]);
  return out;
}

// The value `back` steps before the end. Before the first value its first season repeats itself, or
// without one the first value.
double value_before(std::span<const double> past, size_t back, size_t season) {
  const size_t n = past.size();
  if (back <= n) return past[n - back];
  return past[season <= n ? (season - (back - n) % season) % season : 0];
}

std::vector<double> continued(std::span<const double> past, const SharedFit& fit,
                              const Wanted& wanted) {
  const size_t window = at(fit.window), horizon = at(wanted.horizon);
  std::vector<double> out(horizon, past.back());
  for (size_t i = 0; i < window; ++i) {
    const double gap = value_before(past, window - i, at(wanted.season())) - past.back();
    const real* weights = fit.weights.data() + i * horizon;
    for (size_t h = 0; h < horizon; ++h) out[h] += double(weights[h]) * gap;
  }
  return out;
}

struct HeldOutWindow {
  std::span<const double> past, truth;
  double square = 0;  // of the deviations of the past
};

// Windows whose series vary, or as many as are enough, evenly.
std::vector<HeldOutWindow> held_out_windows(const Lesson& lesson, size_t horizon) {
  std::vector<std::pair<size_t, int>> all;
  for (size_t s = 0; s < lesson.series.size(); ++s) {
    for (int origin : lesson.series[s].held_out) {
      if (origin > 0 && at(origin) < lesson.series[s].values.size()) all.push_back({s, origin});
    }
  }
  const size_t wanted = std::min(all.size(), kMostHeldOut);
  std::vector<HeldOutWindow> out;
  for (size_t i = 0; i < wanted; ++i) {
    const auto [s, origin] = all[i * all.size() / wanted];
    const std::span<const double> values = lesson.series[s].values;
    const auto past = values.first(at(origin)), rest = values.subspan(at(origin));
    double mean = 0, square = 0;
    for (double v : past) mean += v / double(past.size());
    for (double v : past) square += (v - mean) * (v - mean) / double(past.size());
    if (square > 0) out.push_back({past, rest.first(std::min(horizon, rest.size())), square});
  }
  return out;
}

// The mean squared error in deviations of the series; no windows: infinity.
double held_out_error(const std::vector<HeldOutWindow>& windows, const SharedFit& fit,
                      const Wanted& wanted) {
  double sum = 0;
  for (const auto& [past, truth, square] : windows) {
    const auto path = continued(past, fit, wanted);
    for (size_t h = 0; h < truth.size(); ++h) {
      const double gap = path[h] - truth[h];
      sum += gap * gap / square / double(truth.size());
    }
  }
  return windows.empty() ? std::numeric_limits<double>::infinity() : sum / double(windows.size());
}

struct LinearTrial {
  SharedFit fit;
  double error = std::numeric_limits<double>::infinity();
};

// The best ridge of one window.
LinearTrial best_ridge(const Lesson& lesson, const std::vector<HeldOutWindow>& held_out,
                       size_t window, const Wanted& wanted) {
  LinearTrial out;
  const NormalEquations equations = equations_of(lesson, window, at(wanted.horizon));
  if (equations.products.empty()) return out;
  for (double ridge : kLinearRidges) {
    SharedFit fit = solved(equations, ridge);
    const double error = held_out_error(held_out, fit, wanted);
    const bool first = out.fit.weights.empty() && !(error < out.error) && ridge == kUsualRidge;
    if (error < out.error || first) out = {std::move(fit), error};
  }
  return out;
}

std::vector<size_t> linear_windows(const Wanted& wanted) {
  const size_t unit = at(std::max({wanted.horizon, wanted.season(), 2}));
  std::vector<size_t> out;
  for (size_t halves : kWindowHalves) {
    out.push_back(std::min((halves * unit + 1) / 2, kLongestLinear));
  }
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

}  // namespace

SharedFit linear_window_learn(const Lesson& lesson, const Wanted& wanted, const SharedFit* chosen) {
  const size_t horizon = at(wanted.horizon);
  if (horizon == 0) return {};
  if (chosen != nullptr) {
    if (chosen->weights.empty()) return {};
    const auto equations = equations_of(lesson, at(chosen->window), horizon);
    return equations.products.empty() ? *chosen : solved(equations, chosen->ridge);
  }
  const auto windows = lesson.window > 0 ? std::vector{std::min(at(lesson.window), kLongestLinear)}
                                         : linear_windows(wanted);
  const auto held_out = held_out_windows(lesson, horizon);
  std::vector<LinearTrial> trials(windows.size());
  base::parallel_for(int(windows.size()), lesson.threads, [&](int i) {
    trials[at(i)] = best_ridge(lesson, held_out, windows[at(i)], wanted);
  });
  LinearTrial best;
  for (LinearTrial& trial : trials) {
    const bool first = best.fit.weights.empty() && !trial.fit.weights.empty();
    if (trial.error < best.error || first) best = std::move(trial);
  }
  return best.fit;
}

std::vector<double> linear_window_learned(std::span<const double> past, const Wanted& wanted,
                                          const SharedFit& fit) {
  if (fit.weights.empty()) return naive2_forecast(past, wanted);
  return continued(past, fit, wanted);
}

// Forecasts from one history alone.
std::vector<double> linear_window_forecast(std::span<const double> past, const Wanted& wanted) {
  const size_t horizon = at(std::max(wanted.horizon, 1));
  Lesson lesson;
  lesson.series.push_back({{past.begin(), past.end()}, int(past.size()), {}});
  auto& own = lesson.series.front();
  const size_t folds = std::min(kOwnFolds, past.size() / 2 / horizon);
  for (size_t fold = folds; fold > 0; --fold) {
    own.held_out.push_back(int(past.size() - fold * horizon));
  }
  if (folds > 0) own.train = own.held_out.front();
  const SharedFit form = linear_window_learn(lesson, wanted, nullptr);
  own.train = int(past.size());
  return linear_window_learned(past, wanted, linear_window_learn(lesson, wanted, &form));
}

}  // namespace refrain::forecast
