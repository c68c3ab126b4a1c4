#include <fmt/format.h>

#include <cmath>

#include "refrain/api/inside/clock.h"
#include "refrain/api/inside/fold_work.h"
#include "refrain/api/inside/made.h"
#include "refrain/api/inside/settle.h"
#include "refrain/base/threads.h"
#include "refrain/data/folds.h"

namespace refrain::api {
namespace {

constexpr double kFitShare = 0.85;  // share of a fold's time for fitting

}  // namespace

FoldWork::FoldWork(const CrossValidation& whole)
    : asked(whole), task(task::task_of(whole.spec)), all(all_of(whole.data)) {
  static const std::vector<std::string> kNoFurther;
  const data::Subset everything{whole.data, all};
  goal = task.fit({everything, everything, kNoFurther, true}, whole.spec);
  related = api::related(whole.data, all);
}

void make_jobs(FoldWork& work) {
  const auto& split = work.asked.spec.split;
  const data::FoldSpec spec{split.folds, split.fold_by, split.purge};
  const base::Rng rng = split_rng(work.asked.spec).fork("folds");
  for (int repeat = 0; repeat < split.repeats; ++repeat) {
    auto cut = data::make_folds(work.asked.data, work.all, spec,
                                rng.fork(static_cast<std::uint64_t>(repeat)));
    work.folds = static_cast<int>(cut.size());
    int number = 0;
    for (auto& fold : cut) {
      work.jobs.push_back({repeat, number++, std::move(fold.train), std::move(fold.test)});
    }
  }
  if (work.asked.keep_model) work.jobs.push_back({0, 0, work.all, {}});
}

FoldFitting::FoldFitting(FoldWork& work)
    : work_(work),
      threads_(work.asked.spec.train.threads > 0 ? work.asked.spec.train.threads
                                                 : base::core_count()),
      seconds_a_job_(work.asked.seconds /
                     std::ceil(static_cast<double>(work.jobs.size()) / threads_)) {
  log_ = base::Log([this](base::Level level, const std::string& sentence) {
    const std::lock_guard lock(mutex_);
    if (!said_.insert(sentence).second) return;
    const base::Log& out = work_.asked.log;
    level == base::Level::kWarning ? out.warning(sentence) : out.info(sentence);
  });
}

int FoldFitting::run() {
  base::parallel_for(static_cast<int>(work_.jobs.size()), threads_,
                     [&](int i) { fit(work_.jobs[static_cast<std::size_t>(i)]); });
  return done_;
}

void FoldFitting::fit(FoldJob& job) {
  if (work_.stopped()) return;
  const double begin = now();
  const bool limited = work_.asked.seconds > 0;
  task::Spec spec = work_.asked.spec;
  spec.train.seed += job.repeat;
  spec.train.threads = 1;
  const auto parts =
      task::split_valid(work_.asked.data, job.pool, spec, split_rng(spec).fork("valid"), nullptr);
  job.train = parts.train;
  job.valid = parts.valid;
  task::FitHooks hooks;
  hooks.stop = work_.asked.stop;
  hooks.log = log_;
  hooks.tells_time = &job == work_.jobs.data();  // the other folds take as long
  if (limited) hooks.deadline = begin + kFitShare * seconds_a_job_;
  job.fitted = task::fit_model(spec, parts, hooks);
  job.made = made_of(job.fitted.model);
  job.other = job.fitted.other;
  job.parameter_count = static_cast<long long>(job.fitted.model.parameter_count());
  job.fitted.model.add_to(job.parameters);
  if (job.test.empty() || work_.stopped()) return;
  ask(job, parts, limited ? begin + seconds_a_job_ : 0);
  say_done();
}

void FoldFitting::ask(FoldJob& job, const task::FitParts& parts, double deadline) {
  const data::Subset test{work_.asked.data, job.test};
  const task::Model& model = job.fitted.model;
  job.said = model.answer(test, 1);
  job.said.numbers = work_.goal->adopt(job.said.numbers, *model.goal);
  job.columns = model.goal->answer_columns();
  job.fitted.model = {};
  method::Training training{{work_.asked.data, parts.train},
                            {},
                            0,
                            static_cast<std::uint64_t>(work_.asked.spec.train.seed)};
  work_.goal->put_targets(training);
  method::RunOptions options{log_, work_.asked.stop, {}, deadline};
  if (!work_.asked.spec.split.baselines) options.only = {work_.task.floor_method};
  job.baselines = method::run_methods(training, test, options);
}

void FoldFitting::say_done() {
  const std::lock_guard lock(mutex_);
  ++done_;
  if (!work_.asked.progress) return;
  TrainProgress p;
  p.unit = "fold";
  p.epoch = done_;
  p.epochs = work_.folds * work_.repeats();
  p.loss = std::nan("");
  p.epoch_done = true;
  work_.asked.progress(p);
}

}  // namespace refrain::api
