#include "refrain/api/inside/forecast_run.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>

#include "refrain/api/changes.h"
#include "refrain/api/inside/baselines.h"
#include "refrain/api/inside/forecast_plot.h"
#include "refrain/api/inside/keep.h"
#include "refrain/api/inside/made.h"
#include "refrain/api/inside/options_impl.h"
#include "refrain/api/inside/pretrain_hooks.h"
#include "refrain/api/inside/record.h"
#include "refrain/api/inside/run_checks.h"
#include "refrain/api/inside/run_state.h"
#include "refrain/api/inside/settle.h"
#include "refrain/api/version.h"
#include "refrain/base/at.h"
#include "refrain/base/duration.h"
#include "refrain/base/files.h"
#include "refrain/base/threads.h"
#include "refrain/data/history/read.h"
#include "refrain/data/reader.h"
#include "refrain/forecast/fit.h"
#include "refrain/forecast/join.h"
#include "refrain/forecast/model_file.h"
#include "refrain/forecast/simple/simple.h"
#include "refrain/score/intervals.h"

namespace refrain::api {
namespace {

using base::at;

// Options that a forecast has no use for would do nothing.
const std::set<std::string>& options_of_forecasts() {
  static const std::set<std::string> names = {"task",         "preset",
                                              "time_limit",   "model",
                                              "ensemble",     "blend",
                                              "init",         "format",
                                              "encoding",     "target",
                                              "id",           "time_column",
                                              "decimal",      "missing_values",
                                              "cell",         "hidden",
                                              "layers",       "layer_norm",
                                              "residual",     "segment",
                                              "dropout",      "recurrent_dropout",
                                              "zoneout",      "weight_drop",
                                              "refit",        "baselines",
                                              "epochs",       "batch_size",
                                              "patience",     "average",
                                              "ema_decay",    "swa_share",
                                              "nt_window",    "l1",
                                              "l2",           "penalty",
                                              "max_norm",     "gradient_noise",
                                              "seed",         "threads",
                                              "optimiser",    "lr",
                                              "momentum",     "nesterov",
                                              "beta1",        "beta2",
                                              "epsilon",      "alpha",
                                              "weight_decay", "schedule",
                                              "warmup",       "plateau_epochs",
                                              "clip_norm",    "clip_value",
                                              "clip_adaptive"};
  return names;
}

void refuse_idle_options(const task::Spec& spec) {
  const auto fields = task::spec_fields();
  for (const auto& field : fields.list()) {
    const bool fits = field.section == "Forecasting" || options_of_forecasts().contains(field.name);
    if (fits || !spec.given.contains(field.name)) continue;
    throw Error(Code::kUsage,
                fmt::format("--{} is not for forecasts", base::option_name(field.name)),
                "leave it out");
  }
  const auto& m = spec.model;
  if (m.model != "network") forecast::simple_methods().at(m.model);
  if (m.model != "network" && !spec.transfer.init.empty()) {
    throw Error(Code::kUsage, "--init is for networks, and --model names a simple method",
                "leave one of both out");
  }
  if (m.model != "network" && !m.blend.empty()) {
    throw Error(Code::kUsage, "--blend stands beside networks, and --model names a simple method",
                "leave one of both out");
  }
}

forecast::Settings settings_of(const task::Spec& spec) {
  forecast::Settings s;
  s.forecast = spec.forecast;
  s.encoder = spec.encoder;
  s.train = spec.train;
  s.optim = spec.optim;
  s.model = spec.model.model;
  s.preset = spec.preset == "auto" ? "good" : spec.preset;
  s.ensemble = spec.given.contains("ensemble") ? spec.model.ensemble : forecast::kAuto;
  s.blend = spec.given.contains("blend") || s.preset == "none" ? spec.model.blend : "auto";
  s.refit = !spec.given.contains("refit") || spec.split.refit;
  if (const auto limit = base::parse_duration(spec.time_limit)) s.seconds = 0.85 * *limit;
  s.given = spec.given;
  return s;
}

// The source of --init, if any.
std::optional<forecast::Forecaster> source_of(const task::Spec& spec) {
  const std::string& path = spec.transfer.init;
  if (path.empty()) return std::nullopt;
  return forecast::forecaster_from(base::read_file(path).bytes, path);
}

struct ForecastData {
  data::Histories histories;
  forecast::Plan plan;
  forecast::Parts parts;
};

// Nothing is scored: asked for, or there are too few values to hold any out.
bool goes_unscored(const data::Histories& histories, const RunState& run, int horizon) {
  const auto& spec = run.spec.forecast;
  if (!spec.holdout) {
    for (const char* name : {"split", "origins", "stride"}) {
      if (!run.spec.given.contains(name)) continue;
      throw Error(Code::kUsage,
                  fmt::format("--{} is of scored windows, and --no-holdout scores none", name),
                  "leave one of both out");
    }
    return true;
  }
  if (!spec.split.empty() || forecast::can_be_scored(histories, horizon)) return false;
  run.log.warning(fmt::format(
      "no series is longer than the horizon of {} steps, so nothing is held out for a score: the "
      "model learns from all values, and how far its forecasts are off is not known",
      horizon));
  return true;
}

ForecastData read_forecast_data(const RunState& run) {
  const task::Spec& spec = run.spec;
  ForecastData out;
  const auto how = history_spec(spec);
  data::Histories training = data::read_histories(run.job.data, how, run.log);
  if (run.job.test.empty()) {
    out.histories = std::move(training);
    std::vector<int> all;
    for (const auto& h : out.histories.series) all.push_back(static_cast<int>(h.steps()));
    // The horizon may follow from the seasons, and they from the values that are not scored.
    int horizon = spec.forecast.horizon;
    if (horizon == forecast::kAuto) {
      horizon = forecast::make_plan(out.histories, all, spec.forecast, 0).horizon;
    }
    out.parts = goes_unscored(out.histories, run, horizon)
                    ? forecast::cut_inner(all, horizon)
                    : forecast::cut_tested(out.histories, spec.forecast, horizon);
    out.plan = forecast::make_plan(out.histories, out.parts.known_end, spec.forecast, horizon);
    return out;
  }
  if (!spec.forecast.holdout) {
    throw Error(Code::kUsage, "--no-holdout scores nothing, and --test names values for the score",
                "leave one of both out");
  }
  if (!spec.forecast.split.empty()) {
    throw Error(Code::kUsage, "--split cuts one file, and --test names another",
                "leave one of both out");
  }
  auto joined =
      forecast::join(std::move(training), data::read_histories(run.job.test, how, run.log));
  out.histories = std::move(joined.histories);
  out.plan = forecast::make_plan(out.histories, joined.known, spec.forecast, joined.horizon);
  out.parts = forecast::cut_continued(out.histories, joined.known, spec.forecast, out.plan.horizon);
  return out;
}

void say_plan(const ForecastData& d, const base::Log& log) {
  std::string seasons = "no season";
  if (d.plan.season() > 1 || d.plan.seasons.size() > 1) {
    seasons = fmt::format("seasons of {} steps", fmt::join(d.plan.seasons, " and "));
  }
  log.info(
      fmt::format("{} series, {}; {} steps are forecast; {} windows for choices, {} for the "
                  "score",
                  d.histories.series.size(), seasons, d.plan.horizon, d.parts.inner.size(),
                  d.parts.test.size()));
}

void describe(const forecast::FittedForecaster& fitted, const ForecastData& d, RunState& run) {
  Report& r = run.report;
  const auto& f = fitted.model;
  r.task = "forecast";
  r.metric = "mase";
  r.recognised.format = d.histories.format;
  r.recognised.summary = d.histories.summary;
  r.recognised.warnings = d.histories.warnings;
  if (!fitted.begun.taken.empty()) {
    r.transfer.emplace();
    r.transfer->source = run.spec.transfer.init;
    r.transfer->taken = fitted.begun.taken;
    r.transfer->anew = fitted.begun.anew;
  }
  r.n_train = static_cast<int>(d.histories.series.size());
  r.n_valid = static_cast<int>(d.parts.inner.size());
  r.n_test = static_cast<int>(d.parts.test.size());
  r.made = made_of(f);
  r.params = static_cast<long long>(f.parameter_count());
  r.epochs = f.receipt.epochs;
  r.best_epoch = f.receipt.best_epoch;
  r.stop_reason = fitted.interrupted ? "interrupted" : f.receipt.stop_reason;
  r.seed = f.settings.train.seed;
  r.threads = f.settings.train.threads;
  r.leaks = d.parts.test.empty()
                ? "nothing was scored"
                : "none found: every scored value lies behind all that was trained on";
  r.protocol = d.parts.test.empty() ? "trained on all values, nothing scored"
               : run.job.test.empty()
                   ? fmt::format("{} windows of {} steps at the ends of the series held out",
                                 r.n_test, d.plan.horizon)
                   : "test file";
  for (const double q : d.plan.quantiles) r.columns.push_back(fmt::format("q{:g}", q));
  r.units = {r.n_test, r.n_test, 0, 0};
}

// Returns the answers by the units that intervals resample: windows, or single steps where windows
// are few.
score::Forecasts in_units(const score::Forecasts& answers) {
  constexpr std::size_t kFewestWindows = 5;
  const std::set<int> series(answers.group.begin(), answers.group.end());
  const std::size_t units = answers.group.empty() ? answers.size() : series.size();
  return units < kFewestWindows ? answers.by_steps() : answers;
}

std::string values_text(const double* values, std::size_t count) {
  return fmt::format("{}", fmt::join(values, values + count, " "));
}

// A window as the store has it: the truth and the forecast as texts, scales and quantiles as
// numbers.
void keep_windows(const score::Forecasts& a, const ForecastData& d,
                  const std::vector<forecast::Origin>& origins, store::Run& run) {
  const std::size_t H = at(a.horizon), Q = a.levels.size();
  for (std::size_t i = 0; i < origins.size(); ++i) {
    const auto& h = d.histories.series[at(origins[i].series)];
    store::Prediction p;
    p.sample = fmt::format("{} {}", h.id, d.histories.calendar.stamp(h.start, origins[i].at));
    p.group = h.id;
    p.truth = values_text(a.truth.data() + i * H, H);
    p.predicted = values_text(a.predicted.data() + i * H, H);
    p.probability = {a.naive_error[i], a.naive_square[i], a.deviation[i], a.naive2_mase[i],
                     a.naive2_smape[i]};
    p.probability.insert(p.probability.end(),
                         a.quantiles.begin() + static_cast<std::ptrdiff_t>(i * H * Q),
                         a.quantiles.begin() + static_cast<std::ptrdiff_t>((i + 1) * H * Q));
    run.predictions.push_back(std::move(p));
  }
}

constexpr const char* kScaleColumns[] = {"naive_error", "naive_square", "deviation", "naive2_mase",
                                         "naive2_smape"};

void keep_run(const forecast::FittedForecaster& fitted, const ForecastData& d, const RunState& run,
              store::Run& out) {
  const Report& r = run.report;
  out.command = "train";
  out.model = fitted.model.settings.model == "network"
                  ? fitted.model.settings.preset + ":" + fitted.model.settings.encoder.cell
                  : fitted.model.settings.model;
  base::Json given = base::Json::object();
  const auto fields = task::spec_fields();
  for (const auto& field : fields.list()) {
    if (run.spec.given.contains(field.name)) given[field.name] = field.get(&run.spec);
  }
  out.options = base::fields_to_json(fields.list(), &run.spec).dump();
  out.job = base::Json({{"data", whole_path(run.job.data)},
                        {"test", whole_path(run.job.test)},
                        {"valid", ""},
                        {"kept", !run.job.out.empty()},
                        {"out", whole_path(run.job.out)},
                        {"recognised", r.recognised.summary},
                        {"changes", changes().size()},
                        {"options", std::move(given)}})
                .dump(-1, ' ', false, base::Json::error_handler_t::replace);
  out.data = data_name(run.job.data);
  out.data_path = whole_path(run.job.data);
  base::Digest values, split, parameters;
  for (const auto& h : d.histories.series) values.add_text(h.id).add_list(h.value);
  split.add_list(d.parts.train_end).add_list(d.parts.known_end);
  for (const auto& network : fitted.model.networks) parameters.add_list(network->params().values());
  out.data_hash = values.hex();
  out.split_hash = split.hex();
  out.parameters_hash = parameters.hex();
  put_report(r, out);
  out.classes.assign(std::begin(kScaleColumns), std::end(kScaleColumns));
  out.classes.insert(out.classes.end(), r.columns.begin(), r.columns.end());
  if (fitted.outcomes.empty()) return;
  for (const auto& e : fitted.outcomes.front().history) {
    out.curve.push_back({0, 0, e.epoch, e.loss, e.lr, e.valid.loss, e.valid.loss});
  }
}

// Returns the parameters that a method learned from all series: those in the model, else those
// fitted for this score.
forecast::SharedFits shared_of(const std::string& method, const forecast::Forecaster& f,
                               const ForecastData& d) {
  if (forecast::simple_methods().at(method).learn == nullptr) return {};
  if (f.shared.contains(method)) return f.shared;
  const auto chosen =
      forecast::learn_shared(method, d.histories, d.parts, d.plan, f.settings.train.threads);
  return {{method, forecast::learn_again(method, d.histories, d.parts, d.plan, chosen)}};
}

void score_forecaster(const forecast::FittedForecaster& fitted, const ForecastData& d,
                      RunState& run, store::Run* kept) {
  const double start = now();
  const auto& f = fitted.model;
  const int threads = f.settings.train.threads;
  const auto scored =
      forecast::frame_of(d.histories, d.parts.test,
                         d.parts.fixed ? d.parts.train_end : d.parts.known_end, d.plan, threads);
  const auto said = forecast::forecast(f, d.histories, scored.origins, threads);
  const auto answers = forecast::answers_of(scored, said, d.plan.quantiles);
  const ForecastScoring how{d.histories, scored, d.plan, run.spec.train.seed, threads};
  put_forecast_scores(answers, how, run.job.hooks.stop, run.report);
  run.report.seconds.evaluate = now() - start;
  std::vector<BaselineAnswers> all;
  for (const auto& name : forecast::simple_methods().names()) {
    if (!run.spec.split.baselines && name != "seasonal_naive") continue;
    const double begun = now();
    forecast::Forecast simple;
    const auto shared = shared_of(name, fitted.model, d);
    simple.point =
        forecast::simple_forecasts(name, d.plan, shared, d.histories, scored.origins, threads);
    all.push_back({name, {}, now() - begun});
    all.back().repeats.push_back(
        std::make_unique<score::Forecasts>(in_units(forecast::answers_of(scored, simple, {}))));
  }
  auto own = answers;
  own.levels.clear();
  own.quantiles.clear();
  own = in_units(own);
  put_baselines({own, {}, run.spec.train.seed, run.job.hooks.stop}, all, run.report);
  keep_windows(answers, d, scored.origins, *kept);
}

// Errors by how far ahead a step is.
Table table_of_horizon(const score::Forecasts& answers) {
  // Steps of the horizon, some at a time.
  constexpr int kMostRows = 8;
  const int H = answers.horizon, wide = (H + kMostRows - 1) / kMostRows;
  Table table{"per_horizon", "errors by how far ahead a step is", "steps", {"mase", "smape"}, {}};
  if (answers.has_quantiles()) table.columns.emplace_back("coverage");
  for (int first = 0; first < H && H > 1; first += wide) {
    auto part = answers;
    const int end = std::min(H, first + wide);
    for (std::size_t i = 0; i < part.truth.size(); ++i) {
      const int step = static_cast<int>(i % at(H));
      if (step < first || step >= end) part.truth[i] = std::nan("");
    }
    if (part.without_truth()) continue;
    const auto weigher = part.weigher(false);
    Table::Row row{end - first == 1 ? fmt::format("{}", end) : fmt::format("{}-{}", first + 1, end),
                   {}};
    for (const auto& metric : part.metrics()) {
      const auto& c = table.columns;
      if (std::find(c.begin(), c.end(), metric.name) == c.end()) continue;
      row.cells.emplace_back(metric.value.of(*weigher));
    }
    table.rows.push_back(std::move(row));
  }
  return table;
}

}  // namespace

bool wants_forecast(const task::Spec& spec) {
  if (spec.task == "forecast") return true;
  if (spec.task != "auto") return false;
  const auto fields = task::spec_fields();
  for (const auto& field : fields.list()) {
    if (field.section == "Forecasting" && spec.given.contains(field.name)) return true;
  }
  return false;
}

bool wants_lives(const task::Spec& spec, const std::string& path) {
  if (spec.task != "auto" && spec.task != "regress" && spec.task != "forecast") return false;
  if (spec.read.format == "cmapss" || spec.read.format == "run-to-failure") return true;
  if (spec.given.contains("cap") || spec.given.contains("life_window")) return true;
  return spec.read.format == "auto" && wants_forecast(spec) && data::holds_lives(path);
}

std::vector<std::string> forecast_options() {
  std::vector<std::string> out;
  const auto fields = task::spec_fields();
  for (const auto& field : fields.list()) {
    const bool fits = field.section == "Forecasting" || options_of_forecasts().contains(field.name);
    if (fits) out.push_back(field.name);
  }
  return out;
}

forecast::Forecaster fit_on_all(const std::string& path, const Options& options,
                                const Hooks& hooks) {
  const task::Spec& spec = options.impl().spec;
  refuse_idle_options(spec);
  const base::Log log = log_of(hooks);
  const data::Histories histories = data::read_histories(path, history_spec(spec), log);
  std::vector<int> all;
  for (const auto& h : histories.series) all.push_back(static_cast<int>(h.steps()));
  const auto plan = forecast::make_plan(histories, all, spec.forecast, 0);
  const auto parts = forecast::cut_inner(all, plan.horizon);
  const auto source = source_of(spec);
  auto fitted =
      forecast::fit_forecaster(histories, parts, plan, settings_of(spec),
                               {pretrain_hooks(hooks, ""), "", false, source ? &*source : nullptr});
  if (fitted.interrupted) {
    throw Error(Code::kUsage, "the training was stopped before there was a forecaster",
                "let it end, or give fewer epochs");
  }
  fitted.model.receipt.version = version();
  return std::move(fitted.model);
}

data::HistorySpec history_spec(const task::Spec& spec) {
  data::HistorySpec out;
  out.format = spec.read.format;
  out.encoding = spec.read.encoding;
  out.id = spec.read.id;
  out.time = spec.read.time;
  out.target = spec.read.target;
  out.known = spec.forecast.known;
  out.past = spec.forecast.past;
  out.fixed = spec.forecast.fixed;
  out.decimal = spec.read.decimal;
  out.missing_values = spec.read.missing_values;
  return out;
}

void put_forecast_scores(const score::Forecasts& answers, const ForecastScoring& how,
                         score::Stop stop, Report& report) {
  const score::Forecasts units = in_units(answers);
  const score::Repeats repeats(units);
  const auto weigher = answers.weigher(false);
  const auto known = answers.metrics();
  for (const auto& [name, s] : score::score_repeats(repeats, how.seed, {}, stop)) {
    for (const auto& metric : known) {
      if (metric.name != name) continue;
      // With few windows the interval comes from their steps and is centred on the windows' score.
      const double value = metric.value.of(*weigher), by = s.value > 0 ? value / s.value : 1;
      report.metrics.emplace_back(name, Score{value, s.low * by, s.high * by});
    }
  }
  report.metric = report.metrics.front().first;
  report.score = report.metrics.front().second;
  report.variation = score::sources_of_variation(repeats);
  Table table = table_of_horizon(answers);
  if (!table.rows.empty()) report.tables.push_back(std::move(table));
}

Report forecast_run(const TrainJob& job, store::Run* kept) {
  RunState run{job, job.options.impl().spec, log_of(job.hooks)};
  check_job(job, run.spec);
  refuse_idle_options(run.spec);
  if (!job.valid.empty()) {
    throw Error(Code::kUsage, "--valid is not for forecasts: the ends of the histories decide",
                "leave it out; --split says which steps are for choices");
  }
  const auto source = source_of(run.spec);
  const ForecastData d = read_forecast_data(run);
  say_plan(d, run.log);
  run.report.seconds.load = now() - run.begin;
  const double start = now();
  forecast::FitHooks hooks{pretrain_hooks(job.hooks, ""), job.checkpoint, job.resume,
                           source ? &*source : nullptr};
  if (hooks.checkpoint.empty() && !job.out.empty()) hooks.checkpoint = job.out + ".checkpoint";
  if (job.resume && hooks.checkpoint.empty()) {
    throw Error(Code::kUsage, "--resume needs to know where the checkpoint is",
                "name it with --checkpoint, or the model with --out");
  }
  auto fitted =
      forecast::fit_forecaster(d.histories, d.parts, d.plan, settings_of(run.spec), hooks);
  fitted.model.receipt.version = version();
  run.report.seconds.train = now() - start;
  describe(fitted, d, run);
  if (fitted.interrupted) return run.report;
  if (!job.out.empty()) {
    base::write_file_atomically(job.out, forecast::forecaster_bytes(fitted.model));
    run.report.model = job.out;
  }
  if (!d.parts.test.empty()) score_forecaster(fitted, d, run, kept);
  if (!job.plot.empty()) {
    const auto origins = origins_to_plot(d.histories, d.parts.test);
    const int threads = fitted.model.settings.train.threads;
    const auto said = forecast::forecast(fitted.model, d.histories, origins, threads);
    base::write_file_atomically(job.plot, plot_of(d.plan, d.histories, origins, said));
  }
  keep_run(fitted, d, run, *kept);
  return run.report;
}

std::unique_ptr<score::Answers> recall_forecasts(const task::Recalled& recalled) {
  auto out = std::make_unique<score::Forecasts>();
  const std::size_t scales = std::size(kScaleColumns);
  for (std::size_t c = scales; c < recalled.own_columns.size(); ++c) {
    out->levels.push_back(std::stod(recalled.own_columns[c].substr(1)));
  }
  const auto numbers = [](const std::string& text) {
    std::vector<double> list;
    std::stringstream in(text);
    for (std::string word; in >> word;)
      list.push_back(word == "nan" ? std::nan("") : std::stod(word));
    return list;
  };
  for (const auto& a : recalled.answers) {
    const auto truth = numbers(a.truth), predicted = numbers(a.predicted);
    out->horizon = static_cast<int>(truth.size());
    out->truth.insert(out->truth.end(), truth.begin(), truth.end());
    out->predicted.insert(out->predicted.end(), predicted.begin(), predicted.end());
    if (a.numbers.size() < scales) continue;
    out->naive_error.push_back(a.numbers[0]);
    out->naive_square.push_back(a.numbers[1]);
    out->deviation.push_back(a.numbers[2]);
    out->naive2_mase.push_back(a.numbers[3]);
    out->naive2_smape.push_back(a.numbers[4]);
    out->quantiles.insert(out->quantiles.end(),
                          a.numbers.begin() + static_cast<std::ptrdiff_t>(scales), a.numbers.end());
  }
  return out;
}

}  // namespace refrain::api
