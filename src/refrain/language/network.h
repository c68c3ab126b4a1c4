// The network of a language model: unit vectors -> recurrent layers -> softmax over the units, with
// the same vectors where they are tied. The layers are named as a classifier's first encoder names
// them (encoder.words, encoder.0.forward.w_x, ...), so that transfer is a copy by name; with two
// ways the second stack has the names of the reversed direction. In a pair each way reads its own
// way alone: from the second layer on its w_x has H rows, not 2 H.
#pragma once

#include <string>
#include <vector>

#include "refrain/language/spec.h"
#include "refrain/nn/recurrent_stack.h"
#include "refrain/tape/word_loss.h"

namespace refrain::language {

// The settled form of a network: no value is `auto` any more.
struct NetworkForm {
  NetworkSpec spec;
  int vocabulary = 0;
  bool tied = false;
  std::vector<int> clusters;  // first word of each, empty = one softmax
};

// A window of some streams, all of the same length; step t of stream b is number t * B + b.
struct Window {
  const int* ids = nullptr;
  const int* target = nullptr;
  const tensor::Steps* steps = nullptr;
  int way = 0;              // 0 forward, 1 backward
  double total_weight = 1;  // of the whole batch, over all shards and ways
  nn::CarriedStates carried;
  double* surprise = nullptr;  // [N] in nats
};

class LanguageNetwork {
 public:
  explicit LanguageNetwork(NetworkForm form);

  const NetworkForm& form() const { return form_; }
  int ways() const { return static_cast<int>(stacks_.size()); }
  nn::ParamSet& params() { return params_; }
  const nn::ParamSet& params() const { return params_; }
  std::size_t carried_count(int streams) const { return stacks_.front().carried_count(streams); }

  // The loss of a window [1]: surprises over total_weight, and with AR and TAR their penalties.
  tape::Var loss(nn::Context& context, const Window& window) const;

  // log p of every unit after one step of one stream, [vocabulary] into `out`. The states go from
  // `carried.start` to `carried.end`.
  void next(tape::Tape& tape, int id, const nn::CarriedStates& carried,
            std::vector<double>& out) const;

 private:
  tape::Var states(nn::Context& context, const Window& window) const;
  tape::Var output(nn::Context& context, tape::Var states, const Window& window) const;
  tape::WordTable table(const nn::Context& context) const;
  tape::WordLoss clusters() const;

  NetworkForm form_;
  nn::EncoderSpec encoder_;
  nn::ParamSet params_;
  std::vector<nn::RecurrentStack> stacks_;
  int words_ = -1, own_words_ = -1, bias_ = -1, project_ = -1;
  int clusters_ = -1, clusters_bias_ = -1;
};

}  // namespace refrain::language
