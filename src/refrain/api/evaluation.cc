#include <algorithm>
#include <map>

#include "refrain/api/inside/evaluation.h"
#include "refrain/score/intervals.h"
#include "refrain/score/metrics.h"
#include "refrain/task/labels.h"

namespace refrain::api {

std::vector<int> group_numbers(const data::Dataset& dataset, const std::vector<int>& chosen) {
  std::vector<int> groups;
  std::map<std::string, int> numbers;
  for (const int i : chosen) {
    const std::string& group = dataset.samples[static_cast<std::size_t>(i)].group;
    if (group.empty()) return {};
    groups.push_back(numbers.try_emplace(group, static_cast<int>(numbers.size())).first->second);
  }
  return groups;
}

score::Classification classify(const task::Model& model, const task::View& view, int threads) {
  score::Classification c;
  c.classes = static_cast<int>(model.labels.size());
  c.truth = task::targets_of(model.labels, view);
  c.probability = model.predict(view, threads);
  c.predicted = model.decide(c.probability);
  c.group = group_numbers(view.dataset, view.chosen);
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

void put_classes(std::span<const score::Classification> repeats, int seed, Report& report) {
  const auto rows = score::class_scores(repeats, seed);
  for (std::size_t k = 0; k < rows.size() && k < report.classes.size(); ++k) {
    const auto& row = rows[k];
    report.per_class.push_back({report.classes[k], row.support, row.predicted,
                                to_score(row.precision), to_score(row.recall), to_score(row.f1)});
  }
}

}  // namespace

void put_scores(std::span<const score::Classification> repeats, const score::Cost& cost, int seed,
                Report& report) {
  score::NamedMetrics more;
  if (!cost.empty()) more.push_back({"mean_cost", "", score::mean_cost(cost)});
  for (const auto& [name, s] : score::score_repeats(repeats, seed, more)) {
    report.metrics.emplace_back(name, to_score(s));
  }
  put_classes(repeats, seed, report);
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
