// A training run whose task is forecasting; for the sources of this layer only.
#pragma once

#include "refrain/api/inside/keep.h"
#include "refrain/data/history/read.h"
#include "refrain/forecast/answers.h"
#include "refrain/score/draws.h"
#include "refrain/task/task.h"

namespace refrain::api {

// True if the options ask for a forecast: the task does, or an option of its section.
bool wants_forecast(const task::Spec& spec);

// True if the remaining life of units that run to failure is asked for, by the format, an option or
// the file. It is a regression even where another task is named.
bool wants_lives(const task::Spec& spec, const std::string& path);

// Trains and scores; the run is handed back for the store.
Report forecast_run(const TrainJob& job, store::Run* kept);

// Fits to all values of a file.
forecast::Forecaster fit_on_all(const std::string& data, const Options& options,
                                const Hooks& hooks);

// Names of the options that forecasts take.
std::vector<std::string> forecast_options();

data::HistorySpec history_spec(const task::Spec& spec);

// The series, scored origins and plan behind the answers.
struct ForecastScoring {
  const data::Histories& histories;
  const forecast::Scored& scored;
  const forecast::Plan& plan;
  int seed = 0, threads = 1;
};
void put_forecast_scores(const score::Forecasts& answers, const ForecastScoring& how,
                         score::Stop stop, Report& report);

// Answers that a store kept.
std::unique_ptr<score::Answers> recall_forecasts(const task::Recalled& recalled);

}  // namespace refrain::api
