#include "refrain/api/memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "refrain/api/inside/clock.h"
#include "refrain/api/inside/evaluation.h"
#include "refrain/api/inside/made.h"
#include "refrain/api/inside/memory_data.h"
#include "refrain/api/inside/model_impl.h"
#include "refrain/api/inside/options_impl.h"
#include "refrain/api/inside/settle.h"
#include "refrain/api/inside/watch.h"
#include "refrain/api/version.h"
#include "refrain/base/threads.h"
#include "refrain/data/front_end.h"
#include "refrain/data/sound_file.h"
#include "refrain/data/streams.h"
#include "refrain/task/fit.h"
#include "refrain/task/further.h"
#include "refrain/task/task.h"
#include "refrain/transformer/front_end.h"

namespace refrain::api {
namespace {

FitReport describe(const task::Fitted& fitted, const task::FitParts& parts) {
  FitReport out;
  out.n_train = static_cast<int>(parts.train.size());
  out.n_valid = static_cast<int>(parts.valid.size());
  out.params = static_cast<long long>(fitted.model.parameter_count());
  out.made = made_of(fitted.model);
  out.other = fitted.other;
  const auto fields = task::spec_fields();
  out.options = base::fields_to_json(fields.list(), &fitted.model.spec).dump();
  Report outcome;
  put_outcome(fitted, outcome);
  out.epochs = outcome.epochs;
  out.best_epoch = outcome.best_epoch;
  out.stop_reason = outcome.stop_reason;
  if (fitted.outcomes.empty()) return out;
  for (const auto& e : fitted.outcomes.front().history) {
    out.history.push_back({e.epoch, e.loss, e.lr, e.gradient_norm,
                           fitted.outcomes.front().has_valid, e.valid.score, e.valid.loss});
  }
  return out;
}

data::Dataset labelled(const Samples& samples, const task::Spec& spec, task::Aim aim,
                       const base::Log& log) {
  data::Dataset out = dataset_to_learn(samples, spec.read);
  for (const auto& remark : out.remarks) log.info(remark);
  if (!out.has_labels && !out.has_tags)
    throw Error(Code::kData, samples.name + " has no labels to learn from");
  settle_targets(aim, out);
  return out;
}

// Samples for early stopping, in the form of those that are learned from.
data::Dataset valid_of(const Samples& samples, const data::Dataset& training, task::Spec& spec,
                       const base::Log& log) {
  data::Dataset out = dataset_to_learn(samples, spec.read);
  shift(out, training.offset);
  make_series(out, spec, log);
  settle_targets(task::task_of(spec).aim, out);
  data::check_form(training.streams, out);
  return out;
}

void say_no_validation(const task::Spec& spec, const task::FitParts& parts, const Hooks& hooks) {
  if (!(spec.split.valid_fraction > 0) || !parts.valid.empty() || !hooks.message) return;
  hooks.message(
      fmt::format("the validation part came out empty: {} of {} samples, with groups and copies "
                  "kept whole and every class left to train on, is none; all samples are trained "
                  "on, and nothing is held out to stop early",
                  spec.split.valid_fraction, parts.train.size()),
      true);
}

task::FitHooks hooks_of(const Hooks& hooks, Watch& watch, const task::Spec& spec, double start) {
  task::FitHooks out;
  out.log = log_of(hooks);
  out.stop = hooks.stop;
  out.deadline = deadline(spec.time_limit, start);
  out.watch = [&watch](const task::NetworkRun& run) { return watch(run); };
  return out;
}

// How a model was trained, but for what was given about training; one pass over the samples.
task::Spec further_spec(const task::Spec& model, const task::Spec& given) {
  task::Spec out = model;
  out.train.epochs = 1;
  out.time_limit = given.time_limit;
  const auto fields = task::spec_fields();
  for (const auto& field : fields.list()) {
    const bool training = field.section == "Training" || field.section == "Transfer" ||
                          field.section == "Optimisation" || field.section == "Machine";
    if (training && given.given.contains(field.name)) field.set(&out, field.get(&given));
  }
  out.train.epochs = std::max(1, out.train.epochs);
  if (out.train.batch_size == 0) out.train.batch_size = model.train.batch_size;
  return out;
}

}  // namespace

Recording read_recording(const std::string& path) {
  data::Sound sound = data::read_sound(path).sound;
  return {sound.rate, std::move(sound.samples)};
}

Model fit(const Samples& samples, const Options& options, const Hooks& hooks, FitReport* report) {
  const double start = now();
  task::Spec spec = options.impl().spec;
  data::Dataset dataset = labelled(samples, spec, task::task_of(spec).aim, log_of(hooks));
  tell_missing_groups(dataset, log_of(hooks));
  data::hear(dataset, spec.features.sound, true);
  transformer::encode_texts(dataset,
                            {spec.text_encoder, spec.features.max_length, spec.train.threads, "",
                             task::task_of(spec).aim == task::Aim::kTags},
                            log_of(hooks));
  const auto pool = pool_of(dataset);
  task::task_of(spec).require({dataset, pool});
  data::Dataset valid;
  task::FitParts parts;
  if (samples.valid != nullptr) {
    valid = valid_of(*samples.valid, dataset, spec, log_of(hooks));
    parts = {&dataset, pool, &valid, pool_of(valid)};
  } else {
    parts = task::split_valid(dataset, pool, spec, split_rng(spec).fork("valid"), nullptr);
    say_no_validation(spec, parts, hooks);
  }
  parts.classes = samples.classes;
  Watch watch(hooks, !parts.valid.empty());
  task::Fitted fitted = task::fit_model(spec, parts, hooks_of(hooks, watch, spec, start));
  *report = describe(fitted, parts);
  report->seconds = now() - start;
  fitted.model.label_kind = samples.label_kind;
  fitted.model.given = samples.given;
  fitted.model.receipt = {version(),      report->n_train,    report->n_valid,
                          report->epochs, report->best_epoch, report->stop_reason};
  return Model(std::make_unique<Model::Impl>(Model::Impl{"", std::move(fitted.model)}));
}

Further fit_further(const Model& model, const Samples& samples, const Options& options,
                    const Hooks& hooks) {
  const double start = now();
  const task::Task& task = task::tasks().at(model.impl().model.goal->task());
  data::Dataset dataset = labelled(samples, {}, task.aim, log_of(hooks));
  const auto& trained = model.impl().model.features.streams();
  if (data::divided(trained)) data::divide_like(trained, dataset);
  shift(dataset, model.impl().model.offset);
  data::SoundSpec sound = model.impl().model.features.spec().sound;
  data::hear(dataset, sound, true);
  transformer::encode_texts(dataset, task::encoding_of(model.impl().model), log_of(hooks));
  const task::FitParts parts{&dataset, pool_of(dataset), &dataset, {}};
  const task::Spec how = further_spec(model.impl().model.spec, options.impl().spec);
  Watch watch(hooks, false);
  task::Fitted fitted =
      task::fit_further(model.impl().model, how, parts, hooks_of(hooks, watch, how, start));
  FitReport report = describe(fitted, parts);
  report.seconds = now() - start;
  fitted.model.receipt.version = version();
  fitted.model.receipt.stop_reason = report.stop_reason;
  return {Model(std::make_unique<Model::Impl>(Model::Impl{"", std::move(fitted.model)})),
          std::move(report)};
}

std::vector<double> predictions(const Model& model, const Samples& samples, int threads) {
  if (samples.size() == 0) throw Error(Code::kData, samples.name + " has no samples");
  const data::Dataset dataset = dataset_for(samples, model.impl().model);
  return model.impl()
      .model.answer({dataset, all_of(dataset)}, threads == 0 ? base::core_count() : threads)
      .numbers;
}

std::vector<int> decide(const Model& model, const std::vector<double>& probability) {
  const task::Goal& goal = *model.impl().model.goal;
  std::vector<int> out;
  const auto width = static_cast<std::size_t>(goal.width());
  for (std::size_t at = 0; at < probability.size(); at += width) {
    out.push_back(goal.choice(&probability[at]));
  }
  return out;
}

}  // namespace refrain::api
