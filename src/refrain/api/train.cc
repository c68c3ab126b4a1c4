#include "refrain/api/train.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <mutex>
#include <numeric>

#include "refrain/api/inside/baselines.h"
#include "refrain/api/inside/checkpoints.h"
#include "refrain/api/inside/clock.h"
#include "refrain/api/inside/cross_validation.h"
#include "refrain/api/inside/evaluation.h"
#include "refrain/api/inside/keep.h"
#include "refrain/api/inside/options_impl.h"
#include "refrain/api/inside/record.h"
#include "refrain/api/output.h"
#include "refrain/api/version.h"
#include "refrain/base/duration.h"
#include "refrain/base/files.h"
#include "refrain/data/leak.h"
#include "refrain/data/recognised.h"
#include "refrain/data/spellings.h"
#include "refrain/data/split.h"
#include "refrain/data/units.h"
#include "refrain/task/baselines/score.h"
#include "refrain/task/classify/labels.h"
#include "refrain/task/fit.h"
#include "refrain/task/model_file.h"
#include "refrain/task/task.h"
#include "refrain/train/doctor.h"
#include "refrain/transformer/front_end.h"

namespace refrain::api {
namespace {

using data::Dataset;

// The data of a run: training samples, validation samples and test samples, of up to three files.
struct Parts {
  Dataset data, valid_file, test_file;
  std::vector<int> train, valid, test;  // numbers in `data`, or in the file where there is one

  const Dataset& valid_data() const { return valid_file.samples.empty() ? data : valid_file; }
  const Dataset& test_data() const { return test_file.samples.empty() ? data : test_file; }
};

std::vector<int> all_of(const Dataset& d) {
  std::vector<int> numbers(d.samples.size());
  std::iota(numbers.begin(), numbers.end(), 0);
  return numbers;
}

class Training {
 public:
  explicit Training(const TrainJob& job)
      : job_(job), spec_(job.options.impl().spec), checkpoints_(job, log_) {
    log_ = base::Log([this](base::Level level, const std::string& sentence) {
      if (job_.hooks.message) job_.hooks.message(sentence, level == base::Level::kWarning);
    });
  }

  // What the store keeps of it; after run().
  store::Run stored() {
    return make_run(job_, job_.options.impl().spec, spec_, report_, std::move(kept_));
  }

  Report run() {
    check_outputs();
    double start = now();
    check_fold_options();
    refuse_to_continue_in_time();
    load();
    if (folds_wanted()) return validate_across();
    split();
    guard_against_leaks();
    const task::View test{parts_.test_data(), parts_.test};
    check_files(test);
    report_.seconds.load = now() - start;
    start = now();
    task::Fitted fitted = fit_or_clean_up();
    report_.seconds.train = now() - start;
    describe(fitted);
    if (fitted.interrupted()) return report_;
    say_findings(fitted);
    save(fitted.model);
    try {
      score_and_keep(fitted, test);
    } catch (const score::Stopped&) {
      forget_scores();
    }
    return report_;
  }

 private:
  void score_and_keep(const task::Fitted& fitted, const task::View& test) {
    const double start = now();
    const auto answered = answer(fitted.model, test, spec_.train.threads);
    put_scores(*answered.answers, {*fitted.model.goal, spec_.train.seed, job_.hooks.stop}, report_);
    keep(fitted, answered);
    report_.seconds.evaluate = now() - start;
    add_baselines(answered);
  }

  // Stopped between the training and the last score: a part of the scores is none.
  void forget_scores() {
    report_.metrics.clear();
    report_.baselines.clear();
    report_.tables.clear();
    report_.variation.clear();
    report_.stop_reason = train::to_string(train::StopReason::kInterrupted);
    log_.info(job_.out.empty() ? "stopped while the scores were worked out"
                               : "stopped while the scores were worked out; the model is kept, and "
                                 "'refrain evaluate' scores it");
  }

  void check_outputs() const {
    require_apart({job_.data, job_.test, job_.valid}, {job_.out, job_.checkpoint});
    if (job_.out == "-" || job_.checkpoint == "-") {
      throw Error(Code::kUsage, "a model or checkpoint cannot go to standard output",
                  "name a file");
    }
    if (!job_.out.empty()) base::check_writable(job_.out);
    if (!job_.checkpoint.empty()) base::check_writable(job_.checkpoint);
  }

  // Settles how recordings are heard.
  Dataset read(const std::string& path) {
    return settled(data::read_labelled(path, spec_.read, log_));
  }

