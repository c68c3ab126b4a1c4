#include "refrain/api/inside/evaluation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "refrain/api/inside/clock.h"
#include "refrain/api/inside/evaluated.h"
#include "refrain/api/inside/made.h"
#include "refrain/api/inside/settle.h"
#include "refrain/data/units.h"
#include "refrain/score/intervals.h"
#include "refrain/task/task.h"

namespace refrain::api {
namespace {

std::string samples_text(int n) { return fmt::format("{} sample{}", n, n == 1 ? "" : "s"); }

score::GroupWords words_of(const data::Units& units) {
  score::GroupWords words;
  std::vector<std::string> notes;
  if (units.copies > 0 || units.made > 0) {
    words.name = "units";
    if (units.grouped) notes.emplace_back("a group counts as one unit");
    if (units.copies > 0) {
      notes.push_back(fmt::format("{} {} of others: equal samples count as one unit",
                                  samples_text(units.copies),
                                  units.copies == 1 ? "is a copy" : "are copies"));
    }
    if (units.made > 0) notes.emplace_back("what was made from one sample counts as one unit");
  }
  if (units.without_group > 0) {
    notes.push_back(fmt::format("{} without a group counted as {} of {} own",
                                samples_text(units.without_group),
                                units.without_group == 1 ? "a group" : "groups",
                                units.without_group == 1 ? "its" : "their"));
  }
  words.note = fmt::format("{}", fmt::join(notes, "; "));
  return words;
}

}  // namespace

void Related::put_in(score::Answers& answers) const {
  answers.group = group;
  answers.words = words;
}

Related related(const data::Dataset& dataset, const std::vector<int>& chosen) {
  const data::Units units = data::find_units(dataset, chosen);
  if (units.alone()) return {};
  return {units.of, words_of(units)};
}

UnitReport unit_report(const data::Dataset& dataset, const std::vector<int>& chosen) {
  const data::Units units = data::find_units(dataset, chosen);
  return {static_cast<int>(chosen.size()), units.count, units.copies, units.without_group};
}

Answered answer(const task::Model& model, const data::Subset& view, int threads) {
  Answered out;
  auto averages = model.predict_without("network", view, threads);
  out.said = model.goal->say(view, std::move(averages.all));
  out.without_networks = std::move(averages.others);
  out.answers = model.goal->answers(view, out.said);
  related(view.dataset, view.chosen).put_in(*out.answers);
  return out;
}

Evaluated evaluate_samples(const task::Model& model, data::Dataset samples, int threads) {
  const double start = now();
  auto kept = std::make_shared<const data::Dataset>(std::move(samples));
  const data::Dataset& d = *kept;
  Evaluated out{kept, answer(model, {d, all_of(d)}, threads), {}};
  Report& report = out.report;
  report.classes = model.goal->classes();
  report.columns = model.goal->answer_columns();
  put_scores(*out.answered.answers, {*model.goal, model.spec.train.seed}, report);
  report.units = unit_report(d, all_of(d));
  report.seconds.evaluate = now() - start;
  report.task = model.goal->task();
  report.made = made_of(model);
  report.n_train = model.receipt.n_train;
  report.n_valid = model.receipt.n_valid;
  report.n_test = static_cast<int>(d.samples.size());
  report.params = static_cast<long long>(model.parameter_count());
  report.epochs = model.receipt.epochs;
  report.best_epoch = model.receipt.best_epoch;
  report.stop_reason = model.receipt.stop_reason;
  report.seed = model.spec.train.seed;
  return out;
}

void put_outcome(const task::Fitted& fitted, Report& report) {
  report.stop_reason = "fitted";  // a simple method has no epochs
  for (const auto& outcome : fitted.outcomes) {
    report.epochs = std::max(report.epochs, outcome.epochs);
    report.best_epoch = std::max(report.best_epoch, outcome.best_epoch);
    if (report.stop_reason != "interrupted") report.stop_reason = train::to_string(outcome.reason);
  }
  if (fitted.interrupted()) {
    report.stop_reason = train::to_string(train::StopReason::kInterrupted);
    return;
  }
  if (!fitted.refits.empty() && fitted.refits.front().samples > 0) {
    const auto& r = fitted.refits.front();
    report.refit = {r.samples, r.epochs, r.updates};
  }
  for (const auto& m : fitted.members) {
    const task::Judge& judge = fitted.model.goal->judge();
    const bool right = judge.has_right();
    report.members.push_back({m.kind, m.share, right ? judge.score_name() : judge.loss_name(),
                              right ? m.score.score : m.score.loss});
  }
  if (fitted.distilled) {
    const auto& d = *fitted.distilled;
    const task::Judge& judge = fitted.model.goal->judge();
    report.distilled = {d.members,          d.samples,          d.has_valid,
                        judge.score_name(), judge.loss_name(),  d.of_members.score,
                        d.of_members.loss,  d.of_network.score, d.of_network.loss};
  }
}

void put_begun(const task::Fitted& fitted, Report& report) {
  const auto& b = fitted.begun;
  if (b.taken.empty() && b.frozen == 0) return;
  TransferReport t;
  t.source = b.source;
  t.taken = b.taken;
  t.anew = b.anew;
  t.frozen = static_cast<long long>(b.frozen);
  t.frozen_hash = b.frozen_hash;
  t.unchanged = b.unchanged;
  report.transfer = std::move(t);
}

namespace {

// "repeat 1, fold 2: "; "" where there is one fit only.
std::string fit_name(const store::Epoch& e, bool alone) {
  if (alone) return "";
  if (e.fold < 0) return "kept model: ";
  return fmt::format("repeat {}, fold {}: ", e.repeat + 1, e.fold + 1);
}

Score to_score(const score::Interval& s) { return {s.value, s.low, s.high}; }

}  // namespace

std::vector<Curve> curves_of(const std::vector<store::Epoch>& epochs) {
  std::vector<Curve> out;
  const auto add = [&](const std::string& name, int epoch, double y) {
    if (std::isnan(y)) return;
    auto place =
        std::find_if(out.begin(), out.end(), [&](const Curve& c) { return c.name == name; });
    if (place == out.end()) place = out.insert(out.end(), Curve{name, {}, {}});
    place->x.push_back(epoch);
    place->y.push_back(y);
  };
  const auto other = [&](const store::Epoch& e) {
    return e.repeat != epochs.front().repeat || e.fold != epochs.front().fold;
  };
  const bool alone = std::none_of(epochs.begin(), epochs.end(), other);
  for (const auto& e : epochs) {
    const std::string fit = fit_name(e, alone);
    add(fit + "training loss", e.epoch, e.loss);
    add(fit + "validation loss", e.epoch, e.valid_loss);
    add(fit + "validation score", e.epoch, e.valid_score);
  }
  return out;
}

void put_scores(const score::Repeats& repeats, const Scoring& how, Report& report) {
  const auto more = how.goal.more_metrics();
  for (const auto& [name, s] : score::score_repeats(repeats, how.seed, more, how.stop)) {
    report.metrics.emplace_back(name, to_score(s));
  }
  report.tables = task::tasks().at(how.goal.task()).tables(how.goal, repeats, how.seed, how.stop);
  report.metric = report.metrics.front().first;
  report.score = report.metrics.front().second;
  report.variation = score::sources_of_variation(repeats);
  put_within_groups(repeats, how.seed, how.stop, report);
}

void put_within_groups(const score::Repeats& repeats, int seed, score::Stop stop, Report& report) {
  if (repeats[0].words.name != score::GroupWords().name) return;  // copies are no groups
  const auto found = score::interval_within_groups(repeats, seed, stop);
  if (found) report.within_groups = to_score(*found);
}

}  // namespace refrain::api
