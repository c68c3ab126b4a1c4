#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "refrain/task/budget.h"
#include "refrain/task/fitting.h"
#include "refrain/task/search.h"

namespace refrain::task {
namespace {

// Shares of the time that is left.
constexpr double kSearchShare = 0.4;    // for a search
constexpr double kPilotShare = 0.05;    // for measuring the speed,
constexpr double kLongestPilot = 2;     // which takes no more seconds than this
constexpr double kPlannedShare = 0.85;  // for the networks

double rounds_of_inner_folds(const Spec& spec) {
  return std::ceil(static_cast<double>(kInnerFolds) / spec.train.threads);
}

double seconds_an_epoch(const Fitting& fit, const Spec& spec) {
  const double most = std::min(kLongestPilot, kPilotShare * fit.seconds_left());
  return measure_epoch(spec, fit.parts, most);
}

// With a deadline: a share of what is left, and what one candidate is expected to take.
SearchTime search_time(const Fitting& fit, const std::vector<OptionValues>& candidates) {
  SearchTime time{kSearchShare * fit.seconds_left(), 0};
  if (time.seconds > 0) {
    Spec first = fit.spec;
    settle_on(first, candidates, candidates.front());
    time.each = rounds_of_inner_folds(fit.spec) * first.train.epochs * seconds_an_epoch(fit, first);
  }
  return time;
}

void stop_between(Fitting& fit, const char* what) {
  if (fit.hooks.stop == nullptr || !fit.hooks.stop->load()) return;
  fit.fitted.stopped = true;
  fit.hooks.log.info(fmt::format("stopped in {}: it begins anew next time", what));
}

}  // namespace

double Fitting::seconds_left() const {
  if (hooks.deadline <= 0) return 0;
  return std::max(1e-3, hooks.deadline - base::steady_seconds());
}

// Inner folds that only a preset wants take several times as long as the networks.
void leave_weighing_out(Fitting& fit) {
  if (fit.spec.model.blend_weight == kAutoWeight && !fit.spec.given.contains("blend_weight")) {
    fit.spec.model.blend_weight = 1;
  }
}

void choose_options(Fitting& fit) {
  const auto candidates = candidates_of(fit.spec, facts_of(fit.parts));
  if (candidates.empty()) return;
  search_options(fit.spec, fit.parts, fit.hooks, search_time(fit, candidates));
  stop_between(fit, "the search");
}

// With a limit simple methods are there already, and learn once more if an augmentation is chosen.
void choose_augmentation(Fitting& fit) {
  SearchTime time = search_time(fit, {{{"augment", ""}}});
  if (fit.is_limited() && methods_judge(fit.spec)) {
    const double once = fit.methods_seconds / fit.spec.model.blend_repeats;
    time.each = time.each / fit.spec.train.epochs +
                rounds_of_inner_folds(fit.spec) * (1 + kMostRounds) * once;
  }
  search_augmentation(fit.spec, fit.parts, fit.hooks, time);
  stop_between(fit, "the search for an augmentation");
  const bool changed = !fit.spec.augment.augment.empty() || !fit.spec.model.meanings.empty();
  if (!fit.is_limited() || !fit.goes_on() || !changed) return;
  fit.model().members.clear();
  // Variants take the time that repeats would have had.
  if (!fit.spec.given.contains("blend_repeats")) fit.spec.model.blend_repeats = 1;
  add_methods(fit);
}

// Chooses as many networks and epochs as the time allows.
void keep_to_the_time(Fitting& fit) {
  const auto& m = fit.spec.model;
  const bool folds = m.calibrate || m.distil || m.blend_weight == kAutoWeight;
  const double trainings = (folds ? kInnerFolds : 1) * (fit.spec.split.refit ? 2.0 : 1.0);
  const double each = seconds_an_epoch(fit, fit.spec);
  const Plan wanted{m.ensemble, fit.spec.train.epochs};
  const Plan plan = plan_within(kPlannedShare * fit.seconds_left() / trainings, each, wanted,
                                fit.spec.train.threads);
  if (plan.networks < wanted.networks || plan.epochs < wanted.epochs) {
    fit.hooks.log.info(fmt::format(
        "the time allows {} of {} networks and {} of {} epochs ({} an epoch)", plan.networks,
        wanted.networks, plan.epochs, wanted.epochs, base::format_duration(each)));
  }
  fit.spec.model.ensemble = plan.networks;
  fit.spec.train.epochs = plan.epochs;
  fit.spec.given.insert({"ensemble", "epochs"});
}

}  // namespace refrain::task