  Dataset settled(Dataset d) {
    data::hear(d, spec_.features.sound, true);
    transformer::encode_texts(
        d, {spec_.text_encoder, spec_.features.max_length, spec_.train.threads}, log_);
    if (parts_.data.samples.empty()) settle_task(d);
    settle_targets(task_of(spec_).aim, d);
    settle_names(d, log_);
    if (!parts_.data.samples.empty() && learns_classes()) adopt_names(d);
    return d;
  }

  // What is learned where nobody said so; "auto" stands for classes.
  void settle_task(const Dataset& d) {
    const std::string task = task::recognise_task(spec_, d, log_);
    if (spec_.task != "auto" || task != "classify") spec_.task = task;
  }

  bool learns_classes() const { return task_of(spec_).aim == task::Aim::kClass; }

  void adopt_names(Dataset& d) const { data::adopt_labels(d, labels()); }

  std::vector<std::string> labels() const {
    return task::labels_of({parts_.data, all_of(parts_.data)});
  }

  // What no score can mend is said before the training.
  void refuse_own_labels() const {
    const std::size_t n = parts_.data.samples.size();
    if (!learns_classes() || !job_.test.empty() || labels().size() < n || n < 3) return;
    throw Error(Code::kData,
                fmt::format("{}: each of {} samples has its own label ('{}', '{}', ...)", job_.data,
                            n, parts_.data.samples[0].label, parts_.data.samples[1].label),
                "is --target right? A class is learnt from several samples that share a label");
  }

  void say_empty_group() const {
    if (spec_.read.group.empty()) return;
    for (const auto& sample : parts_.data.samples) {
      if (!sample.group.empty()) return;
    }
    log_.warning(fmt::format("{}: no sample has a group: the column '{}' (--group) is empty",
                             job_.data, spec_.read.group));
  }

  void say_classes_of_one() const {
    const auto classes = data::classes_of_one_unit(parts_.data);
    if (classes.empty()) return;
    constexpr std::size_t kShown = 10;
    const std::vector<std::string> shown(
        classes.begin(),
        classes.begin() + static_cast<std::ptrdiff_t>(std::min(kShown, classes.size())));
    log_.warning(fmt::format(
        "{} can only be missed: where {} tested, no other sample of the class is there to learn "
        "from: {}{}",
        classes.size() == 1 ? "1 class" : fmt::format("{} classes", classes.size()),
        classes.size() == 1 ? "it is" : "they are", fmt::join(shown, ", "),
        classes.size() > kShown ? ", ..." : ""));
  }

  // A file beside the training file, matched with it by names.
  Dataset read_beside(const std::string& path) {
    const data::Expected expected = data::expected_like(parts_.data);
    return settled(data::read_expected(path, spec_.read, expected, log_));
  }

  void say_likely_group() {
    const std::string& name = parts_.data.likely_group;
    if (name.empty()) return;
    log_.warning(fmt::format(
        "{} has '{}' and no group: where several samples share one, --group '{}' keeps them "
        "together, so that the score tells how others will fare",
        job_.data, name, name));
  }

  void say_recognised() {
    RecognisedData& out = report_.recognised;
    const Dataset& d = parts_.data;
    out.format = d.format;
    out.summary = data::recognised(d);
    out.target = d.columns.label;
    out.text = d.columns.text;
    out.group = d.columns.group;
    out.id = d.columns.id;
    out.time = d.columns.time;
    out.not_read = d.not_read;
    out.warnings = d.warnings;
    log_.info(out.summary);
  }

  void load() {
    parts_.data = read(job_.data);
    say_recognised();
    say_likely_group();
    if (!parts_.data.series_layout.empty()) spec_.read.series_layout = parts_.data.series_layout;
    task::task_of(spec_).require({parts_.data, all_of(parts_.data)});
    refuse_own_labels();
    say_empty_group();
    if (!job_.test.empty()) parts_.test_file = read_beside(job_.test);
    if (!job_.valid.empty()) parts_.valid_file = read_beside(job_.valid);
  }

  [[noreturn]] void refuse_without_test() const {
    const auto& samples = parts_.data.samples;
    const int units = data::unit_count(parts_.data, all_of(parts_.data));
    const std::size_t labels = learns_classes() ? this->labels().size() : 0;
    const std::string related =
        static_cast<std::size_t>(units) == samples.size()
            ? ""
            : fmt::format(" in {} unrelated part{} (groups and duplicates stay whole)", units,
                          units == 1 ? "" : "s");
    throw Error(Code::kData,
                fmt::format("{}: {} samples{} are too few to hold a test part out", job_.data,
                            samples.size(), related),
                2 * labels > samples.size()
                    ? fmt::format("{} samples have {} labels: is --target right? Else give more "
                                  "samples of each class, or a test file with --test",
                                  samples.size(), labels)
                    : "give more samples, or a test file with --test");
  }

