#include "refrain/api/inside/cross_validation.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <numeric>
#include <set>

#include "refrain/api/inside/baselines.h"
#include "refrain/api/inside/clock.h"
#include "refrain/api/inside/evaluation.h"
#include "refrain/base/threads.h"
#include "refrain/data/folds.h"
#include "refrain/score/intervals.h"
#include "refrain/task/baselines/score.h"
#include "refrain/task/classify/cost.h"
#include "refrain/task/classify/labels.h"
#include "refrain/task/fit.h"

namespace refrain::api {
namespace {

// One model: a fold of a repeat, or (test empty) the one that is kept.
struct Job {
  int repeat = 0, fold = 0;
  std::vector<int> pool, test;
  // results
  task::Fitted fitted;              // its members only where it is kept
  std::vector<double> probability;  // [test, classes of the whole data]
  std::vector<int> predicted;       // [test]
  std::vector<task::BaselineScore> baselines;
  std::vector<int> train, valid;
  base::Digest parameters;
  int n_train = 0, n_valid = 0;
  long long parameter_count = 0;
};

class Across {
 public:
  explicit Across(const CrossValidation& work) : work_(work) {
    std::set<std::string> labels;
    for (const auto& sample : work.data.samples) labels.insert(sample.label);
    labels_.assign(labels.begin(), labels.end());
    for (const auto& sample : work.data.samples) {
      targets_.push_back(task::label_number(labels_, sample.label));
    }
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
    const auto& repeats = out.repeats;
    try {
      put_scores(
          repeats,
          {task::parse_cost(work_.spec.model.cost, labels_), work_.spec.train.seed, work_.stop}, r);
      add_baselines(repeats, r);
    } catch (const score::Stopped&) {
      return interrupted(out);
    }
    keep(repeats.front().group, out.kept);
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
    std::vector<int> all(work_.data.samples.size());
    std::iota(all.begin(), all.end(), 0);
    const auto& split = work_.spec.split;
    const data::FoldSpec folds{split.folds, split.fold_by, split.purge};
    const base::Rng rng =
        base::Rng(static_cast<std::uint64_t>(work_.spec.train.seed)).fork("split").fork("folds");
    for (int repeat = 0; repeat < split.repeats; ++repeat) {
      auto cut =
          data::make_folds(work_.data, all, folds, rng.fork(static_cast<std::uint64_t>(repeat)));
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
    jobs_.back().pool = all;
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
    const auto own = model.predict({work_.data, job.test}, 1);
    job.probability = task::widen(own, model.goal->columns(), labels_);
    const auto width = static_cast<std::size_t>(model.goal->width());
    for (std::size_t at = 0; at < own.size(); at += width) {
      job.predicted.push_back(task::label_number(labels_, model.goal->decide(&own[at])));
    }
    job.fitted.model = {};
    score_baselines_of(job, parts, work_.seconds > 0 ? begin + seconds_a_job_ : 0);
    say_done();
  }

  void score_baselines_of(Job& job, const task::FitParts& parts, double deadline) {
    std::vector<int> targets, test_targets;
    for (const int i : parts.train) targets.push_back(targets_[static_cast<std::size_t>(i)]);
    for (const int i : job.test) test_targets.push_back(targets_[static_cast<std::size_t>(i)]);
    task::ScoreOptions options{log_, work_.stop, {}, deadline};
    if (!work_.spec.split.baselines) options.only = {"majority"};
    job.baselines = task::score_baselines({{work_.data, parts.train},
                                           targets,
                                           static_cast<int>(labels_.size()),
                                           static_cast<std::uint64_t>(work_.spec.train.seed),
                                           1},
                                          {{work_.data, job.test}, test_targets}, options);
  }

  void say_done() {
    const std::lock_guard lock(mutex_);
    ++done_;
    work_.log.info(fmt::format("fold {} of {} done", done_, folds_ * work_.spec.split.repeats));
  }

  void describe(Report& r) const {
    const auto& split = work_.spec.split;
    r.task = "classify";
    r.metric = "accuracy";
    r.classes = labels_;
    r.folds = folds_;
    r.repeats = split.repeats;
    r.protocol = fmt::format("cross-validation, {} folds x {} repeats, {}", folds_, split.repeats,
                             split.fold_by);
    if (split.purge > 0) r.protocol += fmt::format(", purge {}", split.purge);
    std::vector<int> all(work_.data.samples.size());
    std::iota(all.begin(), all.end(), 0);
    r.units = unit_report(work_.data, all);
    r.leaks = "none: related samples stay together";
    if (r.units.without_group > 0) {
      r.leaks = fmt::format(
          "groups and copies stay together; {} of {} samples without a group may be related to "
          "others",
          r.units.without_group, all.size());
    }
    r.n_train = jobs_.front().n_train;
    r.n_valid = jobs_.front().n_valid;
    r.n_test = static_cast<int>(work_.data.samples.size());
    r.params = jobs_.front().parameter_count;
    put_outcome(jobs_.front().fitted, r);
    r.seed = work_.spec.train.seed;
    r.threads = work_.spec.train.threads;
  }

  // The out-of-fold predictions of each repeat, samples in the order of the data.
  std::vector<score::Classification> out_of_fold() const {
    std::vector<int> all(targets_.size());
    std::iota(all.begin(), all.end(), 0);
    score::Classification related;
    put_units(work_.data, all, related);
    const std::size_t C = labels_.size();
    std::vector<score::Classification> repeats(static_cast<std::size_t>(work_.spec.split.repeats));
    for (auto& c : repeats) {
      c.classes = static_cast<int>(C);
      c.truth = targets_;
      c.predicted.resize(targets_.size());
      c.probability.resize(targets_.size() * C);
      c.group = related.group;
      c.words = related.words;
    }
    for (const Job& job : jobs_) {
      auto& c = repeats[static_cast<std::size_t>(job.repeat)];
      for (std::size_t k = 0; k < job.test.size(); ++k) {
        const auto row = job.probability.begin() + static_cast<std::ptrdiff_t>(k * C);
        const auto end = row + static_cast<std::ptrdiff_t>(C);
        const auto i = static_cast<std::size_t>(job.test[k]);
        c.predicted[i] = job.predicted[k];
        std::copy(row, end, c.probability.begin() + static_cast<std::ptrdiff_t>(i * C));
      }
    }
    return repeats;
  }

  // [repeat][n]: the fold in which each sample is tested.
  std::vector<std::vector<int>> test_folds() const {
    std::vector<std::vector<int>> fold(static_cast<std::size_t>(work_.spec.split.repeats),
                                       std::vector<int>(targets_.size()));
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

  void keep(const std::vector<int>& units, Kept& kept) const {
    add_data(work_.data, kept);
    for (const Job& job : jobs_) {
      kept.split.add_list(job.train).add_list(job.valid).add_list(job.test);
      kept.parameters.add_text(base::Digest(job.parameters).hex());
      add_curves(job.fitted.outcomes, job.repeat, job.test.empty() ? -1 : job.fold, kept);
      add_answers({work_.data, job.test, labels_, job.probability, job.predicted, job.repeat,
                   job.fold, units_of(job.test, units)},
                  kept);
    }
  }

  // Only those that every fold could fit.
  void add_baselines(std::span<const score::Classification> repeats, Report& r) const {
    const std::vector<std::vector<int>> none(repeats.size(), std::vector<int>(targets_.size()));
    const auto fold = test_folds();
    std::map<std::string, std::pair<int, BaselineAnswers>> found;  // folds that fitted it
    int folds = 0;
    for (const Job& job : jobs_) {
      if (job.test.empty()) continue;
      ++folds;
      const auto repeat = static_cast<std::size_t>(job.repeat);
      for (const auto& b : job.baselines) {
        auto& [count, answers] =
            found.try_emplace(b.name, 0, BaselineAnswers{b.name, none}).first->second;
        ++count;
        answers.seconds += b.seconds;
        for (std::size_t k = 0; k < job.test.size(); ++k) {
          answers.predicted[repeat][static_cast<std::size_t>(job.test[k])] = b.predicted[k];
        }
      }
    }
    std::vector<BaselineAnswers> complete;
    for (const auto& b : jobs_.front().baselines) {
      const auto& [count, answers] = found[b.name];
      if (count == folds) complete.push_back(answers);
    }
    put_baselines({repeats, fold, work_.spec.train.seed, work_.stop}, complete, r);
  }

  static constexpr double kTrainingShare = 0.85;  // of a job's time; the rest is for baselines

  const CrossValidation& work_;
  double seconds_a_job_ = 0;  // with a time limit
  base::Log log_;
  std::vector<std::string> labels_;
  std::vector<int> targets_;  // of every sample
  std::vector<Job> jobs_;
  int folds_ = 0, done_ = 0;
  std::mutex mutex_;
  std::set<std::string> said_;
};

}  // namespace

CrossValidated cross_validate(const CrossValidation& work) { return Across(work).run(); }

}  // namespace refrain::api
