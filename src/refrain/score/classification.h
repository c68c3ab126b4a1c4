// Answers that are classes: truths, predictions and probabilities of n samples over C classes. A
// truth of -1 is a class unseen in training: one more class whose probability is 0, so it is never
// right, and a negative for every other class.
#pragma once

#include "refrain/score/answers.h"

namespace refrain::score {

struct Classification : Answers {
  int classes = 0;
  std::vector<int> truth, predicted;  // [n]
  std::vector<double> probability;    // [n,C], rows that add up to 1; or empty: labels only

  std::size_t size() const override { return truth.size(); }
  // Throws Error(data) where sizes do not match, a class is out of range, a probability or weight
  // is negative or not finite.
  void check() const override;
  bool same_samples(const Answers& other) const override;
  NamedMetrics metrics() const override;  // without probabilities only those that need none
  std::unique_ptr<Weigher> weigher(bool order) const override;
  std::unique_ptr<Answers> followed_by(const Answers& other) const override;
  std::unique_ptr<Answers> clone() const override;
  std::optional<std::vector<bool>> right() const override;
  double work() const override;
};

}  // namespace refrain::score
