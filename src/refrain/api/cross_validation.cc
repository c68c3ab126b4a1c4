#include "refrain/api/inside/cross_validation.h"

#include <fmt/format.h>

#include "refrain/api/inside/clock.h"
#include "refrain/api/inside/fold_work.h"

namespace refrain::api {
namespace {

std::string protocol_of(const FoldWork& work) {
  const auto& split = work.asked.spec.split;
  std::string out = fmt::format("cross-validation, {} folds x {} repeats, {}", work.folds,
                                split.repeats, split.fold_by);
  if (split.purge > 0) out += fmt::format(", purge {}", split.purge);
  return out;
}

std::string leaks_of(const UnitReport& units) {
  if (units.without_group == 0) return "none: related samples stay together";
  return fmt::format(
      "groups and copies stay together; {} of {} samples without a group may be related to "
      "others",
      units.without_group, units.samples);
}

// The model of a job stands for all.
void describe_model(const FoldJob& job, Report& r) {
  r.n_train = static_cast<int>(job.train.size());
  r.n_valid = static_cast<int>(job.valid.size());
  r.made = job.made;
  r.other = job.other;
  r.params = job.parameter_count;
  put_outcome(job.fitted, r);
  put_begun(job.fitted, r);
}

Report describe_folds(const FoldWork& work) {
  Report r;
  r.task = work.goal->task();
  r.metric = work.task.metric;
  r.classes = work.goal->classes();
  r.columns = fold_columns(work);
  r.folds = work.folds;
  r.repeats = work.repeats();
  r.protocol = protocol_of(work);
  r.units = unit_report(work.asked.data, work.all);
  r.leaks = leaks_of(r.units);
  r.n_test = static_cast<int>(work.all.size());
  describe_model(work.jobs.front(), r);
  r.seed = work.asked.spec.train.seed;
  r.threads = work.asked.spec.train.threads;
  return r;
}

// The report without scores.
CrossValidated interrupted(const FoldWork& work, int done, Report report) {
  work.asked.log.info(
      fmt::format("stopped: {} of {} folds were done; a cross-validation keeps none of them and "
                  "starts from the beginning next time",
                  done, work.folds * work.repeats()));
  report.stop_reason = "interrupted";
  CrossValidated out;
  out.report = std::move(report);
  return out;
}

void score_folds(const FoldWork& work, CrossValidated& out) {
  const int seed = work.asked.spec.train.seed;
  out.repeats = out_of_fold(work);
  out.fold = test_folds(work);
  put_scores(score::Repeats(out.repeats), {*work.goal, seed, work.asked.stop}, out.report);
  const auto methods = simple_methods_out_of_fold(work);
  const auto own = comparable_out_of_fold(work);
  put_baselines({score::Repeats(own), out.fold, seed, work.asked.stop}, methods, out.report);
}

// Returns the units of the tested samples; `all` holds the units of every sample.
std::vector<int> units_of(const std::vector<int>& test, const std::vector<int>& all) {
  std::vector<int> out;
  for (const int i : test) {
    if (!all.empty()) out.push_back(all[static_cast<std::size_t>(i)]);
  }
  return out;
}

Kept keep_folds(const FoldWork& work) {
  Kept kept;
  add_data(work.asked.data, kept);
  for (const FoldJob& job : work.jobs) {
    kept.split.add_list(job.train).add_list(job.valid).add_list(job.test);
    kept.parameters.add_text(base::Digest(job.parameters).hex());
    add_curves(job.fitted.outcomes, job.repeat, job.test.empty() ? -1 : job.fold, kept);
    add_answers({work.asked.data, job.test, job.said, job.repeat, job.fold,
                 units_of(job.test, work.related.group)},
                kept);
  }
  return kept;
}

}  // namespace

CrossValidated cross_validate(const CrossValidation& asked) {
  const double start = now();
  FoldWork work(asked);
  make_jobs(work);
  const int done = FoldFitting(work).run();
  CrossValidated out;
  out.report = describe_folds(work);
  out.report.seconds.train = now() - start;
  const Report unscored = out.report;
  if (work.stopped()) return interrupted(work, done, unscored);
  out.report.stop_reason = "folds";
  try {
    score_folds(work, out);
  } catch (const score::Stopped&) {
    return interrupted(work, done, unscored);
  }
  out.kept = keep_folds(work);
  if (!asked.keep_model) return out;
  describe_model(work.jobs.back(), out.report);
  out.model = std::move(work.jobs.back().fitted.model);
  return out;
}

}  // namespace refrain::api
