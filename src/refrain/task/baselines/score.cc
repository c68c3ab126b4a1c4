#include "refrain/task/baselines/score.h"

#include <algorithm>

#include "refrain/base/duration.h"
#include "refrain/task/baselines/logistic.h"

namespace refrain::task {
namespace {

bool wanted(const ScoreOptions& options, const std::string& name) {
  const auto& only = options.only;
  return only.empty() || std::find(only.begin(), only.end(), name) != only.end();
}

}  // namespace

double accuracy(const std::vector<double>& probability, const std::vector<int>& targets,
                int classes) {
  if (targets.empty()) return 0;
  return count_right(probability, {targets, classes}) / static_cast<double>(targets.size());
}

std::vector<int> likeliest(const std::vector<double>& probability, int classes) {
  std::vector<int> out;
  for (auto row = probability.begin(); row != probability.end(); row += classes) {
    out.push_back(static_cast<int>(std::max_element(row, row + classes) - row));
  }
  return out;
}

std::vector<BaselineAnswers> run_baselines(const TrainingView& training, const View& test,
                                           const ScoreOptions& options) {
  std::vector<BaselineAnswers> answers;
  const auto& list = baselines(training.width > 0 ? Predicts::kNumbers : Predicts::kClasses);
  for (const auto& item : list.items()) {
    if (!wanted(options, item.name)) continue;
    if (!applies(item.value.kind, training.samples.dataset)) continue;
    if (options.stop != nullptr && options.stop->load()) break;
    const double start = base::steady_seconds();
    if (options.deadline > 0 && start > options.deadline && &item != list.items().data()) {
      options.log.info("baseline " + item.name + " is left out: the time limit is reached");
      continue;
    }
    try {
      const auto baseline = item.value.make();
      baseline->fit(training);
      auto numbers = baseline->predict(test, training.threads);
      answers.push_back({item.name, std::move(numbers), base::steady_seconds() - start});
    } catch (const std::exception& error) {
      options.log.info("baseline " + item.name + " is left out: " + error.what());
    }
  }
  return answers;
}

std::vector<BaselineScore> score_baselines(const TrainingView& training, const TestPart& test,
                                           const ScoreOptions& options) {
  std::vector<BaselineScore> scores;
  for (const auto& one : run_baselines(training, test.samples, options)) {
    scores.push_back({one.name, accuracy(one.numbers, test.targets, training.classes),
                      likeliest(one.numbers, training.classes), one.seconds});
  }
  return scores;
}

}  // namespace refrain::task
