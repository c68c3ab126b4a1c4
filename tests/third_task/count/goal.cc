#include "goal.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "refrain/score/regression.h"
#include "refrain/task/regress/goal.h"
#include "refrain/task/regress/problem.h"
#include "refrain/task/regress/report.h"

namespace refrain::task {

const std::vector<std::string>& CountGoal::columns() const {
  static const std::vector<std::string> kColumns = {"count"};
  return kColumns;
}

std::vector<data::EncodedTarget> CountGoal::truths(const data::Subset& view) const {
  std::vector<data::EncodedTarget> out(static_cast<std::size_t>(view.size()));
  for (int i = 0; i < view.size(); ++i) {
    const double count = view[i].numbers.empty() ? 0 : view[i].numbers[0];
    out[static_cast<std::size_t>(i)].values = {static_cast<real>(std::sqrt(std::max(0.0, count)))};
  }
  return out;
}

void CountGoal::put_targets(method::Training& training) const {
  training.width = 1;
  for (int i = 0; i < training.samples.size(); ++i) {
    training.values.push_back(training.samples[i].numbers[0]);
  }
}

std::unique_ptr<train::Problem> CountGoal::problem(const Network& network,
                                                   const std::vector<data::EncodedSample>& samples,
                                                   int n_train) const {
  return regress_problem(network, {{"count"}, {{0, 1}}, "squared", 1, 0}, samples, n_train);
}

void CountGoal::finish(double* numbers) const { *numbers = std::pow(std::max(0.0, *numbers), 2); }

void CountGoal::soften(data::EncodedTarget& target, Row teacher) const {
  target.values[0] = (target.values[0] + static_cast<real>(std::sqrt(*teacher))) / 2;
}

std::string CountGoal::decide(Row answer) const {
  return std::to_string(static_cast<long>(std::lround(*answer)));
}

std::unique_ptr<score::Answers> CountGoal::answers(const data::Subset& view,
                                                   Predictions said) const {
  auto out = std::make_unique<score::Regression>();
  for (int i = 0; i < view.size(); ++i) out->truth.push_back(view[i].numbers[0]);
  out->predicted = std::move(said.numbers);
  return out;
}

base::Json CountGoal::to_json() const { return base::Json::object(); }

double CountGoal::loss(Row answer, const data::EncodedTarget& truth) const {
  return std::pow(std::sqrt(std::max(0.0, *answer)) - static_cast<double>(truth.values[0]), 2);
}

train::ValidScore CountGoal::score(const std::vector<data::EncodedTarget>& truth,
                                   const std::vector<double>& answers) const {
  double sum = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) sum += loss(&answers[i], truth[i]);
  const double mean = sum / static_cast<double>(std::max<std::size_t>(1, truth.size()));
  return {-mean, mean};
}

Task count_task() {
  return {Aim::kNumbers,
          "rmse",
          "mean",
          require_numbers,
          [](const GoalParts&, const Spec&) -> std::shared_ptr<const Goal> {
            return std::make_shared<CountGoal>();
          },
          [](const base::Json&) -> std::shared_ptr<const Goal> {
            return std::make_shared<CountGoal>();
          },
          regress_tables,
          recall_numbers};
}

}  // namespace refrain::task
