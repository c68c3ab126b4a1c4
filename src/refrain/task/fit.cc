#include "refrain/task/fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "refrain/base/error.h"
#include "refrain/base/threads.h"
#include "refrain/data/folds.h"
#include "refrain/data/split.h"
#include "refrain/score/temperature.h"
#include "refrain/task/cost.h"
#include "refrain/task/labels.h"
#include "refrain/task/preset.h"

namespace refrain::task {
namespace {

// What the defaults are chosen by.
TrainingData facts_of(const FitParts& parts) {
  const View view{*parts.train_data, parts.train};
  TrainingData facts;
  facts.samples = view.size();
  facts.text = is_text(view.dataset);
  facts.classes = static_cast<int>(labels_of(view).size());
  facts.channels = view.dataset.streams.front().channels;
  std::vector<int> steps;
  for (int i = 0; i < view.size(); ++i) {
    const auto* series = std::get_if<data::Series>(&view[i].streams.front());
    if (series != nullptr) steps.push_back(series->steps);
  }
  if (steps.empty()) return facts;
  const auto middle = steps.begin() + static_cast<std::ptrdiff_t>(steps.size() / 2);
  std::nth_element(steps.begin(), middle, steps.end());
  facts.steps = *middle;
  return facts;
}

double valid_fraction(const Spec& spec, std::size_t samples, bool text) {
  if (spec.split.valid_fraction >= 0) return spec.split.valid_fraction;
  if (spec.model.model != "network") return 0;       // nothing would look at it
  if (!text && preset_of(spec) != "none") return 0;  // a fixed number of epochs on all samples
  const std::size_t few = text ? 1000 : 300;
  return samples < few ? 0 : samples < 2000 ? 0.15 : 0.1;
}

}  // namespace

bool is_text(const data::Dataset& dataset) {
  return dataset.streams.front().kind == data::StreamKind::kText;
}

void require_classes(const data::Dataset& dataset, const std::vector<int>& chosen) {
  const auto labels = labels_of({dataset, chosen});
  if (labels.size() >= 2) return;
  throw Error(Code::kData,
              fmt::format("{}: all {} training samples have the same label '{}'", dataset.path,
                          chosen.size(), labels.empty() ? "" : labels.front()),
              "classification needs samples of at least two classes; is --target right?");
}

FitParts split_valid(const data::Dataset& dataset, const std::vector<int>& pool, const Spec& spec,
                     const base::Rng& rng, std::vector<std::string>* kept_whole) {
  const double fraction = valid_fraction(spec, pool.size(), is_text(dataset));
  auto part = data::split_off(dataset, pool, fraction, rng);
  if (kept_whole != nullptr && fraction > 0) *kept_whole = std::move(part.kept_whole);
  require_classes(dataset, part.train);
  return {&dataset, std::move(part.train), &dataset, std::move(part.held_out)};
}

Classifier make_classifier(Spec spec, const FitParts& parts) {
  const data::Dataset& data = *parts.train_data;
  resolve(spec, facts_of(parts));
  auto features = data::Features::fit(data, parts.train, spec.features);
  return {std::move(spec), std::move(features), labels_of({data, parts.train})};
}

std::vector<data::EncodedSample> encode_parts(const Classifier& model, const FitParts& parts) {
  auto samples = model.encode(*parts.train_data, parts.train);
  if (parts.valid.empty()) return samples;
  auto valid = model.encode(*parts.valid_data, parts.valid);
  samples.insert(samples.end(), std::make_move_iterator(valid.begin()),
                 std::make_move_iterator(valid.end()));
  return samples;
}

bool Fitted::interrupted() const {
  for (const auto& outcome : outcomes) {
    if (outcome.reason == train::StopReason::kInterrupted) return true;
  }
  return false;
}

namespace {

constexpr int kCalibrationFolds = 5;

// The methods that a comma list names, each once. Throws usage for one that is not there.
std::vector<std::string> methods_of(const std::string& list) {
  std::vector<std::string> names;
  for (std::size_t begin = 0; begin < list.size();) {
    const auto end = std::min(list.find(',', begin), list.size());
    std::string name = list.substr(begin, end - begin);
    std::erase(name, ' ');
    begin = end + 1;
    if (name.empty() || std::find(names.begin(), names.end(), name) != names.end()) continue;
    baselines().at(name);
    names.push_back(name);
  }
  return names;
}

class Fitting {
 public:
  Fitting(const Spec& spec, const FitParts& parts, const FitHooks& hooks)
      : spec_(spec), parts_(parts), hooks_(hooks) {
    const data::Dataset& data = *parts.train_data;
    resolve(spec_, facts_of(parts));
    model().labels = labels_of({data, parts.train});
    model().cost = parse_cost(spec_.model.cost, model().labels);
  }

