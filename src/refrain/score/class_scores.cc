#include "refrain/score/class_scores.h"

#include "refrain/score/bootstrap.h"
#include "refrain/score/intervals.h"
#include "refrain/score/metrics.h"

namespace refrain::score {
namespace {

// These samples; nothing of the probabilities, which accuracy does not need.
Classification part_of(const Classification& c, const std::vector<int>& chosen) {
  Classification out;
  out.classes = c.classes;
  for (const int at : chosen) {
    const auto i = static_cast<std::size_t>(at);
    out.truth.push_back(c.truth[i]);
    out.predicted.push_back(c.predicted[i]);
    if (!c.weight.empty()) out.weight.push_back(c.weight[i]);
    if (!c.group.empty()) out.group.push_back(c.group[i]);
  }
  return out;
}

// How many groups have a sample that any repeat answers with each class, or (`true_too`) whose
// class it is.
std::vector<double> concerned(std::span<const Classification> repeats, const Groups& groups,
                              bool true_too) {
  std::vector<double> count(static_cast<std::size_t>(repeats[0].classes));
  std::vector<std::size_t> seen(count.size(), groups.size());  // the last group that had it
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const auto see = [&](int k) {
      if (k < 0 || seen[static_cast<std::size_t>(k)] == g) return;
      seen[static_cast<std::size_t>(k)] = g;
      ++count[static_cast<std::size_t>(k)];
    };
    for (const int i : groups[g]) {
      for (const auto& c : repeats) {
        see(c.predicted[static_cast<std::size_t>(i)]);
        if (true_too) see(c.truth[static_cast<std::size_t>(i)]);
      }
    }
  }
  return count;
}

void count_classes(std::span<const Classification> repeats, std::vector<ClassScores>& rows) {
  for (const auto& c : repeats) {
    for (const int k : c.truth) {
      if (k >= 0) ++rows[static_cast<std::size_t>(k)].support;
    }
    for (const int k : c.predicted) ++rows[static_cast<std::size_t>(k)].predicted;
  }
  for (auto& row : rows) {
    row.support /= static_cast<double>(repeats.size());
    row.predicted /= static_cast<double>(repeats.size());
  }
}

void add_recalls(std::span<const Classification> repeats, std::vector<ClassScores>& rows) {
  std::vector<std::vector<int>> of_class(rows.size());
  for (std::size_t i = 0; i < repeats[0].size(); ++i) {
    const int k = repeats[0].truth[i];
    if (k >= 0) of_class[static_cast<std::size_t>(k)].push_back(static_cast<int>(i));
  }
  for (std::size_t k = 0; k < rows.size(); ++k) {
    std::vector<Classification> own;
    for (const auto& c : repeats) own.push_back(part_of(c, of_class[k]));
    rows[k].recall = of_class[k].empty() ? Interval{0, 0, 1} : accuracy_interval(own);
  }
}

}  // namespace

std::vector<ClassScores> class_scores(std::span<const Classification> repeats, int seed,
                                      Stop stop) {
  check_repeats(repeats);
  const std::size_t n = repeats[0].size(), R = repeats.size();
  const int C = repeats[0].classes;
  const Groups groups = members(repeats[0]);
  NamedMetrics metrics;  // precision, F1 of each class
  for (int k = 0; k < C; ++k) {
    const auto own = class_metrics(k);
    metrics.push_back(own.front());
    metrics.push_back(own.back());
  }
  Scorer scorer(repeats, metrics);
  const auto values = scorer.score(std::vector<double>(n, 1), std::vector<double>(R, 1));
  std::vector<std::vector<double>> drawn(metrics.size());
  if (groups.size() > 1) drawn = draw({repeats, groups, seed, stop}, scorer);
  std::vector<ClassScores> rows(static_cast<std::size_t>(C));
  count_classes(repeats, rows);
  add_recalls(repeats, rows);
  for (const bool f1 : {false, true}) {
    const auto count = concerned(repeats, groups, f1);
    for (std::size_t k = 0; k < rows.size(); ++k) {
      const std::size_t m = 2 * k + (f1 ? 1 : 0);
      (f1 ? rows[k].f1 : rows[k].precision) =
          count[k] < 2 ? Interval{values[m], 0, 1}
                       : from_draws(metrics[m].value, {values[m], drawn[m], count[k]});
    }
  }
  return rows;
}

}  // namespace refrain::score
