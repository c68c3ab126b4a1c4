// Time runs faster here and slower there: the speed is a smooth curve near 1, and the whole takes
// as long as before (Um et al. 2017). Tags move along.
#include <algorithm>

#include "refrain/augment/list.h"
#include "refrain/augment/series/steps.h"

namespace refrain::augment {
namespace {

struct TimeWarp {
  double sigma = 0.2;
  int knots = 4;
};

constexpr float kSlowest = 0.05F;

void apply_time_warp(const TimeWarp& options, data::Series& series, data::Sample& sample,
                     Draw& draw) {
  if (series.steps < 3) return;
  const auto speed = smooth_curve(draw.rng, options.knots, series.steps, 1, options.sigma);
  std::vector<float> places = {0};
  for (std::size_t t = 1; t < speed.size(); ++t) {
    places.push_back(places.back() + std::max(speed[t], kSlowest));
  }
  const float last = static_cast<float>(series.steps - 1), scale = last / places.back();
  for (float& place : places) place = std::min(place * scale, last);
  take_at(places, series, sample);
}

}  // namespace

Kind time_warp() {
  return in_step(make_kind(
      base::Fields<TimeWarp>()
          .field("sigma", &TimeWarp::sigma, 0, 10, "standard deviation of the speed around 1")
          .field("knots", &TimeWarp::knots, 0, 1000,
                 "number of points of the speed curve between its ends"),
      &apply_time_warp));
}

}  // namespace refrain::augment
