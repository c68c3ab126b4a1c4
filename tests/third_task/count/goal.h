// A task of the tests: how many events a series has. Networks learn the root of the count, whose
// noise is the same for all counts (Bartlett 1936); the answer is the count, rounded in words.
#pragma once

#include "refrain/task/task.h"

namespace refrain::task {

class CountGoal : public Goal, private Judge {
 public:
  const char* task() const override { return "count"; }
  const std::vector<std::string>& columns() const override;
  std::vector<data::EncodedTarget> truths(const data::Subset& view) const override;
  void put_targets(method::Training& training) const override;
  void require_method(const std::string&, const data::Subset&) const override {}
  std::unique_ptr<train::Problem> problem(const Network& network,
                                          const std::vector<data::EncodedSample>& samples,
                                          int n_train) const override;
  void finish(double* numbers) const override;
  std::vector<double> of_method(std::vector<double> answers) const override { return answers; }
  std::vector<double> adopt(const std::vector<double>& answers, const Goal&) const override {
    return answers;
  }
  void soften(data::EncodedTarget& target, Row teacher) const override;
  void mix(const data::EncodedTarget&, const data::Target&, data::EncodedTarget&) const override {}
  std::string decide(Row answer) const override;
  int choice(Row) const override { return -1; }
  std::unique_ptr<score::Answers> answers(const data::Subset& view,
                                          Predictions said) const override;
  Predictions of_baseline(const data::Subset&, std::vector<double> answers) const override {
    return {std::move(answers), {}};
  }
  Predictions comparable(const Predictions& said) const override { return said; }
  const Judge& judge() const override { return *this; }
  base::Json to_json() const override;
  bool is_plain() const override { return false; }

 private:
  train::ValidScore score(const std::vector<data::EncodedTarget>& truth,
                          const std::vector<double>& answers) const override;
  const char* score_name() const override { return "closeness"; }
  const char* loss_name() const override { return "squared error of roots"; }
  double loss(Row answer, const data::EncodedTarget& truth) const override;
  std::vector<double> weights(const std::vector<data::EncodedTarget>&,
                              const std::vector<std::vector<double>>& answers) const override {
    return std::vector<double>(answers.size(), 1.0 / static_cast<double>(answers.size()));
  }
};

Task count_task();

}  // namespace refrain::task
