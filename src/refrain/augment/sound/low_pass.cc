// Frequencies above a limit get softer: a Butterworth filter of second order.
#include "refrain/augment/list.h"
#include "refrain/augment/sound/waveform.h"

namespace refrain::augment {
namespace {

struct LowPass {
  double hz = kDrawn;
};

void apply_low_pass(const LowPass& options, data::Sound& sound, data::Sample&, Draw& draw) {
  const double share = drawn_ratio(kDrawn, 0.4, 0.9, draw.rng);
  filter(Pass::kLow, options.hz == kDrawn ? share * sound.rate / 2 : options.hz, sound);
}

}  // namespace

Kind low_pass() {
  return make_kind(
      base::Fields<LowPass>().field(
          "hz", &LowPass::hz, 1, 384000, kAuto,
          "the limit, where power is halved; auto = between 0.4 and 0.9 of half the sample rate"),
      &apply_low_pass);
}

}  // namespace refrain::augment
