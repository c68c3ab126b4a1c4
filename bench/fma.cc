#include "bench/fma.h"

#include <cstdint>

#include "bench/measure.h"
#include "refrain/base/real.h"
#include "refrain/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "bench/fma.cc"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace refrain::bench::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// Twelve chains that do not wait for each other: more than latency times ports of any core, and few
// enough for 16 registers. Returns the operations done.
double run_chains(std::int64_t rounds, real* result) {
  constexpr int kChains = 12;
  const hn::ScalableTag<real> d;
  using Vec = hn::Vec<decltype(d)>;
  const Vec factor = hn::Set(d, real(0.999)), term = hn::Set(d, real(0.001));
  Vec chain[kChains];
  HWY_UNROLL(12)
  for (int i = 0; i < kChains; ++i) chain[i] = hn::Iota(d, static_cast<real>(i));
  for (std::int64_t n = 0; n < rounds; ++n) {
    HWY_UNROLL(12)
    for (int i = 0; i < kChains; ++i) chain[i] = hn::MulAdd(chain[i], factor, term);
  }
  Vec sum = hn::Zero(d);
  HWY_UNROLL(12)
  for (int i = 0; i < kChains; ++i) sum = hn::Add(sum, chain[i]);
  hn::StoreU(sum, d, result);
  return 2.0 * kChains * static_cast<double>(hn::Lanes(d)) * static_cast<double>(rounds);
}

}  // namespace refrain::bench::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace refrain::bench {

HWY_EXPORT(run_chains);

double fma_gflops(double seconds) {
  constexpr std::int64_t kRounds = 400'000;
  constexpr int kMostLanes = 64;
  real result[kMostLanes];
  double operations = 0;
  const auto work = [&] { operations = HWY_DYNAMIC_DISPATCH(run_chains)(kRounds, result); };
  const Timing timing = measure(seconds, now_seconds, work);
  return operations / (1e6 * timing.best_ms);
}

}  // namespace refrain::bench
#endif
