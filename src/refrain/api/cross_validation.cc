#include "refrain/api/inside/cross_validation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <mutex>
#include <numeric>
#include <set>

#include "refrain/api/inside/baselines.h"
#include "refrain/api/inside/clock.h"
#include "refrain/api/inside/evaluation.h"
#include "refrain/base/threads.h"
#include "refrain/data/folds.h"
#include "refrain/method/beside.h"
#include "refrain/score/intervals.h"
#include "refrain/task/fit.h"
#include "refrain/task/task.h"

namespace refrain::api {
namespace {

// One model: a fold of a repeat, or (test empty) the one that is kept.
struct Job {
  int repeat = 0, fold = 0;
  std::vector<int> pool, test;
  // results
  task::Fitted fitted;     // its members only where it is kept
  task::Predictions said;  // of the tested samples, as answers of the whole data's goal
  std::vector<method::MethodAnswers> baselines;
  std::vector<std::string> columns;  // of what was said
  std::vector<int> train, valid;
  base::Digest parameters;
  int n_train = 0, n_valid = 0;
  long long parameter_count = 0;
};

class Across {
 public:
  explicit Across(const CrossValidation& work)
      : work_(work), task_(task::task_of(work.spec)), all_(work.data.samples.size()) {
    std::iota(all_.begin(), all_.end(), 0);
    const task::View all{work.data, all_};
    goal_ = task_.fit({all, all, none_}, work.spec);
    related_ = related(work.data, all_);
    log_ = base::Log([this](base::Level level, const std::string& sentence) {
      const std::lock_guard lock(mutex_);
      if (!said_.insert(sentence).second) return;  // once, not once a fold
      level == base::Level::kWarning ? work_.log.warning(sentence) : work_.log.info(sentence);
    });
  }

  CrossValidated run() {
    const double start = now();
    make_jobs();
    const int threads =
        work_.spec.train.threads > 0 ? work_.spec.train.threads : base::core_count();
    const double rounds = std::ceil(static_cast<double>(jobs_.size()) / threads);
    seconds_a_job_ = work_.seconds / rounds;
    base::parallel_for(static_cast<int>(jobs_.size()), threads,
                       [&](int i) { run_job(jobs_[static_cast<std::size_t>(i)]); });
    CrossValidated out;
    Report& r = out.report;
    describe(r);
    r.seconds.train = now() - start;
    if (stopped()) return interrupted(out);
    r.stop_reason = "folds";
    out.repeats = out_of_fold();
    out.fold = test_folds();
    const score::Repeats repeats(out.repeats);
    try {
      put_scores(repeats, {*goal_, work_.spec.train.seed, work_.stop}, r);
      add_baselines(r);
    } catch (const score::Stopped&) {
      return interrupted(out);
    }
    keep(out.kept);
    if (work_.keep_model) {
      Job& last = jobs_.back();
      put_outcome(last.fitted, r);
      r.params = last.parameter_count;
      r.n_train = last.n_train;
      r.n_valid = last.n_valid;
      out.model = std::move(last.fitted.model);
    }
    return out;
  }

 private:
  CrossValidated interrupted(CrossValidated& out) const {
    work_.log.info(
        fmt::format("stopped: {} of {} folds were done; a cross-validation keeps none of them and "
                    "starts from the beginning next time",
                    done_, folds_ * work_.spec.split.repeats));
    CrossValidated none;
    describe(none.report);
    none.report.seconds = out.report.seconds;
    none.report.stop_reason = "interrupted";
    return none;
  }

  bool stopped() const { return work_.stop != nullptr && work_.stop->load(); }

  void make_jobs() {
    const auto& split = work_.spec.split;
    const data::FoldSpec folds{split.folds, split.fold_by, split.purge};
    const base::Rng rng =
        base::Rng(static_cast<std::uint64_t>(work_.spec.train.seed)).fork("split").fork("folds");
    for (int repeat = 0; repeat < split.repeats; ++repeat) {
      auto cut =
          data::make_folds(work_.data, all_, folds, rng.fork(static_cast<std::uint64_t>(repeat)));
      folds_ = static_cast<int>(cut.size());
      int number = 0;
      for (auto& fold : cut) {
        jobs_.emplace_back();
        jobs_.back().fold = number++;
        jobs_.back().repeat = repeat;
        jobs_.back().pool = std::move(fold.train);
        jobs_.back().test = std::move(fold.test);
      }
    }
    if (!work_.keep_model) return;
    jobs_.emplace_back();
    jobs_.back().pool = all_;
  }

