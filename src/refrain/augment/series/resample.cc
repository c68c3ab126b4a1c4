// The series as if it had been measured at another rate: more or fewer steps on the lines between
// its values. Tags move along.
#include <algorithm>
#include <cmath>

#include "refrain/augment/list.h"
#include "refrain/augment/series/steps.h"

namespace refrain::augment {
namespace {

struct Resample {
  double most = 1.25;
};

void apply_resample(const Resample& options, data::Series& series, data::Sample& sample,
                    Draw& draw) {
  if (series.steps < 2) return;
  const double rate = std::pow(options.most, draw.rng.uniform(-1, 1));
  const int steps = std::max(2, static_cast<int>(std::lround(series.steps * rate)));
  if (steps != series.steps) take_at(even_places(0, series.steps - 1, steps), series, sample);
}

}  // namespace

Kind resample() {
  return in_step(make_kind(
      base::Fields<Resample>().field("most", &Resample::most, 1, 10,
                                     "the speed changes by a factor between 1 / most and most"),
      &apply_resample));
}

}  // namespace refrain::augment
