// Language models: from a text to a source file, and text from a source. Standard library only.
#pragma once

#include <atomic>
#include <string>
#include <utility>
#include <vector>

#include "refrain/api/hooks.h"
#include "refrain/api/options.h"
#include "refrain/base/table.h"

namespace refrain::api {

struct PretrainJob {
  bool in_memory = false;  // text, valid and test are the texts themselves in UTF-8, not files
  std::string text;        // a file, .gz as it is
  std::string valid;       // "" = the end of the text (valid_fraction)
  std::string test;        // "" = the validation part is scored
  std::string out;         // source file, "" = none
  std::string checkpoint;  // "" = beside the source while training
  bool resume = false;
  std::vector<std::pair<std::string, std::string>> options;  // names of pretrain_options
  Hooks hooks;
  // Set it to end the training after the batch and keep the model so far; hooks.stop keeps none.
  const std::atomic<bool>* enough = nullptr;
};

// The options of a language model, as Options::list() has those of `train`.
const std::vector<OptionInfo>& pretrain_options();

// Options from a TOML or JSON file, in the order they stand. Throws io, or usage naming the file.
std::vector<std::pair<std::string, std::string>> pretrain_config(const std::string& path);

// Between two validations.
struct PretrainRound {
  int round = 0;  // from 1
  double loss = 0, lr = 0, gradient_norm = 0;
  bool has_valid = false;
  double valid_nats = 0;
};

struct PretrainReport {
  std::string unit;
  int vocabulary = 0;
  int n_train = 0, n_valid = 0, n_test = 0;  // units
  std::string scored;                        // "test" or "valid"
  double unknown = 0;                        // share of unknown units in what is scored
  Score score;                               // perplexity of a unit
  // perplexity, nats, and per character and word: word_perplexity, character_nats,
  // bits_per_character; with two ways backward_perplexity.
  std::vector<std::pair<std::string, Score>> metrics;
  struct Baseline {
    std::string name;
    Score perplexity;
    double seconds = 0;
  };
  std::vector<Baseline> baselines;
  long long params = 0;
  int epochs = 0, best_epoch = 0;  // validations
  long long updates = 0;           // up to the best
  std::string stop_reason;         // "epochs", "patience", "time", "interrupted"
  double seconds_load = 0, seconds_train = 0, seconds_evaluate = 0;
  double units_per_second = 0;  // in training
  int seed = 0, threads = 0;
  std::string model;         // where the source was written
  std::string options_json;  // as they were settled
  std::vector<PretrainRound> history;
  std::string source;  // the bytes of the source file, "" where it was interrupted

  std::string json() const;
  std::string text() const;  // a summary for people
};

// Throws Error: usage, data, io (nothing is written then), numeric (training diverged).
PretrainReport pretrain(const PretrainJob& job);

struct GenerateJob {
  std::string source;
  std::string prompt;
  int length = 500;
  double temperature = 1;
  double top_p = 1;
  int seed = 1;
  Hooks hooks;
};

// The text after the prompt; the same job gives the same text.
std::string generate(const GenerateJob& job);

}  // namespace refrain::api
