// The batches of a long text: it is cut into streams that are read side by side, window by window;
// the states go from window to window, gradients stay inside one (truncated back-propagation;
// Williams and Peng 1990). Some windows begin from zero states: a network that never saw them does
// not read the beginning of a text well. A pass begins at another place of the text each time.
// Streams are shared out to shards whose number depends on how many there are alone: the same bits
// on any number of threads.
#pragma once

#include <memory>
#include <vector>

#include "refrain/language/network.h"
#include "refrain/train/trainer.h"

namespace refrain::language {

struct Reading {
  const LanguageNetwork* network = nullptr;
  const std::vector<int>* text = nullptr;
  int mark = 0;
  int streams = 1, bptt = 35;
  bool jitter = true;
  double zero_state = 0;  // share of a stream's windows that begin from zero
  int threads = 1;
  std::uint64_t seed = 1;
};

// The windows of all passes in order.
class Windows {
 public:
  struct Place {
    std::int64_t offset = 0;    // of the text, where the pass begins
    int first = 0, length = 0;  // in each stream
  };
  Windows(std::size_t units, const Reading& reading);

  int stream_length() const { return stream_length_; }
  // Window number `update`, from 0.
  Place at(std::int64_t update);
  // How many windows the first pass has.
  int first_pass();

 private:
  void begin();
  void step();

  std::size_t units_;
  int bptt_, stream_length_;
  bool jitter_;
  base::Rng rng_;
  std::int64_t number_ = 0, pass_ = 0;
  Place place_;
};

class TextRule : public train::GradientRule {
 public:
  explicit TextRule(const Reading& reading);

  void take(std::span<const int> batch, const base::Rng& rng) override;
  double evaluate(const base::Rng& rng, std::int64_t step) override;
  std::vector<real>& gradient() override { return shards_.front()->gradient; }
  std::vector<real>* carried() override { return &carried_; }
  std::int64_t updates() const { return updates_; }  // that were taken, those before a resume too

 private:
  // Streams [first, end).
  struct Shard {
    int first = 0, end = 0;
    tape::Tape tape;
    data::Batch batch;
    tensor::StepTable table;
    std::vector<int> ids[2], target[2];  // of each way
    std::vector<real> share, start, gradient;
    double loss = 0;
  };
  void forget(Shard& shard) const;
  void run(Shard& shard, const base::Rng& rng, std::int64_t step);
  void fill(Shard& shard, int way) const;
  std::size_t carried_place(const Shard& shard, int way) const;

  Reading reading_;
  Windows windows_;
  Windows::Place now_;
  std::int64_t updates_ = 0;
  std::vector<std::unique_ptr<Shard>> shards_;
  std::vector<real> carried_;  // [ways][shards]: the states after the last window
};

}  // namespace refrain::language
