// Louder or softer.
#include <cmath>

#include "refrain/augment/list.h"
#include "refrain/augment/sound/waveform.h"

namespace refrain::augment {
namespace {

struct Gain {
  double db = kDrawn;
};

void apply_gain(const Gain& options, data::Sound& sound, data::Sample&, Draw& draw) {
  multiply(std::pow(10, drawn(options.db, -6, 6, draw.rng) / 20), sound.samples);
}

}  // namespace

Kind gain() {
  return make_kind(
      base::Fields<Gain>().field("db", &Gain::db, -60, 60, kAuto,
                                 "change of the level in decibels; auto = between -6 and 6"),
      &apply_gain);
}

}  // namespace refrain::augment
