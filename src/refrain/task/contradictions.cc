#include "refrain/task/contradictions.h"

#include <fmt/format.h>

#include <algorithm>

#include "refrain/augment/pipeline.h"
#include "refrain/base/error.h"
#include "refrain/data/streams.h"
#include "refrain/method/method.h"
#include "refrain/task/task.h"

namespace refrain::task {
namespace {

[[noreturn]] void refuse(const std::string& what, const std::string& remedy) {
  throw Error(Code::kUsage, what, remedy);
}

bool reads_meanings(const std::string& method) {
  return method != "network" && method::all_methods().at(method).make()->reads_meanings();
}

// --tta with steps that cannot be done to a sample alone.
void refuse_variants_of_tests(const Spec& spec, const FitParts& parts) {
  const std::string& augment = spec.augment.augment;
  if (spec.augment.tta == 0) return;
  if (augment.empty()) {
    refuse("--tta varies what is predicted by the steps of --augment, and there are none",
           "add --augment auto or steps such as 'time_warp', or leave --tta out");
  }
  const auto& streams = parts.train_data->streams;
  if (!data::are_all(streams, data::StreamKind::kSeries) || streams.front().from_sound) {
    refuse("--tta is for series", "leave it out for texts and recordings");
  }
  if (augment != "auto" && augment::Pipeline::from(augment).borrows()) {
    refuse("--tta varies a series by itself, and a step of --augment wants other training samples",
           "leave mixup, cutmix, guided_warp, dba and smote out, or --tta");
  }
}

// --init and its kin are of networks; an option that would do nothing is a mistake.
void refuse_idle_transfer(const Spec& spec, const FitParts& parts) {
  const auto& t = spec.train;
  const bool tuned = !t.freeze.empty() || t.unfreeze_every > 0 || t.unfreeze_words > 0 ||
                     t.layer_lr_decay != 1 || !spec.transfer.vectors.empty();
  const bool init = !spec.transfer.init.empty();
  if (spec.model.model != "network" && (init || tuned || t.l2_sp > 0)) {
    refuse(
        fmt::format("--model {} has no network that could begin with something", spec.model.model),
        "leave --init, --freeze and the like out, or --model");
  }
  const auto& streams = parts.train_data->streams;
  if (t.unfreeze_words > 0 && !data::has_any(streams, data::StreamKind::kText)) {
    refuse("--unfreeze-words is of word vectors, and series have none",
           "leave it out, or use --unfreeze-every");
  }
  if (init && !spec.transfer.vectors.empty()) {
    refuse("--init brings word vectors of its own, and --vectors names others",
           "leave one of both out");
  }
  if (t.l2_sp > 0 && !init) {
    refuse("--l2-sp keeps weights near those of a source, and there is none",
           "name one with --init, or use --l2");
  }
}

void refuse_idle_helper(const Spec& spec, const FitParts& parts) {
  if (spec.encoder.lm_loss == 0) return;
  const auto& streams = parts.train_data->streams;
  if (!data::has_any(streams, data::StreamKind::kText)) {
    refuse("--lm-loss tells words, and the network reads series", "leave it out");
  }
  if (spec.train.mixup > 0) {
    refuse("--lm-loss tells words, and --mixup mixes their vectors", "leave one of both out");
  }
  if (spec.model.model != "network") {
    refuse(fmt::format("--lm-loss helps a network, and --model {} is none", spec.model.model),
           "leave one of both out");
  }
}

void refuse_idle_tuning(const Spec& spec) {
  const auto& t = spec.text_encoder;
  const bool tuned = t.encoder_tune > 0;
  if (tuned && t.encoder.empty()) {
    refuse("--encoder-tune is of an encoder, and none reads these samples",
           "name its folder with --encoder, or leave --encoder-tune out");
  }
  for (const char* name : {"encoder_lr", "encoder_dropout"}) {
    if (tuned || !spec.given.contains(name)) continue;
    refuse(fmt::format("--{} is of tuned layers, and none is tuned", base::option_name(name)),
           "say how many with --encoder-tune, or leave it out");
  }
  if (tuned && spec.model.model != "network") {
    refuse(fmt::format("--encoder-tune tunes layers with a network, and --model {} is none",
                       spec.model.model),
           "leave one of both out");
  }
  if (tuned && (spec.features.views != "raw" || spec.features.normalise == "series")) {
    refuse("tuned layers read the encoder's states as they are",
           "leave --views and --normalise series out, or --encoder-tune");
  }
}

void refuse_idle_encoder(const Spec& spec, const FitParts& parts) {
  if (spec.given.contains("encoder_layer") && spec.text_encoder.encoder.empty()) {
    refuse("--encoder-layer is of an encoder, and none reads these samples",
           "name its folder with --encoder, or leave --encoder-layer out");
  }
  refuse_idle_helper(spec, parts);
  refuse_idle_tuning(spec);
  if (spec.augment.augment.empty() || !parts.train_data->streams.front().from_text) return;
  refuse("--augment varies texts, and --encoder has made series of them before",
         "write varied texts with 'refrain augment' and train on those, or leave one of both out");
}

// Steps that give shares of classes.
void refuse_mixing_of_numbers(const Spec& spec) {
  const std::string& augment = spec.augment.augment;
  const bool numbers = task_of(spec).aim == Aim::kNumbers;
  if (!numbers || augment.empty() || augment == "auto") return;
  if (augment::Pipeline::from(augment).mixes()) {
    refuse("a step of --augment gives shares of classes, and numbers are learned here",
           "leave mixup, cutmix and the like out; --mixup mixes numbers too");
  }
}

const char* words_of(Aim aim) {
  if (aim == Aim::kNumbers) return "numbers";
  return aim == Aim::kTags ? "tags" : "classes";
}

// The task that an option belongs to; null: to all.
struct Learns {
  Aim aim = Aim::kClass;
  const char* task = nullptr;
};

Learns learns_of(const base::Field& field, const Spec& spec) {
  const bool calibrated = field.name == "calibrate" && spec.model.calibrate;
  if (calibrated && task_of(spec).aim == Aim::kTags) return {};
  const bool of_classes = (field.name == "cost" && !spec.model.cost.empty()) || calibrated;
  if (of_classes || field.section == "Classification") return {Aim::kClass, "classify"};
  if (field.section == "Regression") return {Aim::kNumbers, "regress"};
  if (field.section == "Tagging") return {Aim::kTags, "tag"};
  return {};
}

// Options of another task would do nothing.
void refuse_options_of_other_tasks(const Spec& spec) {
  const Aim aim = task_of(spec).aim;
  const auto fields = spec_fields();
  for (const auto& field : fields.list()) {
    if (!spec.given.contains(field.name)) continue;
    if (field.section == "Forecasting") {
      refuse(fmt::format("--{} is for forecasts, and {} are learned here",
                         base::option_name(field.name), words_of(aim)),
             "leave it out, or say --task forecast");
    }
    const Learns other = learns_of(field, spec);
    const bool weighs_tags = aim == Aim::kTags && field.name == "class_weight";
    if (other.task == nullptr || other.aim == aim || weighs_tags) continue;
    refuse(fmt::format("--{} is for {}, and {} are learned here", base::option_name(field.name),
                       words_of(other.aim), words_of(aim)),
           fmt::format("leave it out, or say --task {}", other.task));
  }
}

void refuse_what_tags_cannot(const Spec& spec) {
  if (task_of(spec).aim != Aim::kTags) return;
  const auto idle = [](bool asked, const char* option) {
    if (!asked) return;
    refuse(fmt::format("{} is for answers to whole samples, and tags are learned here", option),
           fmt::format("leave {} out", option));
  };
  idle(spec.train.mixup > 0, "--mixup");
  idle(spec.model.distil, "--distil");
  idle(spec.augment.tta > 0, "--tta");
  idle(spec.features.max_length > 0, "--max-length");
  idle(spec.encoder.lm_loss > 0, "--lm-loss");
  const bool begun = !spec.transfer.init.empty();  // the source's pooling counts as given
  idle(spec.given.contains("pooling") && !begun, "--pooling");
  idle(spec.encoder.parts > 0, "--parts");
  idle(spec.text_encoder.encoder_tune > 0, "--encoder-tune");
  if (spec.tag.also == "nothing" && spec.given.contains("also_weight")) {
    refuse("--also-weight is of labels beside the tags, and none is learned",
           "add --also label, or leave it out");
  }
}

// Refuses options on words that would have no effect.
void refuse_idle_words(const Spec& spec, const FitParts& parts) {
  if (!spec.transfer.init.empty()) return;  // the source's options count as given
  const bool texts = data::has_any(parts.train_data->streams, data::StreamKind::kText);
  for (const char* name : {"words", "spelling", "spelling_dim"}) {
    if (texts || !spec.given.contains(name)) continue;
    refuse(fmt::format("--{} is of texts, and series are read here", base::option_name(name)),
           "leave it out");
  }
  if (spec.features.spelling == "none" && spec.given.contains("spelling_dim")) {
    refuse("--spelling-dim is of --spelling, and no spelling is read",
           "add --spelling convolution, or leave it out");
  }
}

void refuse_idle_delta(const Spec& spec) {
  if (spec.regress.loss == "huber" || !spec.given.contains("huber_delta")) return;
  refuse("--huber-delta belongs to --loss huber", "add --loss huber, or leave it out");
}

// The method of --model is one of the task's.
void refuse_method_of_another_task(const Spec& spec) {
  if (spec.model.model == "network") return;
  const auto& known = method::methods(predicts(spec));
  if (known.find(spec.model.model) != nullptr) return;
  std::string names;
  for (const auto& name : known.names()) names += (names.empty() ? "" : ", ") + name;
  refuse(fmt::format("--model {} does not {}", spec.model.model,
                     std::string("predict ") + words_of(task_of(spec).aim)),
         "simple methods that do: " + names);
}

}  // namespace

void refuse_contradictions(const Spec& spec, const FitParts& parts) {
  const auto& m = spec.model;
  const bool network = m.model == "network";
  refuse_options_of_other_tasks(spec);
  refuse_what_tags_cannot(spec);
  refuse_idle_words(spec, parts);
  refuse_idle_delta(spec);
  refuse_method_of_another_task(spec);
  const bool blended = network && !method::methods_of(m.blend, predicts(spec)).empty();
  if (!spec.augment.augment.empty() && !network &&
      !method::all_methods().at(m.model).make()->takes_variants()) {
    refuse(fmt::format("--model {} learns from no augmented samples", m.model),
           "leave --augment or --model out; 'refrain augment' writes varied samples to a file");
  }
  if (spec.split.refit && !network) {
    refuse(fmt::format("--refit trains a network again, and --model {} is none", m.model),
           "leave --refit or --model out");
  }
  if (spec.split.refit && parts.valid.empty()) {
    refuse("--refit needs a validation part for early stopping, and there is none",
           "give --valid-fraction 0.2 or a file with --valid, or leave --refit out");
  }
  if (m.distil && !blended && (!network || m.ensemble < 2)) {
    refuse("--distil needs several members to learn from, and there is one",
           "add --ensemble 4, --blend or --preset good, or leave --distil out");
  }
  if (m.blend_weight == kAutoWeight && !blended) {
    refuse("--blend-weight auto weighs networks against simple methods, and none is blended",
           "add --blend or --preset good, or leave --blend-weight out");
  }
  refuse_idle_transfer(spec, parts);
  refuse_idle_encoder(spec, parts);
  refuse_variants_of_tests(spec, parts);
  refuse_mixing_of_numbers(spec);
  const auto methods = simple_methods(spec);
  if (!m.meanings.empty() && std::none_of(methods.begin(), methods.end(), reads_meanings)) {
    refuse("--meanings is read by simple methods for texts, and none is trained",
           "add --blend pieces_logistic,bayes_logistic or --preset good, or leave --meanings out");
  }
  if (m.blend_repeats > 1 && !blended) {
    refuse("--blend-repeats repeats simple methods, and none is blended",
           "add --blend or --preset good, or leave --blend-repeats out");
  }
}

}  // namespace refrain::task
