// The data of a run: up to three files, read and settled, and the numbers of the samples that are
// for training, for early stopping and for the score. For the sources of this layer only.
#pragma once

#include <memory>
#include <vector>

#include "refrain/api/inside/run_state.h"
#include "refrain/data/sample.h"
#include "refrain/task/fit.h"
#include "refrain/task/goal.h"

namespace refrain::api {

struct RunData {
  data::Dataset data, valid_file, test_file;
  std::vector<int> train, valid, test;  // numbers in `data`, or in the file where there is one

  const data::Dataset& valid_data() const { return valid_file.samples.empty() ? data : valid_file; }
  const data::Dataset& test_data() const { return test_file.samples.empty() ? data : test_file; }
  data::Subset tested() const { return {test_data(), test}; }
  task::FitParts fit_parts() const { return {&data, train, &valid_data(), valid}; }
};

bool learns_classes(const task::Spec& spec);

// Reads the files and says what they were taken for. Settles task, sound and layout in the options.
// Throws data where nothing can be learned, or no score can come of it.
RunData read_files(RunState& run);

// "; remaining lives above 125 count as 125" where they do, for the protocol of a score.
std::string cap_words(const task::Spec& spec, const data::Dataset& data);

// Warns of classes that a cross-validation can only miss.
void say_classes_of_one(const RunData& data, const base::Log& log);

// Holds samples out for the score and for early stopping, unless there are files for them. Throws
// data where they are too few.
void split(const RunState& run, RunData& data);

// Looks for samples that stand on both sides of a split that others made; remarks go to the report.
// Throws data unless the options allow them.
void guard_against_leaks(RunState& run, const RunData& data);

// Finds errors of the other files before the training, not after it. Returns the goal of the
// training part. Throws data.
std::shared_ptr<const task::Goal> check_files(const RunState& run, const RunData& data);

// Adds the remark of the leak guard to the report.
void add_remark(const std::string& remark, Report& report);

}  // namespace refrain::api