  void run_job(Job& job) {
    if (stopped()) return;
    task::Spec spec = work_.spec;
    spec.train.seed += job.repeat;
    spec.train.threads = 1;
    const base::Rng rng = base::Rng(static_cast<std::uint64_t>(spec.train.seed)).fork("split");
    const auto parts = task::split_valid(work_.data, job.pool, spec, rng.fork("valid"), nullptr);
    job.train = parts.train;
    job.valid = parts.valid;
    job.n_train = static_cast<int>(parts.train.size());
    job.n_valid = static_cast<int>(parts.valid.size());
    task::FitHooks hooks;
    hooks.stop = work_.stop;
    hooks.log = log_;
    const double begin = now();
    if (work_.seconds > 0) hooks.deadline = begin + kTrainingShare * seconds_a_job_;
    job.fitted = task::fit_model(spec, parts, hooks);
    const task::Model& model = job.fitted.model;
    job.parameter_count = static_cast<long long>(model.parameter_count());
    model.add_to(job.parameters);
    if (job.test.empty() || stopped()) return;
    job.said = model.answer({work_.data, job.test}, 1);
    job.said.numbers = goal_->adopt(job.said.numbers, *model.goal);
    job.columns = model.goal->answer_columns();
    job.fitted.model = {};
    score_baselines_of(job, parts, work_.seconds > 0 ? begin + seconds_a_job_ : 0);
    say_done();
  }

  void score_baselines_of(Job& job, const task::FitParts& parts, double deadline) {
    method::Training training{
        {work_.data, parts.train}, {}, 0, static_cast<std::uint64_t>(work_.spec.train.seed)};
    goal_->put_targets(training);
    method::RunOptions options{log_, work_.stop, {}, deadline};
    if (!work_.spec.split.baselines) options.only = {task_.floor_method};
    job.baselines = method::run_methods(training, {work_.data, job.test}, options);
  }

  void say_done() {
    const std::lock_guard lock(mutex_);
    ++done_;
    work_.log.info(fmt::format("fold {} of {} done", done_, folds_ * work_.spec.split.repeats));
  }

  void describe(Report& r) const {
    const auto& split = work_.spec.split;
    r.task = goal_->task();
    r.metric = task_.metric;
    r.classes = goal_->classes();
    r.columns = columns();
    r.folds = folds_;
    r.repeats = split.repeats;
    r.protocol = fmt::format("cross-validation, {} folds x {} repeats, {}", folds_, split.repeats,
                             split.fold_by);
    if (split.purge > 0) r.protocol += fmt::format(", purge {}", split.purge);
    r.units = unit_report(work_.data, all_);
    r.leaks = "none: related samples stay together";
    if (r.units.without_group > 0) {
      r.leaks = fmt::format(
          "groups and copies stay together; {} of {} samples without a group may be related to "
          "others",
          r.units.without_group, all_.size());
    }
    r.n_train = jobs_.front().n_train;
    r.n_valid = jobs_.front().n_valid;
    r.n_test = static_cast<int>(work_.data.samples.size());
    r.params = jobs_.front().parameter_count;
    put_outcome(jobs_.front().fitted, r);
    r.seed = work_.spec.train.seed;
    r.threads = work_.spec.train.threads;
  }

  // What the numbers of a prediction are called: those that every fold has.
  std::vector<std::string> columns() const {
    if (!goal_->classes().empty()) return goal_->columns();
    const std::vector<std::string>* fewest = nullptr;
    for (const Job& job : jobs_) {
      if (job.columns.empty()) continue;
      if (fewest == nullptr || job.columns.size() < fewest->size()) fewest = &job.columns;
    }
    return fewest == nullptr ? goal_->columns() : *fewest;
  }

  // What each job says of its tested samples, put together: of each repeat about all samples.
  std::vector<task::Predictions> gathered_as(
      const std::function<std::optional<task::Predictions>(const Job&)>& said) const {
    const std::size_t n = all_.size(), most = columns().size();
    std::vector<task::Predictions> out(static_cast<std::size_t>(work_.spec.split.repeats));
    for (const Job& job : jobs_) {
      const auto own = job.test.empty() ? std::nullopt : said(job);
      if (!own) continue;
      auto& to = out[static_cast<std::size_t>(job.repeat)];
      const std::size_t have = own->numbers.size() / job.test.size();
      const std::size_t width = std::min(have, most);
      to.numbers.resize(width * n);
      to.decided.resize(own->decided.empty() ? 0 : n);
      for (std::size_t k = 0; k < job.test.size(); ++k) {
        const auto i = static_cast<std::size_t>(job.test[k]);
        if (!own->decided.empty()) to.decided[i] = own->decided[k];
        std::copy_n(own->numbers.begin() + static_cast<std::ptrdiff_t>(k * have), width,
                    to.numbers.begin() + static_cast<std::ptrdiff_t>(i * width));
      }
    }
    return out;
  }

