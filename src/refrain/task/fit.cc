#include "refrain/task/fit.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

#include "refrain/base/duration.h"
#include "refrain/base/error.h"
#include "refrain/data/split.h"
#include "refrain/data/units.h"
#include "refrain/task/budget.h"
#include "refrain/task/contradictions.h"
#include "refrain/task/distil.h"
#include "refrain/task/held_out.h"
#include "refrain/task/networks.h"
#include "refrain/task/preset.h"
#include "refrain/task/search.h"
#include "refrain/task/task.h"
#include "refrain/task/variants.h"

namespace refrain::task {
namespace {

double valid_fraction(const Spec& spec, std::size_t samples, bool text) {
  if (spec.split.valid_fraction >= 0) return spec.split.valid_fraction;
  if (spec.model.model != "network") return 0;              // nothing would look at it
  if (spec.split.refit) return samples < 300 ? 0.2 : 0.15;  // they are given back
  if (preset_of(spec) != "none") return 0;  // a fixed number of epochs on all samples
  const std::size_t few = text ? 1000 : 300;
  return samples < few ? 0 : samples < 2000 ? 0.15 : 0.1;
}

}  // namespace

TrainingData facts_of(const FitParts& parts) {
  const View view{*parts.train_data, parts.train};
  TrainingData facts;
  facts.samples = view.size();
  facts.text = is_text(view.dataset);
  facts.numbers = facts.samples > 0 && !view[0].numbers.empty();
  facts.sound = view.dataset.streams.front().from_sound;
  facts.states = view.dataset.streams.front().from_text;
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

bool is_text(const data::Dataset& dataset) {
  return dataset.streams.front().kind == data::StreamKind::kText;
}

FitParts split_valid(const data::Dataset& dataset, const std::vector<int>& pool, const Spec& spec,
                     const base::Rng& rng, std::vector<std::string>* kept_whole) {
  const double fraction = valid_fraction(spec, pool.size(), is_text(dataset));
  auto part = data::split_off(dataset, pool, fraction, rng);
  if (kept_whole != nullptr && fraction > 0) *kept_whole = std::move(part.kept_whole);
  task_of(spec).require({dataset, part.train});
  return {&dataset, std::move(part.train), &dataset, std::move(part.held_out)};
}

Network make_network(Spec spec, const FitParts& parts) {
  const data::Dataset& data = *parts.train_data;
  resolve(spec, facts_of(parts));
  auto features = data::Features::fit(data, parts.train, spec.features);
  const View training{data, parts.train};
  auto goal = task_of(spec).fit({training, training, parts.classes}, spec);
  return {std::move(spec), std::move(features), std::move(goal)};
}

std::vector<data::EncodedSample> encode_parts(const Network& model, const FitParts& parts) {
  auto samples = model.encode(*parts.train_data, parts.train);
  if (parts.valid.empty()) return samples;
  auto valid = model.encode(*parts.valid_data, parts.valid);
  samples.insert(samples.end(), std::make_move_iterator(valid.begin()),
                 std::make_move_iterator(valid.end()));
  return samples;
}

bool Fitted::interrupted() const {
  if (stopped) return true;
  for (const auto& outcome : outcomes) {
    if (outcome.reason == train::StopReason::kInterrupted) return true;
  }
  return false;
}

namespace {

// Of what is left of a time limit: for a search; for measuring the speed, and at most so many
// seconds; for the networks.
constexpr double kSearchShare = 0.4, kPilotShare = 0.05, kLongestPilot = 2, kPlannedShare = 0.85;

// With --blend-weight auto each inner fold has one network for so many of the ensemble.
constexpr int kWeighingPart = 3;

train::ValidScore valid_score(const train::Outcome& outcome) {
  if (!outcome.has_valid || outcome.best_epoch < 1) return {};
  return outcome.history[static_cast<std::size_t>(outcome.best_epoch - 1)].valid;
}

class Fitting {
 public:
  Fitting(const Spec& spec, const FitParts& parts, const FitHooks& hooks)
      : spec_(spec), parts_(parts), hooks_(hooks) {
    const data::Dataset& data = *parts.train_data;
    resolve(spec_, facts_of(parts));
    refuse_contradictions(spec_, parts);
    model().columns = data.columns;
    model().offset = data.offset;
    model().encoder = data.encoder;
    gather_all();
    model().goal = task_of(spec_).fit(
        {{data, parts.train}, {*all_.train_data, all_.train}, parts.classes}, spec_);
    refuse_without_inner_folds();
  }

  Fitted run() {
    const bool network = spec_.model.model == "network";
    const bool limited = network && hooks_.deadline > 0;
    if (limited) leave_weighing_out();
    if (limited) add_methods();  // it is known then what is left for the networks
    if (network) search();
    if (spec_.augment.augment == "auto" && !fitted_.interrupted()) choose_augmentation(limited);
    if (limited && !fitted_.interrupted()) keep_to_the_time();
    if (network && !fitted_.interrupted()) add_networks();
    if (!limited && !fitted_.interrupted()) add_methods();
    if (!network) model().features = features();
    model().spec = spec_;
    learn_from_held_out();
    model().leave_silent_out();
    return std::move(fitted_);
  }

 private:
  void learn_from_held_out() {
    const bool chosen = spec_.model.blend_weight == kAutoWeight;
    const bool wanted = model().goal->wants_held_out() && !hooks_.inner;
    if ((chosen || wanted || spec_.model.distil) && !fitted_.interrupted()) predict_held_out();
    if (chosen && !fitted_.interrupted()) choose_weights();
    if (wanted && !fitted_.interrupted()) complete_goal();
    if (spec_.model.distil && !fitted_.interrupted()) distil();
    if (spec_.model.calibrate && !fitted_.interrupted()) calibrate();
  }

  // What the goal learns from answers to samples that were held out: how far off they are.
  void complete_goal() {
    if (held_->truth.empty()) {
      hooks_.log.info(fmt::format("no prediction intervals: {}", kNoInnerFolds));
      return;
    }
    const auto units = data::find_units(*all_.train_data, held_->sample).of;
    auto known = model().goal->calibrated(held_->truth, held_->averaged(shares_of(model())), units);
    if (known != nullptr) model().goal = std::move(known);
  }

  Model& model() { return fitted_.model; }
  const Judge& judge() const { return fitted_.model.goal->judge(); }
  data::Features features() const {
    return data::Features::fit(*parts_.train_data, parts_.train, spec_.features);
  }
  base::Rng rng_for(const char* purpose) const {
    return base::Rng(static_cast<std::uint64_t>(spec_.train.seed)).fork(purpose);
  }

  // What was asked for and cannot be had is an error before anything is trained.
  void refuse_without_inner_folds() const {
    const auto require = [&](const char* option, const FitParts& pool, const base::Rng& rng) {
      if (!cut_inner_folds(*pool.train_data, pool.train, task_of(spec_), rng).empty()) return;
      throw Error(Code::kUsage, fmt::format("{} cannot be done: {}", option, kNoInnerFolds),
                  fmt::format("leave {} out, or add samples of other groups", option));
    };
    if (spec_.model.distil) require("--distil", all_, rng_for("inner folds"));
    if (spec_.model.calibrate) require("--calibrate", parts_, rng_for("calibration"));
  }

  // All samples that were given for training. A validation file is not trained on, but for --refit.
  void gather_all() {
    const data::Dataset& data = *parts_.train_data;
    all_.train_data = all_.valid_data = &data;
    all_.train = parts_.train;
    if (parts_.valid_data == &data) {
      valid_ = parts_.valid;
    } else if (spec_.split.refit) {
      append_valid_file();
    }
    all_.train.insert(all_.train.end(), valid_.begin(), valid_.end());
    std::sort(all_.train.begin(), all_.train.end());
  }

  void append_valid_file() {
    merged_ = *parts_.train_data;
    const auto offset = static_cast<int>(merged_.samples.size());
    for (data::Sample sample : parts_.valid_data->samples) {
      if (sample.source >= 0) sample.source += offset;
      merged_.samples.push_back(std::move(sample));
    }
    for (const int i : parts_.valid) valid_.push_back(offset + i);
    all_.train_data = all_.valid_data = &merged_;
  }

  NetworksJob networks_job() const {
    NetworksJob job{spec_, parts_, nullptr, fitted_.model.goal};
    if (spec_.split.refit) job.all = &all_;
    job.count = spec_.model.ensemble;
    job.alone = spec_.model.ensemble == 1 && !spec_.split.refit && !spec_.model.distil;
    return job;
  }

  // Inner folds that only a preset wants take several times as long as the networks.
  void leave_weighing_out() {
    if (spec_.model.blend_weight == kAutoWeight && !spec_.given.contains("blend_weight")) {
      spec_.model.blend_weight = 1;
    }
  }

  void add_methods() {
    const double start = base::steady_seconds();
    const bool network = spec_.model.model == "network";
    for (const auto& method : simple_methods(spec_)) {
      const bool again = network && all_baselines().at(method).make()->is_random();
      const int count = again ? spec_.model.blend_repeats : 1;
      for (int k = 0; k < count && add_method(method, k, count); ++k) {
      }
    }
    methods_seconds_ = base::steady_seconds() - start;
  }

  // 0 without a limit.
  double seconds_left() const {
    if (hooks_.deadline <= 0) return 0;
    return std::max(1e-3, hooks_.deadline - base::steady_seconds());
  }

  void search() {
    const auto candidates = candidates_of(spec_, facts_of(parts_));
    if (candidates.empty()) return;
    search_options(spec_, parts_, hooks_, search_time(candidates));
    stop_between("the search");
  }

  // With a limit simple methods are there already, and learn once more where one was chosen.
  void choose_augmentation(bool limited) {
    SearchTime time = search_time({{{"augment", ""}}});
    if (limited && methods_judge(spec_)) {
      const double folds = std::ceil(static_cast<double>(kInnerFolds) / spec_.train.threads);
      const double once = methods_seconds_ / spec_.model.blend_repeats;
      time.each = time.each / spec_.train.epochs + folds * (1 + kMostRounds) * once;
    }
    search_augmentation(spec_, parts_, hooks_, time);
    stop_between("the search for an augmentation");
    const bool changed = !spec_.augment.augment.empty() || !spec_.model.meanings.empty();
    if (!limited || fitted_.interrupted() || !changed) return;
    model().members.clear();
    // Variants take the time that repeats would have had.
    if (!spec_.given.contains("blend_repeats")) spec_.model.blend_repeats = 1;
    add_methods();
  }

  // With a deadline: a share of what is left, and what one candidate is expected to take.
  SearchTime search_time(const std::vector<OptionValues>& candidates) {
    SearchTime time{kSearchShare * seconds_left(), 0};
    if (time.seconds > 0) {
      Spec first = spec_;
      settle_on(first, candidates, candidates.front());
      const double folds = std::ceil(static_cast<double>(kInnerFolds) / spec_.train.threads);
      time.each = folds * first.train.epochs * seconds_an_epoch(first);
    }
    return time;
  }

  void stop_between(const char* what) {
    if (hooks_.stop == nullptr || !hooks_.stop->load()) return;
    fitted_.stopped = true;
    hooks_.log.info(fmt::format("stopped in {}: it begins anew next time", what));
  }

  double seconds_an_epoch(const Spec& spec) const {
    return measure_epoch(spec, parts_, std::min(kLongestPilot, kPilotShare * seconds_left()));
  }

  // As many networks and epochs as there is time for.
  void keep_to_the_time() {
    const auto& m = spec_.model;
    const bool folds = m.calibrate || m.distil || m.blend_weight == kAutoWeight;
    const double trainings = (folds ? kInnerFolds : 1) * (spec_.split.refit ? 2.0 : 1.0);
    const double each = seconds_an_epoch(spec_);
    const Plan wanted{m.ensemble, spec_.train.epochs};
    const Plan plan =
        plan_within(kPlannedShare * seconds_left() / trainings, each, wanted, spec_.train.threads);
    if (plan.networks < wanted.networks || plan.epochs < wanted.epochs) {
      hooks_.log.info(fmt::format(
          "the time allows {} of {} networks and {} of {} epochs ({} an epoch)", plan.networks,
          wanted.networks, plan.epochs, wanted.epochs, base::format_duration(each)));
    }
    spec_.model.ensemble = plan.networks;
    spec_.train.epochs = plan.epochs;
    spec_.given.insert({"ensemble", "epochs"});
  }

  void add_networks() { put_in(fit_networks(networks_job(), hooks_)); }

  void put_in(Networks trained) {
    fitted_.outcomes = std::move(trained.outcomes);
    fitted_.refits = std::move(trained.refits);
    model().features = trained.networks.front()->features();
    const auto count = static_cast<double>(trained.networks.size());
    std::vector<Member> members;  // first, whenever they came
    for (auto& network : trained.networks) {
      members.push_back({"network", std::move(network), nullptr, 1 / count});
    }
    for (auto& other : model().members) members.push_back(std::move(other));
    model().members = std::move(members);
  }

  // False where one that only a preset wanted is left out.
  bool add_method(const std::string& name, int repeat, int count) {
    try {
      add_baseline(name, repeat, count);
      return true;
    } catch (const Error& e) {
      const bool wanted = spec_.given.contains("blend") || spec_.model.model != "network";
      if (wanted || e.code() != Code::kUnsupported) throw;
      hooks_.log.info(fmt::format("without {}: {}", name, e.what()));
      return false;
    }
  }

  static void require_equal_weights(const std::string& name, const View& view) {
    for (int i = 1; i < view.size(); ++i) {
      if (view[i].weight == view[0].weight) continue;
      throw Error(Code::kUnsupported, fmt::format("the method {} takes no sample weights", name),
                  "leave the weights out, or train networks alone (--model network --blend '')");
    }
  }

  // With --augment; false where nothing was augmented, or that would be too much for the method.
  bool fit_on_variants(const std::string& name, Baseline& method, std::uint64_t seed) {
    const auto& specification = spec_.augment.augment;
    if (specification.empty() || specification == "auto") return false;
    if (!variants_) {
      variants_ = with_variants(*all_.train_data, all_.train, specification, spec_.train.seed,
                                spec_.train.threads);
    }
    if (variants_->chosen.size() == all_.train.size()) return false;
    TrainingView training{{variants_->dataset, variants_->chosen}, {}, 0, seed};
    training.threads = spec_.train.threads;
    training.source = variants_->source;
    training.meanings = meanings();
    try {
      model().goal->put_targets(training);
      method.fit(training);
    } catch (const Error& e) {
      if (e.code() != Code::kUnsupported) throw;
      hooks_.log.info(fmt::format("{} learns from the samples as they are: {}", name, e.what()));
      return false;
    }
    return true;
  }

  std::uint64_t seed_of(int repeat) const {
    const auto seed = static_cast<std::uint64_t>(spec_.train.seed);
    if (repeat == 0) return seed;
    return base::Rng(seed)
        .fork("repeats")
        .fork(static_cast<std::uint64_t>(repeat))
        .below(std::uint64_t{1} << 31);
  }

  const augment::Meanings* meanings() const {
    return spec_.model.meanings.empty() ? nullptr : &augment::meanings(spec_.model.meanings);
  }

  // What predicts is what a file would give back: numbers in the precision of the file.
  void add_baseline(const std::string& name, int repeat, int count) {
    const auto& entry = all_baselines().at(name);
    const data::Dataset& data = *all_.train_data;
    if (!applies(entry.kind, data)) {
      throw Error(Code::kUsage, fmt::format("the method {} cannot read these samples", name),
                  "'refrain list baselines' tells what each one reads");
    }
    TrainingView training{{data, all_.train}, {}, 0, seed_of(repeat)};
    training.threads = spec_.train.threads;
    training.meanings = meanings();
    require_equal_weights(name, training.samples);
    model().goal->require_method(name, training.samples);
    model().goal->put_targets(training);
    auto fitted = entry.make();
    if (!fitted->takes_variants() || !fit_on_variants(name, *fitted, training.seed)) {
      fitted = entry.make();
      fitted->fit(training);
    }
    const int width = model().goal->width();
    tensor::TensorFile numbers;
    Archive written(numbers, "", width);
    fitted->archive(written);
    Archive read(numbers, "", width, written.head());
    Member member;
    member.method = name;
    const double weight = spec_.model.blend_weight;
    if (spec_.model.model == "network")
      member.weight = (weight == kAutoWeight ? 1 : weight) / count;
    member.baseline = entry.make();
    member.baseline->archive(read);
    model().members.push_back(std::move(member));
  }

  // The options of a model that is fitted to be asked about samples it did not see.
  Spec inner_spec() const {
    Spec inner = spec_;
    inner.model.calibrate = false;
    if (inner.split.valid_fraction == 0) inner.split.refit = false;  // there was a file
    return inner;
  }

  std::optional<HeldOut> hold_out_all(const Spec& inner, const FitParts& pool,
                                      const char* purpose) {
    auto held =
        hold_out({inner, *pool.train_data, pool.train, model(), rng_for(purpose)}, hooks_.stop);
    if (held) return held;
    fitted_.stopped = true;
    hooks_.log.info("stopped in the inner folds: they begin anew next time");
    return held;
  }

  // By each kind of members. Fewer networks a fold do, so that the folds take no more than about
  // twice as long together as the members did.
  void predict_held_out() {
    Spec inner = inner_spec();
    inner.model.distil = false;
    const bool weigh = inner.model.blend_weight == kAutoWeight;
    if (weigh) inner.model.blend_weight = 1;
    const int part = weigh ? kWeighingPart : kInnerFolds;
    inner.model.ensemble = (inner.model.ensemble + part - 1) / part;
    inner.given.insert({"ensemble", "blend_weight"});
    held_ = hold_out_all(inner, all_, "inner folds");
  }

  // Networks trained with smoothed labels are less sure than they are right, simple methods each in
  // their way: first the temperature of each kind, then its weight.
  void choose_weights() {
    if (held_->truth.empty()) {
      hooks_.log.info(fmt::format("--blend-weight auto: equal weights, for {}", kNoInnerFolds));
      return;
    }
    const auto kinds = kinds_of(model());
    std::vector<double> temperatures;
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      temperatures.push_back(temper(kinds[k], held_->answers[k]));
    }
    const auto weights = judge().weights(held_->truth, held_->answers);
    for (std::size_t k = 0; k < kinds.size(); ++k) weigh(kinds[k], weights[k]);
    say_weights(kinds, weights, temperatures);
  }

  // Finds the temperature of one kind of members and brings what was held out to it.
  double temper(const std::string& kind, std::vector<double>& answers) {
    const double temperature = judge().temperature(held_->truth, answers);
    answers = judge().at_temperature(std::move(answers), temperature);
    for (Member& member : model().members) {
      if (member.method == kind) member.temperature = temperature;
    }
    return temperature;
  }

  void weigh(const std::string& kind, double weight) {
    const auto same = [&](const Member& member) { return member.method == kind; };
    auto& members = model().members;
    const auto count = std::count_if(members.begin(), members.end(), same);
    for (Member& member : members) {
      if (same(member)) member.weight = weight / static_cast<double>(count);
    }
  }

  void say_weights(const std::vector<std::string>& kinds, const std::vector<double>& weights,
                   const std::vector<double>& temperatures) {
    std::string list;
    for (std::size_t k = 0; k < kinds.size(); ++k) {
      list += fmt::format("{}{} {:.2f} at temperature {:.2f}", k > 0 ? ", " : "",
                          kinds[k] == "network" ? "the networks" : kinds[k], weights[k],
                          temperatures[k]);
    }
    const std::vector<double> equal(weights.size(), 1 / static_cast<double>(weights.size()));
    hooks_.log.info(fmt::format(
        "--blend-weight auto: {}, by {} samples of {} inner folds ({} {:.3f}, with equal weights "
        "{:.3f})",
        list, held_->truth.size(), held_->folds, judge().loss_name(),
        judge().score(held_->truth, held_->averaged(weights)).loss,
        judge().score(held_->truth, held_->averaged(equal)).loss));
  }

  // One network in place of all members.
  void distil() {
    const auto taught = held_->averaged(shares_of(model()));
    Distilled d;
    d.members = static_cast<int>(model().members.size());
    d.has_valid = !parts_.valid.empty();
    judge_all_members(taught, d);
    const auto soft = soft_targets(*held_, taught);
    NetworksJob job = networks_job();
    job.count = 1;
    job.stage = "distilled";
    job.alone = false;
    job.soft = &soft;
    model().members.clear();
    put_in(fit_networks(job, hooks_));
    d.of_network = valid_score(fitted_.outcomes.front());
    if (fitted_.interrupted()) return;
    hooks_.log.info(sentence_of(d, judge()));
    fitted_.distilled = d;
  }

  // On the validation part, or where there is none on all that was held out in the inner folds.
  // Nobody was trained on a validation file, unless it was trained on again.
  void judge_all_members(const std::vector<double>& held_out, Distilled& d) {
    if (!d.has_valid || !valid_.empty()) {
      judge_members(*held_, judge(), held_out, valid_, d);
      return;
    }
    const View valid{*parts_.valid_data, parts_.valid};
    d.samples = valid.size();
    d.of_members = judge().score(model().goal->truths(valid), model().predict(valid, 1));
  }

  // The temperature that does best on samples that the models of inner folds did not see.
  void calibrate() {
    if (!held_ || spec_.model.blend_weight != kAutoWeight || spec_.model.distil) {
      held_ =
          hold_out_all(inner_spec(), {parts_.train_data, parts_.train, nullptr, {}}, "calibration");
    }
    if (!held_ || held_->truth.empty()) return;
    const auto answers = held_->averaged(shares_of(model()));
    model().temperature = judge().temperature(held_->truth, answers);
    hooks_.log.info(fmt::format("calibrated on {} samples of {} inner folds: temperature {:.3g}",
                                held_->truth.size(), held_->folds, model().temperature));
  }

  Spec spec_;
  const FitParts& parts_;
  const FitHooks& hooks_;
  FitParts all_;                      // every sample that may be trained on
  data::Dataset merged_;              // with the validation file, where it is trained on too
  std::vector<int> valid_;            // the validation part, as numbers in all_
  double methods_seconds_ = 0;        // that simple methods took
  std::optional<Variants> variants_;  // what simple methods learn from with --augment
  std::optional<HeldOut> held_;
  Fitted fitted_;
};

}  // namespace

Fitted fit_model(const Spec& spec, const FitParts& parts, const FitHooks& hooks) {
  return Fitting(spec, parts, hooks).run();
}

}  // namespace refrain::task
