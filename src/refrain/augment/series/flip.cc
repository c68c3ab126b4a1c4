// Each channel is turned upside down about its mean, or not, by a coin (the rotation of Um et al.
// 2017 for one channel).
#include "refrain/augment/list.h"
#include "refrain/augment/series/steps.h"

namespace refrain::augment {
namespace {

struct Flip {};

void apply_flip(const Flip&, data::Series& series, data::Sample&, Draw& draw) {
  const auto C = static_cast<std::size_t>(series.channels);
  for (std::size_t c = 0; c < C; ++c) {
    if (C > 1 && draw.rng.uniform() < 0.5) continue;
    const auto twice = static_cast<float>(2 * mean_of(series, static_cast<int>(c)));
    for (std::size_t i = c; i < series.values.size(); i += C) {
      series.values[i] = twice - series.values[i];
    }
  }
}

}  // namespace

Kind flip() { return make_kind(base::Fields<Flip>(), &apply_flip); }

}  // namespace refrain::augment
