// The contents of the experiment store: plain structs, standard library only. An unknown number is
// NaN (kUnknown); an unknown text is empty. Options and job are JSON objects: the first holds every
// resolved option, the second the paths and options that run it again.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace refrain::store {

constexpr double kUnknown = std::numeric_limits<double>::quiet_NaN();

struct Score {
  std::string metric;
  double value = kUnknown;
  double low = kUnknown, high = kUnknown;  // 95 % interval
};

// A simple method on the same splits.
struct Baseline {
  std::string model;
  Score score;
  double seconds = kUnknown;
};

// One sample's answer in one fold of one repeat.
struct Prediction {
  int repeat = 0, fold = 0;
  std::string sample, group;
  std::string truth, predicted;     // labels; numbers as text where the task is a regression
  std::vector<double> probability;  // in the order of Run::classes, kept to the bit
  std::string unit = {};            // the unit of an interval; "" = the group, or the sample
};

// One epoch of the training curve.
struct Epoch {
  int repeat = 0, fold = 0, epoch = 0;  // epochs count from 1
  double loss = kUnknown, lr = kUnknown;
  double valid_score = kUnknown, valid_loss = kUnknown;
};

struct Seconds {
  double load = 0, train = 0, evaluate = 0;
  double all() const { return load + train + evaluate; }
};

struct Run {
  std::string id;       // ten hexadecimal digits, given by the store
  std::string created;  // 2026-11-24T09:30:00.123Z, given by the store where it is empty

  std::string command;  // "train"
  std::string task;     // "classify"
  std::string model;    // "gru", or a baseline's name
  std::string options = "{}", job = "{}";

  std::string data;  // name of the data set: runs of one name and hash meet on the board
  std::string data_path, data_hash;
  std::string protocol;  // "5 folds x 3 repeats, stratified, by group", "official test file"
  std::string split_hash;
  std::string leak_check;  // a sentence
  int n_train = 0, n_valid = 0, n_test = 0;
  std::vector<std::string> classes;

  std::int64_t seed = 0;
  std::string version, machine;
  std::int64_t parameters = 0;
  std::string stop_reason;
  Seconds seconds;

  std::string metric;          // the main one; its score is among `scores`
  std::string interval_holds;  // sources of variation: "samples, clustered on the group"
  std::vector<Score> scores;
  std::vector<Baseline> baselines;

  // For a comparison to the bit: of the trained numbers, and of the predictions (predictions_hash).
  std::string parameters_hash, predictions_hash;

  std::vector<Prediction> predictions;
  std::vector<Epoch> curve;
};

// The main score; all NaN where there is none.
Score main_score(const Run& run);

// A hash of all predictions in their order, probabilities to the bit.
std::string predictions_hash(const std::vector<Prediction>& predictions);

// A published score, kept to stand beside ours.
struct Published {
  std::string data, protocol, method, metric;
  double value = kUnknown;
  double low = kUnknown, high = kUnknown;  // NaN where none was published
  std::string source;
};

}  // namespace refrain::store
