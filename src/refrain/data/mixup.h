// Mixup (Zhang et al. 2018): mixes each sample of a batch with another sample of the batch. A
// sample's weight and its place in the circle of partners are keyed by the sample, so that they
// depend neither on the order of the batch nor on a thread. Where the lengths differ the result has
// the longer one, whose tail keeps its own weight, as if zeros followed the shorter one. The mixing
// itself is an operation (tape/mixing.h), after the word vectors.
#pragma once

#include "refrain/base/rng.h"
#include "refrain/data/batch.h"

namespace refrain::data {

// The pairs that are mixed, in batch order; keeps its memory from batch to batch.
class Pairs {
 public:
  // Pairs the `count` samples named; weights are of Beta(alpha, alpha), alpha > 0. A single sample
  // is its own partner. `rng` is the epoch's.
  void draw(const std::vector<EncodedSample>& samples, const int* chosen, int count, double alpha,
            const base::Rng& rng);

  const std::vector<int>& partner() const { return partner_; }  // [B] place in the batch
  const std::vector<real>& own() const { return own_; }         // [B] the sample's own weight

 private:
  struct Place {
    std::uint64_t rank, key;
    int place;
  };
  std::vector<Place> circle_;
  std::vector<int> partner_;
  std::vector<real> own_;
};

// One number of Beta(alpha, alpha), alpha > 0.
double draw_beta(double alpha, base::Rng& rng);

// Puts the pairs into the batch of these samples, with the lengths that the mixes have.
void mix_in(const Pairs& pairs, Batch& batch);

}  // namespace refrain::data
