// Frequencies below a limit get softer: a Butterworth filter of second order.
#include "refrain/augment/list.h"
#include "refrain/augment/sound/waveform.h"

namespace refrain::augment {
namespace {

struct HighPass {
  double hz = kDrawn;
};

void apply_high_pass(const HighPass& options, data::Sound& sound, data::Sample&, Draw& draw) {
  const double share = drawn_ratio(kDrawn, 0.01, 0.1, draw.rng);
  filter(Pass::kHigh, options.hz == kDrawn ? share * sound.rate / 2 : options.hz, sound);
}

}  // namespace

Kind high_pass() {
  return make_kind(
      base::Fields<HighPass>().field(
          "hz", &HighPass::hz, 1, 384000, kAuto,
          "the limit, where power is halved; auto = between 0.01 and 0.1 of half the sample rate"),
      &apply_high_pass);
}

}  // namespace refrain::augment
