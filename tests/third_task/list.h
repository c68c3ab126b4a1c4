// The line that a third task costs in the list of task/task.cc.
#include "count/goal.h"

#define REFRAIN_MORE_TASKS \
  , { "count", "events of a series; scored by RMSE", count_task() }
