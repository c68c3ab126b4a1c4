// Feeds the decoder of recordings any bytes: it may refuse them with refrain::Error and must do
// nothing worse. What it returns can be heard.
#include <cstdint>
#include <cstdlib>

#include "refrain/base/error.h"
#include "refrain/data/front_end.h"
#include "refrain/data/sound_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  try {
    const auto file = refrain::data::decode_sound({reinterpret_cast<const char*>(data), size}, "x");
    if (file.sound.rate < 1 || file.sound.samples.empty() || file.channels < 1) std::abort();
    if (file.sound.samples.size() > 100'000) return 0;
    refrain::data::SoundSpec spec;
    spec.sample_rate = 8000;
    const auto series = refrain::data::FrontEnd(spec)(file.sound);
    if (series.steps < 1 || series.channels != 39) std::abort();
  } catch (const refrain::Error&) {
  }
  return 0;
}
