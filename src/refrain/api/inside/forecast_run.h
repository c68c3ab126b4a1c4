// A training run whose task is forecasting; for the sources of this layer only.
#pragma once

#include "refrain/api/inside/keep.h"
#include "refrain/data/history/read.h"
#include "refrain/forecast/answers.h"
#include "refrain/score/draws.h"
#include "refrain/task/task.h"

namespace refrain::api {

// Whether the options ask for a forecast: by the task, or by an option of its section.
bool wants_forecast(const task::Spec& spec);

// Whether what is asked for is the remaining life of units that run to failure, a regression
// whatever the task is called: the format, an option or the file says so.
bool wants_lives(const task::Spec& spec, const std::string& path);

// Trains and scores; the run is handed back for the store.
Report forecast_run(const TrainJob& job, store::Run* kept);

// Fits to all values of a file.
forecast::Forecaster fit_on_all(const std::string& data, const Options& options,
                                const Hooks& hooks);

// Names of the options that forecasts take.
std::vector<std::string> forecast_options();

data::HistorySpec history_spec(const task::Spec& spec);

// What is scored, beside simple methods where they are wanted.
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
