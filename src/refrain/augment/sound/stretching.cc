#include "refrain/augment/sound/stretching.h"

#include <SoundTouch.h>

#include <array>
#include <cmath>

namespace refrain::augment {
namespace {

// Everything that comes out for the sound, brought to `wanted` samples.
void process(soundtouch::SoundTouch& machine, std::size_t wanted, data::Sound& sound) {
  machine.putSamples(sound.samples.data(), static_cast<unsigned>(sound.samples.size()));
  machine.flush();
  std::vector<float> out;
  std::array<float, 4096> block;
  while (const unsigned got = machine.receiveSamples(block.data(), block.size())) {
    out.insert(out.end(), block.begin(), block.begin() + got);
  }
  out.resize(wanted, 0);
  sound.samples = std::move(out);
}

void set_up(const data::Sound& sound, soundtouch::SoundTouch& machine) {
  machine.setSampleRate(static_cast<unsigned>(sound.rate));
  machine.setChannels(1);
}

}  // namespace

void stretch(double factor, data::Sound& sound) {
  if (factor == 1 || sound.samples.empty()) return;
  soundtouch::SoundTouch machine;
  set_up(sound, machine);
  machine.setTempo(1 / factor);
  const double wanted =
      std::max(1.0, std::round(factor * static_cast<double>(sound.samples.size())));
  process(machine, static_cast<std::size_t>(wanted), sound);
}

void raise(double semitones, data::Sound& sound) {
  if (semitones == 0 || sound.samples.empty()) return;
  soundtouch::SoundTouch machine;
  set_up(sound, machine);
  machine.setPitchSemiTones(semitones);
  process(machine, sound.samples.size(), sound);
}

}  // namespace refrain::augment
