// A window of the series is kept and stretched to the length of the whole (Le Guennec et al. 2016).
// Tags move along.
#include "refrain/augment/list.h"
#include "refrain/augment/series/steps.h"

namespace refrain::augment {
namespace {

struct WindowSlice {
  double keep = 0.9;
};

void apply_window_slice(const WindowSlice& options, data::Series& series, data::Sample& sample,
                        Draw& draw) {
  if (series.steps < 2) return;
  const Window window = draw_window(draw.rng, series.steps, options.keep);
  take_at(even_places(window.begin, window.end - 1, series.steps), series, sample);
}

}  // namespace

Kind window_slice() {
  return in_step(make_kind(base::Fields<WindowSlice>().field("keep", &WindowSlice::keep, 0, 1,
                                                             "share of the steps that is kept"),
                           &apply_window_slice));
}

}  // namespace refrain::augment
