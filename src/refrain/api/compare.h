// Two stored runs on the same samples: is one better? Standard library only.
#pragma once

#include <string>

#include "refrain/api/report.h"

namespace refrain::api {

struct RunComparison {
  std::string a, b;  // ids
  std::string metric;
  double value_a = 0, value_b = 0;
  Score difference;  // b - a (the reverse where smaller is better), 95 % interval
  std::string test;  // the one that decides
  double p = 1;
  bool distinguishable = false;
  double samples_needed = 0;  // samples for 80 % power at this difference; 0 = no number would do
  int samples = 0, repeats = 0;
  std::string verdict;  // one sentence

  std::string text() const;
  std::string json() const;
};

// Throws usage for an unknown run or metric, data where the two did not predict the same samples.
RunComparison compare_runs(const std::string& store, const std::string& a, const std::string& b,
                           const std::string& metric);

}  // namespace refrain::api
