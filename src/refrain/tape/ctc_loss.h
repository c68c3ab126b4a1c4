// Connectionist temporal classification (Graves et al. 2006): the probability that a network gives
// to a sequence of symbols, whatever the steps at which it writes them. At each step the network
// writes a symbol or the blank; equal neighbours are merged, then blanks are dropped. The
// probability of a sequence is the sum over all ways to write it.
//
// Sums run forward and backward over scaled probabilities in double. A sequence whose numbers leave
// the range of double is computed again in logarithms.
#pragma once

#include "refrain/tape/tape.h"
#include "refrain/tensor/steps.h"

namespace refrain::tape {

struct CtcLoss {
  const int* symbol = nullptr;  // the symbols of all sequences one after another; none is the blank
  const int* begin =
      nullptr;    // [B+1] place of each sequence's first symbol, in the order of the rows
  int blank = 0;  // in [0,K)
  const real* weight = nullptr;  // [B] of the sequences, in the order of the rows; null: all 1
  double total_weight = 1;       // the result is the sum of -log p of the sequences over this
  double* surprise = nullptr;    // [B] gets -log p in the order of the rows, where it is not null
};

// The fewest steps in which `count` symbols can be written: one each, and a blank between equal
// ones.
int ctc_steps(const int* symbol, int count);

// scores [N,K], before the softmax -> loss [1]. Throws shape where sizes do not match, and where a
// sequence has fewer steps than its symbols need.
Var ctc_loss(Tape& tape, Var scores, const CtcLoss& options, const tensor::Steps& steps);

// When each symbol is written in the most probable way to write all of them.
struct CtcAlignment {
  int* first = nullptr;  // [L] the step at which the symbol begins
  int* last = nullptr;   // [L] the step at which it ends
};

// scores [T,K] of one sequence, rows in the order of time. Throws as ctc_loss.
void ctc_align(Tape& tape, const Tensor& scores, const CtcLoss& options, const CtcAlignment& out);

}  // namespace refrain::tape
