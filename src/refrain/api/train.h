// Training as one call: read, split, fit, evaluate, save. Standard library only.
#pragma once

#include <string>

#include "refrain/api/hooks.h"
#include "refrain/api/options.h"
#include "refrain/api/report.h"

namespace refrain::api {

struct Samples;  // api/memory.h

// Samples in memory in place of the files of a job, whose paths are then what messages call them.
// They belong to the caller.
struct JobSamples {
  const Samples *data = nullptr, *test = nullptr, *valid = nullptr;
};

struct TrainJob {
  std::string data;
  std::string test;        // "" = a part of the data is held out (--test-fraction)
  std::string valid;       // "" = a part of the training data (--valid-fraction)
  std::string fixes;       // decisions on labels of the data (inspect --fixes-out), "" = none
  std::string out;         // model file, "" = none
  std::string checkpoint;  // "" = beside the model while training
  JobSamples memory;
  bool resume = false;
  bool fits_kept_model = false;  // with folds: fit the model on all data even where out is ""
  std::string plot;              // SVG of forecasts, "" = none
  std::string page;              // HTML page of the run, "" = none; not of interrupted ones
  std::string page_language;     // of api/page.h
  std::string store = "none";    // the experiment store, as in api/runs.h
  Options options;
  Hooks hooks;
};

// Throws Error: usage, data, io (nothing is written then), numeric (training diverged; an existing
// model stays). Where hooks.stop was set, a checkpoint is written and stop_reason is "interrupted".
Report train(const TrainJob& job);

}  // namespace refrain::api
