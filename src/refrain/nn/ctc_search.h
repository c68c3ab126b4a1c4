// The symbols that a network with CTC (tape/ctc_loss.h) wrote: the likeliest path, or the likeliest
// sequences, each the sum over its paths (prefix beam search; Graves 2012, Hannun et al. 2014).
#pragma once

#include <functional>
#include <vector>

#include "refrain/tensor/tensor.h"

namespace refrain::nn {

// log p of a symbol behind others, of a language model.
using SymbolModel = std::function<double(const std::vector<int>& before, int symbol)>;

struct CtcSearch {
  int blank = 0;
  int beam = 16;           // sequences that are kept at each step; 1 = the likeliest path alone
  int best = 1;            // sequences that are returned, at most
  SymbolModel model = {};  // optional
  // log p that nothing follows, of the model; optional.
  std::function<double(const std::vector<int>& before)> end = {};
  double model_weight = 0;  // of its log p
  double bonus = 0;         // added to the score for each symbol
};

struct CtcSequence {
  std::vector<int> symbols;
  double log_p = 0;  // natural, of all its paths that were kept
  double score = 0;  // with model and bonus: what sequences are ordered by
};

// scores [T,K] before the softmax, rows in the order of time. The best first.
std::vector<CtcSequence> ctc_search(const tensor::Tensor& scores, const CtcSearch& options);

}  // namespace refrain::nn
