// Each channel is multiplied, about its mean, by a smooth curve near 1 (Um et al. 2017).
#include "refrain/augment/list.h"
#include "refrain/augment/series/steps.h"

namespace refrain::augment {
namespace {

struct MagnitudeWarp {
  double sigma = 0.2;
  int knots = 4;
};

void apply_magnitude_warp(const MagnitudeWarp& options, data::Series& series, data::Sample&,
                          Draw& draw) {
  const auto C = static_cast<std::size_t>(series.channels);
  for (std::size_t c = 0; c < C; ++c) {
    const auto mean = static_cast<float>(mean_of(series, static_cast<int>(c)));
    const auto curve = smooth_curve(draw.rng, options.knots, series.steps, 1, options.sigma);
    for (std::size_t t = 0; t < curve.size(); ++t) {
      float& value = series.values[t * C + c];
      value = mean + curve[t] * (value - mean);
    }
  }
}

}  // namespace

Kind magnitude_warp() {
  return make_kind(
      base::Fields<MagnitudeWarp>()
          .field("sigma", &MagnitudeWarp::sigma, 0, 10, "standard deviation of the curve around 1")
          .field("knots", &MagnitudeWarp::knots, 0, 1000,
                 "number of points of the curve between its ends"),
      &apply_magnitude_warp);
}

}  // namespace refrain::augment
