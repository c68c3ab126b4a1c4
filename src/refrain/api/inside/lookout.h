// Fits models on parts of the samples during an inspection, to find wrong labels and to extrapolate
// the learning curve. For the sources of this layer only.
#pragma once

#include "refrain/api/inside/inspected_file.h"
#include "refrain/api/inspection.h"
#include "refrain/inspect/finding.h"

namespace refrain::api {

struct LookoutWork {
  const InspectJob& job;
  const InspectedFile& file;
  const base::Log& log;
};

struct Lookout {
  std::vector<LabelCandidate> labels;
  std::vector<std::string> preflight;
  std::vector<inspect::Finding> findings;
};

// Nothing where there is nothing to learn; with "auto" nothing either where it would take long,
// which the log is told. Throws usage where it was asked for and cannot be done.
Lookout look_out(const LookoutWork& work);

}  // namespace refrain::api
