// How well numbers do: the squared error, or the absolute one where that is what is trained, both
// in units of the training part's deviation.
#pragma once

#include "refrain/task/goal.h"

namespace refrain::task {

// The mean and the standard deviation of a column of the target in the training part.
struct TargetScale {
  double mean = 0, deviation = 1;
};

class RegressJudge : public Judge {
 public:
  // `columns`: of an answer; the first scales.size() of them are what is predicted.
  RegressJudge(std::vector<TargetScale> scales, int columns, bool absolute)
      : scales_(std::move(scales)), columns_(columns), absolute_(absolute) {}

  // 1 less the mean squared error in deviations of the training part; and the mean loss.
  train::ValidScore score(const std::vector<data::EncodedTarget>& truth,
                          const std::vector<double>& answers) const override;
  const char* score_name() const override { return "R2"; }
  const char* loss_name() const override { return absolute_ ? "absolute error" : "squared error"; }
  double loss(Row answer, const data::EncodedTarget& truth) const override;
  std::vector<double> weights(const std::vector<data::EncodedTarget>& truth,
                              const std::vector<std::vector<double>>& answers) const override;

 private:
  // Returns the error of column k, in standard deviations; 0 if the truth is missing.
  double gap(Row answer, const data::EncodedTarget& truth, std::size_t k) const;

  std::vector<TargetScale> scales_;
  int columns_;
  bool absolute_;
};

}  // namespace refrain::task
