// Autoregression on the last values and on those around a season ago, on differences or not, of
// logarithms or not, with few or many lags and a weak or strong ridge: each is tried on the last
// horizons of the past, and the answer is the mean of all, weighted by how well they did there.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "refrain/forecast/simple/least_squares.h"
#include "refrain/forecast/simple/methods.h"

namespace refrain::forecast {
namespace {

constexpr size_t kArValues = 3000;  // the last ones of a longer series, or four seasons
constexpr size_t kArFolds = 4;      // horizons held out at the end
constexpr double kArRidges[] = {0.001, 0.01, 0.1, 1.0};
constexpr size_t kArRecent[] = {1, 2, 4, 8, 16};
// A plan weighs (least error / its error)^4: on M4's hourly series the mean has a MASE of 0.75, the
// best plan alone 0.82.
constexpr double kArWeightPower = 4;

// z_t = y_t - y_{t-difference} (0: y itself), predicted from z at the lags.
struct ArPlan {
  bool logs = false;  // of y, all positive
  size_t difference = 0;
  std::vector<size_t> lags;  // ascending

  size_t reach() const { return difference + lags.back(); }
};

std::vector<double> differences_of(std::span<const double> values, size_t lag) {
  if (lag == 0) return {values.begin(), values.end()};
  std::vector<double> out;
  for (size_t t = lag; t < values.size(); ++t) out.push_back(values[t] - values[t - lag]);
  return out;
}

struct ArCentre {
  double mean = 0, spread = 1;
};

ArCentre ar_centre(std::span<const double> z) {
  const double n = double(z.size());
  double mean = 0, square = 0;
  for (double v : z) mean += v / n;
  for (double v : z) square += (v - mean) * (v - mean) / n;
  const double spread = std::sqrt(square);
  return {mean, spread > 1e-12 * std::abs(mean) && spread > 0 ? spread : 0};
}

// sum_t x_t y_{k,t} of four rows y at once, each added up in the order of time: the additions of
// one sum wait for each other, those of four do not.
void add_products(std::span<const double> x, const double* const (&y)[4], double (&sums)[4]) {
  double a = 0, b = 0, c = 0, d = 0;
  for (size_t t = 0; t < x.size(); ++t) {
    a += x[t] * y[0][t];
    b += x[t] * y[1][t];
    c += x[t] * y[2][t];
    d += x[t] * y[3][t];
  }
  sums[0] = a, sums[1] = b, sums[2] = c, sums[3] = d;
}

// X and y of the plan: one row for each z that has all its lags, columns from centred z.
NormalEquations ar_equations(std::span<const double> z, const std::vector<size_t>& lags) {
  NormalEquations out;
  const size_t n = out.columns = lags.size(), rows = z.size() - lags.back();
  out.products.assign(n * n, 0.0);
  out.with_target.assign(n, 0.0);
  const auto shifted = [&](size_t lag) { return z.data() + (lags.back() - lag); };
  for (size_t i = 0; i < n; ++i) {
    const std::span<const double> x(shifted(lags[i]), rows);
    // Columns up to this one, then the target.
    for (size_t j = 0; j <= i + 1; j += 4) {
      const double* y[4];
      double sums[4];
      for (size_t k = 0; k < 4; ++k) y[k] = shifted(j + k <= i ? lags[j + k] : 0);
      add_products(x, y, sums);
      for (size_t k = 0; k < 4 && j + k <= i + 1; ++k) {
        const size_t column = j + k;
        if (column > i) {
          out.with_target[i] = sums[k];
        } else {
          out.products[i * n + column] = out.products[column * n + i] = sums[k];
        }
      }
    }
  }
  return out;
}

// Where a forecast may lie: at most a range beyond what there was.
struct ArBounds {
  double low = 0, high = 0;
};

ArBounds ar_bounds(std::span<const double> values) {
  const auto [low, high] = std::minmax_element(values.begin(), values.end());
  const double range = *high - *low;
  return {*low - range, *high + range};
}

// The fitted values of a plan: centre, and weights for each ridge penalty.
struct ArFit {
  ArPlan plan;
  ArCentre centre;
  std::vector<std::vector<double>> weights;
  std::vector<double> shares;  // of the answer, for each ridge

