#include "refrain/kernels/competition.h"

#include "refrain/kernels/targets.h"

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "refrain/kernels/competition.cc"
#include <hwy/foreach_target.h>
//
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace refrain::kernels::HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using FloatTag = hn::CappedTag<float, kSlack>;
using Floats = hn::Vec<FloatTag>;
constexpr int kFloats = static_cast<int>(hn::MaxLanes(FloatTag()));

void compete(const float* x, int dilation, int n, const float* weight, float* largest,
             float* smallest) {
  const FloatTag d;
  const auto one = hn::Set(d, 1.0F);
  Floats sums[kRivals], counts[kRivals];
  for (int j = 0; j < kRivals; ++j) sums[j] = counts[j] = hn::Zero(d);
  for (int i = 0; i < n; i += kFloats) {
    Floats result[kRivals];
    for (int j = 0; j < kRivals; ++j) result[j] = hn::Zero(d);
    for (int k = 0; k < 9; ++k) {
      const auto value = hn::LoadU(d, x + i + k * dilation);
      for (int j = 0; j < kRivals; ++j) {
        result[j] = hn::MulAdd(hn::Set(d, weight[9 * j + k]), value, result[j]);
      }
    }
    auto most = result[0], least = result[0];
    for (int j = 1; j < kRivals; ++j) {
      most = hn::Max(most, result[j]);
      least = hn::Min(least, result[j]);
    }
    auto open_most = hn::FirstN(d, static_cast<std::size_t>(n - i)), open_least = open_most;
    for (int j = 0; j < kRivals; ++j) {
      const auto wins = hn::And(open_most, hn::Eq(result[j], most));
      const auto loses = hn::And(open_least, hn::Eq(result[j], least));
      sums[j] = hn::Add(sums[j], hn::IfThenElseZero(wins, most));
      counts[j] = hn::Add(counts[j], hn::IfThenElseZero(loses, one));
      open_most = hn::AndNot(wins, open_most);
      open_least = hn::AndNot(loses, open_least);
    }
  }
  for (int j = 0; j < kRivals; ++j) {
    largest[j] += hn::GetLane(hn::SumOfLanes(d, sums[j]));
    smallest[j] += hn::GetLane(hn::SumOfLanes(d, counts[j]));
  }
}

}  // namespace refrain::kernels::HWY_NAMESPACE
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace refrain::kernels {

HWY_EXPORT(compete);

void compete(const float* x, int dilation, int n, const float* weight, float* largest,
             float* smallest) {
  HWY_DYNAMIC_DISPATCH(compete)(x, dilation, n, weight, largest, smallest);
}

}  // namespace refrain::kernels
#endif
