// Each channel is moved up or down as a whole by a normal amount, in usual deviations of the
// channel.
#include "refrain/augment/list.h"
#include "refrain/augment/series/steps.h"

namespace refrain::augment {
namespace {

struct Offset {
  double sigma = 0.1;
};

void apply_offset(const Offset& options, data::Series& series, data::Sample& sample, Draw& draw) {
  const auto C = static_cast<std::size_t>(series.channels);
  for (std::size_t c = 0; c < C; ++c) {
    const double by =
        options.sigma * deviation(series, sample, draw, static_cast<int>(c)) * draw.rng.normal();
    for (std::size_t i = c; i < series.values.size(); i += C) {
      series.values[i] += static_cast<float>(by);
    }
  }
}

}  // namespace

Kind offset() {
  return make_kind(base::Fields<Offset>().field(
                       "sigma", &Offset::sigma, 0, 1000,
                       "standard deviation of the offset, in usual deviations of the channel"),
                   &apply_offset);
}

}  // namespace refrain::augment
