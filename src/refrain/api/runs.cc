#include "refrain/api/runs.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "refrain/api/inside/evaluation.h"
#include "refrain/api/inside/metric_kind.h"
#include "refrain/api/inside/record.h"
#include "refrain/api/inside/reply_run.h"
#include "refrain/api/inside/run_json.h"
#include "refrain/api/inside/table_json.h"
#include "refrain/api/output.h"
#include "refrain/base/files.h"
#include "refrain/store/published.h"

namespace refrain::api {
namespace {

Score as_score(const store::Score& s) { return {s.value, s.low, s.high}; }

RunSummary summary_of(const store::Run& run) {
  return {run.id,
          run.created,
          run.data,
          run.model,
          run.protocol,
          run.metric,
          as_score(store::main_score(run)),
          run.seed};
}

std::string describe_predictions(const store::Run& run) {
  const auto right =
      std::count_if(run.predictions.begin(), run.predictions.end(),
                    [](const store::Prediction& p) { return p.truth == p.predicted; });
  if (run.task != "classify") return std::to_string(run.predictions.size());
  return fmt::format("{}, {} right", run.predictions.size(), right);
}

std::string describe_curve(const store::Run& run) {
  if (run.curve.empty()) return "";
  std::set<std::pair<int, int>> fits;
  for (const auto& e : run.curve) fits.insert({e.repeat, e.fold});
  const auto &first = run.curve.front(), &last = run.curve.back();
  if (fits.size() == 1) {
    return fmt::format("{} epochs, loss {:.4g} to {:.4g}", run.curve.size(), first.loss, last.loss);
  }
  return fmt::format("{} epochs of {} fits, loss {:.4g} to {:.4g}", run.curve.size(), fits.size(),
                     first.loss, last.loss);
}

// Without what is for pages.
std::string job_of_run(const store::Run& run) {
  base::Json job = parse_object(run.job);
  job.erase("told");
  return job.empty() ? "" : job.dump(-1, ' ', false, base::Json::error_handler_t::replace);
}

std::vector<std::pair<std::string, std::string>> facts_of(const store::Run& run) {
  std::vector<std::pair<std::string, std::string>> facts = {
      {"id", run.id},
      {"created", run.created},
      {"command", run.command},
      {"task", run.task},
      {"model", run.model},
      {"parameters", run.parameters > 0 ? std::to_string(run.parameters) : ""},
      {"data", run.data},
      {"data path", run.data_path},
      {"data hash", run.data_hash},
      {"classes", is_reply_task(run.task) ? "" : fmt::format("{}", fmt::join(run.classes, ", "))},
      {"protocol", run.protocol},
      {"split hash", run.split_hash},
      {"samples",
       fmt::format("{} training, {} validation, {} test", run.n_train, run.n_valid, run.n_test)},
      {"leak check", run.leak_check},
      {"seed", std::to_string(run.seed)},
      {"stopped by", run.stop_reason},
      {"seconds", fmt::format("{:.2f} load, {:.2f} train, {:.2f} evaluate", run.seconds.load,
                              run.seconds.train, run.seconds.evaluate)},
      {"version", run.version},
      {"machine", run.machine},
      {"job", job_of_run(run)},
      {"interval holds", run.interval_holds},
      {"predictions", describe_predictions(run)},
      {"curve", describe_curve(run)},
      {"parameters hash", run.parameters_hash},
      {"predictions hash", run.predictions_hash}};
  std::erase_if(facts, [](const auto& fact) { return fact.second.empty(); });
  return facts;
}

// What the run was told with, where its version did.
void put_told_of(const store::Run& run, RunDetails& out) {
  const base::Json job = parse_object(run.job);
  const base::Json told = job.value("told", base::Json::object());
  out.made = told.value("made", "");
  out.other = told.value("other", "");
  out.remarks = told.value("remarks", std::vector<std::string>());
  if (told.contains("tables")) out.tables = tables_of_json(told["tables"]);
  const auto against = told.find("against");
  if (against != told.end() && against->is_object()) out.verdict = against->value("test", "");
}

std::string out_of_range(const store::Published& row) {
  const MetricKind kind = metric_kind(row.metric);
  for (const double value : {row.value, row.low, row.high}) {
    if (value < kind.low || value > kind.high) {
      return fmt::format("{} {} is outside [{}, {}]; write percent as {}%", row.metric, value,
                         kind.low, kind.high, value);
    }
  }
  return "";
}

}  // namespace

bool has_interval(const Score& score) {
  return std::isfinite(score.low) && std::isfinite(score.high);
}

std::vector<RunSummary> list_runs(const std::string& store, const RunFilter& filter) {
  std::vector<RunSummary> out;
  auto found = stored(store);
  if (!found) return out;
  for (const auto& run : found->list({filter.data, filter.model, filter.limit})) {
    out.push_back(summary_of(run));
  }
  return out;
}

RunDetails show_run(const std::string& store, const std::string& id) {
  const store::Run run = stored_runs(store).find(id);
  RunDetails out;
  out.summary = summary_of(run);
  out.facts = facts_of(run);
  out.curves = curves_of(run.curve);
  for (const auto& s : run.scores) out.scores.emplace_back(s.metric, as_score(s));
  for (const auto& b : run.baselines) {
    out.baselines.push_back({b.model, b.score.metric, as_score(b.score), b.seconds});
  }
  put_told_of(run, out);
  const auto options = parse_object(run.options);
  for (const auto& [name, value] : options.items()) {
    out.options.emplace_back(name, value.is_string() ? value.get<std::string>() : value.dump());
  }
  return out;
}

std::string run_json(const std::string& store, const std::string& id, bool everything) {
  return to_json(stored_runs(store).find(id), everything)
      .dump(-1, ' ', false, base::Json::error_handler_t::replace);
}

std::string predictions_csv(const std::string& store, const std::string& id) {
  const store::Run run = stored_runs(store).find(id);
  std::string out = "repeat,fold,id,group,truth,prediction";
  for (const auto& c : run.classes) out += "," + csv_field("probability_" + c);
  out += "\n";
  for (const auto& p : run.predictions) {
    out += fmt::format("{},{},{},{},{},{}", p.repeat, p.fold, csv_field(p.sample),
                       csv_field(p.group), csv_field(p.truth), csv_field(p.predicted));
    for (std::size_t c = 0; c < run.classes.size(); ++c) {
      out += c < p.probability.size() ? fmt::format(",{}", p.probability[c]) : ",";
    }
    out += "\n";
  }
  return out;
}

void delete_runs(const std::string& store, const std::vector<std::string>& ids) {
  stored_runs(store).remove(ids);
}

int load_published(const std::string& store, const std::string& tsv) {
  const auto rows = store::parse_published(base::read_file(tsv).bytes, tsv, out_of_range);
  const std::string path = store_path(store);
  if (path.empty()) {
    throw Error(Code::kUsage, "the store is 'none': there is no place for published scores",
                "name a file with --store FILE");
  }
  open_to_write(path).add_published(rows);
  return static_cast<int>(rows.size());
}

}  // namespace refrain::api
