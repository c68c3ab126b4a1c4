// From a recording to a series [frames, bands]. Each frame is `frame_ms` of sound under a Hann
// window (periodic), its middle every `hop_ms`, with zeros before the beginning and behind the end:
// 1 + n / hop frames. Its power spectrum (transform of 2^k >= the window) passes triangular filters
// that are evenly spaced in mel (Slaney 1998: linear below 1 kHz, logarithmic above), each of unit
// area, from 0 Hz to half the rate:
//   log_mel  10 log10(max(1e-10, power in the band))
//   mfcc     the first coefficients of its orthonormal cosine transform (Davis, Mermelstein 1980)
// Deltas d(t) = sum_k k (x(t+k) - x(t-k)) / 10 for k = 1, 2, the ends repeated, and theirs, stand
// behind the values. These are the formulae of librosa and torchaudio, computed in double.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "refrain/base/fields.h"
#include "refrain/data/sample.h"

namespace refrain::data {

struct SoundSpec {
  int sample_rate = 0;  // "auto"
  std::string sound_features = "mfcc";
  int mel_bands = 40;
  double frame_ms = 25;
  double hop_ms = 10;
  int mfcc_count = 13;
  int deltas = 2;
};
base::Fields<SoundSpec> sound_fields();

class FrontEnd {
 public:
  // The sample rate must be settled. Throws usage where frames are shorter than two samples, hops
  // shorter than one, or there are more coefficients than bands.
  explicit FrontEnd(const SoundSpec& spec);
  ~FrontEnd();

  // A recording at another rate is resampled first. Thread-safe.
  Series operator()(const Sound& sound) const;

  const SoundSpec& spec() const { return spec_; }
  int channels() const { return (spec_.deltas + 1) * values_; }
  std::vector<std::string> channel_names() const;
  // A band's power in a frame of one sample's sound is the sum over bins of these weights
  // [bands, bins].
  std::vector<std::vector<double>> filters() const;

 private:
  struct Transform;
  void frame(const Sound& sound, std::size_t middle, std::vector<double>& power) const;
  void bands(const std::vector<double>& power, std::vector<double>& out) const;
  void coefficients(std::vector<double>& bands) const;

  SoundSpec spec_;
  int values_ = 0;  // before deltas
  std::size_t window_size_ = 0, hop_ = 0, size_ = 0;
  std::vector<double> window_;  // [window_size_]
  struct Filter {
    std::size_t first = 0;
    std::vector<double> weights;
  };
  std::vector<Filter> filters_;  // one a band
  std::vector<double> cosines_;  // [mfcc_count, mel_bands]
  std::unique_ptr<const Transform> transform_;
};

// The most frequent rate of the recordings, of equally frequent ones the highest; 0 where there are
// none.
int usual_rate(const Dataset& dataset);

// Recordings become series; each sample keeps its recording, at the front end's rate, where
// `keep` says so, for what is done to the sound in training. Other data stay as they are. An
// automatic rate is settled in `spec` by these data. The same for any number of threads.
void hear(Dataset& dataset, SoundSpec& spec, bool keep);

}  // namespace refrain::data
