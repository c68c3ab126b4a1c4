// One training step as compare.py measures it everywhere: gradients to zero, forward,
// cross-entropy of a linear head of four classes on the last state (of both directions), backward,
// Adam. The input wants no gradient. Random data, the same in every step.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "refrain/nn/encoder.h"
#include "refrain/nn/head.h"
#include "refrain/optim/optimiser.h"

namespace refrain::bench {

struct StepCase {
  std::string cell = "gru";
  int B = 1, T = 1, I = 1, H = 1;
  std::vector<int> lengths;  // [B], none = all T
  bool bidirectional = false;
  double recurrent_dropout = 0;
  std::string recompute = "auto";
  int threads = 1;
};

class TrainingStep {
 public:
  explicit TrainingStep(const StepCase& c);
  double run();              // one step; the loss before its update
  double megabytes() const;  // of the tapes: activations, gradients of states, buffers

 private:
  struct Shard {
    data::Batch batch;
    tape::Tape tape;
    std::vector<real> gradients;
    double loss = 0;
  };
  void make_network();
  void fill(Shard& shard, int first, int stride);
  void run_shard(Shard& shard);

  StepCase case_;
  base::Rng rng_{1};
  nn::ParamSet params_;
  std::unique_ptr<nn::Encoder> encoder_;
  nn::LinearHead head_;
  std::unique_ptr<optim::Optimiser> adam_;
  std::vector<optim::Range> ranges_;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::int64_t step_ = 0;
};

}  // namespace refrain::bench