  Fitted run() {
    const bool network = spec_.model.model == "network";
    if (network) fit_networks();
    const auto methods = network ? methods_of(spec_.model.blend) : methods_of(spec_.model.model);
    if (!fitted_.interrupted()) {
      for (const auto& method : methods) add_method(method);
    }
    if (!network) model().features = features();
    model().spec = spec_;
    if (spec_.model.calibrate && !fitted_.interrupted()) calibrate();
    return std::move(fitted_);
  }

 private:
  Model& model() { return fitted_.model; }
  data::Features features() const {
    return data::Features::fit(*parts_.train_data, parts_.train, spec_.features);
  }
  bool stopped() const { return hooks_.stop != nullptr && hooks_.stop->load(); }

  // Whole networks are the first unit of parallel work. What may be refused comes before it.
  void fit_networks() {
    const int count = spec_.model.ensemble;
    std::vector<std::unique_ptr<Classifier>> networks;
    for (int i = 0; i < count; ++i) {
      Spec own = spec_;
      own.train.seed = seed_of(i);
      if (count > 1) own.train.threads = 1;
      networks.push_back(std::make_unique<Classifier>(make_classifier(std::move(own), parts_)));
    }
    const auto samples = encode_parts(*networks.front(), parts_);  // the same for all
    std::vector<std::optional<train::State>> states(networks.size());
    for (int i = 0; hooks_.resume && i < count; ++i) {
      const auto at = static_cast<std::size_t>(i);
      states[at] = hooks_.resume({i, count, *networks[at], samples});
    }
    fitted_.outcomes.resize(networks.size());
    base::parallel_for(count, count == 1 ? 1 : spec_.train.threads, [&](int i) {
      const auto at = static_cast<std::size_t>(i);
      fitted_.outcomes[at] = fit_network({i, count, *networks[at], samples}, states[at]);
    });
    model().features = networks.front()->features();
    for (auto& network : networks) {
      model().members.push_back({"network", std::move(network), nullptr, 1.0 / count});
    }
  }

  int seed_of(int number) const {
    if (number == 0) return spec_.train.seed;
    const auto rng = base::Rng(static_cast<std::uint64_t>(spec_.train.seed)).fork("ensemble");
    return static_cast<int>(rng.fork(static_cast<std::uint64_t>(number)).key() >> 33);
  }

  train::Outcome fit_network(const NetworkRun& run,
                             const std::optional<train::State>& state) const {
    train::Hooks watching;
    watching.stop = hooks_.stop;
    if (hooks_.watch) watching = hooks_.watch(run);
    return run.network.fit(run.samples, static_cast<int>(parts_.train.size()), watching,
                           state ? &*state : nullptr);
  }

  // One that only a preset wanted may be left out.
  void add_method(const std::string& name) {
    try {
      add_baseline(name);
    } catch (const Error& e) {
      const bool wanted = spec_.given.contains("blend") || model().members.empty();
      if (wanted || e.code() != Code::kUnsupported) throw;
      hooks_.log.info(fmt::format("without {}: {}", name, e.what()));
    }
  }

