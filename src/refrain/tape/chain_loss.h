// A linear-chain conditional random field (Lafferty et al. 2001): the score of a sequence of tags y
// over the steps of x is
//   begin[y_0] + emission[0][y_0] + transition[y_0][y_1] + emission[1][y_1] + ... + end[y_T-1],
// its probability the exponential of that over the sum of all sequences' (Z). Sums over all
// sequences run forward and backward over scaled probabilities, a matrix product a step for all
// sequences of a batch; one whose numbers leave the range of `real` is computed by itself in the
// logarithms of doubles.
#pragma once

#include "refrain/tape/tape.h"
#include "refrain/tensor/steps.h"

namespace refrain::tape {

struct ChainScores {
  Var emissions;    // [N,K]
  Var transitions;  // [K,K], from the row's tag to the column's
  Var begin, end;   // [K], of the first and the last tag
};

// Tags that may follow each other (1) or may not (0), whatever their scores. Null: all may.
struct ChainRules {
  const unsigned char* pair = nullptr;   // [K,K], from the row's tag to the column's
  const unsigned char* begin = nullptr;  // [K]
  const unsigned char* end = nullptr;    // [K]
};

struct ChainLoss {
  ChainRules rules;
  const int* tag = nullptr;      // [N] in [0,K), a sequence that the rules allow
  const real* weight = nullptr;  // [B] of the sequences, in the order of their rows; null: all 1
  double total_weight = 1;       // the result is the sum of -log p of the sequences over this
  double* surprise = nullptr;    // [B] gets -log p in the order of the rows, where it is not null
};

// -> loss [1]. Throws shape where sizes do not match.
Var chain_loss(Tape& tape, const ChainScores& scores, const ChainLoss& options,
               const tensor::Steps& steps);

// The probability of each tag at each step, [N,K].
Tensor chain_marginals(Tape& tape, const ChainScores& scores, const ChainRules& rules,
                       const tensor::Steps& steps);

}  // namespace refrain::tape
