#include "refrain/api/inside/reply_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "refrain/api/inside/baselines.h"
#include "refrain/api/inside/evaluation.h"
#include "refrain/api/inside/made.h"
#include "refrain/api/inside/memory_data.h"
#include "refrain/api/inside/options_impl.h"
#include "refrain/api/inside/reply_training.h"
#include "refrain/api/inside/run_checks.h"
#include "refrain/api/inside/run_data.h"
#include "refrain/api/inside/settle.h"
#include "refrain/api/inside/watch.h"
#include "refrain/api/memory.h"
#include "refrain/api/version.h"
#include "refrain/base/at.h"
#include "refrain/base/files.h"
#include "refrain/data/front_end.h"
#include "refrain/data/pairs.h"
#include "refrain/data/reader.h"
#include "refrain/data/recognised.h"
#include "refrain/data/spellings.h"
#include "refrain/data/split.h"
#include "refrain/data/transcripts.h"
#include "refrain/data/units.h"
#include "refrain/score/intervals.h"
#include "refrain/score/reply_tables.h"
#include "refrain/transduce/findings.h"
#include "refrain/transduce/fit.h"
#include "refrain/transduce/model_file.h"
#include "refrain/transduce/simple/simple.h"

namespace refrain::api {
namespace {

using base::at;

constexpr int kMostValidation = 1000;  // samples, where nobody says how many

// Options of other sections that trainings of replies use.
const std::set<std::string>& shared_options() {
  static const std::set<std::string> names = {
      "task",      "preset",    "time_limit",     "ensemble",      "init",
      "freeze",    "augment",   "valid_fraction", "test_fraction", "allow_overlap",
      "baselines", "normalise", "missing",        "views",         "label_smoothing"};
  return names;
}

// Options of networks that concern what a classifier makes of the states.
const std::set<std::string>& idle_options() {
  static const std::set<std::string> names = {
      "pooling",        "parts",          "spelling_dim", "lm_loss", "unfreeze_every", "mixup",
      "unfreeze_words", "layer_lr_decay", "l2_sp",        "scheme",  "tag_column",     "streams"};
  return names;
}

bool is_for_replies(const base::Field& field, const std::string& task) {
  static const std::set<std::string> sections = {
      "Replies",          "Data",     "Machine",     "Regularisation", "Network",
      "Convolution stem", "Training", "Optimisation"};
  if (idle_options().contains(field.name)) return false;
  if (field.section == "Sound") return task == transduce::kTranscribe;
  return sections.contains(field.section) || shared_options().contains(field.name);
}

// Why an option is refused, where that is not plain; "" = it is not for the task.
std::string why_idle(const std::string& name) {
  static const std::map<std::string, std::string> reasons = {
      {"folds", "models that write are trained once, and scored on samples that are held out"},
      {"repeats", "models that write are trained once"},
      {"fold_by", "models that write are trained once"},
      {"model", "networks write replies, and the simple methods stand beside them"},
      {"blend", "networks write replies, and the simple methods stand beside them"},
      {"mixup", "texts cannot be mixed"}};
  const auto found = reasons.find(name);
  return found == reasons.end() ? "" : ": " + found->second;
}

std::string instead_of(const std::string& name) {
  if (name != "folds" && name != "repeats" && name != "fold_by") return "leave it out";
  return "name a test file with --test or a share with --test-fraction, and repeat with other "
         "--seed";
}

// Files that other runs read or write.
void refuse_idle_files(const TrainJob& job) {
  if (!job.plot.empty()) {
    throw Error(Code::kUsage, "--plot draws forecasts, and this run makes none",
                "leave it out; --report has pictures");
  }
  if (!job.fixes.empty()) {
    throw Error(Code::kUsage, "--fixes corrects labels, and replies are none", "leave it out");
  }
}

// Replies are all different, so nothing is kept in proportion. Spellings of groups are joined.
data::Dataset with_replies(data::Dataset dataset, const base::Log& log) {
  dataset.has_labels = false;
  for (const auto& sentence : data::settle_groups(dataset).joined) {
    log.info(dataset.path + ": " + sentence);
  }
  tell_missing_groups(dataset, log);
  return dataset;
}

// A file of the job, or the samples in its place.
data::Dataset job_file(RunState& run, const std::string& path, const Samples* samples,
                       const data::Dataset* training) {
  if (samples == nullptr && training == nullptr) {
    return read_replies({path, run.spec.task}, run.spec, run.log);
  }
  if (samples != nullptr) {
    data::Dataset out = reply_dataset(*samples, run.spec);
    if (training != nullptr) shift(out, training->offset);
    data::hear(out, run.spec.features.sound, true);
    return with_replies(std::move(out), run.log);
  }
  data::Expected expected = data::expected_like(*training);
  expected.labelled = true;
  expected.tagged = false;
  ReplySource source{path, run.spec.task};
  source.expected = &expected;
  return read_replies(source, run.spec, run.log);
}

double valid_share(const task::Spec& spec, std::size_t samples) {
  if (spec.split.valid_fraction >= 0) return spec.split.valid_fraction;
  return std::min(0.1, kMostValidation / static_cast<double>(std::max<std::size_t>(1, samples)));
}

void split_replies(const RunState& run, RunData& data) {
  const base::Rng rng = split_rng(run.spec);
  std::vector<int> pool = all_of(data.data);
  if (run.job.test.empty()) {
    auto part = data::split_off(data.data, pool, run.spec.split.test_fraction, rng.fork("test"));
    data.test = part.held_out;
    pool = part.train;
    if (data.test.empty() || pool.empty()) {
      throw Error(Code::kData,
                  fmt::format("{}: {} samples are too few to hold a test part out", run.job.data,
                              data.data.samples.size()),
                  "give more samples, or a test file with --test");
    }
  } else {
    data.test = all_of(data.test_file);
  }
  hold_out_valid(run, std::move(pool), data);
}

void describe_replies(const transduce::FittedTransducer& fitted, const RunData& data,
                      RunState& run) {
  Report& r = run.report;
  const auto& t = fitted.model;
  r.task = run.spec.task;
  r.n_train = static_cast<int>(data.train.size());
  r.n_valid = static_cast<int>(data.valid.size());
  r.n_test = static_cast<int>(data.test.size());
  r.params = static_cast<long long>(t.parameter_count());
  r.made = made_of(t);
  r.columns = {"log_probability"};
  r.epochs = t.receipt.epochs;
  r.best_epoch = t.receipt.best_epoch;
  r.stop_reason = fitted.interrupted ? "interrupted" : t.receipt.stop_reason;
  r.seed = t.settings.train.seed;
  r.threads = t.settings.train.threads;
  r.protocol = run.job.test.empty()
                   ? fmt::format("{} of {} samples held out", r.n_test, data.data.samples.size())
               : run.job.memory.test != nullptr ? "test samples"
                                                : "test file";
  if (r.leaks.empty()) r.leaks = "none found";
}

void save_replies(transduce::FittedTransducer& fitted, const RunData& data, RunState& run) {
  sign_replies(data.data, fitted.model);
  if (run.job.out.empty()) return;
  base::write_file_atomically(run.job.out, transduce::transducer_bytes(fitted.model));
  run.report.model = run.job.out;
}

// What is wrong with the training, by what its networks write to the validation part.
void say_reply_findings(const transduce::FittedTransducer& fitted, const RunData& data,
                        RunState& run) {
  if (fitted.outcomes.empty()) return;
  transduce::WritingFacts facts;
  if (!data.valid.empty()) {
    facts = transduce::facts_of_writing(fitted.model, {data.valid_data(), data.valid},
                                        run.report.threads);
  }
  for (const auto& finding :
       transduce::reply_findings(facts, fitted.model.settings, fitted.outcomes.front())) {
    run.log.info(finding);
    run.report.findings.push_back(finding);
  }
}

// The simple methods that this kind of source has.
std::vector<std::string> simple_for(const RunData& data, const RunState& run) {
  const bool texts = data.data.streams.front().kind == data::StreamKind::kText;
  std::vector<std::string> out;
  for (const auto& name : transduce::simple_replies().names()) {
    if (transduce::simple_replies().at(name).texts == texts) out.push_back(name);
  }
  if (!run.spec.split.baselines && out.size() > 1) out.resize(1);
  return out;
}

void score_simple_replies(const score::Replies& own, const RunData& data, RunState& run) {
  std::vector<BaselineAnswers> all;
  const data::Subset training{data.data, data.train};
  for (const auto& name : simple_for(data, run)) {
    const double begun = now();
    auto said =
        transduce::simple_replies().at(name).answer(training, data.tested(), run.report.threads);
    all.push_back({name, {}, now() - begun});
    auto answers = std::make_unique<score::Replies>(own);
    answers->predicted = std::move(said);
    all.back().repeats.push_back(std::move(answers));
  }
  put_baselines({own, {}, run.report.seed, run.job.hooks.stop}, all, run.report);
}

void keep_replies(const transduce::FittedTransducer& fitted, const RunData& data,
                  const std::vector<transduce::Reply>& replies, RunState& run) {
  for (const auto* d : {&data.data, &data.valid_file, &data.test_file}) add_data(*d, run.kept);
  run.kept.split.add_list(data.train).add_list(data.valid).add_list(data.test);
  for (const auto& n : fitted.model.networks) run.kept.parameters.add_list(n->params().values());
  const auto units = related(data.test_data(), data.test).group;
  for (std::size_t i = 0; i < data.test.size(); ++i) {
    const auto& sample = data.test_data().samples[at(data.test[i])];
    const auto& best = replies[i].options.front();
    run.kept.predictions.push_back({0, 0, sample.id, sample.group, sample.label, best.text,
                                    std::vector<double>{best.log_p},
                                    units.empty() ? "" : std::to_string(units[i])});
  }
}

void score_replies(const transduce::FittedTransducer& fitted, const RunData& data, RunState& run) {
  const double start = now();
  transduce::Writing how;
  how.beam = run.spec.reply.beam;
  how.threads = run.report.threads;
  how.stop = run.job.hooks.stop;
  const auto replies = transduce::write(fitted.model, data.tested(), how);
  if (how.stop != nullptr && *how.stop) throw score::Stopped();
  std::vector<std::string> said;
  for (const auto& reply : replies) said.push_back(reply.options.front().text);
  const auto answers = replies_beside(run.spec.task, data.tested(), std::move(said));
  put_reply_scores(answers, run.report.seed, run.job.hooks.stop, run.report);
  run.report.units = unit_report(data.test_data(), data.test);
  keep_replies(fitted, data, replies, run);
  run.report.seconds.evaluate = now() - start;
  score_simple_replies(answers, data, run);
}

std::unique_ptr<score::Replies> recalled(const task::Recalled& r, score::Replies::Kind kind) {
  auto out = std::make_unique<score::Replies>();
  out->kind = kind;
  for (const auto& a : r.answers) {
    out->truth.push_back(a.truth);
    out->predicted.push_back(a.predicted);
  }
  return out;
}

score::Replies::Kind kind_of_task(const std::string& task) {
  return task == transduce::kTranslate ? score::Replies::kTranslation : score::Replies::kTranscript;
}

data::Expected expected_by(const transduce::Transducer& t, bool labelled) {
  data::Expected out;
  out.columns = t.columns;
  out.streams = t.features.streams();
  out.offset = t.offset;
  out.labelled = labelled;
  return out;
}

}  // namespace

bool is_reply_task(const std::string& task) {
  return task == transduce::kTranslate || task == transduce::kTranscribe;
}

bool wants_replies(const task::Spec& spec) { return is_reply_task(spec.task); }

std::vector<std::string> reply_option_names(const std::string& task) {
  std::vector<std::string> out;
  const auto fields = task::spec_fields();
  for (const auto& field : fields.list()) {
    if (is_for_replies(field, task)) out.push_back(field.name);
  }
  return out;
}

data::Dataset read_replies(const ReplySource& source, task::Spec& spec, const base::Log& log) {
  const auto* trained = source.trained;
  if (source.task == transduce::kTranslate) {
    const data::Columns* columns = trained != nullptr           ? &trained->columns
                                   : source.expected != nullptr ? &source.expected->columns
                                                                : nullptr;
    return with_replies(
        data::read_pairs(source.path, spec.read, {source.with_replies, columns}, log), log);
  }
  data::Dataset out;
  if (data::holds_transcripts(source.path)) {
    out = data::read_transcripts(source.path, spec.read, source.with_replies, log);
  } else if (trained == nullptr && source.expected == nullptr) {
    out = data::read_labelled(source.path, spec.read, log);
  } else {
    const data::Expected expected =
        trained != nullptr ? expected_by(*trained, source.with_replies) : *source.expected;
    out = data::read_expected(source.path, spec.read, expected, log);
  }
  if (trained != nullptr) spec.features.sound = trained->settings.features.sound;
  if (source.heard) data::hear(out, spec.features.sound, true);
  if (out.streams.size() != 1 || out.streams.front().kind == data::StreamKind::kText) {
    throw Error(Code::kData,
                source.path + ": recordings and series are transcribed, and this is " +
                    (out.streams.size() == 1 ? "a set of texts" : "several streams"),
                "say --task translate for texts");
  }
  if (trained != nullptr) data::check_form(trained->features.streams(), out);
  return with_replies(std::move(out), log);
}

RunData read_reply_files(RunState& run) {
  const TrainJob& job = run.job;
  RunData out;
  out.data = job_file(run, job.data, job.memory.data, nullptr);
  const data::Dataset& d = out.data;
  run.report.recognised = {d.format,        data::recognised_replies(d),
                           d.columns.label, d.columns.text,
                           d.columns.group, d.columns.id,
                           d.columns.time,  d.not_read,
                           d.warnings};
  run.log.info(run.report.recognised.summary);
  if (!job.test.empty()) out.test_file = job_file(run, job.test, job.memory.test, &d);
  if (!job.valid.empty()) out.valid_file = job_file(run, job.valid, job.memory.valid, &d);
  for (const auto* file : {&out.test_file, &out.valid_file}) {
    if (!file->samples.empty()) data::check_form(d.streams, *file);
  }
  return out;
}

score::Replies replies_beside(const std::string& task, const data::Subset& samples,
                              std::vector<std::string> predicted) {
  score::Replies out;
  out.kind = kind_of_task(task);
  out.predicted = std::move(predicted);
  for (int i = 0; i < samples.size(); ++i) out.truth.push_back(samples[i].label);
  related(samples.dataset, samples.chosen).put_in(out);
  return out;
}

void put_reply_scores(const score::Replies& answers, int seed, score::Stop stop, Report& report) {
  const score::Repeats repeats(answers);
  for (const auto& [name, s] : score::score_repeats(repeats, seed, {}, stop)) {
    report.metrics.emplace_back(name, Score{s.value, s.low, s.high});
  }
  report.metric = report.metrics.front().first;
  report.score = report.metrics.front().second;
  report.variation = score::sources_of_variation(repeats);
  put_within_groups(repeats, seed, stop, report);
  for (auto& table : score::reply_tables(repeats, seed, stop)) {
    report.tables.push_back(std::move(table));
  }
}

std::unique_ptr<score::Answers> recall_translations(const task::Recalled& r) {
  return recalled(r, score::Replies::kTranslation);
}

std::unique_ptr<score::Answers> recall_transcripts(const task::Recalled& r) {
  return recalled(r, score::Replies::kTranscript);
}

void refuse_idle_reply_options(const task::Spec& spec) {
  const auto fields = task::spec_fields();
  for (const auto& field : fields.list()) {
    if (is_for_replies(field, spec.task) || !spec.given.contains(field.name)) continue;
    throw Error(Code::kUsage,
                fmt::format("--{} is not for --task {}{}", base::option_name(field.name), spec.task,
                            why_idle(field.name)),
                instead_of(field.name));
  }
}

std::optional<transduce::Transducer> begun_with(const task::Spec& spec) {
  const std::string& path = spec.transfer.init;
  if (path.empty()) return std::nullopt;
  auto out = transduce::transducer_from(base::read_file(path).bytes, path);
  if (out.settings.task == spec.task) return out;
  throw Error(Code::kUsage,
              fmt::format("{} was trained to {}, and this run is to {}", path, out.settings.task,
                          spec.task),
              "begin with a model of the same task");
}

void hold_out_valid(const RunState& run, std::vector<int> pool, RunData& data) {
  if (!run.job.valid.empty()) {
    data.train = std::move(pool);
    data.valid = all_of(data.valid_file);
    return;
  }
  auto part = data::split_off(data.data, pool, valid_share(run.spec, pool.size()),
                              split_rng(run.spec).fork("valid"));
  data.train = std::move(part.train);
  data.valid = std::move(part.held_out);
}

void sign_replies(const data::Dataset& training, transduce::Transducer& model) {
  model.receipt.version = version();
  model.columns = training.columns;
  model.offset = training.offset;
}

transduce::FittedTransducer fit_reply_networks(const RunData& data, RunState& run,
                                               const transduce::Transducer* start) {
  const TrainJob& job = run.job;
  Watch watch(job.hooks, !data.valid.empty());
  transduce::FitHooks hooks;
  hooks.train.stop = job.hooks.stop;
  hooks.train.log = run.log;
  hooks.watch = [&](int number, int count) { return watch.of(number, count, "", "symbols right"); };
  hooks.checkpoint = job.checkpoint;
  hooks.resume = job.resume;
  hooks.start = start;
  if (hooks.checkpoint.empty() && !job.out.empty()) hooks.checkpoint = job.out + ".checkpoint";
  if (job.resume && hooks.checkpoint.empty()) {
    throw Error(Code::kUsage, "--resume needs to know where the checkpoint is",
                "name it with --checkpoint, or the model with --out");
  }
  return fit_replies(data, run, hooks);
}

Report reply_run(const TrainJob& job, store::Run* kept) {
  const task::Spec& asked = job.options.impl().spec;
  RunState run{job, asked, log_of(job.hooks)};
  check_job(job, asked);
  refuse_idle_reply_options(asked);
  refuse_idle_files(job);
  const auto start = begun_with(asked);
  RunData data = read_reply_files(run);
  split_replies(run, data);
  guard_against_leaks(run, data);
  run.report.seconds.load = now() - run.begin;
  const double begun = now();
  auto fitted = fit_reply_networks(data, run, start ? &*start : nullptr);
  run.report.seconds.train = now() - begun;
  describe_replies(fitted, data, run);
  if (fitted.interrupted) return run.report;
  say_reply_findings(fitted, data, run);
  save_replies(fitted, data, run);
  try {
    score_replies(fitted, data, run);
  } catch (const score::Stopped&) {
    run.report.metrics.clear();
    run.report.tables.clear();
    run.report.variation.clear();
    run.report.within_groups.reset();
    run.report.stop_reason = train::to_string(train::StopReason::kInterrupted);
    run.log.info(
        "stopped while the scores were worked out; 'refrain evaluate' scores a kept model");
  }
  add_curves(fitted.outcomes, 0, 0, run.kept);
  run.report.curves = curves_of(run.kept.curve);
  *kept = make_run(job, asked, run.spec, run.report, std::move(run.kept));
  return run.report;
}

}  // namespace refrain::api
