// Samples ready for a network: numbers in the memory order of tensor/steps.h, that is, each
// stream's rows sorted by length and step by step without padding. What belongs to a whole sample
// (target, key) stands in batch order.
#pragma once

#include <cstdint>
#include <vector>

#include "refrain/base/real.h"
#include "refrain/data/sample.h"
#include "refrain/data/spelling.h"
#include "refrain/tensor/steps.h"

namespace refrain::data {

// One stream of one sample after the features were fitted: either rows of reals or token ids.
struct EncodedStream {
  int length = 1;            // steps, at least 1
  std::vector<real> values;  // [T,F] series
  std::vector<int> ids;      // [T] text
  SpeltWords spelt = {};     // of text, where the features tell it; else empty
};

// The target of a sample as numbers, for one task.
struct EncodedTarget {
  int target = -1;             // class index, -1 = none
  std::vector<real> shares;    // [C] of the classes, where the target is more than one; else empty
  std::vector<real> values;    // [K] numbers, scaled as the network learns them; else empty
  std::vector<int> tags = {};  // [T] of each step of the first stream; else empty
  double weight = 1;           // in the loss
};

struct EncodedSample : EncodedTarget {
  std::vector<EncodedStream> streams;
  std::int64_t index = 0;  // its place in the Dataset: the key of all randomness about it
};

// Steps of all its streams: what samples are sorted by, and the work they cost.
inline int length_of(const EncodedSample& sample) {
  int sum = 0;
  for (const auto& stream : sample.streams) sum += stream.length;
  return sum;
}

// One stream of a batch.
struct StreamBatch {
  StreamKind kind = StreamKind::kSeries;
  int features = 0;          // F, series only
  tensor::StepTable table;   // lengths and memory order
  tensor::StepTable mixed;   // with mixup: those of the mixes
  std::vector<real> values;  // [N,F] series
  std::vector<int> ids;      // [N] text
  // How the words are spelt: the letters of word n are sequence n of this table. Empty, where the
  // features do not tell it.
  tensor::StepTable letters;
  std::vector<int> letter_ids;  // [all letters] in the table's order
  std::vector<int> shapes;      // [N]
  std::vector<int> counts;      // [N] scratch

  bool is_spelt() const { return !shapes.empty(); }
};

// A batch in batch order; streams sort their rows themselves (Steps::position leads back).
struct Batch {
  int B = 0;
  std::vector<StreamBatch> streams;
  std::vector<int> targets;        // [B]
  std::vector<real> shares;        // [B,C], or empty
  std::vector<real> values;        // [B,K], or empty
  std::vector<int> tags;           // [N] in the order of the first stream's steps, or empty
  std::vector<real> weights;       // [B] of the samples in the loss
  std::vector<std::uint64_t> key;  // [B] sample index: what dropout masks are keyed by
  std::vector<int> lengths;        // [B] of one stream: scratch
  std::vector<int> partner;        // [B] with mixup (mixup.h): the place of what is mixed in
  std::vector<real> own;           // [B] with mixup: the sample's own weight
  std::vector<int> mixed_lengths;  // [B] scratch

  bool mixed() const { return !partner.empty(); }
};

// Fills `batch` with the `count` samples named, reusing its memory: a batch no larger than earlier
// ones allocates nothing. F is what the samples' values say. Throws shape where there is no sample,
// or where one has other streams, or another F, than the rest.
void assemble(const std::vector<EncodedSample>& samples, const int* chosen, int count,
              const std::vector<StreamInfo>& streams, Batch& batch);

}  // namespace refrain::data
