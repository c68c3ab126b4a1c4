// Fits all baselines that can read the data and predict what is learnt, and scores them on the test
// part. One that fails or would take too long is left out, with a remark in the log; training goes
// on.
#pragma once

#include <atomic>
#include <string>

#include "refrain/base/log.h"
#include "refrain/task/baselines/baseline.h"

namespace refrain::task {

struct TestPart {
  View samples;
  const std::vector<int>& targets;  // [n] class indices
};

struct BaselineScore {
  std::string name;
  double accuracy = 0;
  std::vector<int> predicted;  // [n]
  double seconds = 0;
};

struct ScoreOptions {
  base::Log log;
  const std::atomic<bool>* stop = nullptr;  // set: ends early, between two baselines
  std::vector<std::string> only;            // names; empty = all that can read the data
  // Of base::steady_seconds(): none begins later, but the majority or the mean; 0 = never.
  double deadline = 0;
};

struct BaselineAnswers {
  std::string name;
  std::vector<double> numbers;  // probabilities [n,classes] or numbers [n,width]
  double seconds = 0;
};

// What each says of the test samples, in the order of the list: classes, or numbers where
// training.width > 0.
std::vector<BaselineAnswers> run_baselines(const TrainingView& training, const View& test,
                                           const ScoreOptions& options);

// Those that predict classes, in the order of the list.
std::vector<BaselineScore> score_baselines(const TrainingView& training, const TestPart& test,
                                           const ScoreOptions& options);

// The class with the largest value of each row of `probability` [n,C]; of equal ones the first.
std::vector<int> likeliest(const std::vector<double>& probability, int classes);

// The share of rows of `probability` [n,C] whose largest value is at the target.
double accuracy(const std::vector<double>& probability, const std::vector<int>& targets,
                int classes);

}  // namespace refrain::task
