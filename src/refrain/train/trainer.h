// The training loop: epochs of shuffled, length-bucketed mini-batches; each batch cut into shards
// that may run on several threads and are added in fixed order, so that the same seed gives the
// same bits on any number of threads; validation, early stopping, the divergence guard, and a State
// that is all there is to know: saved after any batch and continued from, the run ends with the
// same bits.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "refrain/base/log.h"
#include "refrain/nn/context.h"
#include "refrain/optim/optimiser.h"
#include "refrain/train/penalty.h"

namespace refrain::train {

struct TrainSpec {
  int epochs = 0;      // 0 = from the number of samples
  int batch_size = 0;  // 0 = from the number of samples
  int patience = 20;
  double l1 = 0;
  double l2 = 0;
  int seed = 1;
  int threads = 0;  // 0 = all cores
};
base::Fields<TrainSpec> train_fields();

struct ValidScore {
  double score = 0;  // larger is better
  double loss = 0;   // decides between equal scores
};

// What is trained. A task implements it.
class Problem {
 public:
  virtual ~Problem() = default;
  // The loss of context.batch as a share of a batch with this total weight; called from several
  // threads.
  virtual tape::Var loss(nn::Context& context, double total_weight) const = 0;
  // The weight of one sample, by its target.
  virtual double weight(int target) const = 0;
  // Scores the current parameters on the validation part; nullptr-like when there is none
  // (has_valid).
  virtual ValidScore validate() const = 0;
  virtual bool has_valid() const = 0;
};

struct EpochRecord {
  int epoch = 0;  // from 1
  double loss = 0;
  double lr = 0;
  double gradient_norm = 0;  // mean over the epoch's steps, before clipping
  ValidScore valid;
};

enum class StopReason { kEpochs, kPatience, kInterrupted };
std::string to_string(StopReason reason);

// Everything that a run continues from.
struct State {
  int epoch = 0;                      // complete epochs
  int batch = 0;                      // complete batches of the current epoch
  std::int64_t step = 0;              // updates
  double loss_sum = 0, norm_sum = 0;  // of the current epoch
  int best_epoch = 0;
  ValidScore best;
  std::vector<EpochRecord> history;
  std::vector<real> values, best_values;
  std::vector<std::vector<real>> slots;
};

struct Progress {
  int epoch = 0, epochs = 0;  // current, from 1
  int batch = 0, batches = 0;
  double loss = 0;  // mean so far in this epoch
  bool epoch_done = false;
  const EpochRecord* record = nullptr;  // when an epoch is done
};

struct Hooks {
  std::function<void(const Progress&)> progress;
  std::function<void(const State&)> checkpoint;  // after each epoch, and when interrupted
  const std::atomic<bool>* stop = nullptr;       // set by Ctrl-C
};

struct Fit {
  const std::vector<data::EncodedSample>* samples = nullptr;  // by sample number
  std::vector<int> training;                                  // sample numbers
  const std::vector<data::StreamInfo>* streams = nullptr;
  nn::ParamSet* params = nullptr;
  const Problem* problem = nullptr;
  TrainSpec train;
  optim::OptimSpec optim;
  Hooks hooks;
  // Steps x parameters of a batch from which several threads are used: a smaller one is done sooner
  // than a second thread wakes. The shards, and so the bits, are the same either way.
  double least_shared_work = 1e7;
};

struct Outcome {
  StopReason reason = StopReason::kEpochs;
  int epochs = 0;
  int best_epoch = 0;
  bool has_valid = false;
  std::vector<EpochRecord> history;
};

// Trains; the parameters end as the best epoch's on the validation part (the last epoch's without
// one). `resume` continues from a State. Throws numeric, naming step and parameter, where a loss or
// gradient is not finite.
Outcome fit(const Fit& fit, const State* resume);

// The mini-batch's number of shards depends on its size alone.
int shard_count(int batch_size);

}  // namespace refrain::train
