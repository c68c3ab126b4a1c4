// Forecasters (api/forecast.h).
#include "refrain/api/forecast.h"

#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <optional>

#include "bind/callbacks.h"
#include "bind/parts.h"
#include "refrain/api/explain.h"
#include "refrain/api/train.h"

namespace refrain::bind {
namespace {

api::Forecaster fit_to(const std::string& data, const nb::dict& options, nb::handle progress,
                       nb::handle message) {
  std::atomic<bool> stop{false};
  Callbacks callbacks(progress, message, stop);
  const api::Options how = options_of(options);
  std::optional<api::Forecaster> out;
  run_watched(stop, [&] { out = api::fit_forecaster(data, how, callbacks.hooks()); });
  callbacks.raise();
  return std::move(*out);
}

// The report as JSON of a training that is scored at the ends of the series.
std::string score_ends(const std::string& data, const nb::dict& options, nb::handle progress,
                       nb::handle message) {
  std::atomic<bool> stop{false};
  Callbacks callbacks(progress, message, stop);
  api::TrainJob job;
  job.data = data;
  job.options = options_of(options);
  job.hooks = callbacks.hooks();
  api::Report report;
  run_watched(stop, [&] { report = api::train(job); });
  callbacks.raise();
  return report.json();
}

// (ids, times, predictions [n], quantiles [n, Q]) of the steps behind each series.
nb::tuple continue_series(const api::Forecaster& model, const std::string& data,
                          const nb::dict& options, nb::handle message) {
  std::atomic<bool> stop{false};
  Callbacks callbacks(nb::none(), message, stop);
  const api::Options how = options_of(options);
  std::vector<api::ForecastStep> steps;
  run_watched(stop, [&] { steps = model.predict(data, how, callbacks.hooks()); });
  callbacks.raise();
  std::vector<std::string> ids, times;
  std::vector<double> point, quantiles;
  for (const auto& s : steps) {
    ids.push_back(s.id);
    times.push_back(s.time);
    point.push_back(s.prediction);
    quantiles.insert(quantiles.end(), s.quantiles.begin(), s.quantiles.end());
  }
  const std::size_t n = point.size(), Q = model.quantiles().size();
  return nb::make_tuple(ids, times, new_array(std::move(point), {n}),
                        new_array(std::move(quantiles), {n, Q}));
}

// What the forecasts behind the series of a file rest on, as JSON.
std::string explain_series(const api::Forecaster& model, const std::string& data,
                           const nb::dict& options, const std::string& method, int step,
                           int segments, int draws, int seed, bool checks) {
  api::ExplainChoice choice;
  choice.method = method, choice.samples = 0, choice.step = step;
  choice.segments = segments, choice.draws = draws, choice.seed = seed, choice.checks = checks;
  const api::Options how = options_of(options);
  std::atomic<bool> stop{false};
  std::string found;
  run_watched(stop, [&] { found = api::explain(model, data, how, choice, {}).json(); });
  return found;
}

api::Forecaster forecaster_of(const nb::bytes& bytes, const std::string& name) {
  return api::Forecaster::from_bytes({bytes.c_str(), bytes.size()}, name);
}

nb::bytes bytes_of(const api::Forecaster& model) {
  const std::string bytes = model.bytes();
  return nb::bytes(bytes.data(), bytes.size());
}

}  // namespace

void add_forecast(nb::module_& module) {
  module.def("forecast_option_names", &api::forecast_option_names,
             "Names of the options that forecasts take.");
  module.def("is_forecaster", &api::is_forecaster, nb::arg("path"),
             "Whether a file is a forecaster.");
  module.def("fit_forecaster", &fit_to, nb::arg("data"), nb::arg("options"),
             nb::arg("progress").none(), nb::arg("message").none(),
             "A forecaster of all values of a file.");
  module.def("score_forecaster", &score_ends, nb::arg("data"), nb::arg("options"),
             nb::arg("progress").none(), nb::arg("message").none(), "The report as JSON.");
  nb::class_<api::Forecaster>(module, "Forecaster", "A trained forecaster.")
      .def_static("from_bytes", &forecaster_of, nb::arg("bytes"), nb::arg("name"))
      .def("to_bytes", &bytes_of)
      .def("save", &api::Forecaster::save, nb::arg("path"))
      .def("describe", &api::Forecaster::describe)
      .def("keep_given", &api::Forecaster::keep_given, nb::arg("given"))
      .def_prop_ro("horizon", &api::Forecaster::horizon)
      .def_prop_ro("quantiles", &api::Forecaster::quantiles)
      .def("predict", &continue_series, nb::arg("data"), nb::arg("options"),
           nb::arg("message").none())
      .def("explain", &explain_series, nb::arg("data"), nb::arg("options"), nb::arg("method"),
           nb::arg("step"), nb::arg("segments"), nb::arg("draws"), nb::arg("seed"),
           nb::arg("checks"), "Scores of steps and covariates, as JSON.");
}

}  // namespace refrain::bind