  // The out-of-fold predictions of each repeat, samples in the order of the data.
  std::vector<std::unique_ptr<score::Answers>> answers(
      const std::vector<task::Predictions>& said) const {
    std::vector<std::unique_ptr<score::Answers>> out;
    for (const auto& one : said) {
      out.push_back(goal_->answers({work_.data, all_}, one));
      related_.put_in(*out.back());
    }
    return out;
  }

  std::vector<std::unique_ptr<score::Answers>> out_of_fold() const {
    return answers(gathered_as([](const Job& job) { return std::optional(job.said); }));
  }

  // [repeat][n]: the fold in which each sample is tested.
  std::vector<std::vector<int>> test_folds() const {
    std::vector<std::vector<int>> fold(static_cast<std::size_t>(work_.spec.split.repeats),
                                       std::vector<int>(all_.size()));
    for (const Job& job : jobs_) {
      auto& of_repeat = fold[static_cast<std::size_t>(job.repeat)];
      for (const int i : job.test) of_repeat[static_cast<std::size_t>(i)] = job.fold;
    }
    return fold;
  }

  // Of the tested samples, from those of all.
  static std::vector<int> units_of(const std::vector<int>& test, const std::vector<int>& all) {
    std::vector<int> out;
    for (const int i : test) {
      if (!all.empty()) out.push_back(all[static_cast<std::size_t>(i)]);
    }
    return out;
  }

  void keep(Kept& kept) const {
    add_data(work_.data, kept);
    for (const Job& job : jobs_) {
      kept.split.add_list(job.train).add_list(job.valid).add_list(job.test);
      kept.parameters.add_text(base::Digest(job.parameters).hex());
      add_curves(job.fitted.outcomes, job.repeat, job.test.empty() ? -1 : job.fold, kept);
      add_answers({work_.data, job.test, job.said, job.repeat, job.fold,
                   units_of(job.test, related_.group)},
                  kept);
    }
  }

  // Only those that every fold could fit.
  void add_baselines(Report& r) const {
    std::vector<BaselineAnswers> complete;
    for (const auto& b : jobs_.front().baselines) {
      BaselineAnswers out{b.name, {}, 0};
      if (gather_baseline(b.name, out)) complete.push_back(std::move(out));
    }
    const auto own = answers(
        gathered_as([&](const Job& job) { return std::optional(goal_->comparable(job.said)); }));
    put_baselines({score::Repeats(own), test_folds(), work_.spec.train.seed, work_.stop}, complete,
                  r);
  }

  // False where a fold lacks it.
  bool gather_baseline(const std::string& name, BaselineAnswers& out) const {
    bool complete = true;
    const auto said = gathered_as([&](const Job& job) -> std::optional<task::Predictions> {
      const auto same = [&](const auto& b) { return b.name == name; };
      const auto found = std::find_if(job.baselines.begin(), job.baselines.end(), same);
      if (job.test.empty()) return std::nullopt;
      complete = complete && found != job.baselines.end();
      if (!complete) return std::nullopt;
      out.seconds += found->seconds;
      return goal_->of_baseline(found->numbers);
    });
    if (complete) out.repeats = answers(said);
    return complete;
  }

  static constexpr double kTrainingShare = 0.85;  // of a job's time; the rest is for baselines

  const CrossValidation& work_;
  double seconds_a_job_ = 0;  // with a time limit
  base::Log log_;
  const task::Task& task_;
  std::vector<int> all_;  // every sample
  std::vector<std::string> none_;
  std::shared_ptr<const task::Goal> goal_;  // of the whole data
  Related related_;
  std::vector<Job> jobs_;
  int folds_ = 0, done_ = 0;
  std::mutex mutex_;
  std::set<std::string> said_;
};

}  // namespace

CrossValidated cross_validate(const CrossValidation& work) { return Across(work).run(); }

}  // namespace refrain::api
