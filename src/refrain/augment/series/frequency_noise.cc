// Some frequencies of each channel get another strength and phase: to the wave that is there a
// random one is added, in shares of its strength (Gao et al. 2020).
#include <algorithm>

#include "refrain/augment/list.h"
#include "refrain/augment/series/waves.h"

namespace refrain::augment {
namespace {

struct FrequencyNoise {
  double sigma = 0.3;
  int waves = 8;
};

void apply_frequency_noise(const FrequencyNoise& options, data::Series& series, data::Sample&,
                           Draw& draw) {
  Waves waves(series);
  const int highest = waves.highest();
  if (highest < 1) return;
  for (int i = 0; i < std::min(options.waves, highest); ++i) {
    const int cycles = 1 + static_cast<int>(draw.rng.below(static_cast<std::uint64_t>(highest)));
    for (int c = 0; c < series.channels; ++c) {
      const double strength = options.sigma * std::abs(waves.at(c, cycles));
      const auto [a, b] = draw.rng.normals();
      waves.add({strength * a, strength * b}, c, cycles);
    }
  }
}

}  // namespace

Kind frequency_noise() {
  return make_kind(
      base::Fields<FrequencyNoise>()
          .field("sigma", &FrequencyNoise::sigma, 0, 10,
                 "standard deviation of the noise, relative to the strength of the frequency")
          .field("waves", &FrequencyNoise::waves, 1, 64, "number of frequencies that are changed"),
      &apply_frequency_noise);
}

}  // namespace refrain::augment
