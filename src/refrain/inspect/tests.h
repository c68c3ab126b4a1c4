// Tests of whether two samples come from one distribution. Their thresholds know how many samples
// there are; several tests together are corrected for their number.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "refrain/inspect/reservoir.h"

namespace refrain::inspect {

struct Comparison {
  double distance = 0;  // 0 = equal distributions, 1 = nothing in common
  double p = 1;         // how often one distribution gives such a distance or a larger one
};

// Kolmogorov and Smirnov's two-sample test (Smirnov 1939) exact for small ones, else with
// the asymptotic distribution as corrected by Stephens (1970). Values that differ by less than
// `grain` count as equal. `units`: how many independent ones each sample has; fewer where copies or
// groups belong together.
struct Sides {
  const std::vector<double>& first;
  const std::vector<double>& second;
  double first_units = 0, second_units = 0;
};
Comparison compare_numbers(const Sides& sides, double grain);

// Pearson's chi-squared test of counts by name; names that are rare in sum are taken together. The
// distance is Cramer's V.
Comparison compare_counts(const std::map<std::string, double>& first,
                          const std::map<std::string, double>& second);

// Which p-values are below `level` as a family, whose tests may depend on each other (Holm 1979).
std::vector<bool> below_together(const std::vector<double>& p, double level);

}  // namespace refrain::inspect
