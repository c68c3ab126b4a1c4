#include "refrain/task/task.h"

namespace refrain::task {

const base::Registry<Task>& tasks() {
  static const base::Registry<Task> list(
      "task",
      {{"classify", "one class for each series or text; scored by accuracy", {"accuracy"}}});
  return list;
}

}  // namespace refrain::task
