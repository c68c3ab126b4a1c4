#include "refrain/api/inside/run_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

#include "refrain/api/runs.h"

namespace refrain::api {
namespace {

using base::Json;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(nullptr); }

Json to_json(const store::Score& s) {
  return {{"value", number(s.value)}, {"low", number(s.low)}, {"high", number(s.high)}};
}

Json scores(const store::Run& run) {
  Json out = Json::object();
  for (const auto& s : run.scores) out[s.metric] = to_json(s);
  return out;
}

Json baselines(const store::Run& run) {
  Json out = Json::array();
  for (const auto& b : run.baselines) {
    out.push_back({{"model", b.model},
                   {"metric", b.score.metric},
                   {"score", to_json(b.score)},
                   {"seconds", number(b.seconds)}});
  }
  return out;
}

Json predictions(const store::Run& run) {
  Json out = Json::array();
  for (const auto& p : run.predictions) {
    Json probability = Json::array();
    for (const double value : p.probability) probability.push_back(number(value));
    out.push_back({{"repeat", p.repeat},
                   {"fold", p.fold},
                   {"id", p.sample},
                   {"group", p.group},
                   {"truth", p.truth},
                   {"prediction", p.predicted},
                   {"probability", probability}});
  }
  return out;
}

Json curve(const store::Run& run) {
  Json out = Json::array();
  for (const auto& e : run.curve) {
    out.push_back({{"repeat", e.repeat},
                   {"fold", e.fold},
                   {"epoch", e.epoch},
                   {"loss", number(e.loss)},
                   {"lr", number(e.lr)},
                   {"valid_score", number(e.valid_score)},
                   {"valid_loss", number(e.valid_loss)}});
  }
  return out;
}

Json to_json(const Score& s) {
  return {{"value", number(s.value)}, {"low", number(s.low)}, {"high", number(s.high)}};
}

Json to_json(const BoardRow& row) {
  constexpr const char* kOrigins[] = {"run", "baseline", "published"};
  const bool published = row.origin == Origin::kPublished;
  return {{"rank", row.rank},
          {"tied", row.tied},
          {"origin", kOrigins[static_cast<int>(row.origin)]},
          {"method", row.method},
          {"settings", row.settings},
          {"score", to_json(row.score)},
          {"seeds", published ? Json(nullptr) : Json(row.seeds)},
          {"seconds", number(row.seconds)},
          {"leak_check", published ? Json(nullptr) : Json(row.leak_check)},
          {"source", published ? Json(row.source) : Json(nullptr)},
          {"id", published ? Json(nullptr) : Json(row.id)}};
}

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace

std::string runs_json(const std::vector<RunSummary>& runs) {
  Json list = Json::array();
  for (const auto& r : runs) {
    list.push_back({{"id", r.id},
                    {"created", r.created},
                    {"data", r.data},
                    {"model", r.model},
                    {"protocol", r.protocol},
                    {"metric", r.metric},
                    {"score", to_json(r.score)},
                    {"seed", r.seed}});
  }
  return dump({{"runs", list}});
}

std::string boards_json(const std::vector<Board>& boards) {
  Json list = Json::array();
  for (const auto& b : boards) {
    Json rows = Json::array();
    for (const auto& row : b.rows) rows.push_back(to_json(row));
    list.push_back({{"data", b.data},
                    {"data_hash", b.data_hash},
                    {"protocol", b.protocol},
                    {"metric", b.metric},
                    {"smaller_is_better", b.smaller_is_better},
                    {"rows", rows}});
  }
  return dump({{"boards", list}});
}

Json parse_object(const std::string& text) {
  Json out = Json::parse(text, nullptr, false);
  return out.is_object() ? out : Json{{"text", text}};
}

Json to_json(const store::Run& run, bool everything) {
  Json out = {{"id", run.id},
              {"created", run.created},
              {"command", run.command},
              {"task", run.task},
              {"model", run.model},
              {"data", run.data},
              {"data_path", run.data_path},
              {"data_hash", run.data_hash},
              {"protocol", run.protocol},
              {"split_hash", run.split_hash},
              {"leak_check", run.leak_check},
              {"n_train", run.n_train},
              {"n_valid", run.n_valid},
              {"n_test", run.n_test},
              {"classes", run.classes},
              {"seed", run.seed},
              {"version", run.version},
              {"machine", run.machine},
              {"params", run.parameters},
              {"stop_reason", run.stop_reason},
              {"seconds",
               {{"load", number(run.seconds.load)},
                {"train", number(run.seconds.train)},
                {"evaluate", number(run.seconds.evaluate)}}},
              {"metric", run.metric},
              {"score", to_json(store::main_score(run))},
              {"interval_holds", run.interval_holds},
              {"metrics", scores(run)},
              {"baselines", baselines(run)},
              {"parameters_hash", run.parameters_hash},
              {"predictions_hash", run.predictions_hash},
              {"options", parse_object(run.options)},
              {"job", parse_object(run.job)}};
  if (everything) {
    out["predictions"] = predictions(run);
    out["curve"] = curve(run);
  }
  return out;
}

}  // namespace refrain::api
