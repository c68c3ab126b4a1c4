// From samples to a fitted model: the one place where a model meets data. Everything that is fitted
// (scaling, vocabulary, weights, early stopping, calibration) sees the training part only; a
// hold-out run, each fold of a cross-validation and the model that is kept all come through here.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <vector>

#include "refrain/base/log.h"
#include "refrain/task/fit_parts.h"
#include "refrain/task/model.h"

namespace refrain::task {

// One training of one of the networks of a model, before it begins.
struct NetworkRun {
  int number = 0, count = 1;
  Network& network;
  const std::vector<data::EncodedSample>& samples;  // training, then validation
  std::string stage =
      {};             // which of several trainings: "", "refit", "distilled", "distilled.refit"
  bool alone = true;  // no other training belongs to the model
};

struct FitHooks {
  base::Log log;
  const std::atomic<bool>* stop = nullptr;
  // Hooks of a network's training (called from the thread that trains it) and the state that it
  // continues from; both may be missing.
  std::function<train::Hooks(const NetworkRun&)> watch;
  std::function<std::optional<train::State>(const NetworkRun&)> resume;
  // When the model should be there, in base::steady_seconds(); 0 = when it is. There are then as
  // many networks and epochs as fit.
  double deadline = 0;
  bool inner = false;      // the model of an inner fold, which holds nothing out again
  bool tells_time = true;  // how long the networks take, as soon as it is known
};

// The samples that --refit trained a network on, and for how many updates.
struct Refit {
  int samples = 0, epochs = 0;
  std::int64_t updates = 0;
};

// How a network began with --init and --freeze.
struct Begun {
  std::string source;                  // file
  std::vector<std::string> sentences;  // the parameters that were taken over
  std::vector<std::string> taken, anew;
  std::size_t frozen = 0;   // numbers that stood still
  std::string frozen_hash;  // SHA-256 of these before the training
  bool unchanged = true;    // and after it
};

// The members that --distil replaced by one network, and the scores of both on the same samples.
struct Distilled {
  int members = 0;
  int samples = 0;
  bool has_valid = false;  // the samples are the validation part; else those of the inner folds
  bool held_out = false;   // the members' are predictions of inner folds
  train::ValidScore of_members, of_network;
};

// The members of one kind by themselves, on what inner folds held out.
struct MemberScore {
  std::string kind;
  double share = 0;  // of the average
  train::ValidScore score;
};

struct Fitted {
  Model model;
  std::string other = {};  // of another kind than usual: which options led to it (preset.h)
  std::vector<train::Outcome> outcomes;  // one a network; with --refit of its first training
  std::vector<Refit> refits;             // one a network, with --refit (no samples: no time left)
  Begun begun;
  std::optional<Distilled> distilled;
  std::vector<MemberScore> members;  // none without inner folds
  bool stopped = false;              // between two trainings

  bool interrupted() const;
};

// Fits a model. The result is the same for any number of threads. Throws numeric if a training
// diverged, unsupported if a baseline does not apply to the data.
Fitted fit_model(const Spec& spec, const FitParts& parts, const FitHooks& hooks);

// A network with its start values; options and features from the training part.
Network make_network(Spec spec, const FitParts& parts);

// The training samples, then the validation samples, as numbers.
std::vector<data::EncodedSample> encode_parts(const Network& model, const FitParts& parts);

}  // namespace refrain::task
