#include "refrain/api/inside/evaluation.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>

#include "refrain/data/leak.h"
#include "refrain/data/spellings.h"
#include "refrain/data/units.h"
#include "refrain/score/intervals.h"
#include "refrain/score/metrics.h"
#include "refrain/task/classify/goal.h"
#include "refrain/task/classify/labels.h"

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

std::vector<int> every_sample(const data::Dataset& dataset) {
  std::vector<int> all(dataset.samples.size());
  std::iota(all.begin(), all.end(), 0);
  return all;
}

// The lines of the first few samples without a group.
std::string ungrouped_lines(const data::Dataset& dataset) {
  constexpr std::size_t kShown = 10;
  std::vector<std::string> lines;
  for (const auto& sample : dataset.samples) {
    if (!sample.group.empty()) continue;
    if (lines.size() == kShown) {
      lines.emplace_back("...");
      break;
    }
    lines.push_back(dataset.format != "memory" && sample.line > 0 ? std::to_string(sample.line)
                                                                  : sample.id);
  }
  return fmt::format("{}", fmt::join(lines, ", "));
}

void tell_groups(const data::Dataset& dataset, const data::Units& units, const base::Log& log) {
  if (units.without_group == 0) return;
  const bool one = units.without_group == 1;
  log.warning(
      fmt::format("{}: {} of {} samples {} no group: {} (line{} {})", dataset.path,
                  units.without_group, units.of.size(), one ? "has" : "have",
                  one ? "counted as a group of its own" : "each counted as a group of its own",
                  one ? "" : "s", ungrouped_lines(dataset)));
}

void tell_copies(const data::Dataset& dataset, const data::Units& units, const base::Log& log) {
  constexpr int kMany = 4;  // one in so many is worth a warning
  if (units.copies == 0) return;
  const std::string sentence = fmt::format(
      "{}: {} of {} samples {} of others; equal samples stay together in every split and count as "
      "one in every interval",
      dataset.path, units.copies, units.of.size(), units.copies == 1 ? "is a copy" : "are copies");
  const bool many = static_cast<std::size_t>(kMany * units.copies) >= units.of.size();
  many ? log.warning(sentence) : log.info(sentence);
}

void tell_conflicts(const data::Dataset& dataset, const base::Log& log) {
  constexpr int kMany = 50;
  int samples = 0;
  const auto lines = data::conflicting_labels(dataset, &samples);
  if (lines.empty()) return;
  const std::string sentence = fmt::format(
      "{}: {} samples are equal to others and have different labels, so not all can be right:{}",
      dataset.path, samples, data::first_lines(lines));
  const bool many = static_cast<std::size_t>(kMany * samples) >= dataset.samples.size();
  many ? log.warning(sentence) : log.info(sentence);
}

}  // namespace

void put_units(const data::Dataset& dataset, const std::vector<int>& chosen,
               score::Classification& c) {
  const data::Units units = data::find_units(dataset, chosen);
  if (units.alone()) return;
  c.group = units.of;
  c.words = words_of(units);
}

UnitReport unit_report(const data::Dataset& dataset, const std::vector<int>& chosen) {
  const data::Units units = data::find_units(dataset, chosen);
  return {static_cast<int>(chosen.size()), units.count, units.copies, units.without_group};
}

void tell_missing_groups(const data::Dataset& dataset, const base::Log& log) {
  tell_groups(dataset, data::find_units(dataset, every_sample(dataset)), log);
}

void settle_names(data::Dataset& dataset, const base::Log& log) {
  const auto spellings = data::settle_spellings(dataset);
  for (const auto& s : spellings.joined) log.info(dataset.path + ": " + s);
  for (const auto& s : spellings.alike) log.warning(dataset.path + ": " + s);
  const data::Units units = data::find_units(dataset, every_sample(dataset));
  tell_groups(dataset, units, log);
  tell_copies(dataset, units, log);
  if (dataset.has_labels) tell_conflicts(dataset, log);
}

const score::Cost& cost_of(const task::Model& model) {
  static const score::Cost kNone;
  const auto* goal = dynamic_cast<const task::ClassifyGoal*>(model.goal.get());
  return goal == nullptr ? kNone : goal->cost();
}

score::Classification classify(const task::Model& model, const task::View& view, int threads) {
  score::Classification c;
  const auto width = static_cast<std::size_t>(model.goal->width());
  c.classes = model.goal->width();
  c.truth = task::targets_of(model.goal->columns(), view);
  c.probability = model.predict(view, threads);
  for (std::size_t at = 0; at < c.probability.size(); at += width) {
    c.predicted.push_back(model.goal->choice(&c.probability[at]));
  }
  put_units(view.dataset, view.chosen, c);
  return c;
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
  if (fitted.distilled) {
    const auto& d = *fitted.distilled;
    report.distilled = {d.members,         d.samples,          d.has_valid,      d.of_members.score,
                        d.of_members.loss, d.of_network.score, d.of_network.loss};
  }
}

namespace {

Score to_score(const score::Interval& s) { return {s.value, s.low, s.high}; }

void put_classes(std::span<const score::Classification> repeats, const Scoring& how,
                 Report& report) {
  const auto rows = score::class_scores(repeats, how.seed, how.stop);
  for (std::size_t k = 0; k < rows.size() && k < report.classes.size(); ++k) {
    const auto& row = rows[k];
    report.per_class.push_back({report.classes[k], row.support, row.predicted,
                                to_score(row.precision), to_score(row.recall), to_score(row.f1)});
  }
}

}  // namespace

void put_scores(std::span<const score::Classification> repeats, const Scoring& how,
                Report& report) {
  score::NamedMetrics more;
  if (!how.cost.empty()) more.push_back({"mean_cost", "", score::mean_cost(how.cost)});
  for (const auto& [name, s] : score::score_repeats(repeats, how.seed, more, how.stop)) {
    report.metrics.emplace_back(name, to_score(s));
  }
  put_classes(repeats, how, report);
  report.score = report.metrics.front().second;
  report.variation = score::sources_of_variation(repeats);
  for (const auto& c : repeats) {
    const auto table = score::confusion_matrix(c);
    if (report.confusion.empty())
      report.confusion.resize(table.size(), std::vector<int>(table.size()));
    for (std::size_t i = 0; i < table.size(); ++i) {
      for (std::size_t k = 0; k < table.size(); ++k) report.confusion[i][k] += table[i][k];
    }
  }
}

}  // namespace refrain::api
