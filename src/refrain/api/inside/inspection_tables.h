// Builds the tables and sentences of an inspection; for the sources of this layer only.
#pragma once

#include "refrain/api/inspection.h"
#include "refrain/inspect/drift.h"
#include "refrain/inspect/profile.h"

namespace refrain::api {

// "files", "channels", "texts", "recordings", "classes", "drift"; those that have rows.
std::vector<Table> inspection_tables(const std::vector<const inspect::Profile*>& files,
                                     const std::vector<inspect::Drift>& drifts);

// The first sentence says whether the inspection failed, and why.
std::vector<std::string> verdict_of(const Inspection& found);

}  // namespace refrain::api
