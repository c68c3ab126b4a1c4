// Played faster or slower, pitch and all (Ko et al. 2015).
#include "refrain/augment/list.h"
#include "refrain/augment/sound/waveform.h"
#include "refrain/data/resample.h"

namespace refrain::augment {
namespace {

struct Speed {
  double factor = kDrawn;
};

void apply_speed(const Speed& options, data::Sound& sound, data::Sample&, Draw& draw) {
  sound.samples =
      data::resample(sound.samples, 1 / drawn_ratio(options.factor, 0.9, 1.1, draw.rng));
}

}  // namespace

Kind speed() {
  return make_kind(base::Fields<Speed>().field("factor", &Speed::factor, 0.25, 4, kAuto,
                                               "factor of the speed; auto = between 0.9 and 1.1"),
                   &apply_speed);
}

}  // namespace refrain::augment
