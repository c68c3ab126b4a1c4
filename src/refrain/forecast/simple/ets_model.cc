#include "refrain/forecast/simple/ets_model.h"

#include <algorithm>
#include <cmath>

namespace refrain::forecast {
namespace {

constexpr double kLeastMean = 1e-9;           // of a multiplied model; values are near 1
constexpr double kLeastSquaredError = 1e-22;  // a perfect fit has a likelihood, too

// The sum of log(factors), with one logarithm for many of them.
class LogSum {
 public:
  void add(double factor) {
    product_ *= factor;
    if (product_ > 1e100 || product_ < 1e-100) {
      sum_ += std::log(product_);
      product_ = 1;
    }
  }
  double sum() const { return sum_ + std::log(product_); }

 private:
  double product_ = 1, sum_ = 0;
};

// One step of each kind of season: what the level sees of y, what the season sees, and the mean.
struct NoSeason {
  static double mean(double base, double) { return base; }
  static double to_level(double y, double) { return y; }
  static double to_season(double, double) { return 0; }
};
struct AddedSeason {
  static double mean(double base, double s) { return base + s; }
  static double to_level(double y, double s) { return y - s; }
  static double to_season(double y, double base) { return y - base; }
};
struct MultipliedSeason {
  static double mean(double base, double s) { return base * s; }
  static double to_level(double y, double s) { return y / s; }
  static double to_season(double y, double base) { return y / base; }
};

struct EtsErrors {
  double squared = 0;
  double logs = 0;  // of mu
};

// False where a mean is not positive and has to be.
template <class Season>
bool walk_ets(const EtsForm& form, const EtsRates& rates, std::span<const double> values,
              EtsState& state, EtsErrors& errors) {
  const bool multiplied = form.error == EtsPart::kMultiplied, positive = form.positive_only();
  const double beta = rates.alpha > 0 ? rates.beta / rates.alpha : 0;
  const size_t m = state.season.size();
  LogSum logs;
  double level = state.level, trend = state.trend, squared = 0;
  size_t place = 0;
  for (double y : values) {
    const double s = m > 0 ? state.season[place] : 0, base = level + rates.phi * trend;
    const double mu = Season::mean(base, s);
    if (positive && !(mu > kLeastMean && base > kLeastMean)) return false;
    const double error = multiplied ? (y - mu) / mu : y - mu;
    squared += error * error;
    if (multiplied) logs.add(mu);
    const double next = base + rates.alpha * (Season::to_level(y, s) - base);
    trend = rates.phi * trend + beta * (next - level - rates.phi * trend);
    level = next;
    if (m > 0) {
      state.season[place] = s + rates.gamma * (Season::to_season(y, base) - s);
      place = place + 1 == m ? 0 : place + 1;
    }
  }
  std::rotate(state.season.begin(), state.season.begin() + long(place), state.season.end());
  state.level = level, state.trend = trend;
  errors = {squared, logs.sum()};
  return true;
}

}  // namespace

int EtsForm::parameters() const {
  const int of_trend = trend == EtsPart::kNone ? 0 : trend == EtsPart::kAdded ? 2 : 3;
  return 3 + of_trend + (season == EtsPart::kNone ? 0 : length);  // gamma and length - 1 states
}

std::string EtsForm::name() const {
  auto letter = [](EtsPart part) {
    return part == EtsPart::kNone     ? "N"
           : part == EtsPart::kAdded  ? "A"
           : part == EtsPart::kDamped ? "Ad"
                                      : "M";
  };
  return std::string(letter(error)) + letter(trend) + letter(season);
}

double run_ets(const EtsForm& form, const EtsRates& rates, std::span<const double> values,
               EtsState& state) {
  EtsErrors errors;
  bool sound = false;
  if (form.season == EtsPart::kNone) sound = walk_ets<NoSeason>(form, rates, values, state, errors);
  if (form.season == EtsPart::kAdded) {
    sound = walk_ets<AddedSeason>(form, rates, values, state, errors);
  }
  if (form.season == EtsPart::kMultiplied) {
    sound = walk_ets<MultipliedSeason>(form, rates, values, state, errors);
  }
  const double n = double(values.size());
  const double answer = n * std::log(std::max(errors.squared, kLeastSquaredError)) +
                        (form.error == EtsPart::kMultiplied ? 2 * errors.logs : 0.0);
  return sound && std::isfinite(answer) ? answer : std::numeric_limits<double>::infinity();
}

std::vector<double> ets_path(const EtsForm& form, const EtsRates& rates, const EtsState& state,
                             int horizon) {
  std::vector<double> out;
  double base = state.level, trend = state.trend;
  for (size_t h = 0; h < size_t(std::max(horizon, 0)); ++h) {
    trend *= rates.phi;
    base += trend;
    const double s = state.season.empty() ? 0 : state.season[h % state.season.size()];
    out.push_back(form.season == EtsPart::kMultiplied ? base * s : base + s);
  }
  return out;
}

}  // namespace refrain::forecast
