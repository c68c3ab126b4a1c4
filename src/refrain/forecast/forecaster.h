// A trained forecaster: networks and simple methods whose forecasts are averaged by weights, and
// the rule of its quantiles. It continues any history of its kind, also such as were not there in
// training.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "refrain/forecast/plan.h"
#include "refrain/forecast/quantiles.h"
#include "refrain/forecast/shared.h"

namespace refrain::forecast {

struct ForecastReceipt {
  std::string version;
  int n_series = 0;
  std::int64_t n_values = 0;
  int epochs = 0, best_epoch = 0;
  std::string stop_reason;
};

struct Forecaster {
  Settings settings;  // as they were settled
  Plan plan;
  data::Calendar calendar;
  std::vector<std::string> known, past, fixed;  // names of covariates
  CovariateScale covariates;
  std::vector<std::unique_ptr<ForecastNetwork>> networks;
  std::vector<std::string> simple;  // names of simple methods
  SharedFits shared;                // of those that learn from all series
  std::vector<double> weights;  // of all networks together, where there are some; then of simple
  QuantileRule quantiles;
  ForecastReceipt receipt;
  std::string given;  // what a caller set, in words of its own; empty where nobody did

  std::size_t parameter_count() const;
};

// Forecasts of n windows.
struct Forecast {
  std::vector<std::vector<double>> point;      // [n][H]
  std::vector<std::vector<double>> quantiles;  // [n][H,Q]
};

// The forecasts of each member before averaging; points of windows [n][H].
struct Voices {
  std::vector<std::vector<double>> network;  // their mean; empty: there are none
  // [n][H,Q] of quantiles from the median; empty where networks tell none
  std::vector<std::vector<double>> distances;
  std::vector<std::vector<std::vector<double>>> simple;  // [method][n][H]
};
Voices listen(const Forecaster& f, const data::Histories& histories,
              const std::vector<Origin>& origins, int threads);
// The weighted mean, [n][H].
std::vector<std::vector<double>> mean_of(const Forecaster& f, const Voices& voices);

// Forecasts from these origins; nothing behind an origin is looked at but covariates that are
// known.
Forecast forecast(const Forecaster& f, const data::Histories& histories,
                  const std::vector<Origin>& origins, int threads);

// Returns forecasts of one simple method, [n][H]: by its parameters in `shared`, if there are any,
// else from each history alone.
std::vector<std::vector<double>> simple_forecasts(const std::string& method, const Plan& plan,
                                                  const SharedFits& shared,
                                                  const data::Histories& histories,
                                                  const std::vector<Origin>& origins, int threads);

// The mean absolute error of the seasonal naive method before the origin, gaps left out; the mean
// distance of the values from zero where it never errs, 1 where that is nothing.
double error_unit(const data::History& history, int origin, int season);

// Throws Error(data) where the histories are of another calendar or lack covariates of the model.
void require_alike(const Forecaster& f, const data::Histories& histories);

}  // namespace refrain::forecast
