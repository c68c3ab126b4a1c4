// The path of a run: read, split, guard, fit, score, keep. Each step is a function of its own.
#include "refrain/api/train.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <mutex>

#include "refrain/api/inside/cross_validation.h"
#include "refrain/api/inside/evaluation.h"
#include "refrain/api/inside/forecast_run.h"
#include "refrain/api/inside/forgetting.h"
#include "refrain/api/inside/made.h"
#include "refrain/api/inside/options_impl.h"
#include "refrain/api/inside/page_of.h"
#include "refrain/api/inside/record.h"
#include "refrain/api/inside/reply_run.h"
#include "refrain/api/inside/run_checks.h"
#include "refrain/api/inside/run_fit.h"
#include "refrain/api/inside/run_scores.h"
#include "refrain/api/inside/settle.h"
#include "refrain/api/inside/transfer_verdict.h"
#include "refrain/api/output.h"
#include "refrain/api/version.h"
#include "refrain/data/units.h"
#include "refrain/task/model_file.h"
#include "refrain/task/task.h"

namespace refrain::api {
namespace {

void describe_leaks(const RunData& data, Report& report) {
  if (report.leaks.empty()) report.leaks = "none found";
  const int unknown = data::find_units(data.data, all_of(data.data)).without_group;
  if (unknown == 0) return;
  add_remark(fmt::format("{} of {} samples without a group may be related to others", unknown,
                         data.data.samples.size()),
             report);
}

// The fit has settled the options that were left to it.
void describe_fit(const task::Fitted& fitted, const RunData& data, RunState& run) {
  run.spec = fitted.model.spec;
  Report& r = run.report;
  r.task = fitted.model.goal->task();
  r.metric = task::task_of(run.spec).metric;
  r.n_train = static_cast<int>(data.train.size());
  r.n_valid = static_cast<int>(data.valid.size());
  r.n_test = static_cast<int>(data.test.size());
  r.classes = fitted.model.goal->classes();
  r.columns = fitted.model.goal->answer_columns();
  r.params = static_cast<long long>(fitted.model.parameter_count());
  r.made = made_of(fitted.model);
  r.other = fitted.other;
  put_outcome(fitted, r);
  put_begun(fitted, r);
  r.seed = run.spec.train.seed;
  r.threads = run.spec.train.threads;
  r.protocol = run.job.test.empty()
                   ? fmt::format("{} of {} samples held out", r.n_test, data.data.samples.size())
               : run.job.memory.test != nullptr ? "test samples"
                                                : "test file";
  r.protocol += cap_words(run.spec, data.data);
  r.units = unit_report(data.test_data(), data.test);
  describe_leaks(data, r);
}

void save(task::Model& model, RunState& run) {
  if (run.job.out.empty()) return;
  Report& r = run.report;
  model.receipt = {version(), r.n_train, r.n_valid, r.epochs, r.best_epoch, r.stop_reason};
  task::save_model(run.job.out, model);
  r.model = run.job.out;
}

// The score of cross-validation; the model that is kept has seen all the data.
void validate_across(const RunData& data, RunState& run) {
  check_fold_job(run.job);
  if (learns_classes(run.spec)) say_classes_of_one(data, run.log);
  const bool kept = !run.job.out.empty() || run.job.fits_kept_model;
  const task::Spec asked = run.spec;
  const double end = deadline(run.spec.time_limit, run.begin, kScoringShare);
  const double seconds = end > 0 ? std::max(1e-3, end - now()) : 0;
  auto found = cross_validate(
      {data.data, run.spec, kept, run.job.hooks.stop, run.log, seconds, run.job.hooks.progress});
  found.report.recognised = std::move(run.report.recognised);
  run.report = std::move(found.report);
  run.kept = std::move(found.kept);
  if (found.model) {
    run.spec = found.model->spec;
    save(*found.model, run);
  }
  judge_transfer(asked, data.data, found, run);
}

// One model, scored on the samples that were held out.
void hold_out(RunData& data, RunState& run) {
  split(run, data);
  guard_against_leaks(run, data);
  const auto goal = check_files(run, data);
  const task::Spec asked = run.spec;
  run.report.seconds.load = now() - run.begin;
  const double start = now();
  Checkpoints checkpoints(run.job, run.log);
  task::Fitted fitted = fit_run(run, data, checkpoints);
  run.report.seconds.train = now() - start;
  describe_fit(fitted, data, run);
  if (fitted.interrupted()) return;
  say_findings(fitted, run);
  save(fitted.model, run);
  checkpoints.remove_own();
  score_run(fitted, data, *goal, run);
  judge_transfer(asked, data, fitted.model, run);
  judge_forgetting(fitted.model, run);
}

}  // namespace

Report train_run(const TrainJob& job, store::Run* kept) {
  const task::Spec& asked = job.options.impl().spec;
  const bool lives = job.memory.data == nullptr && wants_lives(asked, job.data);
  if (!lives && wants_forecast(asked)) return forecast_run(job, kept);
  if (!lives && wants_replies(asked)) return reply_run(job, kept);
  if (!job.plot.empty()) {
    throw Error(Code::kUsage, "--plot draws forecasts, and this run makes none",
                "leave it out, or say --task forecast");
  }
  RunState run{job, asked, log_of(job.hooks)};
  if (lives) run.spec.task = "regress";
  check_job(job, asked);
  RunData data = read_files(run);
  folds_wanted(run.spec) ? validate_across(data, run) : hold_out(data, run);
  run.report.curves = curves_of(run.kept.curve);
  *kept = make_run(job, asked, run.spec, run.report, std::move(run.kept));
  return run.report;
}

namespace {

// The same job, whose messages are also kept.
TrainJob listening(const TrainJob& job, std::vector<std::string>& remarks) {
  TrainJob out = job;
  auto mutex = std::make_shared<std::mutex>();
  out.hooks.message = [&remarks, mutex, tell = job.hooks.message](const std::string& sentence,
                                                                  bool warning) {
    const std::lock_guard lock(*mutex);
    remarks.push_back((warning ? "warning: " : "") + sentence);
    if (tell) tell(sentence, warning);
  };
  return out;
}

}  // namespace

Report train(const TrainJob& job) {
  require_store(job.store);
  page_language(job.page_language);
  store::Run run;
  std::vector<std::string> remarks;
  Report report = train_run(listening(job, remarks), &run);
  report.data = job.data;
  report.test = job.test;
  report.remarks = std::move(remarks);
  put_told(report, run);
  if (report.stop_reason == "interrupted") return report;
  report.run = record(job.store, run);
  if (job.page.empty()) return report;
  if (report.run.empty()) {
    complete(run);
  } else {
    run = stored_runs(job.store).find(report.run);
  }
  write_file(job.page, page_of(std::move(run), job.page_language, job.hooks));
  return report;
}

}  // namespace refrain::api
