#include "refrain/task/task.h"

#include "refrain/base/error.h"

#include "refrain/task/classify/goal.h"

namespace refrain::task {

const base::Registry<Task>& tasks() {
  static const base::Registry<Task> list(
      "task", {{"classify",
                "one class for each series or text; scored by accuracy",
                {"accuracy", "majority", require_classes, fit_classify, read_classify}}});
  return list;
}

bool can_learn(const Task& task, const View& training) {
  try {
    task.require(training);
    return true;
  } catch (const Error&) {
    return false;
  }
}

const Task& task_of(const Spec& spec) {
  return tasks().at(spec.task == "auto" ? "classify" : spec.task);
}

}  // namespace refrain::task
