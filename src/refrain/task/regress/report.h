// Fills the report of a regression, and reads it back from a store.
#pragma once

#include "refrain/task/task.h"

namespace refrain::task {

// `per_target`, where there are several: RMSE, MAE and R2 of each column with intervals.
std::vector<Table> regress_tables(const Goal& goal, const score::Repeats& repeats, int seed,
                                  score::Stop stop);

std::unique_ptr<score::Answers> recall_numbers(const Recalled& recalled);

}  // namespace refrain::task
