// Each channel grows or shrinks about its mean by a factor of a normal distribution (Um et al.
// 2017).
#include "refrain/augment/list.h"
#include "refrain/augment/series/steps.h"

namespace refrain::augment {
namespace {

struct Scale {
  double sigma = 0.1;
};

void apply_scale(const Scale& options, data::Series& series, data::Sample&, Draw& draw) {
  const auto C = static_cast<std::size_t>(series.channels);
  for (std::size_t c = 0; c < C; ++c) {
    const auto factor = static_cast<float>(1 + options.sigma * draw.rng.normal());
    const auto mean = static_cast<float>(mean_of(series, static_cast<int>(c)));
    for (std::size_t i = c; i < series.values.size(); i += C) {
      series.values[i] = mean + factor * (series.values[i] - mean);
    }
  }
}

}  // namespace

Kind scale() {
  return make_kind(base::Fields<Scale>().field("sigma", &Scale::sigma, 0, 10,
                                               "standard deviation of the factor around 1"),
                   &apply_scale);
}

}  // namespace refrain::augment
