// The recording begins later or earlier by a share of its length; silence fills the gap.
#include <algorithm>
#include <cmath>

#include "refrain/augment/list.h"
#include "refrain/augment/sound/waveform.h"

namespace refrain::augment {
namespace {

struct Shift {
  double share = kDrawn;
};

void apply_shift(const Shift& options, data::Sound& sound, data::Sample&, Draw& draw) {
  auto& samples = sound.samples;
  const double share = drawn(options.share, -0.1, 0.1, draw.rng);
  const auto by = std::lround(share * static_cast<double>(samples.size()));
  if (by >= 0) {
    std::move_backward(samples.begin(), samples.end() - by, samples.end());
    std::fill_n(samples.begin(), by, 0.0F);
  } else {
    std::move(samples.begin() - by, samples.end(), samples.begin());
    std::fill(samples.end() + by, samples.end(), 0.0F);
  }
}

}  // namespace

Kind shift() {
  return make_kind(
      base::Fields<Shift>().field(
          "share", &Shift::share, -0.9, 0.9, kAuto,
          "delay as a share of the length (negative = earlier); auto = between -0.1 and 0.1"),
      &apply_shift);
}

}  // namespace refrain::augment
