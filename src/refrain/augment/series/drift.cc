// A smooth curve is added to each channel, as sensors drift: random points through which a cubic is
// laid, in usual deviations of the channel.
#include "refrain/augment/list.h"
#include "refrain/augment/series/steps.h"

namespace refrain::augment {
namespace {

struct Drift {
  double sigma = 0.2;
  int knots = 3;
};

void apply_drift(const Drift& options, data::Series& series, data::Sample& sample, Draw& draw) {
  const auto C = static_cast<std::size_t>(series.channels);
  for (std::size_t c = 0; c < C; ++c) {
    const double sigma = options.sigma * deviation(series, sample, draw, static_cast<int>(c));
    const auto curve = smooth_curve(draw.rng, options.knots, series.steps, 0, sigma);
    for (std::size_t t = 0; t < curve.size(); ++t) series.values[t * C + c] += curve[t];
  }
}

}  // namespace

Kind drift() {
  return make_kind(
      base::Fields<Drift>()
          .field("sigma", &Drift::sigma, 0, 1000,
                 "standard deviation of the curve, in usual deviations of the channel")
          .field("knots", &Drift::knots, 0, 1000, "number of points of the curve between its ends"),
      &apply_drift);
}

}  // namespace refrain::augment
