// A window of steps is replaced by the means of the channels (cutout, DeVries and Taylor 2017; the
// time mask of SpecAugment, Park et al. 2019).
#include <cmath>

#include "refrain/augment/list.h"
#include "refrain/augment/series/steps.h"

namespace refrain::augment {
namespace {

struct TimeMask {
  double window = 0.1;
};

void apply_time_mask(const TimeMask& options, data::Series& series, data::Sample&, Draw& draw) {
  if (series.steps < 2) return;
  const Window window = draw_window(draw.rng, series.steps, options.window);
  const auto C = static_cast<std::size_t>(series.channels);
  for (std::size_t c = 0; c < C; ++c) {
    const auto mean = static_cast<float>(mean_of(series, static_cast<int>(c)));
    for (int t = window.begin; t < window.end; ++t) {
      float& value = series.values[static_cast<std::size_t>(t) * C + c];
      if (std::isfinite(value)) value = mean;
    }
  }
}

}  // namespace

Kind time_mask() {
  return in_step(make_kind(base::Fields<TimeMask>().field("window", &TimeMask::window, 0, 1,
                                                          "share of the steps that is masked"),
                           &apply_time_mask));
}

}  // namespace refrain::augment
