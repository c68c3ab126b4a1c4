// The alignment of two series by dynamic time warping, with the way that led to each cell: all
// cells of an antidiagonal at once, since none of them needs another one. And the distance of
// series of one length. Sums are the same on every machine. Single precision whatever `real` is.
// Nothing allocates or throws.
#pragma once

#include <cstddef>
#include <cstdint>

namespace refrain::kernels {

// Where the best way to a cell (i, j) comes from.
enum AlignmentStep : std::int32_t { kFromBoth = 0, kFromA = 1, kFromB = 2 };  // A: from (i - 1, j)

struct Alignment {
  const float* a;  // [C,n], and 16 more that may be read
  const float* b;  // [C,m], from the last step to the first, and 16 more
  int n, m, channels;
  // [n + m - 1] of antidiagonal s = i + j the cells from begin to before end. From one antidiagonal
  // to the next each grows by 0 or 1; the first one is {0, 1}.
  const int* begin;
  const int* end;
  float* scratch;      // [alignment_scratch(n)]
  std::int32_t* from;  // the cells of all antidiagonals in turn, and 16 more
};
constexpr std::size_t alignment_scratch(int n) { return 3 * (static_cast<std::size_t>(n) + 34); }

// The cost of a cell is the sum of the squared differences of the channels, of those that are
// finite; the way's cost is the sum of its cells'.
void align(const Alignment& alignment);

// The mean of (weight (a - b))^2 over the places [n] where that is finite; 0 where there is none.
float mean_square_difference(const float* a, const float* b, const float* weight, std::size_t n);

}  // namespace refrain::kernels
