// Forecasts that a network makes a few steps at a time: its own forecast goes on as what came,
// until the horizon is full.
#pragma once

#include "refrain/forecast/network.h"

namespace refrain::forecast {

// Predicts as predict() of network.h. Covariates that are known in advance are read beyond the
// origin; the others are missing there and read as their mean.
std::vector<std::vector<double>> predict_rolling(const ForecastNetwork& network,
                                                 const Windows& windows,
                                                 const std::vector<Origin>& origins, int threads);

}  // namespace refrain::forecast
