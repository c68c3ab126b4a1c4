// What forecasts rest on: the last steps of a history and its covariates.
#include <fmt/format.h>

#include <algorithm>

#include "refrain/api/inside/explaining.h"
#include "refrain/api/inside/forecaster_impl.h"
#include "refrain/api/inside/model_impl.h"
#include "refrain/explain/forecast_question.h"

namespace refrain::api {
namespace {

constexpr int kMostRuns = 50;  // of steps

void require_step(const ExplainChoice& choice, int horizon) {
  if (choice.target != "answer") {
    throw Error(Code::kUsage, "--class: a forecast has no classes",
                "choose a step of the forecast with --step");
  }
  if (choice.step <= horizon) return;
  throw Error(Code::kUsage,
              fmt::format("--step {}: the model forecasts {} steps", choice.step, horizon),
              fmt::format("give a step from 1 to {}", horizon));
}

Explanation of_series(const explain::ForecastQuestion& question, const data::Sample& sample,
                      int step) {
  Explanation e;
  e.id = sample.id;
  e.value = question.values({sample}, step).front();
  const auto& series = std::get<data::Series>(sample.streams.front());
  e.steps = series.steps;
  e.channels = series.channels;
  e.values = series.values;
  e.times = question.times();
  return e;
}

}  // namespace

Explanations explain(const Forecaster& model, const std::string& data, const Options& options,
                     const ExplainChoice& choice, const Hooks& hooks) {
  const forecast::Forecaster& f = model.impl().model;
  require_step(choice, f.plan.horizon);
  if (!choice.train.empty() || !choice.fixes.empty() || choice.states) {
    throw Error(Code::kUnsupported, "--train, --fixes and --states are not for forecasts",
                "leave them out");
  }
  const data::Histories h = read_histories_for(f, data, options, hooks);
  Explanations out;
  out.task = "forecast";
  out.method = choice.method.empty() ? "occlusion" : choice.method;
  out.unit = choice.step > 0 ? fmt::format("units of the series, step {}", choice.step)
                             : "units of the series, mean of the forecast";
  ExplainScoring scoring(choice, out.method);
  const int n = static_cast<int>(h.series.size());
  for (int s = 0; s < (choice.samples > 0 ? std::min(n, choice.samples) : n); ++s) {
    const int window = explain::window_read(f, h.series[static_cast<std::size_t>(s)].steps());
    const explain::ForecastQuestion question(f, h, s, window, threads_of(options));
    const data::Sample sample = question.sample();
    explain::Cut cut;
    cut.segments = choice.segments >= 0 ? choice.segments : kMostRuns;
    cut.skip_missing = true;
    const explain::Subject subject(sample, cut);
    if (s == 0) out.channels = question.channels();
    Explanation& e = out.samples.emplace_back(of_series(question, sample, choice.step));
    scoring.put(scoring.of(question, subject, choice.step), nullptr, e);
  }
  scoring.judge(out);
  if (out.checks) out.remarks.push_back("No check with random weights is made of forecasters.");
  return out;
}

}  // namespace refrain::api