  void split() {
    const base::Rng rng = base::Rng(static_cast<std::uint64_t>(spec_.train.seed)).fork("split");
    std::vector<int> pool = all_of(parts_.data);
    if (job_.test.empty()) {
      auto part = data::split_off(parts_.data, pool, spec_.split.test_fraction, rng.fork("test"));
      parts_.test = part.held_out;
      pool = part.train;
      say_kept("test", part.kept_whole);
      if (parts_.test.empty()) refuse_without_test();
      log_.info(fmt::format("no --test file: {} of {} samples held out for the score",
                            parts_.test.size(), parts_.data.samples.size()));
    } else {
      parts_.test = all_of(parts_.test_file);
    }
    task::task_of(spec_).require({parts_.data, pool});
    split_valid(pool, rng.fork("valid"));
  }

  void split_valid(const std::vector<int>& pool, const base::Rng& rng) {
    if (!job_.valid.empty()) {
      parts_.train = pool;
      parts_.valid = all_of(parts_.valid_file);
      return;
    }
    std::vector<std::string> kept_whole;
    auto parts = task::split_valid(parts_.data, pool, spec_, rng, &kept_whole);
    parts_.train = std::move(parts.train);
    parts_.valid = std::move(parts.valid);
    say_kept("validation", kept_whole);
  }

  void say_kept(const char* part, const std::vector<std::string>& classes) const {
    if (classes.empty() || !learns_classes()) return;
    constexpr std::size_t kShown = 10;
    const std::vector<std::string> shown(
        classes.begin(),
        classes.begin() + static_cast<std::ptrdiff_t>(std::min(kShown, classes.size())));
    log_.info(fmt::format("{} {} too small for the {} part and kept whole in training: {}{}",
                          classes.size(), classes.size() == 1 ? "class is" : "classes are", part,
                          fmt::join(shown, ", "), classes.size() > kShown ? ", ..." : ""));
  }

  task::FitParts fit_parts() const {
    return {&parts_.data, parts_.train, &parts_.valid_data(), parts_.valid};
  }

  // Errors of the other files come before the training, not after it.
  void check_files(const task::View& test) {
    const auto& form = parts_.data.streams;
    if (!job_.test.empty()) data::check_form(form, parts_.test_file);
    if (!job_.valid.empty()) data::check_form(form, parts_.valid_file);
    const task::View training{parts_.data, parts_.train};
    static const std::vector<std::string> kNoFurther;
    goal_ = task_of(spec_).fit({training, training, kNoFurther}, spec_);
    goal_->truths(test);
  }

  // What others have split is not trusted.
  void guard_against_leaks() {
    const data::Side train{parts_.data, parts_.train, "training"};
    if (!job_.test.empty()) guard(train, {parts_.test_file, parts_.test, "test"});
    if (job_.valid.empty()) return;
    const data::Side valid{parts_.valid_file, parts_.valid, "validation"};
    guard(train, valid);
    guard(valid, {parts_.test_data(), parts_.test, "test"});
  }

  void add_remark(const std::string& remark) {
    report_.leaks += (report_.leaks.empty() ? "" : "; ") + remark;
  }

  void guard(const data::Side& known, const data::Side& judged) {
    const data::Leaks leaks = data::find_leaks(known, judged);
    if (!spec_.split.allow_overlap) data::refuse_leaks(leaks, known, judged);
    if (!leaks.same.empty()) {
      add_remark(fmt::format("{} of {} {} samples also in the {} part", leaks.same.size(),
                             judged.chosen.size(), judged.name, known.name));
      log_.warning(fmt::format("{} of {} {} samples also stand in the {} part, as allowed{}",
                               leaks.same.size(), judged.chosen.size(), judged.name, known.name,
                               data::first_lines(leaks.same)));
    }
    if (leaks.near.empty()) return;
    add_remark(fmt::format("{} {} samples nearly equal to {} samples", leaks.near.size(),
                           judged.name, known.name));
    log_.warning(fmt::format("{} of {} {} samples are nearly equal to {} samples{}",
                             leaks.near.size(), judged.chosen.size(), judged.name, known.name,
                             data::first_lines(leaks.near)));
  }

