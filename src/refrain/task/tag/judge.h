// How well tags do: F1 of spans (accuracy of plain labels) and the mean surprise of a step's tag.
#pragma once

#include "refrain/task/goal.h"
#include "refrain/task/tag/codec.h"

namespace refrain::task {

class TagJudge : public Judge {
 public:
  explicit TagJudge(const TagCodec& codec) : codec_(codec) {}

  train::ValidScore score(const std::vector<data::EncodedTarget>& truth,
                          const std::vector<double>& answers) const override;
  const char* score_name() const override { return codec_.spans() ? "F1" : "accuracy"; }
  const char* loss_name() const override { return "log loss"; }
  double loss(Row answer, const data::EncodedTarget& truth) const override;
  std::vector<double> weights(const std::vector<data::EncodedTarget>& truth,
                              const std::vector<std::vector<double>>& answers) const override;
  double temperature(const std::vector<data::EncodedTarget>& truth,
                     const std::vector<double>& answers) const override;
  std::vector<double> at_temperature(std::vector<double> answers, double t) const override;

 private:
  const TagCodec& codec_;
};

}  // namespace refrain::task
