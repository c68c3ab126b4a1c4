// Echoes of a room: the recording is convolved with a room's response, of a file or made up (noise
// that dies away exponentially, Moorer 1979). Length and power stay.
#include <cmath>

#include "refrain/augment/list.h"
#include "refrain/augment/sound/waveform.h"

namespace refrain::augment {
namespace {

struct Reverb {
  double seconds = kDrawn;
  double wet = 0.3;
  std::string file;
};

// The sound itself, then echoes of this energy that fall by 60 dB within `seconds`.
std::vector<float> made_up(double seconds, double wet, int rate, base::Rng& rng) {
  const auto count = static_cast<std::size_t>(std::max(1.0, seconds * rate));
  std::vector<float> out = noise(count, 0, rng);
  const double fall = std::log(1e-3) / static_cast<double>(count);
  for (std::size_t i = 0; i < count; ++i) {
    out[i] *= static_cast<float>(std::exp(fall * static_cast<double>(i)));
  }
  set_power(wet / static_cast<double>(count), out);
  out.insert(out.begin(), 1);
  return out;
}

void apply_reverb(const Reverb& options, data::Sound& sound, data::Sample&, Draw& draw) {
  const double before = power(sound.samples);
  const double seconds = drawn(options.seconds, 0.1, 0.5, draw.rng);
  const std::vector<float> response =
      options.file.empty() ? made_up(seconds, options.wet, sound.rate, draw.rng)
                           : any_recording(options.file, sound.rate, draw.rng).samples;
  sound.samples = convolved(sound.samples, response);
  set_power(before, sound.samples);
}

// Reads what it borrows from, so that what is wrong with it is said before training.
std::string prepare(Reverb& options, const Pool&) {
  if (!options.file.empty()) recordings_of(options.file);
  return {};
}

}  // namespace

Kind reverb() {
  using S = Reverb;
  return make_kind(
      base::Fields<S>()
          .field("seconds", &S::seconds, 0.01, 10, kAuto,
                 "time in which the echoes fall by 60 dB; auto = between 0.1 and 0.5")
          .field("wet", &S::wet, 0, 10, "energy of the echoes relative to the sound")
          .field("file", &S::file, "response of a real room: a sound file or a folder"),
      &apply_reverb, &prepare);
}

}  // namespace refrain::augment
