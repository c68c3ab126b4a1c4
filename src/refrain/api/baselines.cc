#include "refrain/api/inside/baselines.h"

#include <algorithm>

#include "refrain/score/compare.h"

namespace refrain::api {
namespace {

using score::Classification;

// The labels alone: accuracy needs no probabilities, and a baseline's are not kept.
std::vector<Classification> labels_of(std::span<const Classification> repeats) {
  std::vector<Classification> out(repeats.begin(), repeats.end());
  for (auto& c : out) c.probability.clear();
  return out;
}

double mean_accuracy(const std::vector<Classification>& repeats) {
  double sum = 0;
  for (const auto& c : repeats) sum += score::classification_metrics().at("accuracy")(c);
  return sum / static_cast<double>(repeats.size());
}

AgainstBaseline compare(const std::string& name, const score::Pair& pair,
                        score::CompareOptions options) {
  options.name_a = "the baseline '" + name + "'";
  options.name_b = "the model";
  const score::Comparison c = score::compare(pair, options);
  return {name,
          {c.decision.difference, c.decision.low, c.decision.high},
          c.test,
          std::min(1.0, c.decision.p * options.among),
          c.distinguishable,
          c.samples_needed,
          c.verdict};
}

}  // namespace

void put_baselines(const NetworkAnswers& network, const std::vector<BaselineAnswers>& baselines,
                   Report& report) {
  const auto own = labels_of(network.repeats);
  std::vector<Classification> best;
  std::string best_name;
  double most = -1;
  for (const auto& baseline : baselines) {
    auto answers = own;
    for (std::size_t r = 0; r < answers.size(); ++r) answers[r].predicted = baseline.predicted[r];
    const double accuracy = mean_accuracy(answers);
    report.baselines.emplace_back(baseline.name, accuracy);
    if (accuracy <= most) continue;
    most = accuracy;
    best = std::move(answers);
    best_name = baseline.name;
  }
  if (best.empty()) return;
  score::CompareOptions options;
  options.seed = network.seed;
  options.fold = network.fold;
  options.among = static_cast<int>(baselines.size());
  report.against_baseline = compare(best_name, {best, own}, options);
}

}  // namespace refrain::api
