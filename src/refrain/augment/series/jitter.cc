// Normal noise on each value (Um et al. 2017), in usual deviations of the channel. Missing values
// stay missing.
#include "refrain/augment/list.h"
#include "refrain/augment/series/steps.h"

namespace refrain::augment {
namespace {

struct Jitter {
  double sigma = 0.03;
};

void apply_jitter(const Jitter& options, data::Series& series, data::Sample& sample, Draw& draw) {
  std::vector<double> sigma;
  for (int c = 0; c < series.channels; ++c) {
    sigma.push_back(options.sigma * deviation(series, sample, draw, c));
  }
  std::size_t c = 0;
  std::pair<double, double> noise;
  for (std::size_t i = 0; i < series.values.size(); ++i) {
    if (i % 2 == 0) noise = draw.rng.normals();
    series.values[i] += static_cast<float>(sigma[c] * (i % 2 == 0 ? noise.first : noise.second));
    c = c + 1 == sigma.size() ? 0 : c + 1;
  }
}

}  // namespace

Kind jitter() {
  return make_kind(base::Fields<Jitter>().field(
                       "sigma", &Jitter::sigma, 0, 1000,
                       "standard deviation of the noise, in usual deviations of the channel"),
                   &apply_jitter);
}

}  // namespace refrain::augment
