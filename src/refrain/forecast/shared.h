// Simple methods that learn from all series together, and how they meet the parts of the data.
#pragma once

#include <map>
#include <string>

#include "refrain/data/history/history.h"
#include "refrain/forecast/parts.h"
#include "refrain/forecast/plan.h"
#include "refrain/forecast/simple/simple.h"

namespace refrain::forecast {

using SharedFits = std::map<std::string, SharedFit>;  // by name of the method

// The values before an origin without gaps; one that nobody has seen is 0.
std::vector<double> past_of(const data::History& history, int origin);

// Fits the parameters of `method` on the training part; the inner origins choose their form.
SharedFit learn_shared(const std::string& method, const data::Histories& histories,
                       const Parts& parts, const Plan& plan, int threads);
// Fits the chosen form again on all known values, unless the parts are fixed.
SharedFit learn_again(const std::string& method, const data::Histories& histories,
                      const Parts& parts, const Plan& plan, const SharedFit& chosen);

}  // namespace refrain::forecast
