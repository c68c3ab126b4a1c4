// Quantiles around a forecast: how far each lies from it is told by networks, or by how errors have
// grown with the step, and is then stretched so that held-out windows lie below it as often as it
// says (conformal prediction of one side: Romano et al. 2019).
#pragma once

#include <vector>

#include "refrain/base/json.h"

namespace refrain::forecast {

struct QuantileRule {
  std::vector<double> levels;   // [Q]
  std::vector<double> stretch;  // [Q] of the distance that networks tell, or of growth
  std::vector<double> growth;   // [H] size of an error after so many steps, in units; at least 1e-9
  bool logs =
      false;  // of positive values: distances are those of logarithms, and units play no part
};
base::Json to_json(const QuantileRule& rule);
QuantileRule quantile_rule_from(const base::Json& json);

// A forecast whose quantiles are wanted.
struct Spoken {
  std::vector<double> point;  // [H]
  // [H,Q] how far the quantiles of networks lie from their median, in logarithms where the rule
  // says so; not negative; empty: there are none
  std::vector<double> distances;
  double unit = 1;            // of errors of its series
  std::vector<double> truth;  // [H] of a held-out window, NaN = missing; else empty
  int series = 0;
};

// `form`: levels and logs.
QuantileRule fit_quantiles(const std::vector<Spoken>& held_out, const QuantileRule& form,
                           int horizon);
// [H,Q] ascending.
std::vector<double> quantiles_of(const QuantileRule& rule, const Spoken& spoken);

}  // namespace refrain::forecast
