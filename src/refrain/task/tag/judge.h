// How well tags do: F1 of spans (accuracy of plain labels) and the mean surprise of a step's tag;
// with labels of whole samples the mean of that score and their accuracy, and both surprises.
#pragma once

#include "refrain/task/goal.h"
#include "refrain/task/tag/codec.h"

namespace refrain::task {

class TagJudge : public Judge {
 public:
  // `labels`: of whole samples, beside the tags; 0: none.
  TagJudge(const TagCodec& codec, int labels) : codec_(codec), labels_(labels) {}

  train::ValidScore score(const std::vector<data::EncodedTarget>& truth,
                          const std::vector<double>& answers) const override;
  const char* score_name() const override {
    if (labels_ > 0) return codec_.spans() ? "mean of F1 and label accuracy" : "mean accuracy";
    return codec_.spans() ? "F1" : "accuracy";
  }
  const char* loss_name() const override { return "log loss"; }
  double loss(Row answer, const data::EncodedTarget& truth) const override;
  std::vector<double> weights(const std::vector<data::EncodedTarget>& truth,
                              const std::vector<std::vector<double>>& answers) const override;
  double temperature(const std::vector<data::EncodedTarget>& truth,
                     const std::vector<double>& answers) const override;
  std::vector<double> at_temperature(std::vector<double> answers, double t) const override;

 private:
  std::size_t width() const { return static_cast<std::size_t>(codec_.size() + labels_); }
  double label_loss(Row answer, const data::EncodedTarget& truth) const;

  const TagCodec& codec_;
  int labels_;
};

}  // namespace refrain::task
