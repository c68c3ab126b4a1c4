// A run, or the run that trained a model file, as a page.
#include "refrain/api/page.h"

#include <cmath>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>

#include "refrain/api/forecast.h"
#include "refrain/api/inside/evaluated.h"
#include "refrain/api/inside/keep.h"
#include "refrain/api/inside/memory_data.h"
#include "refrain/api/inside/model_impl.h"
#include "refrain/api/inside/page_of.h"
#include "refrain/api/inside/record.h"
#include "refrain/api/inside/settle.h"
#include "refrain/api/inside/transducer_impl.h"
#include "refrain/api/pages/parts.h"
#include "refrain/base/error.h"
#include "refrain/base/fields.h"
#include "refrain/base/files.h"
#include "refrain/task/spec.h"
#include "refrain/transduce/model_file.h"

namespace refrain::api {
namespace {

// The sections that a task adds to the page. A task without an entry has the shared parts only.
const std::map<std::string, void (*)(const Told&, report::Page&)>& task_pages() {
  static const std::map<std::string, void (*)(const Told&, report::Page&)> pages = {
      {"classify", put_classify},
      {"regress", put_regress},
      {"tag", put_tag},
      {"forecast", put_forecast},
      {transduce::kTranslate, put_reply},
      {transduce::kTranscribe, put_reply}};
  return pages;
}

// The newest run that wrote this model file, as it is now.
store::Run run_of_model(const std::string& model, store::Store& store) {
  const std::string path = whole_path(model);
  for (const auto& run : store.list({})) {
    const base::Json out = job_member(run, "out");
    if (out.is_string() && out.get<std::string>() == path) return store.find(run.id);
  }
  throw Error(
      Code::kUsage, "no run in the store wrote the model " + model,
      "score it on labelled samples with --data FILE, or name a run of 'refrain runs list'");
}

}  // namespace

report::Language page_language(const std::string& name) {
  if (name.empty() || name == "en") return report::Language::kEnglish;
  if (name == "zh") return report::Language::kChinese;
  throw Error(Code::kUsage, "a report is written in en or zh, not in '" + name + "'",
              "leave it out: both languages are in the page");
}

namespace {

std::string render(const Told& told, report::Language first) {
  report::Page page(task_words(told.run.task) + report::same(": " + told.run.data), first);
  const auto own = task_pages().find(told.run.task);
  if (own != task_pages().end()) {
    own->second(told, page);
  } else {
    put_verdict(told, {}, page);
    put_score_part(told, page);
    put_learning(told, page);
  }
  put_looked_at(told, page);
  put_data_part(told, page);
  put_inspected(told, page);
  put_settings(told, page);
  return page.html();
}

// A training in memory as a run.
store::Run run_of(const FitReport& report, const std::string& task, const std::string& model) {
  store::Run run;
  run.task = task;
  run.model = model;
  run.n_train = report.n_train;
  run.n_valid = report.n_valid;
  run.parameters = report.params;
  run.stop_reason = report.stop_reason;
  run.seconds.train = report.seconds;
  run.options = report.options.empty() ? "{}" : report.options;
  run.job = base::Json{{"told", {{"best_epoch", report.best_epoch}}}}.dump();
  for (const auto& e : report.history) {
    run.curve.push_back({0, 0, e.epoch, e.loss, e.lr, e.has_valid ? e.valid_score : std::nan(""),
                         e.has_valid ? e.valid_loss : std::nan("")});
  }
  return run;
}

// A run whose answers belong to these samples, in their order.
Told told_with(store::Run run, const std::shared_ptr<const data::Dataset>& scored) {
  complete(run);
  Told told = tell(std::move(run), {});
  auto data = std::make_shared<RunData>();
  data->data.lives = scored->lives;
  told.data = data;
  told.scored = scored;
  told.why_not = {};
  for (const auto& sample : scored->samples) told.samples.push_back(&sample);
  return told;
}

// A model on samples as if a run had scored them.
Told told_of(const Evaluated& found, store::Run run) {
  const auto curve = std::move(run.curve);
  put_report(found.report, run);
  Kept kept;
  const auto all = all_of(*found.data);
  add_answers({*found.data, all, found.answered.said, 0, 0, found.answered.answers->group}, kept);
  run.predictions = std::move(kept.predictions);
  run.curve = curve;
  return told_with(std::move(run), found.data);
}

// A run of no store: this model on this file.
store::Run run_on_file(const PageJob& job) {
  store::Run run;
  run.model = std::filesystem::path(job.subject).filename().string();
  run.data = data_name(job.data);
  run.data_path = whole_path(job.data);
  return run;
}

std::string page_of_replies(const PageJob& job) {
  const auto model = std::make_shared<transduce::Transducer>(
      transduce::transducer_from(base::read_file(job.subject).bytes, job.subject));
  auto found = evaluate_replies(*model, job.data, job.options, job.hooks);
  store::Run run = run_on_file(job);
  put_report(found.report, run);
  run.predictions = std::move(found.predictions);
  Told told = told_with(std::move(run), found.data);
  told.writer = model;
  return render(told, page_language(job.language));
}

std::string page_of_file(const PageJob& job) {
  if (is_forecaster(job.subject)) {
    throw Error(Code::kUsage, "--data is for models of samples, and this one forecasts",
                "leave it out: the report is then that of its training");
  }
  if (is_transducer(job.subject)) return page_of_replies(job);
  const Model model = Model::load(job.subject);
  const Evaluated found = evaluate_file(model, job.data, job.options, job.hooks);
  store::Run run = run_on_file(job);
  const auto& spec = model.impl().model.spec;
  run.options = base::fields_to_json(task::spec_fields().list(), &spec).dump();
  return render(told_of(found, std::move(run)), page_language(job.language));
}

}  // namespace

std::string page_of(store::Run run, const std::string& language, const Hooks& hooks) {
  const report::Language first = page_language(language);
  return render(tell(std::move(run), hooks), first);
}

std::string fit_page(const FitReport& report, const std::string& task, const std::string& model) {
  store::Run run = run_of(report, task, model);
  run.data = "fit";
  complete(run);
  return render(tell(std::move(run), {}), report::Language::kEnglish);
}

std::string samples_page(const Model& model, const Samples& samples, const FitReport& report) {
  const auto& own = model.impl().model;
  data::Dataset d = dataset_for(samples, own);
  settle_targets(task::tasks().at(own.goal->task()).aim, d);
  store::Run run = run_of(report, own.goal->task(), "model");
  run.data = samples.name;
  return render(told_of(evaluate_samples(own, std::move(d), 0), std::move(run)),
                report::Language::kEnglish);
}

std::string report_page(const PageJob& job) {
  page_language(job.language);
  const bool model = std::filesystem::is_regular_file(job.subject);
  if (!job.data.empty()) {
    if (!model) {
      throw Error(Code::kUsage, "--data scores a model, and " + job.subject + " is no file",
                  "name a model file");
    }
    return page_of_file(job);
  }
  auto store = stored_runs(job.store);
  return page_of(model ? run_of_model(job.subject, store) : store.find(job.subject), job.language,
                 job.hooks);
}

}  // namespace refrain::api
