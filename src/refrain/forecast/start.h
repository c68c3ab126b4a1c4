// --init: a network begins with what a network of another forecaster has learned.
#pragma once

#include <string>
#include <vector>

#include "refrain/forecast/forecaster.h"

namespace refrain::forecast {

// Settings with the form of the source's first network where no option asks for another one: cell
// and sizes of its layers, window, segment and scales. Throws Error(usage) where an option asks for
// layers of another kind or size.
Settings formed_as(const Forecaster& source, Settings settings);

struct TakenOver {
  std::vector<std::string> taken, anew;  // names of parameters
};

// Parameters of the same name and shape are taken over. Of the last layer it is the steps of the
// horizon that both forecast, where both give the same quantiles; all else keeps its start values.
// Throws Error(data) where nothing fits.
TakenOver take_over(const ForecastNetwork& source, ForecastNetwork& network);

}  // namespace refrain::forecast
