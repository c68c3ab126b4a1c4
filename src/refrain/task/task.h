// The list of tasks: what can be learned. A task is a goal (task/goal.h), the simple methods that
// stand beside the networks, and its name; one folder and one line in task.cc.
#pragma once

#include "refrain/base/registry.h"
#include "refrain/task/goal.h"
#include "refrain/task/spec.h"

namespace refrain::task {

struct Task {
  const char* metric;        // the main score
  const char* floor_method;  // the simple method that is always scored
  // Throws data where nothing can be learned from the samples.
  void (*require)(const View& training);
  std::shared_ptr<const Goal> (*fit)(const GoalParts& parts, const Spec& spec);
  // Of the head of a model file; throws data.
  std::shared_ptr<const Goal> (*read)(const base::Json& head);
};
const base::Registry<Task>& tasks();

// Whether something can be learned from the samples.
bool can_learn(const Task& task, const View& training);

// The task that the options name.
const Task& task_of(const Spec& spec);

}  // namespace refrain::task
