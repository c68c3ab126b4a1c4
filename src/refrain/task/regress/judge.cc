#include "refrain/task/regress/judge.h"

#include <cmath>

#include "refrain/score/stacking.h"

namespace refrain::task {

double RegressJudge::gap(Row answer, const data::EncodedTarget& truth, std::size_t k) const {
  const double wanted = static_cast<double>(truth.values[k]);
  if (std::isnan(wanted)) return 0;
  return (answer[k] - scales_[k].mean) / scales_[k].deviation - wanted;
}

double RegressJudge::loss(Row answer, const data::EncodedTarget& truth) const {
  double sum = 0;
  for (std::size_t k = 0; k < scales_.size(); ++k) {
    const double error = gap(answer, truth, k);
    sum += absolute_ ? std::fabs(error) : error * error;
  }
  return sum / static_cast<double>(scales_.size());
}

train::ValidScore RegressJudge::score(const std::vector<data::EncodedTarget>& truth,
                                      const std::vector<double>& answers) const {
  double squares = 0, losses = 0, total = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const Row row = answers.data() + i * static_cast<std::size_t>(columns_);
    for (std::size_t k = 0; k < scales_.size(); ++k) {
      squares += truth[i].weight * std::pow(gap(row, truth[i], k), 2);
    }
    losses += truth[i].weight * loss(row, truth[i]);
    total += truth[i].weight;
  }
  if (total <= 0) return {0, 0};
  return {1 - squares / total / static_cast<double>(scales_.size()), losses / total};
}

std::vector<double> RegressJudge::weights(const std::vector<data::EncodedTarget>& truth,
                                          const std::vector<std::vector<double>>& answers) const {
  std::vector<double> wanted;
  std::vector<std::vector<double>> given(answers.size());
  for (std::size_t i = 0; i < truth.size(); ++i) {
    for (std::size_t k = 0; k < scales_.size(); ++k) {
      if (std::isnan(static_cast<double>(truth[i].values[k]))) continue;
      wanted.push_back(static_cast<double>(truth[i].values[k]));
      for (std::size_t m = 0; m < answers.size(); ++m) {
        const Row row = answers[m].data() + i * static_cast<std::size_t>(columns_);
        given[m].push_back((row[k] - scales_[k].mean) / scales_[k].deviation);
      }
    }
  }
  return score::stacking_weights(wanted, given);
}

}  // namespace refrain::task
