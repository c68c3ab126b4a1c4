// The updates of a source of series. The samples of an update are shared out to shards whose number
// depends on the size of a batch alone. All shards compute their outputs, the objective judges them
// together, and each shard goes back from its part of the gradient: the same bits on any number of
// threads.
#pragma once

#include <memory>
#include <vector>

#include "refrain/pretext/network.h"
#include "refrain/train/trainer.h"

namespace refrain::pretext {

// The looks of some samples, computed.
struct LookedAt {
  tape::Tape tape;
  data::Batch batch;
  std::vector<Look> looks;
  std::vector<real> gradient;
  Output output;
};

struct Course {
  const PretextNetwork& network;
  const Samples& samples;
  int batch_size = 16;
  int threads = 1;
  std::uint64_t seed = 1;
};

class SeriesRule : public train::GradientRule {
 public:
  explicit SeriesRule(const Course& course);

  // How many updates read every sample once.
  int updates_of_pass() const;

  void take(std::span<const int> batch, const base::Rng& rng) override;
  double evaluate(const base::Rng& rng, std::int64_t step) override;
  std::vector<real>& gradient() override { return shards_.front()->gradient; }

 private:
  void draw_order(std::int64_t pass);

  Course course_;
  std::vector<std::unique_ptr<LookedAt>> shards_;
  std::vector<int> order_;
  std::int64_t pass_ = -1;
  int used_ = 1;
};

// The loss and, where they are wanted, the figures of samples that were held out; looks are the
// same every time.
double judge_held_out(const Course& course, Figures* figures);

}  // namespace refrain::pretext
