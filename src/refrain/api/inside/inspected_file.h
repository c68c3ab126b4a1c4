// A file as an inspection reads it; for the sources of this layer only.
#pragma once

#include "refrain/api/inspection.h"
#include "refrain/base/log.h"
#include "refrain/inspect/profile.h"
#include "refrain/task/spec.h"

namespace refrain::api {

struct InspectedFile {
  inspect::Profile profile;
  data::Dataset data;  // empty where the file did not fit into memory
  bool whole = false;  // `data` holds the whole file
  std::string task;    // the suitable task: "classify", "regress", "tag", "forecast"; "" = none
};

// Reads a file; `first` is the one that it is compared with (null: it is the first itself). Names
// the encoding where it is not the one that was asked for. Throws data, io.
InspectedFile read_to_inspect(const std::string& path, const task::Spec& spec,
                              const InspectedFile* first, const base::Log& log);

}  // namespace refrain::api
