#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "refrain/api/brief.h"
#include "refrain/api/changes.h"
#include "refrain/api/inside/keep.h"
#include "refrain/api/inside/options_impl.h"
#include "refrain/api/inside/record.h"
#include "refrain/api/inside/run_json.h"
#include "refrain/api/inside/table_json.h"
#include "refrain/data/content.h"
#include "refrain/data/pairs.h"
#include "refrain/task/tag/codec.h"

namespace refrain::api {

std::string whole_path(const std::string& path) {
  std::string out;
  for (const auto& part : data::pair_paths(path)) {
    if (!out.empty()) out += ",";
    out += part.empty() ? part : std::filesystem::absolute(part).lexically_normal().string();
  }
  return out;
}

void put_report(const Report& report, store::Run& run) {
  run.task = report.task;
  run.protocol = report.protocol;
  run.leak_check = report.leaks;
  run.n_train = report.n_train;
  run.n_valid = report.n_valid;
  run.n_test = report.n_test;
  run.classes = report.columns;
  run.seed = report.seed;
  run.parameters = report.params;
  run.stop_reason = report.stop_reason;
  run.seconds = {report.seconds.load, report.seconds.train, report.seconds.evaluate};
  run.metric = report.metric;
  run.interval_holds = report.variation;
  if (report.within_groups) run.interval_holds += ". " + within_groups_text(report);
  for (const auto& [name, s] : report.metrics) run.scores.push_back({name, s.value, s.low, s.high});
  for (const auto& b : report.baselines) {
    const Score& s = b.score;
    run.baselines.push_back({b.name, {report.metric, s.value, s.low, s.high}, b.seconds});
  }
}

namespace {

base::Json told_of_report(const Report& r) {
  base::Json against = nullptr;
  if (const auto& a = r.against_baseline) {
    against = {{"baseline", a->baseline},
               {"difference", a->difference.value},
               {"low", a->difference.low},
               {"high", a->difference.high},
               {"p", a->p},
               {"distinguishable", a->distinguishable},
               {"samples_needed", a->samples_needed},
               {"verdict", verdict_of(*a, r.metric)},
               {"test", a->verdict}};
  }
  return {{"best_epoch", r.best_epoch},
          {"against", against},
          {"findings", r.findings},
          {"made", r.made},
          {"other", r.other},
          {"remarks", r.remarks},
          {"tables", json_of_tables(r.tables)}};
}

}  // namespace

void put_told(const Report& report, store::Run& run) {
  base::Json job = parse_object(run.job);
  job["told"] = told_of_report(report);
  run.job = job.dump(-1, ' ', false, base::Json::error_handler_t::replace);
}

namespace {

// Tags with blanks between them and, behind a tab, the sample's label.
std::string tags_text(const data::Sample& sample, bool labelled) {
  const std::string out = task::join_tags(sample.tags);
  return labelled ? out + "\t" + sample.label : out;
}

std::string answer_text(const task::Predictions& said, std::size_t i) {
  return said.labels.empty() ? said.decided[i] : said.decided[i] + "\t" + said.labels[i];
}

}  // namespace

void add_answers(const KeptAnswers& a, Kept& kept) {
  const std::size_t width = a.chosen.empty() ? 0 : a.said.numbers.size() / a.chosen.size();
  for (std::size_t i = 0; i < a.chosen.size(); ++i) {
    const auto& sample = a.dataset.samples[static_cast<std::size_t>(a.chosen[i])];
    const auto row = a.said.numbers.begin() + static_cast<std::ptrdiff_t>(i * width);
    const auto end = row + static_cast<std::ptrdiff_t>(width);
    const bool steps = !a.said.confidence.empty();
    kept.predictions.push_back({a.repeat, a.fold, sample.id, sample.group,
                                steps ? tags_text(sample, !a.said.labels.empty()) : sample.label,
                                answer_text(a.said, i),
                                steps ? a.said.confidence[i] : std::vector<double>(row, end),
                                a.units.empty() ? "" : std::to_string(a.units[i])});
  }
}

void add_data(const data::Dataset& dataset, Kept& kept) {
  if (!dataset.samples.empty()) kept.data.add_count(data::dataset_hash(dataset));
}

void add_curves(const std::vector<train::Outcome>& outcomes, int repeat, int fold, Kept& kept) {
  if (outcomes.empty()) return;
  const auto& outcome = outcomes.front();
  for (const auto& e : outcome.history) {
    const bool valid = outcome.has_valid;
    kept.curve.push_back({repeat, fold, e.epoch, e.loss, e.lr,
                          valid ? e.valid.score : store::kUnknown,
                          valid ? e.valid.loss : store::kUnknown});
  }
}

namespace {

// Returns the options that repeat the run. Where a time limit shaped one model, its effect
// (networks, epochs) replaces the limit, because the limit alone would not repeat it. Folds keep
// the limit, since each model found its own number of epochs.
base::Json given_options(const task::Spec& asked, const task::Spec& resolved, bool one_model) {
  base::Json out = base::Json::object();
  const auto fields = task::spec_fields();
  const bool limited = one_model && !asked.time_limit.empty();
  const std::set<std::string> chosen = {"preset", "ensemble", "epochs",
                                        "hidden", "layers",   "views"};
  for (const auto& field : fields.list()) {
    if (limited && field.name == "time_limit") continue;
    if (limited && chosen.contains(field.name)) {
      out[field.name] = field.get(&resolved);
    } else if (asked.given.contains(field.name)) {
      out[field.name] = field.get(&asked);
    }
  }
  return out;
}

// Network cell or simple method, behind the preset.
std::string model_name(const task::Spec& spec) {
  if (spec.model.model != "network") return spec.model.model;
  return spec.preset == "none" ? spec.encoder.cell : spec.preset + ":" + spec.encoder.cell;
}

// The path from the root; "" of samples in memory.
std::string file_of(const TrainJob& job, const std::string& path) {
  return job.memory.data != nullptr ? "" : whole_path(path);
}

// From which 'refrain runs verify' trains again.
std::string job_text(const TrainJob& job, const Report& report, base::Json options) {
  return base::Json({{"data", file_of(job, job.data)},
                     {"test", file_of(job, job.test)},
                     {"valid", file_of(job, job.valid)},
                     {"fixes", whole_path(job.fixes)},
                     {"kept", !job.out.empty()},
                     {"out", whole_path(job.out)},
                     {"recognised", report.recognised.summary},
                     {"changes", changes().size()},
                     {"options", std::move(options)}})
      .dump(-1, ' ', false, base::Json::error_handler_t::replace);
}

}  // namespace

store::Run make_run(const TrainJob& job, const task::Spec& asked, const task::Spec& resolved,
                    const Report& report, Kept kept) {
  store::Run run;
  run.command = "train";
  run.model = model_name(resolved);
  run.options = base::fields_to_json(task::spec_fields().list(), &resolved).dump();
  run.job = job_text(job, report, given_options(asked, resolved, report.folds == 0));
  run.data = data_name(job.data);
  run.data_path = file_of(job, job.data);
  run.data_hash = kept.data.hex();
  run.split_hash = kept.split.hex();
  run.parameters_hash = kept.parameters.hex();
  put_report(report, run);
  run.predictions = std::move(kept.predictions);
  run.curve = std::move(kept.curve);
  return run;
}

}  // namespace refrain::api
