// The goal of classification: one of a list of labels, answered with a probability for each.
#pragma once

#include "refrain/score/decision.h"
#include "refrain/task/classify/judge.h"
#include "refrain/task/goal.h"
#include "refrain/task/spec.h"

namespace refrain::task {

class ClassifyGoal : public Goal {
 public:
  // `labels`: sorted, unique, at least two. `method_weight` [C] is what --class-weight makes of the
  // answers of simple methods; empty: nothing.
  explicit ClassifyGoal(std::vector<std::string> labels, score::Cost cost = {},
                        std::vector<double> method_weight = {});

  const char* task() const override { return "classify"; }
  const std::vector<std::string>& classes() const override { return labels_; }
  const std::vector<std::string>& columns() const override { return labels_; }
  std::vector<data::EncodedTarget> truths(const data::Subset& view) const override;
  void put_targets(method::Training& training) const override;
  void require_method(const std::string& method, const data::Subset& training) const override;
  std::unique_ptr<train::Problem> problem(const Network& network,
                                          const std::vector<data::EncodedSample>& samples,
                                          int n_train) const override;
  void finish(double* numbers) const override;
  std::vector<double> of_method(std::vector<double> answers) const override;
  std::vector<double> adopt(const std::vector<double>& answers, const Goal& other) const override;
  void soften(data::EncodedTarget& target, Row teacher) const override;
  void mix(const data::EncodedTarget& source, const data::Target& made,
           data::EncodedTarget& out) const override;
  std::string decide(Row answer) const override;
  int choice(Row answer) const override;
  std::unique_ptr<score::Answers> answers(const data::Subset& view,
                                          Predictions said) const override;
  score::NamedMetrics more_metrics() const override;
  Predictions of_baseline(const data::Subset& samples, std::vector<double> answers) const override;
  Predictions comparable(const Predictions& said) const override { return {{}, said.decided}; }
  const Judge& judge() const override { return judge_; }
  base::Json to_json() const override;
  bool is_plain() const override { return cost_.empty(); }

  const score::Cost& cost() const { return cost_; }

 private:
  std::vector<std::string> labels_;
  score::Cost cost_;
  std::vector<double> method_weight_;
  ClassifyJudge judge_;
};

// Fitted to the labels of the training part and those that are still to come.
std::shared_ptr<const Goal> fit_classify(const GoalParts& parts, const Spec& spec);

// Reads the goal from the head of a model file. Throws data.
std::shared_ptr<const Goal> read_classify(const base::Json& head);

// Throws data where the samples have fewer than two labels.
void require_classes(const data::Subset& training);

}  // namespace refrain::task
