// Forecasts that a network makes a few steps at a time: its own forecast goes on as what came,
// until the horizon is full.
#pragma once

#include "refrain/forecast/network.h"

namespace refrain::forecast {

// As predict() of network.h. Covariates that are known are read on; those that are known up to now
// only are missing behind the origin, and read as their mean.
std::vector<std::vector<double>> predict_rolling(const ForecastNetwork& network,
                                                 const Windows& windows,
                                                 const std::vector<Origin>& origins, int threads);

}  // namespace refrain::forecast
