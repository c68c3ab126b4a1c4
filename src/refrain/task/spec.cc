#include "refrain/task/spec.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "refrain/base/duration.h"
#include "refrain/base/threads.h"
#include "refrain/forecast/simple/simple.h"
#include "refrain/method/method.h"
#include "refrain/task/preset.h"
#include "refrain/task/source.h"
#include "refrain/task/task.h"

namespace refrain::task {
namespace {

base::Fields<ClassifySpec> classify_fields() {
  using S = ClassifySpec;
  return base::Fields<S>()
      .section("Classification")
      .field("label_smoothing", &S::label_smoothing, 0, 0.9,
             "share of the target spread over all classes (Szegedy et al. 2016)")
      .field("class_weight", &S::class_weight,
             "weights of the classes: none, balanced (rare classes weigh as much as frequent "
             "ones), or by label, such as 'sick=5, well=1'");
}

base::Fields<RegressSpec> regress_fields() {
  using S = RegressSpec;
  return base::Fields<S>()
      .section("Regression")
      .field("loss", &S::loss, {"squared", "absolute", "huber", "quantile"},
             "what networks minimise, in deviations of the target: squared errors aim at the mean, "
             "absolute ones at the median; huber is squared for small errors only; quantile "
             "learns the bounds of the interval as well")
      .field("huber_delta", &S::huber_delta, 0.01, 100,
             "with --loss huber: errors beyond so many deviations count by their size only")
      .field("interval", &S::interval, 0, 0.99,
             "share of new samples whose number lies in the interval that is predicted with it, "
             "from the errors on samples held out in five inner folds, which takes up to six times "
             "as long (Barber et al. 2021); 0 = no intervals");
}

base::Fields<TagSpec> tag_fields() {
  using S = TagSpec;
  return base::Fields<S>()
      .section("Tagging")
      .field("head", &S::head, {"crf", "softmax"},
             "how the tags of a sequence are told: together, by a linear-chain conditional random "
             "field (Lafferty et al. 2001), or each step by itself")
      .field("span_tags", &S::span_tags, {"bio", "bioes"},
             "what networks learn of spans: begin and inside, or also their end and spans of one "
             "word (Ratinov and Roth 2009); answers are BIO")
      .field("also", &S::also, {"nothing", "label"},
             "what networks learn beside the tags: the label of the whole sample, such as the "
             "intent of a request, from the same states (Liu and Lane 2016)")
      .field("also_weight", &S::also_weight, 0.001, 100,
             "weight of a label's surprise beside the mean surprise of a tag, with --also label");
}

base::Fields<AugmentSpec> augment_fields() {
  using S = AugmentSpec;
  return base::Fields<S>()
      .section("Augmentation")
      .field(
          "augment", &S::augment,
          "what is trained on anew in each epoch in place of the training samples, such as "
          "'jitter(sigma=0.03, p=0.5) | one_of(scale, time_warp)' ('refrain list augmentations' "
          "names the steps), or a file of it (@FILE, JSON, TOML); auto = chosen by inner folds of "
          "the training part")
      .common("Train on varied samples too: auto, or steps such as 'jitter | time_warp'.")
      .field("tta", &S::tta, 0, 1000,
             "test-time augmentation: what is predicted of a series is the mean of its own "
             "prediction and that of so many variants of it by the steps of --augment, half and "
             "half (Krizhevsky et al. 2012)");
}

base::Fields<SplitSpec> split_fields() {
  using S = SplitSpec;
  return base::Fields<S>()
      .section("Splits")
      .field("folds", &S::folds, 0, 1'000'000,
             "cross-validation: each sample is tested once by a model that never saw it; 0 = none")
      .common("Score by cross-validation with this number of folds instead of one test part.")
      .field("repeats", &S::repeats, 1, 1000, "cross-validation with so many cuts and seeds")
      .field("fold_by", &S::fold_by, {"stratified", "time", "leave_one_group_out"},
             "how folds are cut: classes in proportion (groups stay whole), blocks of consecutive "
             "samples, or one fold a group")
      .field("purge", &S::purge, 0, 1'000'000,
             "samples beside a tested block that are not trained on, with --fold-by time")
      .field("test_fraction", &S::test_fraction, 0.01, 0.9,
             "share held out for the final score where no --test file is given")
      .field("valid_fraction", &S::valid_fraction, -1, 0.9,
             "share of the training part held out for early stopping; -1 = by its size, 0 = none")
      .field("refit", &S::refit,
             "after early stopping has found how long, train again from the start on the training "
             "and the validation part for so many updates")
      .field("allow_overlap", &S::allow_overlap,
             "accept samples or groups that stand in the training and the test file both, as some "
             "published splits have them")
      .field(
          "baselines", &S::baselines,
          "score well-known simple methods on the same split too (else only the majority class)");
}

std::vector<std::string> model_names() {
  std::vector<std::string> names = {"network"};
  for (const auto& name : method::all_methods().names()) names.push_back(name);
  for (const auto& name : forecast::simple_methods().names()) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  return names;
}

base::Fields<ModelSpec> model_fields() {
  using S = ModelSpec;
  return base::Fields<S>()
      .section("Model")
      .field("model", &S::model, model_names(),
             "what is trained: a recurrent network, or a simple method instead")
      .common("Train this simple method instead of networks, such as minirocket.")
      .field("ensemble", &S::ensemble, 1, 100,
             "networks of different seeds whose probabilities are averaged")
      .field("blend", &S::blend,
             "simple methods averaged with the networks, such as minirocket; several with commas")
      .field("blend_weight", &S::blend_weight, 0.01, 100, {"auto", kAutoWeight},
             "weight of each blended method beside that of all networks together; auto = by the "
             "log loss of samples held out in five inner folds, each kind at its best temperature, "
             "drawn towards equal weights, which takes three to six times as long (Wolpert 1992)")
      .field("blend_repeats", &S::blend_repeats, 1, 50,
             "each blended method that draws random features so many times with other ones, "
             "averaged")
      .field("meanings", &S::meanings,
             "what words mean, which simple methods for texts (--blend, --model) read beside the "
             "words: wordnet (English, Debian's wordnet-base), a folder of it, or a file of "
             "synonyms (word TAB synonym,synonym, or a wordnet in tabs); what matters of it is "
             "kept in the model (Scott and Matwin 1998)")
      .field("distil", &S::distil,
             "keep one network that learns the averaged probabilities of all members beside the "
             "labels, which takes about twice as long (Hinton et al. 2015)")
      .field("calibrate", &S::calibrate,
             "temperature scaling by predictions of samples held out in five inner folds, which "
             "takes six times as long (Guo et al. 2017)")
      .field("cost", &S::cost,
             "what mistakes cost, such as 'sick>healthy=10, healthy>sick=1' (true class > answer; "
             "others cost 1): the answer is then the class of least expected cost");
}

base::Fields<TransferSpec> transfer_fields() {
  return base::Fields<TransferSpec>()
      .section("Transfer")
      .field("init", &TransferSpec::init,
             "begin with the network of this file, a model or a source of 'refrain pretrain', "
             "instead of random numbers")
      .field("vectors", &TransferSpec::vectors,
             "word vectors to begin with: text such as GloVe's or .vec, also as .gz, word2vec's "
             "binary form, or a .npy beside a .txt of its words; only words that occur are kept")
      .field("source_test", &TransferSpec::source_test,
             "with --init: a file of the task that the source was trained for; it is scored on it "
             "before and after, which tells what the new training made it forget")
      .field("verdict", &TransferSpec::verdict,
             "with --init and without --time-limit: train from the start too, on the same samples, "
             "and "
             "say whether the source was worth it");
}

std::vector<std::string> task_names() {
  std::vector<std::string> names = {"auto"};
  for (const auto& name : tasks().names()) names.push_back(name);
  names.emplace_back("forecast");
  return names;
}

}  // namespace

base::Fields<Spec> spec_fields() {
  using S = Spec;
  return base::Fields<S>()
      .section("Task")
      .field("task", &S::task, task_names(), "what to learn; auto = by the data")
      .common(
          "What to learn: a class, a number, tags or a forecast. Found from the data by default.")
      .field("preset", &S::preset, preset_names(),
             "how much effort: fast takes seconds, good up to a minute or two, best minutes; none "
             "is one network as the options say. auto is good, or none where an option of the "
             "section Network is given that is other than in good (doc/recipe.md)")
      .common(
          "How much effort: fast takes seconds, good a minute or two, best minutes; none is one "
          "network.")
      .field("time_limit", &S::time_limit,
             "do as much as fits into this time, reading and scoring included, such as 90s, 10m or "
             "1h (--time is short for it); the speed of the machine then decides how many networks "
             "and epochs there are")
      .common("Train as much as fits into this time, such as 90s or 10m.")
      .include(&S::model, model_fields())
      .include(&S::read, data::read_fields())
      .include(&S::features, data::feature_fields())
      .include(&S::text_encoder, transformer::text_encoder_fields())
      .include(&S::encoder, nn::encoder_fields())
      .include(&S::classify, classify_fields())
      .include(&S::regress, regress_fields())
      .include(&S::tag, tag_fields())
      .include(&S::life, data::life_fields())
      .include(&S::forecast, forecast::forecast_fields())
      .include(&S::augment, augment_fields())
      .include(&S::split, split_fields())
      .include(&S::transfer, transfer_fields())
      .include(&S::train, train::train_fields())
      .include(&S::optim, optim::optim_fields());
}

namespace {

// -1 is a wish, other negative numbers are slips.
void refuse_negative(const char* option, double value) {
  if (value >= 0 || value == -1) return;
  throw Error(Code::kUsage,
              fmt::format("--{} must be in [0, 0.95], or -1 for a choice by the data, got {}",
                          option, value),
              fmt::format("leave --{} out for the default", option));
}

}  // namespace

method::Predicts predicts(const Spec& spec) {
  switch (task_of(spec).aim) {
    case Aim::kNumbers:
      return method::Predicts::kNumbers;
    case Aim::kTags:
      return method::Predicts::kTags;
    case Aim::kClass:
      break;
  }
  return method::Predicts::kClasses;
}

std::vector<std::string> simple_methods(const Spec& spec) {
  return method::methods_of(spec.model.model == "network" ? spec.model.blend : spec.model.model,
                            predicts(spec));
}

namespace {

// Each step is answered: words as they are given, and no steps that are joined.
void resolve_tags(Spec& spec, const TrainingData& data) {
  const auto fields = spec_fields();
  const auto put = [&](const char* name, const base::Json& value) {
    if (!spec.given.contains(name)) base::set_field(fields.list(), &spec, name, value);
  };
  put("words", "blanks");
  put("stem_pool", 1);
  put("stem_skip", false);
  if (!data.text) return;
  put("spelling", "convolution");
  put("embedding_dropout", 0.1);
}

}  // namespace

// Measured on texts cut to 500 samples (validation parts of training files, 3 draws): vectors of
// 300 instead of 100 and dropout 0.5 instead of 0.2 gain 1.7 points together.
void fill_sizes(Spec& spec, const TrainingData& data) {
  auto& e = spec.encoder;
  if (e.embedding_dim == 0) e.embedding_dim = data.samples <= 2000 ? 300 : 100;
  if (e.dropout < 0) e.dropout = data.text ? 0.5 : 0.2;
}

void resolve(Spec& spec, const TrainingData& data) {
  refuse_negative("dropout", spec.encoder.dropout);
  refuse_negative("valid-fraction", spec.split.valid_fraction);
  if (!spec.time_limit.empty() && !base::parse_duration(spec.time_limit)) {
    throw Error(Code::kUsage, fmt::format("--time-limit: '{}' is no time", spec.time_limit),
                "write for example 90s, 10m or 1h30m");
  }
  adopt_architecture(spec, data);
  apply_preset(spec, data);
  if (data.tags) resolve_tags(spec, data);
  auto& t = spec.train;
  if (t.batch_size == 0) t.batch_size = data.samples <= 500 ? 16 : data.samples <= 5000 ? 32 : 64;
  if (t.epochs == 0) {
    // Small sets need many passes for enough updates, large ones few.
    const double batches = std::ceil(static_cast<double>(data.samples) / t.batch_size);
    const double updates = data.text ? 1000 : 2000;
    t.epochs = static_cast<int>(std::clamp(updates / batches, data.text ? 8.0 : 30.0, 200.0));
  }
  fill_sizes(spec, data);
  if (t.threads == 0) t.threads = base::core_count();
}

}  // namespace refrain::task
