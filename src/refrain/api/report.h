// The results of a training or an evaluation. Standard library only.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "refrain/api/section.h"
#include "refrain/base/table.h"

namespace refrain::api {

using refrain::Score;
using refrain::Table;

struct Seconds {
  double load = 0, train = 0, evaluate = 0;
};

// A simple method on the same splits.
struct BaselineResult {
  std::string name;
  Score score;         // by the main metric
  double seconds = 0;  // to fit it and to predict
};

// The model against the best baseline, tested on the same samples. The baseline was picked as the
// best on these very samples; p-value and interval are corrected for that (Bonferroni).
struct AgainstBaseline {
  std::string baseline;
  Score difference;       // by the main metric; positive where the model is better
  bool in_points = true;  // the metric is a share: a hundredth is a point
  std::string test;
  double p = 1;
  bool distinguishable = false;
  double samples_needed = 0;  // samples for 80 % power at this difference; 0 = no number would do
  std::string verdict;        // one sentence
  std::string samples = {};   // "80 samples in 4 groups"
  std::string wanted = {};    // what would be needed to tell, "about 900 samples"; "" = no more
};

// The members of one kind, scored on training samples that inner folds held out.
struct MemberReport {
  std::string name;        // "network" or a simple method
  double share = 0;        // of the model's average
  std::string score_name;  // "accuracy"; of numbers "rmse"
  double score = 0;
};

// What the networks of a model add to its simple methods: these alone, on the same samples.
struct NetworksAdded {
  Score without;          // by the main metric
  Score difference;       // positive where the model with its networks is better
  bool in_points = true;  // the metric is a share: a hundredth is a point
  bool distinguishable = false;
  std::string verdict;  // one sentence
};

// With --refit: what the network (of several the first) was trained on again, and for how long.
struct RefitReport {
  int samples = 0, epochs = 0;
  long long updates = 0;
};

// With --distil: the members that one network replaces, and the scores of both on the same samples.
struct DistilReport {
  int members = 0;
  int samples = 0;
  bool valid = false;  // scores of the validation part; else of inner folds, which have no network
  std::string score_name, loss_name;  // what is meant: "accuracy", "log loss"
  double members_score = 0, members_loss = 0, network_score = 0, network_loss = 0;
};

// The units of the intervals: groups, copies, and samples made from one original.
struct UnitReport {
  int samples = 0, units = 0;  // of those that are scored
  int copies = 0;              // samples that are equal to another one
  int without_group = 0;       // though others have a group: counted as groups of their own
};

// How the training data were read: format, columns, labels.
struct RecognisedData {
  std::string format;                         // the reader's name; "" = samples in memory
  std::string summary;                        // one sentence
  std::string target, text, group, id, time;  // names of columns; "" = none, or the format has none
  std::vector<std::string> not_read;          // columns or keys that play no part
  std::vector<std::string> warnings;
};

// How the networks began, and whether that was worth it.
// The first network of a source on its own task, before this training and after it.
struct Forgetting {
  std::string file, metric;
  int samples = 0;  // of a language model units
  Score before, after;
};
std::string sentence_of(const Forgetting& f);

struct TransferReport {
  std::string source;                    // the file; "" = parameters are frozen, and nothing else
  std::vector<std::string> taken, anew;  // names of parameters
  long long frozen = 0;                  // numbers that stood still
  std::string frozen_hash;               // SHA-256 of these
  bool unchanged = true;                 // they are after the training as before it
  // The score of a training without the source, on the same samples; "" and zeros if none was made.
  std::string metric, test, verdict;
  bool in_points = false;
  double from_scratch = 0;
  Score difference;                      // positive where the source is better
  std::optional<Forgetting> forgetting;  // with --source-test
};

struct Report {
  std::string task;
  std::string data, test;  // the files that were trained on and scored; "" = none, or in memory
  std::string made;        // what the model is: "4 gru networks, minirocket and hydra, averaged"
  std::string other;       // which options led to another kind of model than usual; "" = none did
  std::vector<std::string> remarks;  // what was said on the way, warnings with that word before
  RecognisedData recognised;
  int n_train = 0, n_valid = 0, n_test = 0;
  int folds = 0, repeats = 0;  // of a cross-validation, else 0
  std::string protocol;        // how the scored samples were chosen
  std::string leaks;           // what the leak guard found
  std::string variation;       // what the intervals hold
  // The main score for other samples of the same groups, where these are few (score/intervals.h).
  std::optional<Score> within_groups;
  UnitReport units;
  std::vector<std::string> classes;  // of a classification
  std::vector<std::string> columns;  // what the numbers of a prediction are called
  std::string metric;                // the main one
  Score score;                       // on the test part
  std::vector<std::pair<std::string, Score>> metrics;
  std::vector<BaselineResult> baselines;
  std::optional<AgainstBaseline> against_baseline;
  std::vector<MemberReport> members;            // where inner folds held samples out
  std::optional<NetworksAdded> networks_added;  // of a model that has networks and simple methods
  std::vector<Table> tables;  // what the task shows besides; each has its own key in JSON
  long long params = 0;
  int epochs = 0, best_epoch = 0;
  std::string stop_reason;            // epochs, patience, interrupted
  std::vector<Curve> curves;          // by epoch, of the first network of each model
  std::vector<std::string> findings;  // of the training doctor, as the log has them
  std::optional<RefitReport> refit;
  std::optional<DistilReport> distilled;
  std::optional<TransferReport> transfer;  // with --init or --freeze
  Seconds seconds;
  int seed = 0, threads = 0;
  std::string model;  // the file, "" = not saved
  std::string run;    // its id in the experiment store, "" = not kept there

  std::string json() const;               // one object, the keys of the contract
  std::vector<Section> sections() const;  // for pages that people read; the first says most
};

// Report::within_groups as a sentence; "" where there is none.
std::string within_groups_text(const Report& report);

}  // namespace refrain::api
