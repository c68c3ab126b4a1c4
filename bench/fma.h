// The ceiling: how many fused multiply-adds one core does when nothing else holds it up.
#pragma once

namespace refrain::bench {

// GFLOP/s (a multiply-add counts as two) of one core with the instruction set in use: the best of
// many short runs of about a millisecond within `seconds`.
double fma_gflops(double seconds);

}  // namespace refrain::bench
