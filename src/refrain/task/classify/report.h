// Fills the report of a classification, and reads it back from a store.
#pragma once

#include "refrain/task/task.h"

namespace refrain::task {

// `per_class`: precision, recall and F1 of each class with intervals, samples of it, answers of it;
// `confusion`: counts of true class and answer over all repeats.
std::vector<Table> classify_tables(const Goal& goal, const score::Repeats& repeats, int seed,
                                   score::Stop stop);

std::unique_ptr<score::Answers> recall_classes(const Recalled& recalled);

}  // namespace refrain::task