  // An option that would do nothing is a mistake.
  void check_fold_options() const {
    const auto& split = spec_.split;
    const bool by_group = split.fold_by == "leave_one_group_out";
    const bool lacks = !folds_wanted() && (split.repeats > 1 || split.fold_by != "stratified");
    if (lacks) {
      throw Error(Code::kUsage, "--repeats and --fold-by belong to a cross-validation",
                  "say how many folds with --folds");
    }
    if (split.purge > 0 && split.fold_by != "time") {
      throw Error(Code::kUsage, "--purge belongs to folds by time", "add --fold-by time");
    }
    if (by_group && (split.folds > 0 || split.repeats > 1)) {
      throw Error(Code::kUsage, "to leave one group out there is one way, with one fold a group",
                  "leave --folds and --repeats out");
    }
  }

  bool folds_wanted() const {
    return spec_.split.folds > 0 || spec_.split.fold_by == "leave_one_group_out";
  }

  // The score of cross-validation; the model that is kept has seen all the data.
  Report validate_across() {
    if (job_.resume || !job_.checkpoint.empty() || !job_.test.empty() || !job_.valid.empty()) {
      throw Error(Code::kUsage,
                  "cross-validation makes its own parts and keeps no checkpoint: --test, --valid, "
                  "--resume and --checkpoint do not go with --folds",
                  "leave them out, or --folds");
    }
    if (learns_classes()) say_classes_of_one();
    const bool kept = !job_.out.empty() || job_.fits_kept_model;
    const double end = deadline(kScoringShare);
    const double seconds = end > 0 ? std::max(1e-3, end - now()) : 0;
    auto found = cross_validate({parts_.data, spec_, kept, job_.hooks.stop, log_, seconds});
    found.report.recognised = std::move(report_.recognised);
    report_ = std::move(found.report);
    kept_ = std::move(found.kept);
    if (!found.model) return report_;
    spec_ = found.model->spec;
    save(*found.model);
    return report_;
  }

  // When a share of the time limit is over; 0 without a limit.
  double deadline(double share) const {
    const auto limit = base::parse_duration(spec_.time_limit);
    return limit ? begin_ + share * *limit : 0;
  }

  void refuse_to_continue_in_time() const {
    if (!job_.resume || spec_.time_limit.empty()) return;
    throw Error(Code::kUsage,
                "--resume goes on as it was begun, and a time limit would choose anew",
                "leave the limit out and name --ensemble and --epochs as the log gave them");
  }

  // A diverged run has nothing to continue from: the same options would end there again.
  task::Fitted fit_or_clean_up() {
    task::FitHooks hooks;
    hooks.log = log_;
    hooks.stop = job_.hooks.stop;
    hooks.watch = [this](const task::NetworkRun& run) { return watch(run); };
    hooks.resume = [this](const task::NetworkRun& run) { return checkpoints_.resume(run); };
    hooks.deadline = deadline(kTrainingShare);
    try {
      return task::fit_model(spec_, fit_parts(), hooks);
    } catch (const Error& e) {
      if (e.code() == Code::kNumeric) checkpoints_.remove_own();
      throw;
    }
  }

  train::Hooks watch(const task::NetworkRun& run) {
    train::Hooks hooks;
    hooks.stop = job_.hooks.stop;
    if (run.number == 0) hooks.log = log_;
    hooks.checkpoint = checkpoints_.saver(run);
    if (!job_.hooks.progress) return hooks;
    hooks.progress = [this, number = run.number, count = run.count, stage = run.stage,
                      name = run.network.goal().judge().score_name()](const train::Progress& p) {
      const std::lock_guard lock(progress_mutex_);
      auto& epochs_done = epochs_done_[stage];
      epochs_done.resize(static_cast<std::size_t>(count));
      epochs_done[static_cast<std::size_t>(number)] = p.epoch - 1;
      const int before = std::accumulate(epochs_done.begin(), epochs_done.end(), 0);
      const int epochs = std::max(before + 1, p.epochs * count);  // --refit: each has its own
      TrainProgress out{before + 1,   epochs, p.batch, p.batches, p.loss,
                        p.epoch_done, false,  0,       0,         name};
      if (p.epoch_done) epochs_done[static_cast<std::size_t>(number)] = p.epoch;
      if (p.record != nullptr && !parts_.valid.empty() && !stage.ends_with("refit")) {
        out.has_valid = true;
        out.valid_score = p.record->valid.score;
        out.valid_loss = p.record->valid.loss;
      }
      job_.hooks.progress(out);
    };
    return hooks;
  }

