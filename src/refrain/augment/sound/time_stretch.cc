// Slower or faster speech at the same pitch.
#include "refrain/augment/list.h"
#include "refrain/augment/sound/stretching.h"
#include "refrain/augment/sound/waveform.h"

namespace refrain::augment {
namespace {

struct TimeStretch {
  double factor = kDrawn;
};

void apply_time_stretch(const TimeStretch& options, data::Sound& sound, data::Sample&, Draw& draw) {
  stretch(drawn_ratio(options.factor, 0.8, 1.25, draw.rng), sound);
}

}  // namespace

Kind time_stretch() {
  return make_kind(base::Fields<TimeStretch>().field(
                       "factor", &TimeStretch::factor, 0.25, 4, kAuto,
                       "how many times as long it becomes; auto = between 0.8 and 1.25"),
                   &apply_time_stretch);
}

}  // namespace refrain::augment
