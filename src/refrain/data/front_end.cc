#include "refrain/data/front_end.h"

#include <fmt/format.h>
#include <kissfft/kissfft.hh>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>

#include "refrain/base/error.h"
#include "refrain/base/threads.h"
#include "refrain/data/resample.h"

namespace refrain::data {
namespace {

constexpr double kFloor = 1e-10;  // of power: -100 dB
constexpr double kLinearStep = 200.0 / 3, kLogFrom = 1000, kLogFromMel = 15;

double log_step() { return std::log(6.4) / 27; }

double mel_of(double hz) {
  if (hz < kLogFrom) return hz / kLinearStep;
  return kLogFromMel + std::log(hz / kLogFrom) / log_step();
}

double hz_of(double mel) {
  if (mel < kLogFromMel) return mel * kLinearStep;
  return kLogFrom * std::exp(log_step() * (mel - kLogFromMel));
}

std::size_t samples_of(double ms, int rate) {
  return static_cast<std::size_t>(std::lround(ms / 1000 * rate));
}

[[noreturn]] void refuse(const std::string& what, const std::string& hint) {
  throw Error(Code::kUsage, what, hint);
}

// Behind the values [T, C] of each step their deltas: [T, 2C] where there are none yet. `from` is
// where the values stand whose deltas are wanted.
void add_deltas(std::vector<double>& rows, std::size_t steps, std::size_t width) {
  const std::size_t row = rows.size() / steps;
  std::vector<double> out;
  const auto last = static_cast<std::ptrdiff_t>(steps) - 1;
  for (std::ptrdiff_t t = 0; t <= last; ++t) {
    const auto at = [&](std::ptrdiff_t k, std::size_t c) {
      const auto step = static_cast<std::size_t>(std::clamp<std::ptrdiff_t>(t + k, 0, last));
      return rows[step * row + row - width + c];
    };
    const auto begin = rows.begin() + t * static_cast<std::ptrdiff_t>(row);
    out.insert(out.end(), begin, begin + static_cast<std::ptrdiff_t>(row));
    for (std::size_t c = 0; c < width; ++c) {
      out.push_back((at(1, c) - at(-1, c) + 2 * (at(2, c) - at(-2, c))) / 10);
    }
  }
  rows = std::move(out);
}

}  // namespace

base::Fields<SoundSpec> sound_fields() {
  using S = SoundSpec;
  return base::Fields<S>()
      .section("Sound")
      .field("sample_rate", &S::sample_rate, 100, 768000, {"auto", 0},
             "resample recordings to this rate in Hz; auto = the most frequent rate of the "
             "training data")
      .field("sound_features", &S::sound_features, {"mfcc", "log_mel"},
             "features of recordings: log_mel = logarithm of the power in mel bands, mfcc = the "
             "first coefficients of its cosine transform, which depend less on the speaker")
      .field("mel_bands", &S::mel_bands, 1, 256, "number of mel bands")
      .field("frame_ms", &S::frame_ms, 1, 1000,
             "length in milliseconds of the sound that one step of the series describes")
      .field("hop_ms", &S::hop_ms, 1, 1000,
             "distance in milliseconds between two steps of the series")
      .field("mfcc_count", &S::mfcc_count, 1, 256, "number of coefficients of mfcc")
      .field("deltas", &S::deltas, 0, 2,
             "1 = add the rate of change of each feature, 2 = also the change of that rate");
}

struct FrontEnd::Transform {
  explicit Transform(std::size_t size) : fft(size / 2, false) {}
  kissfft<double> fft;
};

FrontEnd::~FrontEnd() = default;

FrontEnd::FrontEnd(const SoundSpec& spec) : spec_(spec) {
  window_size_ = samples_of(spec.frame_ms, spec.sample_rate);
  hop_ = samples_of(spec.hop_ms, spec.sample_rate);
  if (window_size_ < 2) {
    refuse(fmt::format("--frame-ms {}: less than two samples at {} Hz", spec.frame_ms,
                       spec.sample_rate),
           "make frames longer");
  }
  if (hop_ < 1) {
    refuse(fmt::format("--hop-ms {}: less than a sample at {} Hz", spec.hop_ms, spec.sample_rate),
           "make hops longer");
  }
  const bool mfcc = spec.sound_features == "mfcc";
  if (mfcc && spec.mfcc_count > spec.mel_bands) {
    refuse(fmt::format("--mfcc-count {} of --mel-bands {}", spec.mfcc_count, spec.mel_bands),
           "ask for no more coefficients than there are bands");
  }
  values_ = mfcc ? spec.mfcc_count : spec.mel_bands;
  for (size_ = 4; size_ < window_size_;) size_ *= 2;  // powers of two need no scratch memory
  transform_ = std::make_unique<const Transform>(size_);
  const double turn = 2 * std::numbers::pi / static_cast<double>(window_size_);
  for (std::size_t i = 0; i < window_size_; ++i) {
    window_.push_back(0.5 - 0.5 * std::cos(turn * static_cast<double>(i)));
  }
  for (const auto& weights : filters()) {
    Filter& filter = filters_.emplace_back();
    const auto above = [](double w) { return w > 0; };
    const auto first = std::find_if(weights.begin(), weights.end(), above);
    const auto last = std::find_if(weights.rbegin(), weights.rend(), above).base();
    if (first == weights.end()) continue;
    filter.first = static_cast<std::size_t>(first - weights.begin());
    filter.weights.assign(first, last);
  }
  for (int k = 0; mfcc && k < spec.mfcc_count; ++k) {
    for (int b = 0; b < spec.mel_bands; ++b) {
      const double scale = std::sqrt((k == 0 ? 1.0 : 2.0) / spec.mel_bands);
      cosines_.push_back(scale * std::cos(std::numbers::pi * k * (b + 0.5) / spec.mel_bands));
    }
  }
}

std::vector<std::vector<double>> FrontEnd::filters() const {
  const int bands = spec_.mel_bands;
  const double top = mel_of(spec_.sample_rate / 2.0);
  std::vector<double> edge;  // in Hz
  for (int i = 0; i < bands + 2; ++i) edge.push_back(hz_of(top * i / (bands + 1)));
  std::vector<std::vector<double>> out;
  for (std::size_t b = 0; b < static_cast<std::size_t>(bands); ++b) {
    auto& weights = out.emplace_back();
    const double area = 2 / (edge[b + 2] - edge[b]);
    for (std::size_t k = 0; k <= size_ / 2; ++k) {
      const double hz = static_cast<double>(k) * spec_.sample_rate / static_cast<double>(size_);
      const double up = (hz - edge[b]) / (edge[b + 1] - edge[b]);
      const double down = (edge[b + 2] - hz) / (edge[b + 2] - edge[b + 1]);
      weights.push_back(std::max(0.0, std::min(up, down)) * area);
    }
  }
  return out;
}

// The power spectrum [size_/2 + 1] of the frame whose middle is this sample.
void FrontEnd::frame(const Sound& sound, std::size_t middle, std::vector<double>& power) const {
  std::vector<double> in(size_, 0);
  const std::size_t before = (size_ - window_size_) / 2;  // the window stands in the middle
  for (std::size_t i = 0; i < window_size_; ++i) {
    const std::size_t at = middle + before + i;
    if (at < size_ / 2 || at - size_ / 2 >= sound.samples.size()) continue;
    in[before + i] = window_[i] * static_cast<double>(sound.samples[at - size_ / 2]);
  }
  std::vector<std::complex<double>> out(size_ / 2);
  transform_->fft.transform_real(in.data(), out.data());
  power[0] = out[0].real() * out[0].real();
  power[size_ / 2] = out[0].imag() * out[0].imag();
  for (std::size_t k = 1; k < size_ / 2; ++k) power[k] = std::norm(out[k]);
}

void FrontEnd::bands(const std::vector<double>& power, std::vector<double>& out) const {
  for (const Filter& filter : filters_) {
    double sum = 0;
    for (std::size_t k = 0; k < filter.weights.size(); ++k) {
      sum += filter.weights[k] * power[filter.first + k];
    }
    out.push_back(10 * std::log10(std::max(kFloor, sum)));
  }
}

void FrontEnd::coefficients(std::vector<double>& bands) const {
  std::vector<double> out;
  for (auto row = cosines_.begin(); row != cosines_.end();) {
    double sum = 0;
    for (const double band : bands) sum += band * *row++;
    out.push_back(sum);
  }
  bands = std::move(out);
}

Series FrontEnd::operator()(const Sound& sound) const {
  if (sound.rate != spec_.sample_rate) return (*this)(at_rate(sound, spec_.sample_rate));
  const std::size_t steps = 1 + sound.samples.size() / hop_;
  std::vector<double> rows, power(size_ / 2 + 1), values;
  for (std::size_t t = 0; t < steps; ++t) {
    frame(sound, t * hop_, power);
    values.clear();
    bands(power, values);
    if (!cosines_.empty()) coefficients(values);
    rows.insert(rows.end(), values.begin(), values.end());
  }
  const auto width = static_cast<std::size_t>(values_);
  for (int d = 0; d < spec_.deltas; ++d) add_deltas(rows, steps, width);
  Series out{static_cast<int>(steps), channels(), {}};
  out.values.assign(rows.begin(), rows.end());
  return out;
}

std::vector<std::string> FrontEnd::channel_names() const {
  const bool mfcc = spec_.sound_features == "mfcc";
  const double top = mel_of(spec_.sample_rate / 2.0);
  std::vector<std::string> out;
  for (int d = 0; d <= spec_.deltas; ++d) {
    const std::string prefix = d == 0 ? "" : d == 1 ? "delta " : "delta delta ";
    for (int i = 0; i < values_; ++i) {
      const double hz = hz_of(top * (i + 1) / (spec_.mel_bands + 1));
      out.push_back(prefix + (mfcc ? fmt::format("mfcc {}", i) : fmt::format("{:.0f} Hz", hz)));
    }
  }
  return out;
}

int usual_rate(const Dataset& dataset) {
  std::map<int, int> count;
  for (const auto& sample : dataset.samples) {
    for (const auto& value : sample.streams) {
      if (const auto* sound = std::get_if<Sound>(&value)) ++count[sound->rate];
    }
  }
  int best = 0;
  for (const auto& [rate, times] : count) {
    if (best == 0 || times >= count[best]) best = rate;
  }
  return best;
}

void hear(Dataset& dataset, SoundSpec& spec, bool keep) {
  if (dataset.streams.size() != 1 || dataset.streams[0].kind != StreamKind::kSound) return;
  if (spec.sample_rate == 0) spec.sample_rate = usual_rate(dataset);
  const auto front = std::make_shared<const FrontEnd>(spec);
  const auto count = static_cast<int>(dataset.samples.size());
  base::parallel_for(count, base::core_count(), [&](int i) {
    Sample& sample = dataset.samples[static_cast<std::size_t>(i)];
    const auto sound = std::make_shared<const Sound>(
        at_rate(std::get<Sound>(sample.streams[0]), spec.sample_rate));
    sample.streams[0] = (*front)(*sound);
    if (keep) sample.recording = sound;
  });
  dataset.front = front;
  StreamInfo& info = dataset.streams[0];
  info.kind = StreamKind::kSeries;
  info.channels = front->channels();
  info.channel_names = front->channel_names();
  info.from_sound = true;
}

}  // namespace refrain::data
