#include "refrain/api/transducer_memory.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "refrain/api/inside/evaluation.h"
#include "refrain/api/inside/made.h"
#include "refrain/api/inside/memory_data.h"
#include "refrain/api/inside/options_impl.h"
#include "refrain/api/inside/reply_run.h"
#include "refrain/api/inside/run_state.h"
#include "refrain/api/inside/settle.h"
#include "refrain/api/inside/transducer_impl.h"
#include "refrain/base/encoding.h"
#include "refrain/data/front_end.h"
#include "refrain/data/pairs.h"
#include "refrain/data/readers/lines.h"
#include "refrain/transduce/fit.h"

namespace refrain::api {
namespace {

constexpr std::size_t kBadShown = 20;  // samples in an error

// What is wrong with a source or a reply; "" = nothing.
std::string wrong_with(const std::string& text) {
  if (base::first_invalid_utf8(text) != std::string::npos) return "is not UTF-8";
  if (!data::has_visible(text)) return "is empty";
  if (text.size() <= static_cast<std::size_t>(data::kMostPairWords)) return "";
  const std::size_t words = data::pair_words(text);
  if (words <= static_cast<std::size_t>(data::kMostPairWords)) return "";
  return fmt::format("has {} words, more than the limit of {}", words, data::kMostPairWords);
}

// Trims all texts, as readers of files do. Throws data with the bad ones.
void clean_texts(const Samples& samples, data::Dataset& dataset) {
  std::vector<std::string> bad;
  const auto clean = [&](const std::string& name, std::size_t i, std::string& text) {
    const std::string wrong = wrong_with(text);
    if (!wrong.empty()) bad.push_back(fmt::format("{}[{}] {}", name, i, wrong));
    text = std::string(data::trim(text));
  };
  for (std::size_t i = 0; i < dataset.samples.size(); ++i) {
    data::Sample& sample = dataset.samples[i];
    if (auto* text = std::get_if<std::string>(&sample.streams.front())) {
      clean(samples.name, i, *text);
    }
    if (dataset.has_labels) clean("y", i, sample.label);
  }
  if (bad.empty()) return;
  std::string lines = bad.front();
  for (std::size_t i = 1; i < std::min(bad.size(), kBadShown); ++i) lines += "\n" + bad[i];
  if (bad.size() > kBadShown) lines += fmt::format("\n... and {} more", bad.size() - kBadShown);
  throw Error(Code::kData, lines, "leave these samples out");
}

// Samples in the form of those of a model: recordings are heard.
data::Dataset dataset_for_replies(const Samples& samples, const transduce::Transducer& t) {
  if (samples.size() == 0) throw Error(Code::kData, samples.name + " has no samples");
  task::Spec spec;
  spec.task = t.settings.task;
  data::Dataset out = reply_dataset(samples, spec);
  if (t.reads_text()) return out;
  if (samples.sound() != writes_in_seconds(t)) {
    throw Error(Code::kData, samples.sound()
                                 ? "the model has learned series, not recordings"
                                 : "the model has learned recordings: give sound with its rate");
  }
  data::SoundSpec sound = t.settings.features.sound;
  data::hear(out, sound, true);
  t.features.check(out);
  shift(out, t.offset);
  return out;
}

FitReport fit_report_of(const transduce::FittedTransducer& fitted) {
  const auto& receipt = fitted.model.receipt;
  FitReport out;
  out.n_train = receipt.n_train;
  out.n_valid = receipt.n_valid;
  out.params = static_cast<long long>(fitted.model.parameter_count());
  out.epochs = receipt.epochs;
  out.best_epoch = receipt.best_epoch;
  out.stop_reason = receipt.stop_reason;
  out.options = reply_options_json(fitted.model).dump();
  out.made = made_of(fitted.model);
  if (fitted.outcomes.empty()) return out;
  const auto& first = fitted.outcomes.front();
  for (const auto& e : first.history) {
    out.history.push_back(
        {e.epoch, e.loss, e.lr, e.gradient_norm, first.has_valid, e.valid.score, e.valid.loss});
  }
  return out;
}

// An interrupted training leaves fewer networks, and no receipt.
void settle_interrupted(const RunData& parts, transduce::FittedTransducer& fitted) {
  auto& receipt = fitted.model.receipt;
  receipt.n_train = static_cast<int>(parts.train.size());
  receipt.n_valid = static_cast<int>(parts.valid.size());
  receipt.stop_reason = "interrupted";
  for (const auto& o : fitted.outcomes) {
    receipt.epochs = std::max(receipt.epochs, o.epochs);
    receipt.best_epoch = std::max(receipt.best_epoch, o.best_epoch);
  }
  fitted.model.settings.ensemble = static_cast<int>(fitted.model.networks.size());
}

TrainJob job_in_memory(const Samples& samples, const Options& options, const Hooks& hooks) {
  TrainJob job;
  job.data = samples.name;
  job.memory.data = &samples;
  if (samples.valid != nullptr) {
    job.valid = samples.valid->name;
    job.memory.valid = samples.valid;
  }
  job.options = options;
  job.hooks = hooks;
  return job;
}

void require_replies(const Samples& samples) {
  if (samples.size() == 0) throw Error(Code::kData, samples.name + " has no samples");
  if (samples.labels.empty()) {
    throw Error(Code::kData, samples.name + " has no replies to learn from or to compare with");
  }
}

}  // namespace

data::Dataset reply_dataset(const Samples& samples, const task::Spec& spec) {
  if (!samples.weights.empty()) {
    throw Error(Code::kUnsupported, "samples with replies take no weights", "leave them out");
  }
  const bool translates = spec.task == transduce::kTranslate;
  if (samples.text != translates || samples.in_words) {
    throw Error(Code::kData,
                translates ? "texts are translated, and these samples are something else"
                           : "recordings and series are transcribed, and these samples are texts",
                translates ? "say task transcribe for series and recordings"
                           : "say task translate for texts");
  }
  data::Dataset out = dataset_of(samples);
  clean_texts(samples, out);
  return out;
}

base::Json reply_options_json(const transduce::Transducer& model) {
  const auto& s = model.settings;
  task::Spec spec;
  spec.task = s.task;
  spec.reply = s.reply;
  spec.features = s.features;
  spec.encoder = s.encoder;
  spec.classify.label_smoothing = s.label_smoothing;
  spec.train = s.train;
  spec.optim = s.optim;
  spec.augment.augment = s.augment;
  spec.preset = s.preset;
  spec.model.ensemble = static_cast<int>(model.networks.size());
  const auto names = reply_option_names(s.task);
  const auto declared = task::spec_fields();
  std::vector<base::Field> fields;
  for (const auto& field : declared.list()) {
    if (std::find(names.begin(), names.end(), field.name) != names.end()) fields.push_back(field);
  }
  return base::fields_to_json(fields, &spec);
}

Transducer fit_transducer(const Samples& samples, const Options& options, const Hooks& hooks,
                          FitReport* report) {
  require_replies(samples);
  const TrainJob job = job_in_memory(samples, options, hooks);
  RunState run{job, options.impl().spec, log_of(job.hooks)};
  if (!wants_replies(run.spec)) {
    throw Error(Code::kUsage, "this task writes no replies", "say task translate or transcribe");
  }
  refuse_idle_reply_options(run.spec);
  const auto start = begun_with(run.spec);
  RunData parts = read_reply_files(run);
  hold_out_valid(run, all_of(parts.data), parts);
  auto fitted = fit_reply_networks(parts, run, start ? &*start : nullptr);
  if (fitted.interrupted) settle_interrupted(parts, fitted);
  sign_replies(parts.data, fitted.model);
  fitted.model.given = samples.given;
  *report = fit_report_of(fitted);
  report->seconds = now() - run.begin;
  return Transducer(std::make_unique<Transducer::Impl>(Transducer::Impl{std::move(fitted.model)}));
}

std::vector<WrittenReply> replies(const Transducer& model, const Samples& samples,
                                  const Options& options, const Hooks& hooks) {
  const auto& t = model.impl().model;
  return write_replies(t, dataset_for_replies(samples, t), options, hooks);
}

Report score_replies(const Transducer& model, const Samples& samples, const Options& options,
                     const Hooks& hooks) {
  require_replies(samples);
  const auto& t = model.impl().model;
  const auto d = std::make_shared<data::Dataset>(dataset_for_replies(samples, t));
  return evaluate_replies(t, d, options, hooks).report;
}

}  // namespace refrain::api
