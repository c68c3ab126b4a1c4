// How a ragged batch lies in memory: time-major without padding. The rows (sequences) are sorted by
// length, longest first, so that the rows alive at step t are the first live[t] ones; step t
// occupies the matrix rows [offset[t], offset[t] + live[t]) of a sequence tensor [N,F] with N =
// total steps. With equal lengths this is exactly the dense [T,B,F].
//
//   lengths 3 2 1:   t=0 : rows 0 1 2   t=1 : rows 3 4   t=2 : row 5
//
// A plain view: the arrays belong to whoever built the batch and outlive the step.
#pragma once

#include <vector>

namespace refrain::tensor {

struct Steps {
  int T = 0;                      // longest length
  int B = 0;                      // sequences
  int N = 0;                      // sum of all lengths
  const int* length = nullptr;    // [B], descending, each at least 1
  const int* live = nullptr;      // [T]
  const int* offset = nullptr;    // [T]
  const int* before = nullptr;    // [N] matrix row of the same sequence one step earlier, -1 at t=0
  const int* sequence = nullptr;  // [N] matrix row -> sequence row b
  const int* position = nullptr;  // [B] row -> place in the batch (targets stand in this order)

  int row(int t, int b) const { return offset[t] + b; }
};

// Owns the arrays of a Steps.
class StepTable {
 public:
  StepTable() = default;
  StepTable(StepTable&&) = default;  // a copy would point into the original
  StepTable& operator=(StepTable&&) = default;

  // `lengths` in batch order (any order); throws shape where one is less than 1 or there is none.
  void assign(const std::vector<int>& lengths);
  const Steps& steps() const { return steps_; }

 private:
  std::vector<int> length_, live_, offset_, before_, sequence_, position_;
  Steps steps_;
};

}  // namespace refrain::tensor
