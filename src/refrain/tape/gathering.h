// The rows of ragged sequences (tensor/steps.h) copied so that each sequence lies in one piece with
// zeros around it: what a convolution over time reads.
#pragma once

#include <algorithm>

#include "refrain/tensor/arena.h"
#include "refrain/tensor/steps.h"

namespace refrain::tape {

// The input of a filter and the place of its columns in a matrix of all groups.
struct Window {
  int K, dilation, left;  // taps; steps between them; taps before the step itself
  int channels;           // of the rows that are read
  int from;               // first column in them
  int segment;            // reals that are gathered at once
};

// Rows of sequences gathered one after the other, zeros around each, so that the K rows that one
// output looks at lie side by side: row start[i] with K rows' width is all that output i needs.
// Steps that a dilation puts side by side count as a sequence of their own ("phase").
struct GatheredRows {
  struct Piece {
    int first, count;  // of the outputs
  };
  real* rows;  // [capacity, channels]
  int *start, *row;
  Piece* pieces;
  int outputs = 0, piece_count = 0, used = 0;

  void clear() { outputs = piece_count = used = 0; }
};

// Gathers a matrix [N,C] of sequences piece by piece, long sequences in several.
class SequenceGathering {
 public:
  static constexpr int kFewestSteps = 64;  // of a piece, however many channels

  SequenceGathering(tensor::Arena& arena, const tensor::Tensor& from, const Window& window,
                    const tensor::Steps& steps)
      : from_(from), window_(window), steps_(steps) {
    most_ = std::min(steps.T, std::max(kFewestSteps, window.segment / window.channels));
    capacity_ = std::max(most_ + window.K - 1, window.segment / window.channels);
    const auto outputs = static_cast<std::size_t>(capacity_);
    segment_.rows = arena.array<real>(outputs * static_cast<std::size_t>(window.channels));
    segment_.start = arena.array<int>(outputs);
    segment_.row = arena.array<int>(outputs);
    segment_.pieces = arena.array<GatheredRows::Piece>(outputs);
  }

  int capacity() const { return capacity_; }

  // Calls body(segment) until every step was an output once.
  template <class Body>
  void each_segment(const Body& body) {
    segment_.clear();
    for (int b = 0; b < steps_.B; ++b) {
      for (int phase = 0; phase < std::min(window_.dilation, steps_.length[b]); ++phase) {
        const int length = (steps_.length[b] - phase + window_.dilation - 1) / window_.dilation;
        for (int first = 0; first < length; first += most_) {
          const int count = std::min(most_, length - first);
          if (segment_.used + count + window_.K - 1 > capacity_) flush(body);
          add(b, phase, first, count);
        }
      }
    }
    flush(body);
  }

 private:
  template <class Body>
  void flush(const Body& body) {
    if (segment_.outputs > 0) body(segment_);
    segment_.clear();
  }

  // The steps phase + dilation * i of sequence b, first <= i < first + count, and what is around.
  void add(int b, int phase, int first, int count) {
    GatheredRows& s = segment_;
    const int C = window_.channels;
    for (int i = 0; i < count + window_.K - 1; ++i) {
      const int t = phase + window_.dilation * (first + i - window_.left);
      real* to = s.rows + static_cast<std::ptrdiff_t>(s.used + i) * C;
      if (t < 0 || t >= steps_.length[b]) {
        std::fill_n(to, C, real{0});
      } else {
        std::copy_n(from_.row(steps_.row(t, b)) + window_.from, C, to);
      }
    }
    s.pieces[s.piece_count++] = {s.outputs, count};
    for (int i = 0; i < count; ++i, ++s.outputs) {
      s.start[s.outputs] = s.used + i;
      s.row[s.outputs] = steps_.row(phase + window_.dilation * (first + i), b);
    }
    s.used += count + window_.K - 1;
  }

  tensor::Tensor from_;
  Window window_;
  const tensor::Steps& steps_;
  int most_ = 0, capacity_ = 0;
  GatheredRows segment_{};
};

}  // namespace refrain::tape
