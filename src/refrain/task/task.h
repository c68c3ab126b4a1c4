// The list of tasks: what can be learned. A task is a goal (task/goal.h), the simple methods that
// stand beside the networks, and its name; one folder and one line in task.cc.
#pragma once

#include "refrain/base/log.h"
#include "refrain/base/registry.h"
#include "refrain/base/table.h"
#include "refrain/method/method.h"
#include "refrain/score/draws.h"
#include "refrain/task/goal.h"
#include "refrain/task/spec.h"

namespace refrain::task {

// Answers of one run about some samples, as a store has them; `columns` are those of all runs that
// are compared.
struct Recalled {
  struct Answer {
    std::string truth, predicted;
    std::vector<double> numbers;  // of the run's own columns
  };
  std::vector<std::string> columns, own_columns;
  std::vector<Answer> answers;
};

// The part of a target that a task learns.
enum class Aim { kClass, kNumbers, kTags };

struct Task {
  Aim aim;
  const char* metric;        // the main score
  const char* floor_method;  // the simple method that is always scored
  // Throws data where nothing can be learned from the samples.
  void (*require)(const data::Subset& training);
  std::shared_ptr<const Goal> (*fit)(const GoalParts& parts, const Spec& spec);
  // Reads the goal from the head of a model file; throws data.
  std::shared_ptr<const Goal> (*read)(const base::Json& head);
  // Returns the tables that a report shows besides the metrics, such as the scores of each class.
  std::vector<Table> (*tables)(const Goal& goal, const score::Repeats& repeats, int seed,
                               score::Stop stop);
  // Answers that a store kept.
  std::unique_ptr<score::Answers> (*recall)(const Recalled& recalled);
};
const base::Registry<Task>& tasks();

// The task's name: as the options say, or by the labels, which the log is told where they could be
// learned in two ways.
std::string recognise_task(const Spec& spec, const data::Dataset& dataset, const base::Log& log);

// True if the samples allow learning.
bool can_learn(const Task& task, const data::Subset& training);

// The kind of answers that simple methods predict beside the networks.
method::Predicts predicts(const Spec& spec);

// The task that the options name.
const Task& task_of(const Spec& spec);

}  // namespace refrain::task
