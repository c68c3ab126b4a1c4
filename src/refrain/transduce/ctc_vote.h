// What several networks with CTC write together. Their peaks stand at different steps, so that the
// mean of their probabilities step by step would lose and double symbols: each network proposes
// sequences, and all of them give the probability of each proposal.
#pragma once

#include <vector>

#include "refrain/nn/ctc_search.h"
#include "refrain/tape/tape.h"
#include "refrain/tensor/steps.h"

namespace refrain::transduce {

// One network's scores of one source.
struct CtcVoice {
  tape::Tape* tape = nullptr;
  tape::Var scores;  // [T,K] before the softmax
  const tensor::Steps* steps = nullptr;
};

// The mean over the networks of log p of a sequence, over all the ways to write it; minus infinity
// where it needs more steps than there are.
double ctc_log_p(const std::vector<CtcVoice>& voices, const std::vector<int>& symbols, int blank);

// The best first. log_p is the mean over the networks; model and bonus count once. A single network
// has what its search found.
std::vector<nn::CtcSequence> ctc_vote(const std::vector<CtcVoice>& voices,
                                      const nn::CtcSearch& options);

}  // namespace refrain::transduce
