// The list of tasks: what can be learned. A task is an encoder per stream, a head, a loss, a metric
// and a decoder; one file and one line in the list of task.cc.
#pragma once

#include "refrain/base/registry.h"

namespace refrain::task {

struct Task {
  const char* metric;  // the main score
};
const base::Registry<Task>& tasks();

}  // namespace refrain::task
