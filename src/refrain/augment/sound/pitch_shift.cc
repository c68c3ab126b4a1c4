// A higher or lower voice of the same length.
#include "refrain/augment/list.h"
#include "refrain/augment/sound/stretching.h"
#include "refrain/augment/sound/waveform.h"

namespace refrain::augment {
namespace {

struct PitchShift {
  double semitones = kDrawn;
};

void apply_pitch_shift(const PitchShift& options, data::Sound& sound, data::Sample&, Draw& draw) {
  raise(drawn(options.semitones, -2, 2, draw.rng), sound);
}

}  // namespace

Kind pitch_shift() {
  return make_kind(
      base::Fields<PitchShift>().field("semitones", &PitchShift::semitones, -24, 24, kAuto,
                                       "semitones to raise the pitch by; auto = between -2 and 2"),
      &apply_pitch_shift);
}

}  // namespace refrain::augment
