// The training loop: epochs of shuffled, length-bucketed mini-batches (or what a GradientRule
// gives); each batch cut into shards that may run on several threads and are added in fixed order,
// so that the same seed gives the same bits on any number of threads; validation, early stopping,
// the divergence guard, and a State that is all there is to know: saved after any batch and
// continued from, the run ends with the same bits.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "refrain/base/log.h"
#include "refrain/nn/context.h"
#include "refrain/optim/optimiser.h"
#include "refrain/train/spec.h"
#include "refrain/train/state.h"

namespace refrain::train {

// The loss to minimise. A task implements it.
class Problem {
 public:
  virtual ~Problem() = default;
  // The loss of context.batch as a share of a batch with this total weight; called from several
  // threads.
  virtual tape::Var loss(nn::Context& context, double total_weight) const = 0;
  // Returns the weight of a sample in the loss.
  virtual double weight(const data::EncodedSample& sample) const = 0;
  // Scores the current parameters on the validation part; nullptr-like when there is none
  // (has_valid).
  virtual ValidScore validate() const = 0;
  virtual bool has_valid() const = 0;
};

// Gives the loss and the gradient of an update's batch. Usual is BatchGradient (gradient.h);
// another rule is for what is no set of samples in any order, such as a long text that is read on.
class GradientRule {
 public:
  virtual ~GradientRule() = default;
  // Chooses the batch; `rng` is the epoch's. `batch`: places in Fit::training; for a rule of one's
  // own the number of the update, from 0.
  virtual void take(std::span<const int> batch, const base::Rng& rng) = 0;
  // The loss of the batch at the parameters' values; its gradient is then in gradient(). May be
  // called more than once, at other values. `step` keys the masks of a whole batch.
  virtual double evaluate(const base::Rng& rng, std::int64_t step) = 0;
  virtual std::vector<real>& gradient() = 0;  // [params->count()]
  // State that a resumed run needs besides the parameters; null = none.
  virtual std::vector<real>* carried() { return nullptr; }
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
  // When to stop with what there is, after one update at least: in base::steady_seconds(); 0 =
  // never. Where it comes to this the result depends on the machine.
  double deadline = 0;
  // Set it to stop there and then with what there is, as a deadline does; null: nobody does.
  const std::atomic<bool>* enough = nullptr;
  // A timed training: the share of its time that is used. The schedule then follows the time and
  // not the updates, and the deadline ends it, however many epochs that is. Null: by updates.
  std::function<double()> share;
  base::Log log;  // reports the choices and their reasons
  // Augmentation: writes what is trained on in place of a sample in the epoch of this generator.
  // Called from several threads; must depend on its arguments alone. Null: the samples themselves.
  std::function<void(int number, const base::Rng& epoch, data::EncodedSample& out)> vary;
};

struct Fit {
  const std::vector<data::EncodedSample>* samples = nullptr;  // by sample number
  std::vector<int> training;                                  // sample numbers
  const std::vector<data::StreamInfo>* streams = nullptr;
  nn::ParamSet* params = nullptr;
  const Problem* problem = nullptr;
  // A gradient rule that replaces the samples, and its number of updates per epoch. It needs a
  // learning rate.
  GradientRule* rule = nullptr;
  int rule_batches = 0;
  TrainSpec train;
  optim::OptimSpec optim;
  Hooks hooks;
  // Stops after so many updates, in the midst of an epoch too; 0 = after the epochs.
  std::int64_t updates = 0;
  // Updates that the schedule is made for; 0 = those of all epochs. To train again on more samples
  // as an earlier run did: updates = its best_updates, planned_updates = its planned_updates.
  std::int64_t planned_updates = 0;
  // The block of values that l2_sp keeps the weights near; null: there is none.
  const std::vector<real>* start = nullptr;
  // Steps x parameters of a batch from which several threads are used: a smaller one is done sooner
  // than a second thread wakes. The shards, and so the bits, are the same either way.
  double least_shared_work = 1e7;
};

struct Outcome {
  StopReason reason = StopReason::kEpochs;
  int epochs = 0;
  int best_epoch = 0;
  std::int64_t best_updates = 0;     // up to the end of the best epoch
  std::int64_t planned_updates = 0;  // length of the schedule
  double lr = 0;                     // the schedule's peak, given or found
  double start_loss = 0;             // of the first batch, before any update
  bool has_valid = false;
  std::vector<EpochRecord> history;
  std::vector<std::string> layers;
  // [epochs, layers]: the root mean square of a layer's gradient before clipping, each epoch's mean
  std::vector<double> layer_norms;
};

// Trains; the parameters end as the best epoch's on the validation part (the last epoch's without
// one). `resume` continues from a State. Throws numeric, naming step and parameter, where a loss or
// gradient is not finite.
Outcome fit(const Fit& fit, const State* resume);

}  // namespace refrain::train
