// Sequences written by a decoder with additive attention above an encoder of two directions, GRU
// with H units each and word vectors of H numbers. Random data, the same in every step.
//   ReplyStep    a training step on ragged pairs: gradients to zero, forward with smoothed labels,
//                backward, Adam
//   BeamSearch   the search for what a decoder of random weights writes behind one encoded source
#pragma once

#include <memory>
#include <vector>

#include "refrain/nn/beam_search.h"
#include "refrain/optim/optimiser.h"
#include "refrain/transduce/network.h"

namespace refrain::bench {

struct ReplyCase {
  std::vector<int> read, written;  // [B] symbols of the sources, and of the replies with the end
  int symbols = 2, H = 1;
};

class ReplyStep {
 public:
  explicit ReplyStep(const ReplyCase& c);
  double run();  // one step; its loss, a symbol's share

 private:
  base::Rng rng_{1};
  transduce::ReplyNetwork network_;
  std::unique_ptr<optim::Optimiser> adam_;
  std::vector<optim::Range> ranges_;
  std::vector<real> gradients_;
  data::Batch batch_;
  tape::Tape tape_;
  std::int64_t step_ = 0;
};

struct BeamCase {
  int read = 1, written = 1;  // symbols; the end is so improbable that all of them are written
  int symbols = 2, H = 1, beam = 5;
};

class BeamSearch {
 public:
  explicit BeamSearch(const BeamCase& c);
  int run();  // one search; the symbols of its best hypothesis

 private:
  BeamCase case_;
  nn::ParamSet params_;
  std::unique_ptr<nn::Decoder> decoder_;
  std::unique_ptr<nn::PackedDecoder> packed_;
  std::vector<real> states_;  // of the encoder
};

}  // namespace refrain::bench
