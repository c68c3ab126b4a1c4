#include <fmt/format.h>

#include <algorithm>

#include "refrain/base/error.h"
#include "refrain/data/units.h"
#include "refrain/task/fitting.h"
#include "refrain/task/task.h"

namespace refrain::task {
namespace {

// The options of a model that is fitted to be asked about samples it did not see.
Spec inner_spec(const Spec& spec) {
  Spec inner = spec;
  inner.model.calibrate = false;
  if (inner.split.valid_fraction == 0) inner.split.refit = false;  // there was a file
  return inner;
}

std::optional<HeldOut> hold_out_all(Fitting& fit, const Spec& inner, const FitParts& pool,
                                    const char* purpose) {
  const Model& model = fit.model();
  auto held = hold_out(
      {inner, *pool.train_data, pool.train, model.goal, kinds_of(model), fit.rng_for(purpose)},
      fit.hooks.stop);
  if (held) return held;
  fit.fitted.stopped = true;
  fit.hooks.log.info("stopped in the inner folds: they begin anew next time");
  return held;
}

// Predicts the held-out samples by each kind of members. A fold trains fewer networks, so that all
// folds together take about twice the time of the members.
void predict_held_out(Fitting& fit) {
  Spec inner = inner_spec(fit.spec);
  inner.model.distil = false;
  const bool weigh = inner.model.blend_weight == kAutoWeight;
  if (weigh) inner.model.blend_weight = 1;
  const int part = weigh ? kWeighingPart : kInnerFolds;
  inner.model.ensemble = (inner.model.ensemble + part - 1) / part;
  inner.given.insert({"ensemble", "blend_weight"});
  fit.held = hold_out_all(fit, inner, fit.whole.all, "inner folds");
}

// Finds the temperature of one kind of members and brings what was held out to it.
double temper(Fitting& fit, const std::string& kind, std::vector<double>& answers) {
  const double temperature = fit.judge().temperature(fit.held->truth, answers);
  answers = fit.judge().at_temperature(std::move(answers), temperature);
  for (Member& member : fit.model().members) {
    if (member.method == kind) member.temperature = temperature;
  }
  return temperature;
}

void weigh(Fitting& fit, const std::string& kind, double weight) {
  const auto same = [&](const Member& member) { return member.method == kind; };
  auto& members = fit.model().members;
  const auto count = std::count_if(members.begin(), members.end(), same);
  for (Member& member : members) {
    if (same(member)) member.weight = weight / static_cast<double>(count);
  }
}

void say_weights(const Fitting& fit, const std::vector<std::string>& kinds,
                 const std::vector<double>& weights, const std::vector<double>& temperatures) {
  const bool tempered =
      std::any_of(temperatures.begin(), temperatures.end(), [](double t) { return t != 1; });
  std::string list;
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    list += fmt::format("{}{} {:.2f}", k > 0 ? ", " : "",
                        kinds[k] == "network" ? "the networks" : kinds[k], weights[k]);
    if (tempered) list += fmt::format(" at temperature {:.2f}", temperatures[k]);
  }
  const std::vector<double> equal(weights.size(), 1 / static_cast<double>(weights.size()));
  const HeldOut& held = *fit.held;
  fit.hooks.log.info(fmt::format(
      "--blend-weight auto: {}, by {} samples of {} inner folds ({} {:.3f}, with equal weights "
      "{:.3f})",
      list, held.truth.size(), held.folds, fit.judge().loss_name(),
      fit.judge().score(held.truth, held.averaged(weights)).loss,
      fit.judge().score(held.truth, held.averaged(equal)).loss));
}

// Networks trained with smoothed labels are less sure than they are right, simple methods each in
// their way: first the temperature of each kind, then its weight.
void choose_weights(Fitting& fit) {
  if (fit.held->truth.empty()) {
    fit.hooks.log.info(fmt::format("--blend-weight auto: equal weights, for {}", kNoInnerFolds));
    return;
  }
  const auto kinds = kinds_of(fit.model());
  std::vector<double> temperatures;
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    temperatures.push_back(temper(fit, kinds[k], fit.held->answers[k]));
  }
  const auto weights = fit.judge().weights(fit.held->truth, fit.held->answers);
  for (std::size_t k = 0; k < kinds.size(); ++k) weigh(fit, kinds[k], weights[k]);
  say_weights(fit, kinds, weights, temperatures);
}

