// Measures the gain of each augmentation on the user's own data: cross-validation of one network
// with and without it, on the same folds with the same seeds. Standard library only.
#pragma once

#include <string>
#include <vector>

#include "refrain/api/hooks.h"
#include "refrain/api/options.h"
#include "refrain/api/report.h"

namespace refrain::api {

struct GainsJob {
  std::string data;
  Options options;  // augment: "" or auto = each operation of the data's kind; time_limit
  Hooks hooks;
};

struct Gain {
  std::string augment;
  double score = 0;     // mean over the repeats
  Score difference;     // from none, with its 95 % interval
  double p = 1;         // of no difference, as of a comparison that was not picked
  std::string verdict;  // helps, may help, no difference seen, may harm, harms
  double seconds = 0;
};

struct Gains {
  int samples = 0, folds = 0, repeats = 0;
  std::string metric;                 // the main one of the task
  bool in_points = true;              // it is a share: a hundredth is a point
  double none = 0;                    // its value without augmentation
  std::string test;                   // in words
  std::vector<Gain> gains;            // the best first
  std::vector<std::string> left_out;  // no time was left for them
  bool interrupted = false;

  std::string json() const;
  std::string text() const;
};

// Five folds and three repeats where the options say nothing else. "helps" and "harms" hold for all
// the comparisons together (p times their number is at most 0.05), "may" for one by itself. The
// result is the same for any number of threads, but for what a time limit leaves out. Throws usage,
// data, io.
Gains augmentation_gains(const GainsJob& job);

}  // namespace refrain::api
