// Loss and gradient of one mini-batch. The batch is cut into shards, their number depending on its
// size alone; each has its own tape, batch memory and gradient block, may run on its own thread,
// and is added in fixed order: the same bits on any number of threads. May be evaluated more than
// once, at other parameters. After a few batches nothing is allocated.
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "refrain/data/mixup.h"
#include "refrain/train/trainer.h"

namespace refrain::train {

class BatchGradient : public GradientRule {
 public:
  BatchGradient(const Fit& fit, int batch_size);

  // The samples, as places in fit.training; valid until the next call. `rng` is the epoch's: it
  // draws their variants, and with mixup it pairs the samples of a shard.
  void take(std::span<const int> batch, const base::Rng& rng) override;

  // The loss at the parameters' values; its gradient is then in gradient(). `rng` is the epoch's;
  // `step` keys the masks of a whole batch.
  double evaluate(const base::Rng& rng, std::int64_t step) override;

  std::vector<real>& gradient() override { return shards_.front()->gradient; }  // [params->count()]

 private:
  struct Shard {
    tape::Tape tape;
    data::Batch batch;
    std::vector<int> chosen;
    std::vector<data::EncodedSample> varied;  // with hooks.vary: what stands in their place
    data::Pairs pairs;
    std::vector<real> gradient;
    double loss = 0;
  };
  const std::vector<data::EncodedSample>& samples_of(const Shard& shard) const;
  void vary(Shard& shard, const base::Rng& rng) const;
  double pair_up(Shard& shard, const base::Rng& rng) const;
  void run(Shard& shard, const base::Rng& rng, std::int64_t step);
  bool worth_sharing() const;

  const Fit& fit_;
  std::vector<std::unique_ptr<Shard>> shards_;
  int used_ = 1;  // shards of this batch
  double total_weight_ = 0, steps_ = 0;
};

// The mini-batch's number of shards.
int shard_count(int batch_size);

// The lengths of the training samples, in the order of fit.training.
std::vector<int> training_lengths(const Fit& fit);

}  // namespace refrain::train
