// Shared by every kernel: the vector type of `real`, and loads and stores of the last, partly
// filled vector of a row. Compiled once per instruction set (Highway's foreach_target).
#if defined(REFRAIN_KERNELS_SIMD_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef REFRAIN_KERNELS_SIMD_INL_H_
#undef REFRAIN_KERNELS_SIMD_INL_H_
#else
#define REFRAIN_KERNELS_SIMD_INL_H_
#endif

#include <hwy/highway.h>

#include <cstddef>
#include <cstring>

#include "refrain/base/real.h"

HWY_BEFORE_NAMESPACE();
namespace refrain::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using Tag = hn::ScalableTag<real>;
using Vec = hn::Vec<Tag>;
constexpr int kLanes = static_cast<int>(hn::MaxLanes(Tag()));

// The first n (1..kLanes) elements, the rest zero; reads nothing beyond them.
HWY_INLINE Vec load_part(const real* p, int n) {
  const Tag d;
  if (HWY_LIKELY(n >= kLanes)) return hn::LoadU(d, p);
#if HWY_MEM_OPS_MIGHT_FAULT
  HWY_ALIGN real buffer[kLanes] = {};
  std::memcpy(buffer, p, static_cast<std::size_t>(n) * sizeof(real));
  return hn::Load(d, buffer);
#else
  return hn::MaskedLoad(hn::FirstN(d, static_cast<std::size_t>(n)), d, p);
#endif
}

HWY_INLINE void store_part(Vec v, real* p, int n) {
  const Tag d;
  if (HWY_LIKELY(n >= kLanes)) {
    hn::StoreU(v, d, p);
    return;
  }
#if HWY_MEM_OPS_MIGHT_FAULT
  HWY_ALIGN real buffer[kLanes];
  hn::Store(v, d, buffer);
  std::memcpy(p, buffer, static_cast<std::size_t>(n) * sizeof(real));
#else
  hn::BlendedStore(v, hn::FirstN(d, static_cast<std::size_t>(n)), d, p);
#endif
}

// Calls body(i, n) for the vectors of a row of `count` elements: n = kLanes, less at the end.
template <class Body>
HWY_INLINE void for_vectors(std::size_t count, Body&& body) {
  std::size_t i = 0;
  for (; i + kLanes <= count; i += kLanes) body(i, kLanes);
  if (i < count) body(i, static_cast<int>(count - i));
}

}  // namespace refrain::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();
#endif
