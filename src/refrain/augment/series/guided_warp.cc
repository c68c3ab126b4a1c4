// The series takes the timing of another one of its label: dynamic time warping puts its steps
// beside those of the other, and it is played in the other's time, as long as the other is (Iwana
// and Uchida 2020, random guided warping). Tags move along.
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
  const data::Series* teacher = fitting_series(series, sample, draw.pool[place]);
  if (teacher == nullptr) return;
  const auto& deviations = draw.pool.deviation(stream_of(series, sample));
  take_at(aligned_places(series, *teacher, deviations, options.band), series, sample);
}

}  // namespace

Kind guided_warp() {
  return borrowing(make_kind(
      base::Fields<GuidedWarp>().field("band", &GuidedWarp::band, 0, 1,
                                       "how far steps may move, as a share of the length"),
      &apply_guided_warp));
}

}  // namespace refrain::augment