// What each kind of members has by itself.
void score_members(Fitting& fit) {
  const HeldOut& held = *fit.held;
  const auto kinds = kinds_of(fit.model());
  if (held.truth.empty() || kinds.size() < 2) return;
  const auto shares = shares_of(fit.model());
  const Judge& judge = fit.judge();
  const auto number = [&](const train::ValidScore& s) {
    return judge.has_right() ? s.score : s.loss;
  };
  std::string list;
  for (std::size_t k = 0; k < kinds.size(); ++k) {
    const auto score = judge.score(held.truth, held.answers[k]);
    fit.fitted.members.push_back({kinds[k], shares[k], score});
    list += fmt::format("{} {:.4g}, ", kinds[k] == "network" ? "the networks" : kinds[k],
                        number(score));
  }
  fit.hooks.log.info(fmt::format("{} on {} samples of inner folds: {}together {:.4g}",
                                 judge.has_right() ? judge.score_name() : judge.loss_name(),
                                 held.truth.size(), list,
                                 number(judge.score(held.truth, held.averaged(shares)))));
}

// The goal learns from answers to samples that were held out: how far off they are.
void complete_goal(Fitting& fit) {
  Model& model = fit.model();
  const HeldOut& held = *fit.held;
  if (held.truth.empty()) {
    fit.hooks.log.info(fmt::format("no prediction intervals: {}", kNoInnerFolds));
    return;
  }
  const auto units = data::find_units(*fit.whole.all.train_data, held.sample).of;
  auto known = model.goal->calibrated(held.truth, held.averaged(shares_of(model)), units);
  if (known != nullptr) model.goal = std::move(known);
}

// The temperature that does best on samples that the models of inner folds did not see.
void calibrate(Fitting& fit) {
  const bool again = fit.spec.model.blend_weight != kAutoWeight || fit.spec.model.distil;
  if (!fit.held || again) {
    const FitParts training{fit.parts.train_data, fit.parts.train, nullptr, {}};
    fit.held = hold_out_all(fit, inner_spec(fit.spec), training, "calibration");
  }
  if (!fit.held || fit.held->truth.empty()) return;
  const auto answers = fit.held->averaged(shares_of(fit.model()));
  fit.model().temperature = fit.judge().temperature(fit.held->truth, answers);
  fit.hooks.log.info(fmt::format("calibrated on {} samples of {} inner folds: temperature {:.3g}",
                                 fit.held->truth.size(), fit.held->folds, fit.model().temperature));
}

}  // namespace

// An error before anything is trained.
void refuse_without_inner_folds(const Fitting& fit) {
  const auto require = [&](const char* option, const FitParts& pool, const base::Rng& rng) {
    if (!cut_inner_folds(*pool.train_data, pool.train, task_of(fit.spec), rng).empty()) return;
    throw Error(Code::kUsage, fmt::format("{} cannot be done: {}", option, kNoInnerFolds),
                fmt::format("leave {} out, or add samples of other groups", option));
  };
  if (fit.spec.model.distil) require("--distil", fit.whole.all, fit.rng_for("inner folds"));
  if (fit.spec.model.calibrate) require("--calibrate", fit.parts, fit.rng_for("calibration"));
}

void learn_from_held_out(Fitting& fit) {
  const bool chosen = fit.spec.model.blend_weight == kAutoWeight;
  const bool wanted = fit.model().goal->wants_held_out() && !fit.hooks.inner;
  if ((chosen || wanted || fit.spec.model.distil) && fit.goes_on()) predict_held_out(fit);
  if (chosen && fit.goes_on()) choose_weights(fit);
  if ((chosen || wanted) && !fit.hooks.inner && fit.goes_on()) score_members(fit);
  if (wanted && fit.goes_on()) complete_goal(fit);
  if (fit.spec.model.distil && fit.goes_on()) distil(fit);
  if (fit.spec.model.calibrate && fit.goes_on()) calibrate(fit);
}

}  // namespace refrain::task
