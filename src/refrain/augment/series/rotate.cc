// Channels of one unit (the axes of a sensor) are turned into one another by random angles: pairs
// of channels in random order (Um et al. 2017). Where one of a pair is missing the other stays.
#include <cmath>

#include "refrain/augment/list.h"
#include "refrain/augment/series/steps.h"

namespace refrain::augment {
namespace {

struct Rotate {
  double angle = 15;
};

void turn(data::Series& series, std::size_t a, std::size_t b, double angle) {
  const auto sine = static_cast<float>(std::sin(angle)),
             cosine = static_cast<float>(std::cos(angle));
  const auto C = static_cast<std::size_t>(series.channels);
  for (std::size_t i = 0; i < series.values.size(); i += C) {
    const float x = series.values[i + a], y = series.values[i + b];
    if (!std::isfinite(x) || !std::isfinite(y)) continue;
    series.values[i + a] = cosine * x - sine * y;
    series.values[i + b] = sine * x + cosine * y;
  }
}

void apply_rotate(const Rotate& options, data::Series& series, data::Sample&, Draw& draw) {
  std::vector<std::size_t> order;
  for (int c = 0; c < series.channels; ++c) order.push_back(static_cast<std::size_t>(c));
  draw.rng.shuffle(order);
  constexpr double kDegree = 3.14159265358979323846 / 180;
  for (std::size_t k = 0; k + 1 < order.size(); ++k) {
    turn(series, order[k], order[k + 1], draw.rng.uniform(-1, 1) * options.angle * kDegree);
  }
}

}  // namespace

Kind rotate() {
  return in_step(make_kind(base::Fields<Rotate>().field("angle", &Rotate::angle, 0, 180,
                                                        "largest angle of each turn, in degrees"),
                           &apply_rotate));
}

}  // namespace refrain::augment
