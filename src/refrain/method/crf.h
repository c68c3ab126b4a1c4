// A linear-chain conditional random field (Lafferty et al. 2001) on steps that have features:
//   p(tags | features) ~ weight of the tags in a chain (chain.h) whose rows are
//   row_t[k] = sum over the features f of step t of weight[f,k],
//   minimise  -log p of the training tags + l2 |all weights|^2 / 2 + l1 (sum of |weights|),
// by L-BFGS in double. With few tags every feature has a weight for each tag and every allowed pair
// of tags a weight of its own; with many a rare feature has weights for the tags it was seen with,
// and pairs that were never seen share one. The same bits on any number of threads.
#pragma once

#include <cstdint>

#include "refrain/method/archive.h"
#include "refrain/method/chain.h"

namespace refrain::method {

// Sequences of steps, each a list of features.
struct FeatureSteps {
  std::vector<std::size_t> sequence = {0};  // where the steps of each sequence begin, [n+1]
  std::vector<std::size_t> begin = {0};     // where the features of each step begin, [steps+1]
  std::vector<int> feature;

  int size() const { return static_cast<int>(sequence.size()) - 1; }
  std::size_t steps() const { return begin.size() - 1; }
  int steps_of(int i) const {
    const auto at = static_cast<std::size_t>(i);
    return static_cast<int>(sequence[at + 1] - sequence[at]);
  }
  // The sequences at these places, in their order.
  FeatureSteps pick(const std::vector<int>& places) const;
};

struct CrfProblem {
  const FeatureSteps& steps;
  const std::vector<int>& tag;  // [steps]
  int features = 0;
  Chain allowed;  // what is forbidden; its weights play no part
  int threads = 1;
};

struct Crf {
  Chain chain;
  std::vector<std::size_t> begin = {0};  // where the weights of each feature begin, [features+1]
  std::vector<int> tag;                  // of each weight
  std::vector<double> weight;

  int features() const { return static_cast<int>(begin.size()) - 1; }
  // The tags' marginals, [steps,K].
  std::vector<double> marginals(const FeatureSteps& steps, int threads) const;
  // The rows of the chain, [steps,K].
  std::vector<double> rows(const FeatureSteps& steps, int threads) const;
  // Leaves out weights smaller than `least`, and features that are left without; returns which
  // features stay.
  std::vector<char> prune(double least);
  void archive(Archive& file);
};

struct CrfPenalty {
  double l2 = 0, l1 = 0;
};

// `start`, of the same features and pairs, is where it begins; null: at 0.
Crf fit_crf(const CrfProblem& problem, CrfPenalty penalty, const Crf* start = nullptr);

}  // namespace refrain::method
