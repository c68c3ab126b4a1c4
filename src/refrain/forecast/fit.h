// Fits a forecaster: networks on the training part, weights and quantiles on inner origins, then
// the networks once more on all that is known, for as long as was found good.
#pragma once

#include "refrain/forecast/forecaster.h"
#include "refrain/forecast/parts.h"
#include "refrain/forecast/start.h"
#include "refrain/train/trainer.h"

namespace refrain::forecast {

struct FitHooks {
  train::Hooks train;
  std::string checkpoint;  // file, "" = none
  bool resume = false;
  const Forecaster* start = nullptr;  // whose networks these begin with (start.h)
};

struct FittedForecaster {
  Forecaster model;
  std::vector<train::Outcome> outcomes;  // of each network on the training part
  TakenOver begun;                       // by the first network, of the start
  bool interrupted = false;
};

// `horizon`: as a test file tells, 0 = none does. `settings` come back settled in the model.
FittedForecaster fit_forecaster(const data::Histories& histories, const Parts& parts,
                                const Plan& plan, const Settings& settings, const FitHooks& hooks);

}  // namespace refrain::forecast
