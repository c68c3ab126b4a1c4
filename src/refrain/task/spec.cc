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
      .field(
          "label_smoothing", &S::label_smoothing, 0, 0.9,
          "share of the target probability that is spread over all classes (Szegedy et al. 2016)")
      .field("class_weight", &S::class_weight,
             "weights of the classes in the loss: none, balanced (rare classes weigh as much as "
             "frequent ones), or by label, such as 'sick=5, well=1'");
}

base::Fields<RegressSpec> regress_fields() {
  using S = RegressSpec;
  return base::Fields<S>()
      .section("Regression")
      .field("loss", &S::loss, {"squared", "absolute", "huber", "quantile"},
             "loss of the networks, in standard deviations of the target: squared predicts the "
             "mean, absolute the median, huber is squared for small errors only, quantile also "
             "learns the bounds of the interval")
      .field("huber_delta", &S::huber_delta, 0.01, 100,
             "with --loss huber: errors above this many standard deviations count linearly")
      .field("interval", &S::interval, 0, 0.99,
             "predict an interval that contains the true number for this share of new samples, "
             "from the errors in five inner folds (Barber et al. 2021); takes up to six times as "
             "long; 0 = no intervals");
}

base::Fields<TagSpec> tag_fields() {
  using S = TagSpec;
  return base::Fields<S>()
      .section("Tagging")
      .field("head", &S::head, {"crf", "softmax"},
             "crf = predict the tags of a sequence together, by a linear-chain conditional random "
             "field (Lafferty et al. 2001); softmax = each step by itself")
      .field("span_tags", &S::span_tags, {"bio", "bioes"},
             "tags that networks learn for spans: bio (begin, inside), or bioes (also end, and "
             "spans of one word; Ratinov and Roth 2009); predictions are always BIO")
      .field("also", &S::also, {"nothing", "label"},
             "label = learn the label of the whole sample besides its tags, such as the intent of "
             "a request, from the same states (Liu and Lane 2016)")
      .field("also_weight", &S::also_weight, 0.001, 100,
             "with --also label: weight of the label's loss beside the mean loss of a tag");
}

base::Fields<AugmentSpec> augment_fields() {
  using S = AugmentSpec;
  return base::Fields<S>()
      .section("Augmentation")
      .field("augment", &S::augment,
             "train on fresh variants of the training samples in each epoch, made by these steps, "
             "such as 'jitter(sigma=0.03, p=0.5) | one_of(scale, time_warp)', or by a file of "
             "steps (@FILE, JSON, TOML). 'refrain list augmentations' names the steps; auto = "
             "chosen by inner folds of the training part")
      .common("Train on varied samples too: auto, or steps such as 'jitter | time_warp'.")
      .field(
          "tta", &S::tta, 0, 1000,
          "test-time augmentation: average the prediction for a series with the mean prediction "
          "for this many variants of it, made by the steps of --augment (Krizhevsky et al. 2012)");
}

