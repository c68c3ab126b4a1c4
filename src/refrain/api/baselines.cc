#include "refrain/api/inside/baselines.h"

#include <algorithm>

#include "refrain/score/compare.h"
#include "refrain/score/intervals.h"

namespace refrain::api {
namespace {

using score::Classification;

// The labels alone: accuracy needs no probabilities, and a baseline's are not kept.
std::vector<Classification> labels_of(std::span<const Classification> repeats) {
  std::vector<Classification> out(repeats.begin(), repeats.end());
  for (auto& c : out) c.probability.clear();
  return out;
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
    const score::Interval accuracy = score::accuracy_interval(answers);
    report.baselines.push_back(
        {baseline.name, {accuracy.value, accuracy.low, accuracy.high}, baseline.seconds});
    if (accuracy.value <= most) continue;
    most = accuracy.value;
    best = std::move(answers);
    best_name = baseline.name;
  }
  if (best.empty()) return;
  score::CompareOptions options;
  options.seed = network.seed;
  options.fold = network.fold;
  options.among = static_cast<int>(baselines.size());
  report.against_baseline = compare(best_name, {best, own, network.stop}, options);
}

}  // namespace refrain::api