  // Of an ensemble's networks the first speaks for all.
  void say_findings(const task::Fitted& fitted) const {
    if (fitted.outcomes.empty()) return;
    const auto& first = fitted.outcomes.front();
    for (const auto& finding : train::diagnose(first, {spec_.train, spec_.optim})) {
      log_.info(finding);
    }
  }

  void describe(const task::Fitted& fitted) {
    spec_ = fitted.model.spec;
    report_.task = fitted.model.goal->task();
    report_.metric = task_of(spec_).metric;
    report_.n_train = static_cast<int>(parts_.train.size());
    report_.n_valid = static_cast<int>(parts_.valid.size());
    report_.n_test = static_cast<int>(parts_.test.size());
    report_.classes = fitted.model.goal->classes();
    report_.columns = fitted.model.goal->answer_columns();
    report_.params = static_cast<long long>(fitted.model.parameter_count());
    put_outcome(fitted, report_);
    report_.seed = spec_.train.seed;
    report_.threads = spec_.train.threads;
    report_.protocol = job_.test.empty() ? fmt::format("{} of {} samples held out", report_.n_test,
                                                       parts_.data.samples.size())
                                         : "test file";
    report_.units = unit_report(parts_.test_data(), parts_.test);
    if (report_.leaks.empty()) report_.leaks = "none found";
    const int unknown = data::find_units(parts_.data, all_of(parts_.data)).without_group;
    if (unknown > 0) {
      add_remark(fmt::format("{} of {} samples without a group may be related to others", unknown,
                             parts_.data.samples.size()));
    }
  }

  void keep(const task::Fitted& fitted, const Answered& answered) {
    for (const Dataset* d : {&parts_.data, &parts_.valid_file, &parts_.test_file})
      add_data(*d, kept_);
    kept_.split.add_list(parts_.train).add_list(parts_.valid).add_list(parts_.test);
    fitted.model.add_to(kept_.parameters);
    add_curves(fitted.outcomes, 0, 0, kept_);
    add_answers({parts_.test_data(), parts_.test, answered.said, 0, 0, answered.answers->group},
                kept_);
  }

  // Simple methods, fitted on the training part and scored on the test part as the network is.
  void add_baselines(const Answered& answered) {
    const task::View test{parts_.test_data(), parts_.test};
    task::TrainingView training{{parts_.data, parts_.train},
                                {},
                                0,
                                static_cast<std::uint64_t>(spec_.train.seed),
                                spec_.train.threads};
    goal_->put_targets(training);
    task::ScoreOptions options{log_, job_.hooks.stop, {}, deadline(kScoringShare)};
    if (!spec_.split.baselines) options.only = {task_of(spec_).floor_method};
    const auto beside = [&](task::Predictions said) {
      auto out = goal_->answers(test, std::move(said));
      out->group = answered.answers->group;
      out->words = answered.answers->words;
      return out;
    };
    std::vector<BaselineAnswers> answers;
    for (auto& b : task::run_baselines(training, test, options)) {
      BaselineAnswers one{b.name, {}, b.seconds};
      one.repeats.push_back(beside(goal_->of_baseline(std::move(b.numbers))));
      answers.push_back(std::move(one));
    }
    const auto own = beside(goal_->comparable(answered.said));
    put_baselines({*own, {}, spec_.train.seed, job_.hooks.stop}, answers, report_);
  }

  void save(task::Model& model) {
    if (!job_.out.empty()) {
      model.receipt = {version(),      report_.n_train,    report_.n_valid,
                       report_.epochs, report_.best_epoch, report_.stop_reason};
      task::save_model(job_.out, model);
      report_.model = job_.out;
    }
    checkpoints_.remove_own();
  }

  // Of a time limit: when the model should be there, and when no further baseline is begun.
  static constexpr double kTrainingShare = 0.8, kScoringShare = 0.93;

  const double begin_ = now();
  const TrainJob& job_;
  task::Spec spec_;
  base::Log log_;
  Parts parts_;
  Report report_;
  Kept kept_;
  std::shared_ptr<const task::Goal> goal_;  // of the training part
  Checkpoints checkpoints_;
  std::mutex progress_mutex_;
  std::map<std::string, std::vector<int>> epochs_done_;  // of each network, by stage
};

}  // namespace

Report train_run(const TrainJob& job, store::Run* run) {
  Training training(job);
  Report report = training.run();
  *run = training.stored();
  return report;
}

Report train(const TrainJob& job) {
  require_store(job.store);
  store::Run run;
  Report report = train_run(job, &run);
  if (report.stop_reason != "interrupted") report.run = record(job.store, std::move(run));
  return report;
}

}  // namespace refrain::api
