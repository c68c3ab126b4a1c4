#include <map>

#include "refrain/api/inside/evaluation.h"
#include "refrain/score/intervals.h"
#include "refrain/score/metrics.h"

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

score::Classification classify(const task::Classifier& model,
                               const std::vector<data::EncodedSample>& samples,
                               const data::Dataset& dataset, int threads) {
  const int classes = static_cast<int>(model.labels().size());
  auto c = task::classification(samples, model.predict(samples, threads), classes);
  std::vector<int> chosen;
  for (const auto& sample : samples) chosen.push_back(static_cast<int>(sample.index));
  c.group = group_numbers(dataset, chosen);
  return c;
}

void put_scores(std::span<const score::Classification> repeats, int seed, Report& report) {
  for (const auto& [name, s] : score::score_repeats(repeats, seed)) {
    report.metrics.emplace_back(name, Score{s.value, s.low, s.high});
  }
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
