// A window of the series is kept, the rest cut off: the series gets shorter (window slicing without
// stretching, Le Guennec et al. 2016). Tags move along.
#include "refrain/augment/list.h"
#include "refrain/augment/series/steps.h"

namespace refrain::augment {
namespace {

struct Crop {
  double keep = 0.9;
};

void apply_crop(const Crop& options, data::Series& series, data::Sample& sample, Draw& draw) {
  if (series.steps < 2) return;
  const Window window = draw_window(draw.rng, series.steps, options.keep);
  take_at(even_places(window.begin, window.end - 1, window.end - window.begin), series, sample);
}

}  // namespace

Kind crop() {
  return in_step(make_kind(
      base::Fields<Crop>().field("keep", &Crop::keep, 0, 1, "share of the steps that is kept"),
      &apply_crop));
}

}  // namespace refrain::augment
