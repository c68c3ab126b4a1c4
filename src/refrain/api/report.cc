#include "refrain/api/report.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "refrain/base/fields.h"

namespace refrain::api {
namespace {

base::Json score_json(const Score& s) {
  return {{"value", s.value}, {"low", s.low}, {"high", s.high}};
}

base::Json to_json(const std::optional<AgainstBaseline>& a) {
  if (!a) return nullptr;
  return {{"baseline", a->baseline},
          {"difference", score_json(a->difference)},
          {"test", a->test},
          {"p", a->p},
          {"distinguishable", a->distinguishable},
          {"samples_needed", a->samples_needed},
          {"verdict", a->verdict}};
}

base::Json to_json(const Cell& cell) {
  if (const auto* score = std::get_if<Score>(&cell)) return score_json(*score);
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  const double number = std::get<double>(cell);
  const auto whole = static_cast<std::int64_t>(number);
  return static_cast<double>(whole) == number ? base::Json(whole) : base::Json(number);
}

base::Json to_json(const Table& table) {
  const bool matrix = table.form == Table::Form::kMatrix;
  base::Json out = matrix ? base::Json::array() : base::Json::object();
  for (const auto& row : table.rows) {
    base::Json cells = matrix ? base::Json::array() : base::Json::object();
    for (std::size_t c = 0; c < row.cells.size(); ++c) {
      if (matrix) cells.push_back(to_json(row.cells[c]));
      if (!matrix) cells[table.columns[c]] = to_json(row.cells[c]);
    }
    if (matrix) out.push_back(cells);
    if (!matrix) out[row.name] = cells;
  }
  return out;
}

base::Json name_or_null(const std::string& name) {
  return name.empty() ? base::Json(nullptr) : base::Json(name);
}

base::Json to_json(const RecognisedData& r) {
  if (r.format.empty()) return nullptr;
  return {{"format", r.format},
          {"summary", r.summary},
          {"target", name_or_null(r.target)},
          {"text", name_or_null(r.text)},
          {"group", name_or_null(r.group)},
          {"id", name_or_null(r.id)},
          {"time", name_or_null(r.time)},
          {"not_read", r.not_read},
          {"warnings", r.warnings}};
}

base::Json to_json(const std::optional<RefitReport>& r) {
  if (!r) return nullptr;
  return {{"samples", r->samples}, {"epochs", r->epochs}, {"updates", r->updates}};
}

base::Json to_json(const std::optional<DistilReport>& d) {
  if (!d) return nullptr;
  const auto key = [](std::string name) {
    std::replace(name.begin(), name.end(), ' ', '_');
    return name;
  };
  const std::string score = key(d->score_name), loss = key(d->loss_name);
  base::Json network = nullptr;
  if (d->valid) network = {{score, d->network_score}, {loss, d->network_loss}};
  return {{"members", d->members},
          {"samples", d->samples},
          {"of_members", {{score, d->members_score}, {loss, d->members_loss}}},
          {"of_network", network}};
}

}  // namespace

std::string Report::json() const {
  base::Json out = {
      {"task", task},
      {"recognised", to_json(recognised)},
      {"n_train", n_train},
      {"n_valid", n_valid},
      {"n_test", n_test},
      {"folds", folds},
      {"repeats", repeats},
      {"protocol", protocol},
      {"leaks", leaks},
      {"variation", variation},
      {"units",
       {{"samples", units.samples},
        {"units", units.units},
        {"copies", units.copies},
        {"without_group", units.without_group}}},
      {"classes", classes},
      {"metric", metric},
      {"score", score_json(score)},
      {"metrics", base::Json::object()},
      {"baselines", base::Json::object()},
      {"baseline_scores", base::Json::object()},
      {"baseline_seconds", base::Json::object()},
      {"against_baseline", to_json(against_baseline)},
      {"params", params},
      {"epochs", epochs},
      {"best_epoch", best_epoch},
      {"stop_reason", stop_reason},
      {"refit", to_json(refit)},
      {"distilled", to_json(distilled)},
      {"seconds",
       {{"load", seconds.load}, {"train", seconds.train}, {"evaluate", seconds.evaluate}}},
      {"seed", seed},
      {"threads", threads},
      {"model", nullptr},
      {"run", nullptr}};
  if (metrics.empty()) out["score"] = nullptr;  // interrupted: nothing was scored
  for (const auto& [name, s] : metrics) out["metrics"][name] = score_json(s);
  for (const auto& b : baselines) {
    out["baselines"][b.name] = b.score.value;
    out["baseline_scores"][b.name] = score_json(b.score);
    out["baseline_seconds"][b.name] = b.seconds;
  }
  for (const auto& table : tables) out[table.name] = to_json(table);
  if (!model.empty()) out["model"] = model;
  if (!run.empty()) out["run"] = run;
  return out.dump(-1, ' ', false, base::Json::error_handler_t::replace);
}

}  // namespace refrain::api
