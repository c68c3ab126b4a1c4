#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "refrain/base/error.h"
#include "refrain/task/fitting.h"
#include "refrain/task/simple_learner.h"

namespace refrain::task {
namespace {

bool weights_differ(const data::Subset& samples) {
  for (int i = 1; i < samples.size(); ++i) {
    if (samples[i].weight != samples[0].weight) return true;
  }
  return false;
}

// Samples as often as their weights say; the copies follow, each with the place of its original.
struct Repeated {
  std::vector<int> chosen, source;
};

// The weight that one copy stands for: the smallest, or half of it where others are no multiples of
// it, but at least so much that the copies are at most `kMostCopies` times the samples.
double weight_of_a_copy(const data::Subset& samples) {
  constexpr double kMostCopies = 4, kNear = 0.01;
  double least = samples[0].weight, sum = 0;
  for (int i = 0; i < samples.size(); ++i) {
    least = std::min(least, samples[i].weight);
    sum += samples[i].weight;
  }
  bool whole = true;
  for (int i = 0; i < samples.size(); ++i) {
    const double times = samples[i].weight / least;
    whole = whole && std::abs(times - std::round(times)) < kNear;
  }
  return std::max(whole ? least : least / 2, sum / (kMostCopies * samples.size()));
}

Repeated repeated_by_weight(const data::Subset& samples) {
  const double unit = weight_of_a_copy(samples);
  Repeated out{samples.chosen, {}};
  out.source.resize(samples.chosen.size());
  std::iota(out.source.begin(), out.source.end(), 0);
  for (int i = 0; i < samples.size(); ++i) {
    const auto copies = std::lround(samples[i].weight / unit) - 1;
    for (long k = 0; k < copies; ++k) {
      out.chosen.push_back(samples.chosen[static_cast<std::size_t>(i)]);
      out.source.push_back(i);
    }
  }
  return out;
}

std::uint64_t seed_of(const Spec& spec, int repeat) {
  const auto seed = static_cast<std::uint64_t>(spec.train.seed);
  if (repeat == 0) return seed;
  return base::Rng(seed)
      .fork("repeats")
      .fork(static_cast<std::uint64_t>(repeat))
      .below(std::uint64_t{1} << 31);
}

method::Training training_of(const Fitting& fit, const data::Subset& samples, std::uint64_t seed) {
  method::Training training{samples, {}, 0, seed};
  training.threads = fit.spec.train.threads;
  const std::string& meanings = fit.spec.model.meanings;
  if (!meanings.empty()) training.meanings = &augment::meanings(meanings);
  return training;
}

// With --augment; false where nothing was augmented, or that would be too much for the method.
bool fit_on_variants(Fitting& fit, const std::string& name, method::Method& method,
                     std::uint64_t seed) {
  const auto& specification = fit.spec.augment.augment;
  const FitParts& all = fit.whole.all;
  if (specification.empty() || specification == "auto") return false;
  if (!fit.variants) {
    fit.variants = with_variants(*all.train_data, all.train, specification, fit.spec.train.seed,
                                 fit.spec.train.threads);
  }
  if (fit.variants->chosen.size() == all.train.size()) return false;
  auto training = training_of(fit, {fit.variants->dataset, fit.variants->chosen}, seed);
  training.source = fit.variants->source;
  try {
    fit.model().goal->put_targets(training);
    method.fit(training);
  } catch (const Error& e) {
    if (e.code() != Code::kUnsupported) throw;
    fit.hooks.log.info(fmt::format("{} learns from the samples as they are: {}", name, e.what()));
    return false;
  }
  return true;
}

// Simple methods read units as networks do, each sensor scaled within its operating condition.
void find_conditions(Fitting& fit, const data::Subset& samples) {
  fit.conditions = data::Conditions::of_samples(samples, fit.spec.features.conditions);
  if (fit.conditions->count() == 0) return;
  fit.conditioned = fit.conditions->applied_to(samples);
  fit.conditioned_all.resize(fit.conditioned.samples.size());
  std::iota(fit.conditioned_all.begin(), fit.conditioned_all.end(), 0);
}

// A heavier sample is there several times. Other methods take no weights.
std::unique_ptr<method::Method> fitted_by_weight(Fitting& fit, const std::string& name,
                                                 const data::Subset& samples, std::uint64_t seed) {
  auto method = method::all_methods().at(name).make();
  if (!method->takes_variants() || fit.conditions->count() > 0) {
    throw Error(Code::kUnsupported, fmt::format("the method {} takes no sample weights", name),
                "leave the weights out, or train networks alone (--model network --blend '')");
  }
  const Repeated repeated = repeated_by_weight(samples);
  auto training = training_of(fit, {samples.dataset, repeated.chosen}, seed);
  training.source = repeated.source;
  fit.model().goal->require_method(name, samples);
  fit.model().goal->put_targets(training);
  method->fit(training);
  return method;
}

std::unique_ptr<method::Method> fitted_method(Fitting& fit, const std::string& name,
                                              std::uint64_t seed) {
  const auto& entry = method::all_methods().at(name);
  const data::Subset samples{*fit.whole.all.train_data, fit.whole.all.train};
  if (!method::applies(entry.kind, samples.dataset)) {
    throw Error(Code::kUsage, fmt::format("the method {} cannot read these samples", name),
                "'refrain list baselines' tells what each one reads");
  }
  if (!fit.conditions) find_conditions(fit, samples);
  if (weights_differ(samples)) return fitted_by_weight(fit, name, samples, seed);
  const data::Subset read =
      fit.conditions->count() == 0 ? samples : data::Subset{fit.conditioned, fit.conditioned_all};
  auto training = training_of(fit, read, seed);
  fit.model().goal->require_method(name, samples);
  fit.model().goal->put_targets(training);
  auto method = entry.make();
  const bool scaled = fit.conditions->count() > 0;
  if (!scaled && method->takes_variants() && fit_on_variants(fit, name, *method, seed))
    return method;
  method = entry.make();
  method->fit(training);
  return method;
}

void add_repeat(Fitting& fit, const std::string& name, int repeat, int count) {
  const auto method = fitted_method(fit, name, seed_of(fit.spec, repeat));
  Member member{name,
                std::make_unique<SimpleLearner>(name, *method, fit.model().goal, *fit.conditions)};
  const double weight = fit.spec.model.blend_weight;
  if (fit.has_networks()) member.weight = (weight == kAutoWeight ? 1 : weight) / count;
  fit.model().members.push_back(std::move(member));
}

// False if a method that only a preset wanted is left out.
bool add_method(Fitting& fit, const std::string& name, int repeat, int count) {
  try {
    add_repeat(fit, name, repeat, count);
    return true;
  } catch (const Error& e) {
    const bool wanted = fit.spec.given.contains("blend") || !fit.has_networks();
    if (wanted || e.code() != Code::kUnsupported) throw;
    fit.hooks.log.info(fmt::format("without {}: {}", name, e.what()));
    return false;
  }
}

}  // namespace

void add_methods(Fitting& fit) {
  const double start = base::steady_seconds();
  for (const auto& name : simple_methods(fit.spec)) {
    const bool again = fit.has_networks() && method::all_methods().at(name).make()->is_random();
    const int count = again ? fit.spec.model.blend_repeats : 1;
    for (int k = 0; k < count && add_method(fit, name, k, count); ++k) {
    }
  }
  fit.methods_seconds = base::steady_seconds() - start;
}

}  // namespace refrain::task
