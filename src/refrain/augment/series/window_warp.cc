// A window of the series is played slower or faster, and the whole brought back to its length
// (Le Guennec et al. 2016). Tags move along.
#include <algorithm>

#include "refrain/augment/list.h"
#include "refrain/augment/series/steps.h"

namespace refrain::augment {
namespace {

struct WindowWarp {
  double window = 0.1;
  double factor = 2;
};

void apply_window_warp(const WindowWarp& options, data::Series& series, data::Sample& sample,
                       Draw& draw) {
  if (series.steps < 3) return;
  const Window window = draw_window(draw.rng, series.steps, options.window);
  const double factor = draw.rng.uniform() < 0.5 ? options.factor : 1 / options.factor;
  std::vector<float> times;  // when each step is played
  double time = 0;
  for (int t = 0; t < series.steps; ++t) {
    times.push_back(static_cast<float>(time));
    time += t >= window.begin && t < window.end ? factor : 1;
  }
  std::vector<float> places;
  std::size_t left = 0;
  for (const float wanted : even_places(0, static_cast<double>(times.back()), series.steps)) {
    while (left + 2 < times.size() && times[left + 1] <= wanted) ++left;
    const float part = (wanted - times[left]) / (times[left + 1] - times[left]);
    places.push_back(static_cast<float>(left) + std::min(part, 1.0F));
  }
  take_at(places, series, sample);
}

}  // namespace

Kind window_warp() {
  return in_step(make_kind(
      base::Fields<WindowWarp>()
          .field("window", &WindowWarp::window, 0, 1, "share of the series that is warped")
          .field("factor", &WindowWarp::factor, 1, 100,
                 "how many times slower (or faster) the window becomes"),
      &apply_window_warp));
}

}  // namespace refrain::augment
