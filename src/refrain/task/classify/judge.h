// How well probabilities of classes do: accuracy and log loss.
#pragma once

#include "refrain/score/classification.h"
#include "refrain/task/goal.h"

namespace refrain::task {

class ClassifyJudge : public Judge {
 public:
  explicit ClassifyJudge(int classes) : classes_(classes) {}

  train::ValidScore score(const std::vector<data::EncodedTarget>& truth,
                          const std::vector<double>& answers) const override;
  const char* score_name() const override { return "accuracy"; }
  const char* loss_name() const override { return "log loss"; }
  double loss(Row answer, const data::EncodedTarget& truth) const override;
  bool has_right() const override { return true; }
  bool is_right(Row answer, const data::EncodedTarget& truth) const override;
  std::vector<double> weights(const std::vector<data::EncodedTarget>& truth,
                              const std::vector<std::vector<double>>& answers) const override;
  double temperature(const std::vector<data::EncodedTarget>& truth,
                     const std::vector<double>& answers) const override;
  std::vector<double> at_temperature(std::vector<double> answers, double t) const override;

 private:
  int classes_;
};

// Predictions and truths as the metrics want them; the class is the one with the largest
// probability.
score::Classification classification(const std::vector<data::EncodedTarget>& truth,
                                     std::vector<double> probability, int classes);

}  // namespace refrain::task
