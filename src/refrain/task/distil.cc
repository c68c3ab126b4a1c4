#include "refrain/task/distil.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

namespace refrain::task {

SoftTargets soft_targets(const HeldOut& held, const std::vector<double>& answers) {
  SoftTargets out;
  const auto width = static_cast<std::ptrdiff_t>(answers.size() / held.sample.size());
  auto row = answers.begin();
  for (const int sample : held.sample) {
    out[sample] = {row, row + width};
    row += width;
  }
  return out;
}

void judge_members(const HeldOut& held, const Judge& judge, const std::vector<double>& answers,
                   const std::vector<int>& chosen, Distilled& distilled) {
  const std::set<int> wanted(chosen.begin(), chosen.end());
  const auto width = static_cast<std::ptrdiff_t>(answers.size() / held.sample.size());
  std::vector<data::EncodedTarget> truth;
  std::vector<double> rows;
  for (std::size_t i = 0; i < held.sample.size(); ++i) {
    if (!wanted.empty() && !wanted.contains(held.sample[i])) continue;
    const auto row = answers.begin() + static_cast<std::ptrdiff_t>(i) * width;
    truth.push_back(held.truth[i]);
    rows.insert(rows.end(), row, row + width);
  }
  distilled.samples = static_cast<int>(truth.size());
  distilled.held_out = true;
  distilled.of_members = judge.score(truth, rows);
}

std::string sentence_of(const Distilled& d, const Judge& judge) {
  const std::string members =
      fmt::format("{} {:.3f} and {} {:.3f}{}", judge.score_name(), d.of_members.score,
                  judge.loss_name(), d.of_members.loss,
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
