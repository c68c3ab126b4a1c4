#include "refrain/api/report.h"

#include <algorithm>
#include <cstdint>
#include <nlohmann/json.hpp>

#include "refrain/api/inside/table_json.h"
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

base::Json units_json(const Report& r) {
  const UnitReport& u = r.units;
  base::Json out = {{"samples", u.samples},
                    {"units", u.units},
                    {"copies", u.copies},
                    {"without_group", u.without_group},
                    {"within", nullptr}};
  if (r.within_groups) out["within"] = score_json(*r.within_groups);
  return out;
}

base::Json to_json(const Seconds& s) {
  return {{"load", s.load}, {"train", s.train}, {"evaluate", s.evaluate}};
}

base::Json to_json(const std::optional<TransferReport>& t) {
  if (!t) return nullptr;
  base::Json out = {{"source", name_or_null(t->source)},
                    {"taken", t->taken},
                    {"anew", t->anew},
                    {"frozen", t->frozen},
                    {"frozen_sha256", name_or_null(t->frozen_hash)},
                    {"unchanged", t->unchanged}};
  if (t->forgetting) {
    const Forgetting& f = *t->forgetting;
    out["forgetting"] = {{"file", f.file},
                         {"metric", f.metric},
                         {"samples", f.samples},
                         {"before", score_json(f.before)},
                         {"after", score_json(f.after)}};
  }
  if (t->verdict.empty()) return out;
  out["metric"] = t->metric;
  out["from_scratch"] = t->from_scratch;
  out["difference"] = score_json(t->difference);
  out["test"] = t->test;
  out["verdict"] = t->verdict;
  return out;
}

base::Json data_json(const Report& r) {
  return {{"task", r.task},         {"recognised", to_json(r.recognised)},
          {"n_train", r.n_train},   {"n_valid", r.n_valid},
          {"n_test", r.n_test},     {"folds", r.folds},
          {"repeats", r.repeats},   {"protocol", r.protocol},
          {"leaks", r.leaks},       {"variation", r.variation},
          {"units", units_json(r)}, {"classes", r.classes}};
}

base::Json training_json(const Report& r) {
  return {{"params", r.params},
          {"epochs", r.epochs},
          {"best_epoch", r.best_epoch},
          {"stop_reason", r.stop_reason},
          {"refit", to_json(r.refit)},
          {"distilled", to_json(r.distilled)},
          {"transfer", to_json(r.transfer)},
          {"seconds", to_json(r.seconds)},
          {"seed", r.seed},
          {"threads", r.threads},
          {"model", name_or_null(r.model)},
          {"run", name_or_null(r.run)}};
}

base::Json to_json(const std::optional<NetworksAdded>& added) {
  if (!added) return nullptr;
  return {{"without", score_json(added->without)},
          {"difference", score_json(added->difference)},
          {"distinguishable", added->distinguishable},
          {"verdict", added->verdict}};
}

base::Json to_json(const std::vector<MemberReport>& members) {
  base::Json out = base::Json::array();
  for (const auto& m : members) {
    out.push_back({{"name", m.name}, {"share", m.share}, {m.score_name, m.score}});
  }
  return out;
}

void put_scores(const Report& r, base::Json& out) {
  out["metric"] = r.metric;
  out["score"] = nullptr;  // interrupted: nothing was scored
  if (!r.metrics.empty()) out["score"] = score_json(r.score);
  for (const char* key : {"metrics", "baselines", "baseline_scores", "baseline_seconds"}) {
    out[key] = base::Json::object();
  }
  for (const auto& [name, s] : r.metrics) out["metrics"][name] = score_json(s);
  for (const auto& b : r.baselines) {
    out["baselines"][b.name] = b.score.value;
    out["baseline_scores"][b.name] = score_json(b.score);
    out["baseline_seconds"][b.name] = b.seconds;
  }
  out["against_baseline"] = to_json(r.against_baseline);
  out["networks_added"] = to_json(r.networks_added);
  out["members"] = to_json(r.members);
}

}  // namespace

std::string Report::json() const {
  base::Json out = data_json(*this);
  put_scores(*this, out);
  out.update(training_json(*this));
  for (const auto& table : tables) out[table.name] = json_of_table(table);
  return out.dump(-1, ' ', false, base::Json::error_handler_t::replace);
}

}  // namespace refrain::api