  // All samples that were given for training: a simple method stops nothing early.
  std::vector<int> all_training() const {
    std::vector<int> all = parts_.train;
    if (parts_.valid_data != parts_.train_data) return all;
    all.insert(all.end(), parts_.valid.begin(), parts_.valid.end());
    std::sort(all.begin(), all.end());
    return all;
  }

  // What predicts is what a file would give back: numbers in the precision of the file.
  void add_baseline(const std::string& name) {
    const auto& entry = baselines().at(name);
    const data::Dataset& data = *parts_.train_data;
    if (!applies(entry.kind, data)) {
      throw Error(Code::kUsage, fmt::format("the method {} cannot read these samples", name),
                  "'refrain list baselines' tells what each one reads");
    }
    const int classes = static_cast<int>(model().labels.size());
    const auto all = all_training();
    const View view{data, all};
    const auto fitted = entry.make();
    fitted->fit({view, targets_of(model().labels, view), classes,
                 static_cast<std::uint64_t>(spec_.train.seed), spec_.train.threads});
    tensor::TensorFile numbers;
    Archive written(numbers, "", classes);
    fitted->archive(written);
    Archive read(numbers, "", classes, written.head());
    Member member;
    member.method = name;
    if (spec_.model.model == "network") member.weight = spec_.model.blend_weight;
    member.baseline = entry.make();
    member.baseline->archive(read);
    model().members.push_back(std::move(member));
  }

  // The temperature that does best on samples that the models of inner folds did not see.
  void calibrate() {
    const base::Rng rng =
        base::Rng(static_cast<std::uint64_t>(spec_.train.seed)).fork("calibration");
    Spec inner = spec_;
    inner.model.calibrate = false;
    inner.train.threads = 1;
    const data::FoldSpec cut{kCalibrationFolds, "stratified", 0};
    auto folds = data::make_folds(*parts_.train_data, parts_.train, cut, rng);
    std::vector<score::Classification> parts(folds.size());
    base::parallel_for(static_cast<int>(folds.size()), spec_.train.threads, [&](int i) {
      const auto at = static_cast<std::size_t>(i);
      parts[at] = held_out(inner, folds[at], rng.fork(static_cast<std::uint64_t>(i)));
    });
    score::Classification all;
    all.classes = static_cast<int>(model().labels.size());
    for (const auto& part : parts) {
      all.truth.insert(all.truth.end(), part.truth.begin(), part.truth.end());
      all.probability.insert(all.probability.end(), part.probability.begin(),
                             part.probability.end());
    }
    all.predicted = all.truth;  // only probabilities count here
    if (stopped()) return;
    model().temperature = score::fit_temperature(all);
    hooks_.log.info(fmt::format("calibrated on {} samples of {} inner folds: temperature {:.3g}",
                                all.size(), folds.size(), model().temperature));
  }

  // Predictions of a fold's tested samples, over the classes of the whole model.
  score::Classification held_out(const Spec& spec, const data::Fold& fold,
                                 const base::Rng& rng) const {
    score::Classification out;
    if (stopped()) return out;
    const auto& labels = fitted_.model.labels;
    FitHooks hooks;
    hooks.stop = hooks_.stop;
    const auto parts = split_valid(*parts_.train_data, fold.train, spec, rng, nullptr);
    const Model fold_model = fit_model(spec, parts, hooks).model;
    if (stopped()) return out;
    const View tested{*parts_.train_data, fold.test};
    out.truth = targets_of(labels, tested);
    out.probability = widen(fold_model.predict(tested, 1), fold_model.labels, labels);
    return out;
  }

  Spec spec_;
  const FitParts& parts_;
  const FitHooks& hooks_;
  Fitted fitted_;
};

}  // namespace

Fitted fit_model(const Spec& spec, const FitParts& parts, const FitHooks& hooks) {
  return Fitting(spec, parts, hooks).run();
}

}  // namespace refrain::task
