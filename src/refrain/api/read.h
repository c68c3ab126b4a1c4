// What a labelled data file holds, as plain lists: what `refrain.data.read` of Python gives.
// Standard library only.
#pragma once

#include <string>
#include <vector>

#include "refrain/api/memory.h"
#include "refrain/api/options.h"
#include "refrain/api/report.h"

namespace refrain::api {

// One entry a sample in each list that is there; the others are empty.
struct FileSamples {
  std::string kind;  // "series", "text" or "sound"
  // What the labels are for: "classify", "regress", "tag"; with the option `task` also "translate"
  // or "transcribe".
  std::string task;
  int channels = 0;  // of series
  std::vector<std::string> channel_names;
  std::vector<std::vector<float>> series;  // [steps, channels] row by row; NaN = missing
  std::vector<double> offset;              // [channels] was subtracted of the values
  std::vector<Recording> sounds;
  std::vector<std::string> texts;
  bool in_words = false;                        // `words` stand in place of texts
  std::vector<std::vector<std::string>> words;  // of what is tagged
  std::vector<std::vector<std::string>> tags;
  std::vector<std::string> labels;
  std::vector<std::vector<double>> numbers;  // of a regression, one a target
  std::vector<std::string> groups, ids;      // a group is "" where the sample has none
  RecognisedData recognised;
};

// Reads a file with the options of the section "Data" and `task`. Throws io, data (all bad rows) or
// usage; unsupported where a sample consists of several streams.
FileSamples read_samples(const std::string& path, const Options& options, const Hooks& hooks);

// Series in time, as forecasts read them.
struct FileHistories {
  struct One {
    std::string id;
    std::vector<std::string> times;  // of each step, as the file writes them
    std::vector<double> values;      // NaN = missing
  };
  std::vector<One> series;
  std::vector<std::string> covariates;  // columns that are not among the values
  std::string format, summary;
  int horizon = 0;  // where the file tells it, else 0
};
FileHistories read_histories(const std::string& path, const Options& options, const Hooks& hooks);

}  // namespace refrain::api
