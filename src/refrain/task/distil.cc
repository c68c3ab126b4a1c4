#include "refrain/task/distil.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace refrain::task {

SoftTargets soft_targets(const HeldOut& held, const std::vector<double>& probability) {
  SoftTargets out;
  const std::size_t C = probability.size() / held.sample.size();
  for (std::size_t i = 0; i < held.sample.size(); ++i) {
    auto& shares = out[held.sample[i]];
    for (std::size_t c = 0; c < C; ++c) {
      const double label = static_cast<std::size_t>(held.truth[i]) == c ? 1 : 0;
      const double teacher = probability[i * C + c];
      shares.push_back(static_cast<real>(kTeacherShare * teacher + (1 - kTeacherShare) * label));
    }
  }
  return out;
}

train::ValidScore judge(const std::vector<int>& truth, const std::vector<double>& probability) {
  score::Classification c;
  c.classes = static_cast<int>(probability.size() / truth.size());
  c.truth = truth;
  c.probability = probability;
  for (auto row = probability.begin(); row != probability.end(); row += c.classes) {
    c.predicted.push_back(static_cast<int>(std::max_element(row, row + c.classes) - row));
  }
  const auto& metrics = score::classification_metrics();
  return {metrics.at("accuracy")(c), metrics.at("log_loss")(c)};
}

void judge_members(const HeldOut& held, const std::vector<double>& probability,
                   const std::vector<int>& chosen, Distilled& distilled) {
  const std::set<int> wanted(chosen.begin(), chosen.end());
  const auto C = static_cast<std::ptrdiff_t>(probability.size() / held.sample.size());
  std::vector<int> truth;
  std::vector<double> rows;
  for (std::size_t i = 0; i < held.sample.size(); ++i) {
    if (!wanted.empty() && !wanted.contains(held.sample[i])) continue;
    const auto row = probability.begin() + static_cast<std::ptrdiff_t>(i) * C;
    truth.push_back(held.truth[i]);
    rows.insert(rows.end(), row, row + C);
  }
  distilled.samples = static_cast<int>(truth.size());
  distilled.held_out = true;
  distilled.of_members = judge(truth, rows);
}

std::string sentence_of(const Distilled& d) {
  const std::string members =
      fmt::format("accuracy {:.3f} and log loss {:.3f}{}", d.of_members.score, d.of_members.loss,
                  d.held_out ? " (by models of inner folds that did not see "
                               "them)"
                             : "");
  if (!d.has_valid) {
    return fmt::format(
        "distilled into one network: the {} members had {} on the {} training samples; there is no "
        "validation part to say what the one network has",
        d.members, members, d.samples);
  }
  return fmt::format(
      "distilled into one network: on the {} validation samples the {} members had {}, the one "
      "network has {:.3f} and {:.3f}",
      d.samples, d.members, members, d.of_network.score, d.of_network.loss);
}

}  // namespace refrain::task
