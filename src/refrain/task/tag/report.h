// Fills the report of a tagger, and reads it back from a store.
#pragma once

#include "refrain/task/task.h"

namespace refrain::task {

// `per_type`: precision, recall and F1 of each type; `seen`: recall of entities that the training
// part had and had not.
std::vector<Table> tag_tables(const Goal& goal, const score::Repeats& repeats, int seed,
                              score::Stop stop);

std::unique_ptr<score::Answers> recall_tags(const Recalled& recalled);

}  // namespace refrain::task