base::Fields<SplitSpec> split_fields() {
  using S = SplitSpec;
  return base::Fields<S>()
      .section("Splits")
      .field("folds", &S::folds, 0, 1'000'000,
             "number of folds of a cross-validation, in which each sample is tested once by a "
             "model that never saw it; 0 = no cross-validation")
      .common("Score by cross-validation with this number of folds instead of one test part.")
      .field("repeats", &S::repeats, 1, 1000,
             "number of repeats of the cross-validation, each with other folds and another seed")
      .field(
          "fold_by", &S::fold_by, {"stratified", "time", "leave_one_group_out"},
          "how folds are cut: stratified keeps the shares of the classes, and groups whole; time "
          "takes blocks of consecutive samples; leave_one_group_out takes one group for each fold")
      .field("purge", &S::purge, 0, 1'000'000,
             "with --fold-by time: leave out this many samples on each side of a tested block from "
             "the training")
      .field("test_fraction", &S::test_fraction, 0.01, 0.9,
             "share of the samples that is held out for the final score if no --test file is given")
      .field("valid_fraction", &S::valid_fraction, 0, 0.9, {"auto", -1},
             "share of the training part that is held out for early stopping; auto = chosen by its "
             "size, 0 = none")
      .field("refit", &S::refit,
             "train again from the start on training and validation part together, for the number "
             "of updates that early stopping found")
      .field("allow_overlap", &S::allow_overlap,
             "accept samples or groups that are both in the training and in the test file, as in "
             "some published splits")
      .field(
          "baselines", &S::baselines,
          "score well-known simple methods on the same samples; false = only the majority class");
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
             "train a recurrent network (network), or one of the simple methods in its place")
      .common("Train this simple method instead of networks, such as minirocket.")
      .field("ensemble", &S::ensemble, 1, 100,
             "number of networks with different seeds whose predictions are averaged")
      .field("blend", &S::blend,
             "simple methods whose predictions are averaged with those of the networks, such as "
             "minirocket; several with commas")
      .field("blend_weight", &S::blend_weight, 0.01, 100, {"auto", kAutoWeight},
             "weight of each blended method beside all networks together; auto = weights of lowest "
             "log loss in five inner folds, after temperature scaling and shrunk towards equal "
             "weights (Wolpert 1992); takes three to six times as long")
      .field("blend_repeats", &S::blend_repeats, 1, 50,
             "fit each blended method that draws random features this many times and average the "
             "results")
      .field("meanings", &S::meanings,
             "meanings of words, which simple methods for texts (--blend, --model) read besides "
             "the words: wordnet (English, Debian's wordnet-base), a folder of it, or a file of "
             "synonyms (word TAB synonym,synonym, or a wordnet in tabs). The model file keeps the "
             "entries that matter (Scott and Matwin 1998)")
      .field("distil", &S::distil,
             "replace the model average by one network that learns its probabilities besides the "
             "labels (Hinton et al. 2015); takes about twice as long")
      .field("calibrate", &S::calibrate,
             "calibrate the probabilities by temperature scaling, from predictions in five inner "
             "folds (Guo et al. 2017); takes six times as long")
      .field("cost", &S::cost,
             "costs of mistakes, such as 'sick>healthy=10, healthy>sick=1' (true class > answer; "
             "others cost 1). The answer is then the class of least expected cost");
}

base::Fields<TransferSpec> transfer_fields() {
  return base::Fields<TransferSpec>()
      .section("Transfer")
      .field("init", &TransferSpec::init,
             "start from the network in this file, a model or a source of 'refrain pretrain', "
             "instead of random weights")
      .field("vectors", &TransferSpec::vectors,
             "start from these word vectors: text such as GloVe's or .vec, also as .gz, word2vec's "
             "binary form, or a .npy with a .txt of its words; only words that occur in the data "
             "are kept")
      .field("source_test", &TransferSpec::source_test,
             "with --init: test file of the source's own task; the model is scored on it before "
             "and after the training, which shows how much it forgot")
      .field("verdict", &TransferSpec::verdict,
             "with --init and without --time-limit: also train from random weights on the same "
             "samples and say whether the source helped");
}

std::vector<std::string> task_names() {
  std::vector<std::string> names = {"auto"};
  for (const auto& name : tasks().names()) names.push_back(name);
  for (const char* name : {"forecast", transduce::kTranslate, transduce::kTranscribe}) {
    names.emplace_back(name);
  }
  return names;
}

}  // namespace

base::Fields<Spec> spec_fields() {
  using S = Spec;
  return base::Fields<S>()
      .section("Task")
      .field("task", &S::task, task_names(), "what to learn; auto = recognised from the data")
      .common(
          "What to learn: a class, a number, tags, a forecast, a translation or a transcript. "
          "Found "
          "from the data by default; the last three are named.")
      .field("preset", &S::preset, preset_names(),
             "effort: fast = seconds; good = seconds to two minutes on small sets, the average of "
             "a few small networks and, for classes and numbers, two simple methods; best = "
             "minutes; translations and transcripts take longer; none = one network with exactly "
             "the given options; auto = good, or none if an option of the network or its training "
             "is given")
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
      .include(&S::reply, transduce::reply_fields())
      .include(&S::augment, augment_fields())
      .include(&S::split, split_fields())
      .include(&S::transfer, transfer_fields())
      .include(&S::train, train::train_fields())
      .include(&S::optim, optim::optim_fields());
}

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
