// How a Run is spread over the tables and put together again. Within the store layer only.
#pragma once

#include "refrain/store/database.h"
#include "refrain/store/run.h"

namespace refrain::store {

// Inside a transaction. False where the id is taken; nothing is written then.
bool insert_run(Database& database, const Run& run);

// The columns that read_run takes, in its order; then FROM, WHERE and the rest may follow.
const char* run_columns();

// From a row of these columns; `key` is the run's key in the tables of its parts.
Run read_run(const Statement& row, std::int64_t& key);

void read_scores(Database& database, std::int64_t key, Run& run);   // and baselines, classes
void read_details(Database& database, std::int64_t key, Run& run);  // predictions, curve

}  // namespace refrain::store
