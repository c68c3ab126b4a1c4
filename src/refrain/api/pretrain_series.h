// Sources of series: from files of series or recordings, with or without labels, to what --init
// begins with. Standard library only.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "refrain/api/hooks.h"
#include "refrain/api/options.h"
#include "refrain/base/table.h"

namespace refrain::api {

struct SeriesPretrainJob {
  std::vector<std::string> data;  // files or folders
  std::string out;                // source file, "" = none
  std::string checkpoint;         // "" = beside the source while training
  bool resume = false;
  std::vector<std::pair<std::string, std::string>> options;  // names of series_pretrain_options
  Hooks hooks;
};

const std::vector<OptionInfo>& series_pretrain_options();

struct SeriesPretrainReport {
  std::string objective;
  int files = 0, n_train = 0, n_valid = 0;  // series
  std::vector<std::string> classes;         // of the objective labels
  std::string metric;                       // matched, explained, accuracy
  Score score;                              // of what was held out
  double loss = 0;                          // likewise
  std::vector<std::pair<std::string, Score>> baselines;
  long long params = 0;
  int epochs = 0, best_epoch = 0;
  long long updates = 0;  // up to the best
  std::string stop_reason;
  double seconds_load = 0, seconds_train = 0, seconds_evaluate = 0;
  int seed = 0, threads = 0;
  std::string model;         // where the source was written
  std::string options_json;  // as they were settled

  std::string json() const;
  std::string text() const;  // a summary for people
};

// Throws Error: usage, data, io (nothing is written then), numeric (training diverged).
SeriesPretrainReport pretrain_series(const SeriesPretrainJob& job);

// True if `refrain pretrain` of these files and options trains on series: by the named options,
// else by the form of the first file. Throws usage if options of texts and of series are named
// together.
bool is_of_series(const std::vector<std::string>& data,
                  const std::vector<std::pair<std::string, std::string>>& options);

}  // namespace refrain::api
