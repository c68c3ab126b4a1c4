// Sequences in batch order <-> the rows of a sequence tensor (tensor/steps.h), for tests.
#pragma once

#include <algorithm>
#include <vector>

#include "refrain/base/real.h"
#include "refrain/base/rng.h"
#include "refrain/tensor/steps.h"

namespace refrain::suites {

using Numbers = std::vector<real>;
using Sequences = std::vector<Numbers>;  // [B] of [length * columns], batch order

inline std::vector<int> lengths_of(const Sequences& sequences, int columns) {
  std::vector<int> lengths;
  for (const auto& s : sequences) lengths.push_back(static_cast<int>(s.size()) / columns);
  return lengths;
}

inline Sequences random_sequences(const std::vector<int>& lengths, int columns, base::Rng& rng) {
  Sequences out;
  for (const int length : lengths) {
    out.emplace_back(static_cast<std::size_t>(length * columns));
    for (real& x : out.back()) x = static_cast<real>(rng.uniform(-1, 1));
  }
  return out;
}

inline Numbers to_rows(const Sequences& sequences, const tensor::Steps& steps, int columns) {
  Numbers rows(static_cast<std::size_t>(steps.N * columns));
  for (int b = 0; b < steps.B; ++b) {
    const Numbers& from = sequences[static_cast<std::size_t>(steps.position[b])];
    for (int t = 0; t < steps.length[b]; ++t) {
      std::copy_n(from.begin() + t * columns, columns, rows.begin() + steps.row(t, b) * columns);
    }
  }
  return rows;
}

inline Sequences from_rows(const real* rows, const tensor::Steps& steps, int columns) {
  Sequences out(static_cast<std::size_t>(steps.B));
  for (int b = 0; b < steps.B; ++b) {
    Numbers& to = out[static_cast<std::size_t>(steps.position[b])];
    for (int t = 0; t < steps.length[b]; ++t) {
      const real* row = rows + static_cast<std::ptrdiff_t>(steps.row(t, b)) * columns;
      to.insert(to.end(), row, row + columns);
    }
  }
  return out;
}

// The steps of one sequence in reverse.
inline Numbers reversed(const Numbers& sequence, int columns) {
  Numbers out;
  for (auto end = sequence.end(); end != sequence.begin(); end -= columns) {
    out.insert(out.end(), end - columns, end);
  }
  return out;
}

}  // namespace refrain::suites
