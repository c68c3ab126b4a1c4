// The series takes the timing of another one of its label: dynamic time warping puts its steps
// beside those of the other, and it is played in the other's time, as long as the other is (Iwana
// and Uchida 2020, random guided warping). Tags move along, and so do the other series of the
// sample that are as long.
#include "refrain/augment/list.h"
#include "refrain/augment/series/partner.h"

namespace refrain::augment {
namespace {

struct GuidedWarp {
  double band = 0.1;
};

void apply_guided_warp(const GuidedWarp& options, data::Series& series, data::Sample& sample,
                       Draw& draw) {
  const int place = draw_partner(sample, draw, true);
  if (place < 0 || series.steps < 2) return;
  const bool known = !draw.first && draw.steps == series.steps && !draw.places.empty();
  if (known) return take_at(draw.places, series, sample);
  const data::Series* teacher = fitting_series(series, sample, draw.pool[place]);
  if (teacher == nullptr) return;
  const auto& deviations = draw.pool.deviation(stream_of(series, sample));
  draw.steps = series.steps;
  draw.places = aligned_places(series, *teacher, deviations, options.band);
  take_at(draw.places, series, sample);
}

}  // namespace

Kind guided_warp() {
  return in_step(borrowing(make_kind(
      base::Fields<GuidedWarp>().field("band", &GuidedWarp::band, 0, 1,
                                       "largest shift of a step, as a share of the length"),
      &apply_guided_warp)));
}

}  // namespace refrain::augment
