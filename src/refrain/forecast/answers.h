// Forecasts beside what came: the form in which they are scored.
#pragma once

#include "refrain/forecast/forecaster.h"
#include "refrain/forecast/parts.h"
#include "refrain/score/forecasting.h"

namespace refrain::forecast {

// Windows of `origins` with their scales, which come from the values before `scale_end` [series]:
// training and choices, as the competitions have it, or with --split the training part alone;
// windows of one series are a group. Windows without any truth are left out of `origins`.
struct Scored {
  std::vector<Origin> origins;
  score::Forecasts frame;  // truths and scales, no forecasts yet
};
Scored frame_of(const data::Histories& histories, const std::vector<Origin>& origins,
                const std::vector<int>& scale_end, const Plan& plan, int threads);

// The frame with these forecasts, quantiles where they are there.
score::Forecasts answers_of(const Scored& scored, const Forecast& said,
                            const std::vector<double>& levels);

}  // namespace refrain::forecast
