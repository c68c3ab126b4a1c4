// The goal of a network or simple method: it turns targets into numbers, the outputs of a network's
// head into answers, and scores the answers. A task (task/task.h) fits its goal to the training
// part; the goal is kept in the model file. Everything in this layer that trains, averages, holds
// out, searches or distils uses a goal and knows no task.
#pragma once

#include <algorithm>
#include <memory>
#include <string>
#include <vector>

#include "refrain/base/json.h"
#include "refrain/data/batch.h"
#include "refrain/data/subset.h"
#include "refrain/score/answers.h"
#include "refrain/tape/chain_loss.h"
#include "refrain/train/trainer.h"

namespace refrain::method {
struct Training;
}

namespace refrain::task {

class Network;

// The predictions of a model.
struct Predictions {
  std::vector<double> numbers;       // [n,answer width], row by row; empty: nobody asked
  std::vector<std::string> decided;  // [n] in words: a class, a number, tags with blanks between
  // For answers step by step: the probability of each decided tag, [n][steps]. Else empty.
  std::vector<std::vector<double>> confidence = {};
  // For answers step by step: a label of each sample beside its tags, [n]. Else empty.
  std::vector<std::string> labels = {};
};

// Rows of numbers in the answer to a sample with this target: one, or one a step.
inline std::size_t rows_of(const data::EncodedTarget& truth) {
  return std::max<std::size_t>(1, truth.tags.size());
}

// The numbers of one answer, [width].
using Row = const double*;

// How well answers do on samples whose truth is known; for choices inside the training part.
class Judge {
 public:
  virtual ~Judge() = default;
  // Scores answers [n,width] for early stopping; a larger score is better.
  virtual train::ValidScore score(const std::vector<data::EncodedTarget>& truth,
                                  const std::vector<double>& answers) const = 0;
  virtual const char* score_name() const = 0;  // "accuracy"
  virtual const char* loss_name() const = 0;   // "log loss"
  // Returns the loss of one answer, whose mean the choices minimise.
  virtual double loss(Row answer, const data::EncodedTarget& truth) const = 0;
  // True if the answer is right; a task without right and wrong has none that are.
  virtual bool has_right() const { return false; }
  virtual bool is_right(Row, const data::EncodedTarget&) const { return false; }
  // Shares of several kinds of members whose answers are [kind][n,width]; they add up to 1.
  virtual std::vector<double> weights(const std::vector<data::EncodedTarget>& truth,
                                      const std::vector<std::vector<double>>& answers) const = 0;
  // The temperature that answers should have, and answers at one; 1 where a task has none.
  virtual double temperature(const std::vector<data::EncodedTarget>&,
                             const std::vector<double>&) const {
    return 1;
  }
  virtual std::vector<double> at_temperature(std::vector<double> answers, double) const {
    return answers;
  }
};

// The samples and classes that a goal is fitted to.
struct GoalParts {
  data::Subset training;
  data::Subset all;                         // further samples that may be trained on later
  const std::vector<std::string>& classes;  // classes of samples that are still to come
  bool tested = false;                      // samples of `all` will also be tested (folds)
};

class Goal {
 public:
  virtual ~Goal() = default;

  // The name in tasks().
  virtual const char* task() const = 0;
  // The labels, where answers are classes.
  virtual const std::vector<std::string>& classes() const {
    static const std::vector<std::string> kNone;
    return kNone;
  }
  // The names of the numbers of an answer: classes, columns of the target.
  virtual const std::vector<std::string>& columns() const = 0;
  int width() const { return static_cast<int>(columns().size()); }

  // True if each step of a sample is answered: the answer is one row of numbers for each step, one
  // after the other.
  virtual bool of_steps() const { return false; }
  // For steps: the number of columns at the end of each row that are equal in all rows of a sample,
  // the answer for the sample as a whole.
  virtual int whole_columns() const { return 0; }
  // For steps: true if runs of them are answered together, as spans.
  virtual bool of_spans() const { return false; }
  // For steps: the rules of a conditional random field above the network's numbers; null: each step
  // is answered by itself.
  virtual const tape::ChainRules* chain_rules() const { return nullptr; }

  // The targets of samples. Throws data, naming all lines of those that cannot be one.
  virtual std::vector<data::EncodedTarget> truths(const data::Subset& view) const = 0;
  // Puts the targets into what a simple method is fitted to.
  virtual void put_targets(method::Training& training) const = 0;
  // Throws unsupported, naming the method, where a simple method cannot be a member of a model that
  // learns this from the samples.
  virtual void require_method(const std::string& method, const data::Subset& training) const = 0;
  // Returns the loss that a network minimises on the first n_train samples; the rest validate it.
  virtual std::unique_ptr<train::Problem> problem(const Network& network,
                                                  const std::vector<data::EncodedSample>& samples,
                                                  int n_train) const = 0;
  // Turns the numbers of a network's head [width] into an answer, in place.
  virtual void finish(double* numbers) const = 0;
  // Answers [n,width] of a simple method as they count beside the networks'.
  virtual std::vector<double> of_method(std::vector<double> answers) const = 0;
  // Answers of a model with another goal of this task, as answers of this one.
  virtual std::vector<double> adopt(const std::vector<double>& answers,
                                    const Goal& other) const = 0;
  // The target of a sample that a teacher answered like this (distillation).
  virtual void soften(data::EncodedTarget& target, Row teacher) const = 0;
  // The target of what was made of a sample by augmentation, from that of the sample.
  virtual void mix(const data::EncodedTarget& source, const data::Target& made,
                   data::EncodedTarget& out) const = 0;

  // True if answers to held-out samples improve the goal, for instance by the size of errors.
  // calibrated() returns the goal with that knowledge from answers [n,width].
  virtual bool wants_held_out() const { return false; }
  virtual std::shared_ptr<const Goal> calibrated(const std::vector<data::EncodedTarget>&,
                                                 const std::vector<double>&,
                                                 const std::vector<int>& /*units*/) const {
    return nullptr;
  }

  // Names of the numbers in a model's final answer; complete() turns the members' averaged answers
  // [n,width] into them.
  virtual const std::vector<std::string>& answer_columns() const { return columns(); }
  virtual std::vector<double> complete(std::vector<double> answers) const { return answers; }

  // Returns the predictions that the averaged answers of a model stand for.
  virtual Predictions say(const data::Subset& samples, std::vector<double> answers) const;
  // The final answer in words: a class, a number.
  virtual std::string decide(Row answer) const = 0;
  // The column that is decided for; -1 where none is.
  virtual int choice(Row answer) const = 0;

  // Predictions beside the truths, for metrics, intervals and comparisons. Throws data for truths
  // that are none of the goal's.
  virtual std::unique_ptr<score::Answers> answers(const data::Subset& view,
                                                  Predictions said) const = 0;
  // Returns a sentence about truths that no answer can match because training had none of them; ""
  // = none.
  virtual std::string foreign(const data::Subset&) const { return {}; }
  // Metrics beside those of the kind of answers.
  virtual score::NamedMetrics more_metrics() const { return {}; }
  // The answers [n,width] of a simple method, and those of a model, in the form in which both are
  // compared by the main metric.
  virtual Predictions of_baseline(const data::Subset& samples,
                                  std::vector<double> answers) const = 0;
  virtual Predictions comparable(const Predictions& said) const = 0;

  virtual const Judge& judge() const = 0;
  // Members of the model file's head.
  virtual base::Json to_json() const = 0;
  // True if an older version reads the goal correctly from a file of one network.
  virtual bool is_plain() const = 0;
};

}  // namespace refrain::task
