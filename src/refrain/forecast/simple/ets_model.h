// Exponential smoothing as a model in state space (Hyndman, Koehler, Snyder, Grose 2002):
//   mu_t = (l + phi b) + s  or  (l + phi b) s,  s being the season's value one season ago
//   y_t  = mu_t + e_t (added errors)  or  mu_t (1 + e_t) (multiplied errors)
// and level l, trend b and season s follow y_t at the rates alpha, beta, gamma.
#pragma once

#include <limits>
#include <span>
#include <string>
#include <vector>

namespace refrain::forecast {

enum class EtsPart { kNone, kAdded, kDamped, kMultiplied };

struct EtsForm {
  EtsPart error = EtsPart::kAdded;  // added or multiplied
  EtsPart trend = EtsPart::kNone;   // none, added or damped
  EtsPart season = EtsPart::kNone;  // none, added or multiplied
  int length = 1;                   // of the season

  bool positive_only() const {
    return error == EtsPart::kMultiplied || season == EtsPart::kMultiplied;
  }
  int parameters() const;    // rates, first states and the variance
  std::string name() const;  // "AAdN": error, trend, season
};

struct EtsRates {
  double alpha = 0.1, beta = 0, gamma = 0, phi = 1;
};

struct EtsState {
  double level = 0, trend = 0;
  std::vector<double> season;  // of the next value first
};

// Runs the model over `values`; `state` is the first state and becomes the last one. The answer is
// -2 log likelihood up to a constant: n log(sum of e^2) + 2 sum of log mu (multiplied errors only);
// infinite where a multiplied model meets a mu that is not positive.
double run_ets(const EtsForm& form, const EtsRates& rates, std::span<const double> values,
               EtsState& state);

std::vector<double> ets_path(const EtsForm& form, const EtsRates& rates, const EtsState& state,
                             int horizon);

struct EtsFit {
  EtsForm form;
  EtsRates rates;
  EtsState first, last;  // before the first value, behind the last one
  double aicc = std::numeric_limits<double>::infinity();
};

// The parameters of least -2 log likelihood. aicc stays infinite where the values are too few.
EtsFit fit_ets(const EtsForm& form, std::span<const double> values);

// The form of least AICc among those whose paths of `horizon` steps within the values are not much
// worse than the best of them; season <= 1 for none. Values of a size near 1.
EtsFit choose_ets(std::span<const double> values, int season, int horizon);

}  // namespace refrain::forecast
