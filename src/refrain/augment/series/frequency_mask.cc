// A band of frequencies is taken out of each channel (the frequency mask of SpecAugment, Park et
// al. 2019, on a Fourier transform of the series).
#include <algorithm>
#include <cmath>

#include "refrain/augment/list.h"
#include "refrain/augment/series/waves.h"

namespace refrain::augment {
namespace {

struct FrequencyMask {
  double band = 0.1;
};

constexpr int kWidest = 64;  // cycles

void apply_frequency_mask(const FrequencyMask& options, data::Series& series, data::Sample&,
                          Draw& draw) {
  Waves waves(series);
  const int highest = waves.highest();
  if (highest < 1) return;
  const int wanted = static_cast<int>(std::lround(options.band * highest));
  const int width = std::min({std::max(wanted, 1), kWidest, highest});
  const int first =
      1 + static_cast<int>(draw.rng.below(static_cast<std::uint64_t>(highest - width) + 1));
  for (int c = 0; c < series.channels; ++c) {
    for (int k = first; k < first + width; ++k) {
      waves.add(-waves.at(c, k), c, k);
    }
  }
}

}  // namespace

Kind frequency_mask() {
  return make_kind(base::Fields<FrequencyMask>().field(
                       "band", &FrequencyMask::band, 0, 1,
                       "share of the frequencies that is taken out, at most 64 of them"),
                   &apply_frequency_mask);
}

}  // namespace refrain::augment
