// Properties of a metric that the board and published scores look up by its name; for the sources
// of this layer only.
#pragma once

#include <string>

namespace refrain::api {

struct MetricKind {
  double low, high;  // the range of its values; infinite where it is not known
  bool smaller_is_better = false;
};

// True if some task has scores by it.
bool is_metric(const std::string& name);

// A name that is in no registry is taken for a score without limits of which more is better.
MetricKind metric_kind(const std::string& name);

}  // namespace refrain::api
