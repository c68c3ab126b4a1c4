// The surprise of words under a softmax over a large vocabulary, whose table of word vectors may be
// the one that the words were read with (tied weights; Press and Wolf 2017):
//   logit of word w = x . table[w] + bias[w]
// The logits of a piece of rows at a time exist once; with many rows backward computes them again.
// With `clusters` the vocabulary is cut in order, frequent words first (Grave et al. 2017): the
// head holds the first words and one entry a cluster, and a word of a cluster is its cluster's
// entry times a softmax inside it. That is exact as well, and few words need more than the head.
#pragma once

#include "refrain/tape/tape.h"

namespace refrain::tape {

struct WordLoss {
  static constexpr int kMostClusters = 4;
  // Bytes of logits that are kept for backward.
  static constexpr std::size_t kKeptBytes = std::size_t{96} << 20;

  const int* target = nullptr;  // [N] in [0,V)
  double total_weight = 1;      // the result is the sum of all surprises over this
  // Label smoothing (Szegedy et al. 2016): this share of the aim is spread evenly over all words.
  // Without clusters only.
  double smoothing = 0;
  int clusters = 0;
  int begin[kMostClusters] = {};  // each cluster's first word, ascending; the last one ends at V
  std::size_t kept_bytes = kKeptBytes;
  double* surprise = nullptr;  // [N] gets -log p of each word, in nats, where it is not null
};

struct WordTable {
  Var words;          // [V,E]
  Var bias;           // [V] or absent
  Var clusters;       // [clusters,E], absent without clusters
  Var clusters_bias;  // [clusters] or absent
};

// x [N,E] -> loss [1].
Var word_loss(Tape& tape, Var x, const WordTable& table, const WordLoss& options);

// log p of every word after each state: x [N,E] -> out [N,V]; with clusters N is 1. Of `options`
// the clusters count.
void word_log_probabilities(Tape& tape, Var x, const WordTable& table, const WordLoss& options,
                            double* out);

}  // namespace refrain::tape
