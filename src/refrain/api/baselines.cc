#include "refrain/api/inside/baselines.h"

#include <algorithm>

#include "refrain/score/compare.h"
#include "refrain/score/intervals.h"

namespace refrain::api {
namespace {

AgainstBaseline compare(const std::string& name, const score::Pair& pair,
                        score::CompareOptions options) {
  if (options.name_a == "A") options.name_a = "the baseline '" + name + "'";
  options.name_b = "the model";
  const score::Comparison c = score::compare(pair, options);
  return {name,
          {c.decision.difference, c.decision.low, c.decision.high},
          pair.a[0].metrics().front().value.is_share(),
          c.test,
          std::min(1.0, c.decision.p * options.among),
          c.distinguishable,
          c.samples_needed,
          c.verdict,
          c.samples,
          c.wanted};
}

score::Interval main_score(const score::Repeats& repeats, const ModelAnswers& model) {
  const auto main = repeats[0].metrics().front().value;
  if (main.exact) return main.exact(repeats);
  return score::score_repeats(repeats, model.seed, {}, model.stop).front().score;
}

}  // namespace

void put_baselines(const ModelAnswers& model, const std::vector<BaselineAnswers>& baselines,
                   Report& report) {
  const BaselineAnswers* best = nullptr;
  double most = 0;
  bool smaller = false;
  for (const auto& baseline : baselines) {
    const score::Repeats repeats(baseline.repeats);
    smaller = repeats[0].metrics().front().value.smaller_is_better;
    const score::Interval s = main_score(repeats, model);
    report.baselines.push_back({baseline.name, {s.value, s.low, s.high}, baseline.seconds});
    const bool better = smaller ? s.value < most : s.value > most;
    if (best != nullptr && !better) continue;
    most = s.value;
    best = &baseline;
  }
  if (best == nullptr) return;
  score::CompareOptions options;
  options.seed = model.seed;
  options.fold = model.fold;
  options.among = static_cast<int>(baselines.size());
  const score::Pair pair{score::Repeats(best->repeats), model.repeats, model.stop};
  report.against_baseline = compare(best->name, pair, options);
}

NetworksAdded networks_added(const ModelAnswers& model, const BaselineAnswers& without) {
  const score::Repeats repeats(without.repeats);
  const score::Interval s = main_score(repeats, model);
  score::CompareOptions options;
  options.seed = model.seed;
  options.fold = model.fold;
  options.name_a = "the model without its networks";
  const auto found = compare(without.name, {repeats, model.repeats, model.stop}, options);
  return {{s.value, s.low, s.high},
          found.difference,
          found.in_points,
          found.distinguishable,
          found.verdict};
}

}  // namespace refrain::api
