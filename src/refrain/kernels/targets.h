// The instruction sets that the kernels are compiled for. Included before any Highway header. Left
// out: SSSE3 and the AVX-512 variant with byte instructions (no gain here), and the vector-length
// agnostic SVE and RVV (the kernels keep arrays of vectors in registers; NEON serves there).
// REFRAIN_NO_AVX512 halves the time to compile, for builds that only check.
#pragma once

#ifdef REFRAIN_NO_AVX512
#define REFRAIN_WIDE_TARGETS HWY_AVX3
#else
#define REFRAIN_WIDE_TARGETS 0
#endif
#ifndef HWY_DISABLED_TARGETS
#define HWY_DISABLED_TARGETS                                                             \
  (HWY_SSSE3 | HWY_AVX3_DL | HWY_SVE | HWY_SVE2 | HWY_SVE_256 | HWY_SVE2_128 | HWY_RVV | \
   REFRAIN_WIDE_TARGETS)
#endif
