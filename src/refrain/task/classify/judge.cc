#include "refrain/task/classify/judge.h"

#include <algorithm>

#include "refrain/score/blend.h"
#include "refrain/score/metrics.h"
#include "refrain/score/temperature.h"

namespace refrain::task {

score::Classification classification(const std::vector<data::EncodedTarget>& truth,
                                     std::vector<double> probability, int classes) {
  score::Classification c;
  c.classes = classes;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const auto row = probability.begin() + static_cast<std::ptrdiff_t>(i) * classes;
    c.truth.push_back(truth[i].target);
    c.predicted.push_back(static_cast<int>(std::max_element(row, row + classes) - row));
  }
  c.probability = std::move(probability);
  return c;
}

train::ValidScore ClassifyJudge::score(const std::vector<data::EncodedTarget>& truth,
                                       const std::vector<double>& answers) const {
  auto c = classification(truth, answers, classes_);
  for (const auto& target : truth) c.weight.push_back(target.weight);
  const auto& metrics = score::classification_metrics();
  return {metrics.at("accuracy")(c), metrics.at("log_loss")(c)};
}

double ClassifyJudge::loss(Row answer, const data::EncodedTarget& truth) const {
  return score::log_loss_of(answer[truth.target]);
}

bool ClassifyJudge::is_right(Row answer, const data::EncodedTarget& truth) const {
  return std::max_element(answer, answer + classes_) - answer == truth.target;
}

std::vector<double> ClassifyJudge::weights(const std::vector<data::EncodedTarget>& truth,
                                           const std::vector<std::vector<double>>& answers) const {
  std::vector<std::vector<double>> given(answers.size());
  for (std::size_t k = 0; k < answers.size(); ++k) {
    for (std::size_t i = 0; i < truth.size(); ++i) {
      const std::size_t at = i * static_cast<std::size_t>(classes_);
      given[k].push_back(answers[k][at + static_cast<std::size_t>(truth[i].target)]);
    }
  }
  return score::blend_weights(given);
}

double ClassifyJudge::temperature(const std::vector<data::EncodedTarget>& truth,
                                  const std::vector<double>& answers) const {
  return score::fit_temperature(classification(truth, answers, classes_));
}

std::vector<double> ClassifyJudge::at_temperature(std::vector<double> answers, double t) const {
  return score::apply_temperature(std::move(answers), classes_, t);
}

}  // namespace refrain::task
