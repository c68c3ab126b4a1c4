// Forecasts of windows as a picture; for the sources of this layer only.
#pragma once

#include <string>
#include <vector>

#include "refrain/forecast/forecaster.h"

namespace refrain::api {

// SVG of the forecasts at these origins, with what came where the histories know it.
std::string plot_of(const forecast::Plan& plan, const data::Histories& histories,
                    const std::vector<forecast::Origin>& origins, const forecast::Forecast& said);

// The last of these origins of each series, or the series' ends where there are none; as many
// series as a picture has room for.
std::vector<forecast::Origin> origins_to_plot(const data::Histories& histories,
                                              const std::vector<forecast::Origin>& scored);

}  // namespace refrain::api