  double standard(double v) const {
    return centre.spread > 0 ? (v - centre.mean) / centre.spread : 0.0;
  }
};

std::vector<double> ar_scale(std::span<const double> values, const ArPlan& plan) {
  std::vector<double> out(values.begin(), values.end());
  if (plan.logs) {
    for (double& v : out) v = std::log(v);
  }
  return out;
}

ArFit fit_ar(const ArPlan& plan, std::span<const double> past) {
  ArFit out{plan, {}, {}, {}};
  auto z = differences_of(ar_scale(past, plan), plan.difference);
  out.centre = ar_centre(z);
  for (double& v : z) v = out.standard(v);
  const NormalEquations equations = ar_equations(z, plan.lags);
  const double rows = double(z.size() - plan.lags.back());
  for (double ridge : kArRidges) out.weights.push_back(solve_ridge(equations, ridge * rows));
  return out;
}

// Continues `y` step by step with the weights of one ridge penalty; each step reads those before.
std::vector<double> ar_path(const ArFit& fit, const std::vector<double>& weights,
                            std::vector<double> y, const ArBounds& bounds, size_t horizon) {
  const ArPlan& plan = fit.plan;
  auto z = differences_of(y, plan.difference);
  for (double& v : z) v = fit.standard(v);
  for (size_t h = 0; h < horizon; ++h) {
    double next = 0;
    for (size_t i = 0; i < weights.size(); ++i) next += weights[i] * z[z.size() - plan.lags[i]];
    const double before = plan.difference > 0 ? y[y.size() - plan.difference] : 0;
    const double value = before + fit.centre.mean + fit.centre.spread * next;
    y.push_back(std::clamp(value, bounds.low, bounds.high));
    z.push_back(fit.standard(y.back() - before));
  }
  return {y.end() - long(horizon), y.end()};
}

// The paths of a plan behind `past`, one for each ridge; `bounds`: of these values.
std::vector<std::vector<double>> ar_paths(const ArFit& fit, std::span<const double> past,
                                          const ArBounds& bounds, size_t horizon) {
  const auto whole = ar_scale(past, fit.plan);
  const ArBounds own = fit.plan.logs ? ar_bounds(whole) : bounds;
  const std::vector<double> last(whole.end() - long(std::min(whole.size(), fit.plan.reach())),
                                 whole.end());
  std::vector<std::vector<double>> out;
  for (const auto& weights : fit.weights) {
    out.push_back(ar_path(fit, weights, last, own, horizon));
    if (!fit.plan.logs) continue;
    for (double& v : out.back()) v = std::min(std::exp(v), bounds.high);
  }
  return out;
}

std::vector<size_t> ar_lags(size_t recent, const std::vector<int>& seasons, size_t length) {
  std::vector<size_t> out;
  for (size_t lag = 1; lag <= recent; ++lag) out.push_back(lag);
  for (int season : seasons) {
    const size_t m = size_t(season);
    if (m + 1 <= length / 2) out.insert(out.end(), {m - 1, m, m + 1});
    if (2 * m <= length / 2) out.push_back(2 * m);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

// The plans for which `length` values are enough: more than two rows for each lag.
std::vector<ArPlan> ar_plans(const std::vector<int>& seasons, size_t length, bool positive) {
  std::vector<size_t> differences{0, 1};
  for (int season : seasons) differences.push_back(size_t(season));
  std::vector<ArPlan> out;
  for (size_t difference : differences) {
    if (difference >= length) continue;
    for (size_t recent : kArRecent) {
      const ArPlan plan{false, difference, ar_lags(recent, seasons, length - difference)};
      if (plan.reach() + 2 * plan.lags.size() + 3 > length) continue;
      out.push_back(plan);
      if (positive) out.push_back({true, plan.difference, plan.lags});
    }
  }
  return out;
}

struct ArHoldOut {
  size_t folds = 0, horizon = 0;
  size_t length() const { return folds * horizon; }
};

// At most half of the past, at least one value; of a short past not the whole horizon, so that
// there are several folds.
ArHoldOut ar_hold_out(size_t length, size_t horizon) {
  ArHoldOut out;
  out.horizon = std::max<size_t>(std::min(horizon, length / 6), 1);
  out.folds = std::clamp<size_t>(length / 2 / out.horizon, 1, kArFolds);
  return out;
}

// The absolute error of a plan on what is held out, for each ridge.
std::vector<double> ar_errors(std::span<const double> past, const ArPlan& plan,
                              const ArHoldOut& held_out) {
  std::vector<double> errors(std::size(kArRidges), 0.0);
  for (size_t fold = 1; fold <= held_out.folds; ++fold) {
    const size_t origin = past.size() - fold * held_out.horizon;
    const auto before = past.first(origin);
    const auto paths = ar_paths(fit_ar(plan, before), before, ar_bounds(before), held_out.horizon);
    for (size_t r = 0; r < errors.size(); ++r) {
      for (size_t h = 0; h < held_out.horizon; ++h) {
        errors[r] += std::abs(paths[r][h] - past[origin + h]);
      }
    }
  }
  return errors;
}

// Each plan and ridge has a share by how well it did on what is held out.
std::vector<ArFit> fit_shares(std::span<const double> past, const std::vector<ArPlan>& plans,
                              const ArHoldOut& held_out) {
  std::vector<std::vector<double>> errors;
  double least = std::numeric_limits<double>::infinity();
  for (const ArPlan& plan : plans) {
    errors.push_back(ar_errors(past, plan, held_out));
    least = std::min(least, *std::min_element(errors.back().begin(), errors.back().end()));
  }
  std::vector<ArFit> out;
  for (size_t p = 0; p < plans.size(); ++p) {
    out.push_back(fit_ar(plans[p], past));
    for (double error : errors[p]) {
      constexpr double kTiny = 1e-200;  // plans without any error weigh the same
      out.back().shares.push_back(std::pow((least + kTiny) / (error + kTiny), kArWeightPower));
    }
  }
  return out;
}

std::vector<double> mean_ar_path(std::span<const double> past, const std::vector<ArFit>& fits,
                                 size_t horizon) {
  std::vector<double> out(horizon, 0.0);
  double all = 0;
  const ArBounds bounds = ar_bounds(past);
  for (const ArFit& fit : fits) {
    const auto paths = ar_paths(fit, past, bounds, horizon);
    for (size_t r = 0; r < paths.size(); ++r) {
      all += fit.shares[r];
      for (size_t h = 0; h < horizon; ++h) out[h] += fit.shares[r] * paths[r][h];
    }
  }
  for (double& v : out) v /= all;
  return out;
}

// The values that are read, of a history.
std::span<const double> ar_past(std::span<const double> past, const Wanted& wanted) {
  const size_t longest = wanted.seasons.empty() ? 1 : size_t(wanted.seasons.back());
  return past.last(std::min(past.size(), std::max(kArValues, 4 * longest)));
}

bool all_above_zero(std::span<const double> values) {
  return std::all_of(values.begin(), values.end(), [](double v) { return v > 0; });
}

// None where the past is too short.
std::vector<ArFit> learned_ar(std::span<const double> past, const Wanted& wanted) {
  const ArHoldOut held_out = ar_hold_out(past.size(), size_t(wanted.horizon));
  if (past.size() <= held_out.length()) return {};
  const auto plans =
      ar_plans(wanted.seasons, past.size() - held_out.length(), all_above_zero(past));
  return fit_shares(past, plans, held_out);
}

}  // namespace

std::vector<double> seasonal_ar_forecast(std::span<const double> past, const Wanted& wanted) {
  const auto read = ar_past(past, wanted);
  const auto fits = learned_ar(read, wanted);
  if (fits.empty()) return naive2_forecast(read, wanted);
  return mean_ar_path(read, fits, size_t(wanted.horizon));
}

// Later origins keep weights, centres and shares, and read the values that came.
std::vector<std::vector<double>> seasonal_ar_along(std::span<const double> values,
                                                   std::span<const size_t> origins,
                                                   const Wanted& wanted) {
  const auto fits = learned_ar(ar_past(values.first(origins.front()), wanted), wanted);
  const bool logs =
      std::any_of(fits.begin(), fits.end(), [](const ArFit& f) { return f.plan.logs; });
  std::vector<std::vector<double>> out;
  for (size_t origin : origins) {
    const auto past = ar_past(values.first(origin), wanted);
    const bool fits_still = !fits.empty() && (!logs || all_above_zero(past));
    out.push_back(fits_still ? mean_ar_path(past, fits, size_t(wanted.horizon))
                             : seasonal_ar_forecast(past, wanted));
  }
  return out;
}

}  // namespace refrain::forecast
