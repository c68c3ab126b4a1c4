// The goal of regression: one or several numbers, answered with a number each and, where samples
// were held out, with an interval that holds the true one in a given share of cases.
//
// Intervals are conformal: the answer plus and minus a radius, the quantile of the errors on
// samples that the models of inner folds did not see (Barber et al. 2021, CV). Samples of one unit
// (a group, copies) weigh as much as one alone, so that the share holds for new groups (Lee et al.
// 2023). With the loss `quantile` the network itself answers with a lower and an upper quantile,
// and the radius widens or narrows these (Romano et al. 2019).
#pragma once

#include "refrain/task/goal.h"
#include "refrain/task/regress/judge.h"
#include "refrain/task/spec.h"

namespace refrain::task {

struct RegressParts {
  std::vector<std::string> targets;  // names of the columns
  std::vector<TargetScale> scales;   // of each
  std::string loss = "squared";
  double huber_delta = 1;          // in deviations
  double interval = 0.9;           // the share that intervals hold; 0: there are none
  std::vector<double> radii = {};  // of each column; empty: nothing was held out
  bool lives = false;              // the number is a remaining life
};

class RegressGoal : public Goal {
 public:
  explicit RegressGoal(RegressParts parts);

  const char* task() const override { return "regress"; }
  const std::vector<std::string>& columns() const override { return columns_; }
  std::vector<data::EncodedTarget> truths(const data::Subset& view) const override;
  void put_targets(method::Training& training) const override;
  void require_method(const std::string& method, const data::Subset& training) const override;
  std::unique_ptr<train::Problem> problem(const Network& network,
                                          const std::vector<data::EncodedSample>& samples,
                                          int n_train) const override;
  void finish(double* numbers) const override;
  std::vector<double> of_method(std::vector<double> answers) const override { return answers; }
  std::vector<double> adopt(const std::vector<double>& answers, const Goal&) const override {
    return answers;
  }
  void soften(data::EncodedTarget& target, Row teacher) const override;
  void mix(const data::EncodedTarget& source, const data::Target& made,
           data::EncodedTarget& out) const override;
  bool wants_held_out() const override { return parts_.interval > 0; }
  std::shared_ptr<const Goal> calibrated(const std::vector<data::EncodedTarget>& truth,
                                         const std::vector<double>& answers,
                                         const std::vector<int>& units) const override;
  const std::vector<std::string>& answer_columns() const override { return answer_columns_; }
  std::vector<double> complete(std::vector<double> answers) const override;
  std::string decide(Row answer) const override;
  int choice(Row) const override { return -1; }
  const Judge& judge() const override { return judge_; }
  std::unique_ptr<score::Answers> answers(const data::Subset& view,
                                          Predictions said) const override;
  Predictions of_baseline(const data::Subset&, std::vector<double> answers) const override {
    return {std::move(answers), {}};
  }
  Predictions comparable(const Predictions& said) const override;
  base::Json to_json() const override;
  bool is_plain() const override { return false; }
  score::NamedMetrics more_metrics() const override;

  const RegressParts& parts() const { return parts_; }
  bool has_quantiles() const { return parts_.loss == "quantile" && parts_.interval > 0; }

 private:
  std::size_t count() const { return parts_.targets.size(); }

  RegressParts parts_;
  std::vector<std::string> columns_, answer_columns_;
  RegressJudge judge_;
};

std::shared_ptr<const Goal> fit_regress(const GoalParts& parts, const Spec& spec);
std::shared_ptr<const Goal> read_regress(const base::Json& head);

// Throws data where the samples have no numbers, or fewer than two that differ.
void require_numbers(const data::Subset& training);

}  // namespace refrain::task
