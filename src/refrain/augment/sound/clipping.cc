// Cuts off samples that are louder than a level, as an overdriven microphone does.
#include <algorithm>
#include <cmath>

#include "refrain/augment/list.h"
#include "refrain/augment/sound/waveform.h"

namespace refrain::augment {
namespace {

struct Clipping {
  double level = kDrawn;
};

void apply_clipping(const Clipping& options, data::Sound& sound, data::Sample&, Draw& draw) {
  float peak = 0;
  for (const float x : sound.samples) peak = std::max(peak, std::abs(x));
  const auto most = peak * static_cast<float>(drawn(options.level, 0.3, 0.9, draw.rng));
  for (float& x : sound.samples) x = std::clamp(x, -most, most);
}

}  // namespace

Kind clipping() {
  return make_kind(base::Fields<Clipping>().field(
                       "level", &Clipping::level, 0.01, 1, kAuto,
                       "level of the clipping as a share of the peak; auto = between 0.3 and 0.9"),
                   &apply_clipping);
}

}  // namespace refrain::augment
