// The series begins somewhat earlier or later: it is moved in time, and what is moved out at one
// end comes back in at the other, or the end value is repeated. Tags move along.
#include <algorithm>
#include <cmath>

#include "refrain/augment/list.h"
#include "refrain/augment/series/steps.h"

namespace refrain::augment {
namespace {

struct TimeShift {
  double most = 0.1;
  std::string fill = "repeat";
};

void apply_time_shift(const TimeShift& options, data::Series& series, data::Sample& sample,
                      Draw& draw) {
  if (series.steps < 2) return;
  const int steps = series.steps;
  const int by = static_cast<int>(std::lround(draw.rng.uniform(-1, 1) * options.most * steps));
  std::vector<float> places;
  for (int t = 0; t < steps; ++t) {
    const int from = options.fill == "wrap" ? ((t - by) % steps + steps) % steps
                                            : std::clamp(t - by, 0, steps - 1);
    places.push_back(static_cast<float>(from));
  }
  take_at(places, series, sample);
}

}  // namespace

Kind time_shift() {
  return in_step(make_kind(
      base::Fields<TimeShift>()
          .field("most", &TimeShift::most, 0, 1, "largest shift, as a share of the length")
          .field("fill", &TimeShift::fill, {"repeat", "wrap"},
                 "how the gap is filled: repeat = by the value at the end, wrap = by the steps of "
                 "the other end"),
      &apply_time_shift));
}

}  // namespace refrain::augment
