// Noise at a ratio of the recording's power to the noise's.
#include <algorithm>
#include <cmath>

#include "refrain/augment/list.h"
#include "refrain/augment/sound/waveform.h"

namespace refrain::augment {
namespace {

struct AddNoise {
  double snr = kDrawn;
  std::string colour = "white";
  std::string folder;
};

// A piece of one of the recordings, from anywhere in it; a short one again and again.
std::vector<float> borrowed(const std::string& folder, const data::Sound& sound, base::Rng& rng) {
  const std::vector<float> from = any_recording(folder, sound.rate, rng).samples;
  const std::size_t room =
      from.size() > sound.samples.size() ? from.size() - sound.samples.size() + 1 : from.size();
  const auto begin = static_cast<std::size_t>(rng.below(room));
  std::vector<float> out;
  for (std::size_t i = 0; i < sound.samples.size(); ++i) {
    out.push_back(from[(begin + i) % from.size()]);
  }
  return out;
}

void apply_add_noise(const AddNoise& options, data::Sound& sound, data::Sample&, Draw& draw) {
  const double signal = power(sound.samples);
  if (signal == 0) return;
  const double snr = drawn(options.snr, 10, 30, draw.rng);
  std::vector<float> added =
      options.folder.empty()
          ? noise(sound.samples.size(), options.colour == "pink" ? 1 : 0, draw.rng)
          : borrowed(options.folder, sound, draw.rng);
  set_power(signal / std::pow(10, snr / 10), added);
  for (std::size_t i = 0; i < added.size(); ++i) sound.samples[i] += added[i];
}

// Reads what it borrows from, so that what is wrong with it is said before training.
std::string prepare(AddNoise& options, const Pool&) {
  if (!options.folder.empty()) recordings_of(options.folder);
  return {};
}

}  // namespace

Kind add_noise() {
  using S = AddNoise;
  return make_kind(
      base::Fields<S>()
          .field("snr", &S::snr, -60, 120, kAuto,
                 "signal-to-noise ratio in decibels; auto = between 10 and 30")
          .field("colour", &S::colour, {"white", "pink"}, "spectrum of the noise")
          .field("folder", &S::folder, "take noise from these recordings: a folder or a file"),
      &apply_add_noise, &prepare);
}

}  // namespace refrain::augment
