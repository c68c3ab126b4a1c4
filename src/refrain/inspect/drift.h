// Drift: whether the samples of one file look as if they came from where those of another come
// from. Each channel, text and recording is compared by what one pass tells of each sample (level,
// spread, ...), labels and tags by their counts. Where a channel differs, the reason is looked for:
// another unit, an offset, a channel that stands still or has changed places with another.
#pragma once

#include "refrain/inspect/finding.h"
#include "refrain/inspect/profile.h"
#include "refrain/inspect/tests.h"

namespace refrain::inspect {

struct DriftTest {
  std::string where;    // "channel ax", "text", "labels"
  std::string feature;  // "level"; "" of counts
  Comparison found;
  bool differs = false;  // of all tests together, and by more than next to nothing
};

struct Drift {
  std::string known, judged;
  std::vector<DriftTest> tests;
  std::vector<Finding> findings;
};

Drift drift_between(const Profile& known, const Profile& judged);

}  // namespace refrain::inspect
