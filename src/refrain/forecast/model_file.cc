#include "refrain/forecast/model_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "refrain/base/at.h"
#include "refrain/base/error.h"
#include "refrain/forecast/simple/simple.h"
#include "refrain/nn/model_head.h"
#include "refrain/nn/param_file.h"

namespace refrain::forecast {
namespace {

using base::at;
using base::Json;

constexpr int kFormat = 1;
constexpr nn::ModelKind kKind = {"forecaster", "is no forecaster",
                                 "name a file that 'refrain train --task forecast --out' wrote"};
constexpr double kSelfTestTolerance = 1e-3;  // of scaled numbers, between instruction sets
constexpr int kSelfTestSteps = 50, kSelfTestNumbers = 4;
constexpr int kMostHorizon = 1'000'000, kMostNetworks = 1000;
constexpr int kLongestShared = 1'000'000;  // window of a simple method

std::string prefix_of(std::size_t network) { return fmt::format("network{}.", network); }

// A made-up history with all that a window of this forecaster reads.
data::Histories made_up(const Forecaster& f) {
  data::Histories out;
  out.calendar = f.calendar;
  out.known = f.known;
  out.past = f.past;
  out.fixed = f.fixed;
  data::History h;
  for (int t = 0; t < kSelfTestSteps; ++t) h.value.push_back(20 + 5 * std::sin(0.7 * t) + 0.1 * t);
  h.known.assign(f.known.size() * at(kSelfTestSteps + f.plan.horizon), 0.5);
  h.past.assign(f.past.size() * at(kSelfTestSteps), 0.5);
  h.fixed.assign(f.fixed.size(), 0.5);
  out.series.push_back(std::move(h));
  return out;
}

// A few scaled numbers of each network.
std::vector<double> self_test_of(const Forecaster& f) {
  std::vector<double> out;
  const data::Histories histories = made_up(f);
  for (const auto& network : f.networks) {
    const Windows windows(histories, network->form().window, f.covariates);
    const Scaling s = windows.scaling(0, kSelfTestSteps);
    const auto said = predict(*network, windows, {{0, kSelfTestSteps}}, 1).front();
    const std::size_t stride = std::max<std::size_t>(1, said.size() / kSelfTestNumbers);
    for (std::size_t i = 0; i < said.size(); i += stride) out.push_back(s.forward(said[i]));
  }
  return out;
}

Json to_json(const NetworkForm& form) {
  nn::EncoderSpec encoder = form.encoder;
  Json out = {{"window", forecast::to_json(form.window)},
              {"embed", form.embed},
              {"head", form.head},
              {"horizon", form.steps()},
              {"encoder", base::fields_to_json(nn::encoder_fields().list(), &encoder)}};
  if (form.smooths()) out["series"] = form.series;
  return out;
}

NetworkForm form_from(const Json& json, const Plan& plan) {
  NetworkForm out;
  out.window = window_form_from(json.at("window"));
  out.embed = json.at("embed").get<bool>();
  out.quantiles = plan.quantiles;
  out.head = json.value("head", out.head);  // files of earlier versions have quantiles
  heads().at(out.head);
  if (out.smooths()) json.at("series").get_to(out.series);
  if (!std::is_sorted(out.series.begin(), out.series.end())) {
    throw Error(Code::kData, "its series are out of order");
  }
  const auto fields = nn::encoder_fields();
  for (const auto& [name, value] : json.at("encoder").items()) {
    base::set_field(fields.list(), &out.encoder, name, value);
  }
  out.horizon = json.value("horizon", out.window.horizon);
  if (out.horizon != plan.horizon || out.window.horizon > plan.horizon)
    throw Error(Code::kData, "its horizons disagree");
  return out;
}

Json options_of(Settings s) {
  s.train.threads = 0;  // any number gives the same file
  return {{"model", s.model},
          {"preset", s.preset},
          {"ensemble", s.ensemble},
          {"blend", s.blend},
          {"refit", s.refit},
          {"forecast", base::fields_to_json(forecast_fields().list(), &s.forecast)},
          {"train", base::fields_to_json(train::train_fields().list(), &s.train)},
          {"optim", base::fields_to_json(optim::optim_fields().list(), &s.optim)}};
}

void read_options(const Json& json, Settings& s) {
  json.at("model").get_to(s.model);
  json.at("preset").get_to(s.preset);
  json.at("ensemble").get_to(s.ensemble);
  json.at("blend").get_to(s.blend);
  json.at("refit").get_to(s.refit);
  const auto read = [](const Json& from, const auto& fields, void* to) {
    for (const auto& [name, value] : from.items()) {
      base::set_field(fields.list(), to, name, value);
    }
  };
  read(json.at("forecast"), forecast_fields(), &s.forecast);
  read(json.at("train"), train::train_fields(), &s.train);
  read(json.at("optim"), optim::optim_fields(), &s.optim);
}

Plan plan_from(const Json& json) {
  Plan out;
  json.at("horizon").get_to(out.horizon);
  json.at("seasons").get_to(out.seasons);
  json.at("quantiles").get_to(out.quantiles);
  bool sound = out.horizon >= 1 && out.horizon <= kMostHorizon && !out.quantiles.empty();
  for (const int season : out.seasons) sound = sound && season >= 1;
  if (!sound) throw Error(Code::kData, "its plan is damaged");
  return out;
}

// Writes the parameters of simple methods: the form in the head, the weights as a tensor. The head
// has no entry for a method without parameters.
void put_shared(const SharedFits& shared, int horizon, Json& head, tensor::TensorFile& file) {
  for (const auto& [name, fit] : shared) {
    head["shared"][name] = {{"window", fit.window}, {"ridge", fit.ridge}};
    if (fit.weights.empty()) continue;
    file.tensors.push_back({name + ".weights", {fit.window, horizon}, fit.weights});
  }
}

SharedFits shared_from(const tensor::TensorFile& file, const Json& head, int horizon) {
  SharedFits out;
  if (!head.contains("shared")) return out;
  for (const auto& [name, json] : head.at("shared").items()) {
    SharedFit fit{json.at("window").get<int>(), json.at("ridge").get<double>(), {}};
    if (const auto* weights = file.find(name + ".weights")) fit.weights = weights->values;
    const bool sound = simple_methods().at(name).learn != nullptr && fit.window >= 0 &&
                       fit.window <= kLongestShared && fit.ridge >= 0 &&
                       (fit.weights.empty() || fit.weights.size() == at(fit.window) * at(horizon));
    if (!sound) throw Error(Code::kData, "what its simple methods learned is damaged");
    out[name] = std::move(fit);
  }
  return out;
}

void require_whole(const Forecaster& f) {
  const std::size_t parts = f.simple.size() + (f.networks.empty() ? 0 : 1);
  const std::size_t Q = f.plan.quantiles.size(), H = at(f.plan.horizon);
  const auto& q = f.quantiles;
  const auto& c = f.covariates;
  const bool sound =
      parts > 0 && f.weights.size() == parts && q.levels == f.plan.quantiles &&
      q.stretch.size() == Q && q.growth.size() == H && c.known_mean.size() == f.known.size() &&
      c.known_spread.size() == f.known.size() && c.past_mean.size() == f.past.size() &&
      c.past_spread.size() == f.past.size() && c.fixed_mean.size() == f.fixed.size() &&
      c.fixed_spread.size() == f.fixed.size();
  if (!sound) throw Error(Code::kData, "its parts do not belong together");
  for (const auto& name : f.simple) {
    const bool learns = simple_methods().at(name).learn != nullptr;
    if (learns && !f.shared.contains(name))
      throw Error(Code::kData, "a simple method lacks weights");
  }
  for (const auto& network : f.networks) {
    const WindowForm& w = network->form().window;
    if (w.known != static_cast<int>(f.known.size()) || w.past != static_cast<int>(f.past.size()) ||
        w.fixed != static_cast<int>(f.fixed.size())) {
      throw Error(Code::kData, "its covariates do not belong together");
    }
  }
}

Forecaster from_head(const tensor::TensorFile& file, const Json& head) {
  if (head.at("format") != kFormat) throw Error(Code::kData, "is of another version");
  Forecaster f;
  read_options(head.at("options"), f.settings);
  f.plan = plan_from(head.at("plan"));
  f.calendar = data::calendar_from_json(head.at("calendar"));
  head.at("known").get_to(f.known);
  head.at("past").get_to(f.past);
  head.at("fixed").get_to(f.fixed);
  f.covariates = covariate_scale_from(head.at("covariates"));
  head.at("simple").get_to(f.simple);
  f.shared = shared_from(file, head, f.plan.horizon);
  head.at("weights").get_to(f.weights);
  f.quantiles = quantile_rule_from(head.at("quantile_rule"));
  if (head.at("networks").size() > kMostNetworks) throw Error(Code::kData, "has too many networks");
  for (const Json& json : head.at("networks")) {
    auto network = std::make_unique<ForecastNetwork>(form_from(json, f.plan));
    nn::require_held(network->params(), file);
    network->params().initialise(base::Rng(0));
    nn::read_parameters(file, prefix_of(f.networks.size()), network->params());
    f.networks.push_back(std::move(network));
  }
  if (!f.networks.empty()) f.settings.encoder = f.networks.front()->form().encoder;
  require_whole(f);
  const Json& r = head.at("receipt");
  f.receipt = {r.at("version"), r.at("n_series"),   r.at("n_values"),
               r.at("epochs"),  r.at("best_epoch"), r.at("stop_reason")};
  if (head.contains("given")) f.given = head.at("given").get<std::string>();
  nn::require_self_test(head.at("self_test"), self_test_of(f), kSelfTestTolerance);
  return f;
}

}  // namespace

std::string forecaster_bytes(const Forecaster& f) {
  const auto& r = f.receipt;
  Json networks = Json::array();
  tensor::TensorFile file;
  for (std::size_t n = 0; n < f.networks.size(); ++n) {
    networks.push_back(to_json(f.networks[n]->form()));
    nn::put_parameters(f.networks[n]->params(), prefix_of(n), file);
  }
  Json head = {
      {"format", kFormat},
      {"kind", kKind.kind},
      {"task", "forecast"},
      {"options", options_of(f.settings)},
      {"plan",
       {{"horizon", f.plan.horizon}, {"seasons", f.plan.seasons}, {"quantiles", f.plan.quantiles}}},
      {"calendar", data::to_json(f.calendar)},
      {"known", f.known},
      {"past", f.past},
      {"fixed", f.fixed},
      {"covariates", forecast::to_json(f.covariates)},
      {"simple", f.simple},
      {"weights", f.weights},
      {"quantile_rule", forecast::to_json(f.quantiles)},
      {"networks", networks},
      {"receipt",
       {{"version", r.version},
        {"n_series", r.n_series},
        {"n_values", r.n_values},
        {"epochs", r.epochs},
        {"best_epoch", r.best_epoch},
        {"stop_reason", r.stop_reason}}},
      {"self_test", self_test_of(f)}};
  put_shared(f.shared, f.plan.horizon, head, file);
  if (!f.given.empty()) head["given"] = f.given;
  nn::put_head(head, file);
  return tensor::to_safetensors(file);
}

bool is_forecaster(const tensor::TensorFile& file) { return nn::is_of_kind(file, kKind); }

Forecaster forecaster_from(std::string_view bytes, const std::string& path) {
  Forecaster out;
  nn::read_model(bytes, path, kKind,
                 [&](const auto& file, const Json& head) { out = from_head(file, head); });
  return out;
}

}  // namespace refrain::forecast
