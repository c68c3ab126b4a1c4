// The parts of a cross-validation: the models to fit, one a fold and repeat, and what they said put
// together. For the sources of this layer only.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <set>

#include "refrain/api/inside/baselines.h"
#include "refrain/api/inside/cross_validation.h"
#include "refrain/api/inside/evaluation.h"
#include "refrain/method/beside.h"
#include "refrain/task/task.h"

namespace refrain::api {

// One model: a fold of a repeat, or (test empty) the one that is kept.
struct FoldJob {
  int repeat = 0, fold = 0;
  std::vector<int> pool, test;
  // results
  task::Fitted fitted = {};     // its members only where it is kept
  task::Predictions said = {};  // of the tested samples, in the classes of the whole data
  std::vector<method::MethodAnswers> baselines = {};
  std::vector<std::string> columns = {};  // names of the prediction columns
  std::vector<int> train = {}, valid = {};
  base::Digest parameters = {};
  long long parameter_count = 0;
  std::string made = {}, other = {};  // as in Report
};

// The data, options and folds that all folds share.
struct FoldWork {
  explicit FoldWork(const CrossValidation& whole);

  int repeats() const { return asked.spec.split.repeats; }
  bool stopped() const { return asked.stop != nullptr && asked.stop->load(); }

  const CrossValidation& asked;
  const task::Task& task;
  std::vector<int> all;                    // every sample
  std::shared_ptr<const task::Goal> goal;  // of the whole data
  Related related;
  std::vector<FoldJob> jobs;
  int folds = 0;
};

// Cuts the folds of each repeat; the model that is kept comes last.
void make_jobs(FoldWork& work);

// Fits and asks the models, many at a time, each on one thread. Remarks are told once, not once a
// fold.
class FoldFitting {
 public:
  explicit FoldFitting(FoldWork& work);

  // Returns how many folds are done: fewer where the work was stopped.
  int run();

 private:
  void fit(FoldJob& job);
  void ask(FoldJob& job, const task::FitParts& parts, double deadline);
  void say_done();

  FoldWork& work_;
  int threads_;
  double seconds_a_job_;  // with a time limit
  base::Log log_;
  std::mutex mutex_;
  std::set<std::string> said_;
  int done_ = 0;
};

// Names of the numbers of a prediction: those that every fold has.
std::vector<std::string> fold_columns(const FoldWork& work);

// The answers about every sample, one entry a repeat, samples in the order of the data.
std::vector<std::unique_ptr<score::Answers>> out_of_fold(const FoldWork& work);

// Returns the out-of-fold answers in the form that is compared with simple methods.
std::vector<std::unique_ptr<score::Answers>> comparable_out_of_fold(const FoldWork& work);

// The answers of the simple methods that every fold could fit.
std::vector<BaselineAnswers> simple_methods_out_of_fold(const FoldWork& work);

// [repeat][n]: the fold in which each sample is tested.
std::vector<std::vector<int>> test_folds(const FoldWork& work);

}  // namespace refrain::api
