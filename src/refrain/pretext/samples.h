// The series of one or several files as one set of data. Channels are joined by their names, or by
// their places; or each channel becomes a series of its own.
#pragma once

#include <string>
#include <vector>

#include "refrain/base/log.h"
#include "refrain/data/sample.h"
#include "refrain/pretext/spec.h"

namespace refrain::pretext {

struct Collected {
  data::Dataset dataset;             // one stream of series; groups name their file
  std::vector<int> label;            // [samples] class; empty: nobody asked for labels
  std::vector<std::string> classes;  // several files: FILE: label
  bool apart = false;                // each channel is a sample
};

// `labels`: whether they are needed. Recordings become series; an automatic rate is settled in
// `spec`. Throws io, data or usage.
Collected collect(const std::vector<std::string>& paths, PretextSpec& spec, bool labels,
                  const base::Log& log);

// The rates that --rates lists, one a file. Throws usage where they are none, or too many or too
// few.
std::vector<double> parse_rates(const std::string& list, std::size_t files);

// Brings the series of all datasets to the lowest of these rates, one a dataset.
void settle_rates(std::vector<data::Dataset>& parts, const std::vector<double>& rates);

// Joins datasets that were read: each must be one stream of series.
Collected join(std::vector<data::Dataset> parts, bool apart, bool labels);

}  // namespace refrain::pretext
