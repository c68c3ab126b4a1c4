#include "refrain/api/forecast.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "refrain/api/inside/clock.h"
#include "refrain/api/inside/forecast_plot.h"
#include "refrain/api/inside/forecast_run.h"
#include "refrain/api/inside/forecaster_impl.h"
#include "refrain/api/inside/options_impl.h"
#include "refrain/api/inside/settle.h"
#include "refrain/base/at.h"
#include "refrain/base/files.h"
#include "refrain/base/threads.h"
#include "refrain/data/history/read.h"
#include "refrain/forecast/model_file.h"
#include "refrain/report/fan_chart.h"

namespace refrain::api {

namespace {

int threads_wanted(const Options& options) {
  const int threads = options.impl().spec.train.threads;
  return threads == 0 ? base::core_count() : threads;
}

std::vector<forecast::Origin> ends_of(const data::Histories& h) {
  std::vector<forecast::Origin> out;
  for (std::size_t s = 0; s < h.series.size(); ++s) {
    out.push_back({static_cast<int>(s), static_cast<int>(h.series[s].steps())});
  }
  return out;
}

}  // namespace

data::Histories read_histories_for(const forecast::Forecaster& f, const std::string& path,
                                   const Options& options, const Hooks& hooks) {
  data::HistorySpec how = history_spec(options.impl().spec);
  const auto names = [](const std::vector<std::string>& list) {
    std::string out;
    for (const auto& name : list) out += (out.empty() ? "" : ",") + name;
    return out;
  };
  const bool named = f.settings.forecast.known != "" || f.settings.forecast.past != "" ||
                     f.settings.forecast.fixed != "";
  if (how.known.empty() && named) how.known = names(f.known);
  if (how.past.empty() && named) how.past = names(f.past);
  if (how.fixed.empty() && named) how.fixed = names(f.fixed);
  data::Histories h = data::read_histories(path, how, log_of(hooks));
  // A few steps do not tell how far they lie apart.
  const bool alone = std::all_of(h.series.begin(), h.series.end(),
                                 [](const auto& one) { return one.steps() < 2; });
  if (alone && h.calendar.unit == f.calendar.unit) h.calendar.every = f.calendar.every;
  forecast::require_alike(f, h);
  return h;
}

Forecaster::Forecaster(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Forecaster::~Forecaster() = default;
Forecaster::Forecaster(Forecaster&&) noexcept = default;
Forecaster& Forecaster::operator=(Forecaster&&) noexcept = default;

Forecaster Forecaster::load(const std::string& path) {
  return from_bytes(base::read_file(path).bytes, path);
}

Forecaster Forecaster::from_bytes(const std::string& bytes, const std::string& path) {
  return Forecaster(std::make_unique<Impl>(Impl{forecast::forecaster_from(bytes, path)}));
}

int Forecaster::horizon() const { return impl_->model.plan.horizon; }
const std::vector<double>& Forecaster::quantiles() const { return impl_->model.plan.quantiles; }

std::vector<ForecastStep> Forecaster::predict(const std::string& data, const Options& options,
                                              const Hooks& hooks, std::string* plot) const {
  const forecast::Forecaster& f = impl_->model;
  const data::Histories h = read_histories_for(f, data, options, hooks);
  const auto origins = ends_of(h);
  const auto said = forecast::forecast(f, h, origins, threads_wanted(options));
  if (plot != nullptr) *plot = plot_of(f.plan, h, origins_to_plot(h, {}), said);
  const std::size_t Q = f.plan.quantiles.size();
  std::vector<ForecastStep> out;
  for (std::size_t s = 0; s < h.series.size(); ++s) {
    for (std::size_t i = 0; i < base::at(f.plan.horizon); ++i) {
      const auto step = static_cast<std::int64_t>(h.series[s].steps() + i);
      const auto q = said.quantiles[s].begin() + static_cast<std::ptrdiff_t>(i * Q);
      out.push_back({h.series[s].id, h.calendar.stamp(h.series[s].start, step), said.point[s][i],
                     std::vector<double>(q, q + static_cast<std::ptrdiff_t>(Q))});
    }
  }
  return out;
}

Report Forecaster::evaluate(const std::string& data, const Options& options,
                            const Hooks& hooks) const {
  const forecast::Forecaster& f = impl_->model;
  const task::Spec& spec = options.impl().spec;
  Report report;
  double start = now();
  const data::Histories h = read_histories_for(f, data, options, hooks);
  report.seconds.load = now() - start;
  start = now();
  const int threads = threads_wanted(options);
  const auto parts = forecast::cut_tested(h, spec.forecast, f.plan.horizon);
  const auto scored = forecast::frame_of(h, parts.test, parts.known_end, f.plan, threads);
  const auto said = forecast::forecast(f, h, scored.origins, threads);
  put_forecast_scores(forecast::answers_of(scored, said, f.plan.quantiles),
                      {h, scored, f.plan, f.settings.train.seed, threads}, hooks.stop, report);
  report.seconds.evaluate = now() - start;
  report.task = "forecast";
  report.recognised.format = h.format;
  report.recognised.summary = h.summary;
  report.protocol = fmt::format("{} windows of {} steps at the ends of the series",
                                scored.origins.size(), f.plan.horizon);
  report.test = data;
  report.made = made_of(f);
  report.n_train = f.receipt.n_series;
  report.n_test = static_cast<int>(scored.origins.size());
  report.params = static_cast<long long>(f.parameter_count());
  report.epochs = f.receipt.epochs;
  report.best_epoch = f.receipt.best_epoch;
  report.stop_reason = f.receipt.stop_reason;
  report.seed = f.settings.train.seed;
  report.threads = threads;
  for (const double q : f.plan.quantiles) report.columns.push_back(fmt::format("q{:g}", q));
  return report;
}

void Forecaster::save(const std::string& path) const { base::write_file_atomically(path, bytes()); }

std::string Forecaster::bytes() const { return forecast::forecaster_bytes(impl_->model); }

void Forecaster::keep_given(const std::string& given) { impl_->model.given = given; }

std::string Forecaster::describe() const {
  const forecast::Forecaster& f = impl_->model;
  std::vector<std::string> parts = f.simple;
  if (!f.networks.empty()) parts.insert(parts.begin(), "networks");
  base::Json weights = base::Json::object();
  for (std::size_t k = 0; k < parts.size(); ++k) weights[parts[k]] = f.weights[k];
  return base::Json({{"horizon", f.plan.horizon},
                     {"seasons", f.plan.seasons},
                     {"steps", f.calendar.name()},
                     {"weights", weights},
                     {"networks", f.networks.size()},
                     {"parameters", f.parameter_count()},
                     {"n_series", f.receipt.n_series},
                     {"n_values", f.receipt.n_values},
                     {"epochs", f.receipt.epochs},
                     {"best_epoch", f.receipt.best_epoch},
                     {"stop_reason", f.receipt.stop_reason},
                     {"given", f.given}})
      .dump(-1, ' ', false, base::Json::error_handler_t::replace);
}

Forecaster fit_forecaster(const std::string& data, const Options& options, const Hooks& hooks) {
  return Forecaster(
      std::make_unique<Forecaster::Impl>(Forecaster::Impl{fit_on_all(data, options, hooks)}));
}

std::vector<std::string> forecast_option_names() { return forecast_options(); }

bool is_forecaster(const std::string& path) {
  try {
    return forecast::is_forecaster(tensor::from_safetensors(base::read_file(path).bytes, path));
  } catch (const Error&) {
    return false;
  }
}

}  // namespace refrain::api
