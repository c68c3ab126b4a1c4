// Groups samples of similar length into batches, which saves padding, in random order. Training:
// shuffle; sort by length within windows of 32 batches; cut; shuffle the batches. Evaluation: sort
// everything, longest first, so that the first batch needs the most memory. A sample is named by
// its place in `lengths`.
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "refrain/base/rng.h"

namespace refrain::data {

// Deals out batches epoch by epoch; after construction nothing is allocated.
class Batcher {
 public:
  // Throws usage where the batch size is less than 1.
  Batcher(std::vector<int> lengths, int batch_size);

  // Starts an epoch in random order. It depends on the generator alone, not on earlier epochs.
  void begin_epoch(base::Rng rng);
  // Starts a pass from the longest to the shortest, without randomness.
  void begin_ordered();
  // The next batch, of 1 to batch_size samples, valid until the next begin; false at the end.
  bool next(std::span<const int>& batch);

  int batches() const { return static_cast<int>(begin_.size()); }  // per epoch

 private:
  void restart();

  std::vector<int> lengths_;
  std::size_t batch_size_;
  bool ragged_ = false;     // true: lengths differ
  std::vector<int> order_;  // samples
  std::vector<int> rank_;   // sample -> place after the shuffle
  std::vector<int> begin_;  // batches, as places in order_
  std::size_t next_ = 0;
};

// All batches of one epoch at once; every sample is in exactly one.
std::vector<std::vector<int>> bucket_batches(const std::vector<int>& lengths, int batch_size,
                                             base::Rng rng);
std::vector<std::vector<int>> ordered_batches(const std::vector<int>& lengths, int batch_size);

}  // namespace refrain::data
