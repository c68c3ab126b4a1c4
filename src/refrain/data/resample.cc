#include "refrain/data/resample.h"

#include <fmt/format.h>
#include <samplerate.h>

#include <algorithm>
#include <cmath>

#include "refrain/base/error.h"

namespace refrain::data {

std::vector<float> resample(const std::vector<float>& samples, double ratio) {
  if (src_is_valid_ratio(ratio) == 0) {
    throw Error(Code::kUsage, fmt::format("cannot make {:.3g} times as many samples", ratio),
                "keep sample rates within a factor of 256");
  }
  if (samples.empty()) return {};
  const double wanted = std::max(1.0, std::round(ratio * static_cast<double>(samples.size())));
  std::vector<float> out(static_cast<std::size_t>(wanted));
  SRC_DATA data{};
  data.data_in = samples.data();
  data.data_out = out.data();
  data.input_frames = static_cast<long>(samples.size());
  data.output_frames = static_cast<long>(out.size());
  data.src_ratio = ratio;
  const int error = src_simple(&data, SRC_SINC_MEDIUM_QUALITY, 1);
  if (error != 0) throw Error(Code::kInternal, src_strerror(error));
  return out;  // what the filter does not reach at the end is 0
}

Sound at_rate(const Sound& sound, int rate) {
  if (sound.rate == rate) return sound;
  return {rate, resample(sound.samples, static_cast<double>(rate) / sound.rate)};
}

}  // namespace refrain::data
