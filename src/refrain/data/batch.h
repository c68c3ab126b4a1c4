// Samples ready for a network: numbers in the memory order of tensor/steps.h.
#pragma once

#include <cstdint>
#include <vector>

#include "refrain/base/real.h"
#include "refrain/data/sample.h"
#include "refrain/tensor/steps.h"

namespace refrain::data {

// One stream of one sample after the features were fitted: either rows of reals or token ids.
struct EncodedStream {
  int length = 1;            // steps, at least 1
  std::vector<real> values;  // [T,F] series
  std::vector<int> ids;      // [T] text
};

struct EncodedSample {
  std::vector<EncodedStream> streams;
  int target = -1;         // class index, -1 = none
  std::int64_t index = 0;  // its place in the Dataset: the key of all randomness about it
};

// One stream of a batch.
struct StreamBatch {
  StreamKind kind = StreamKind::kSeries;
  int features = 0;          // F, series only
  tensor::StepTable table;   // lengths and memory order
  std::vector<real> values;  // [N,F] series
  std::vector<int> ids;      // [N] text
};

// A batch in batch order; streams sort their rows themselves (Steps::position leads back).
struct Batch {
  int B = 0;
  std::vector<StreamBatch> streams;
  std::vector<int> targets;        // [B]
  std::vector<std::uint64_t> key;  // [B] sample index: what dropout masks are keyed by
};

// Fills `batch` with the samples named, reusing its memory.
void assemble(const std::vector<EncodedSample>& samples, const int* chosen, int count,
              const std::vector<StreamInfo>& streams, Batch& batch);

}  // namespace refrain::data
