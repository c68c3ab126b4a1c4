#include "refrain/augment/sound/waveform.h"

#include <fmt/format.h>
#include <kissfft/kissfft.hh>

#include <algorithm>
#include <cmath>
#include <map>
#include <mutex>
#include <numbers>

#include "refrain/base/error.h"
#include "refrain/data/reader.h"
#include "refrain/data/resample.h"

namespace refrain::augment {
namespace {

using Complex = std::complex<double>;

// Returns the smallest power of two that is at least `count`.
std::size_t transform_size(std::size_t count) {
  std::size_t size = 4;
  while (size < count) size *= 2;
  return size;
}

std::vector<Complex> transformed(const std::vector<Complex>& in, bool inverse) {
  std::vector<Complex> out(in.size());
  kissfft<double>(in.size(), inverse).transform(in.data(), out.data());
  return out;
}

}  // namespace

double drawn(double value, double low, double high, base::Rng& rng) {
  return value == kDrawn ? rng.uniform(low, high) : value;
}

double drawn_ratio(double value, double low, double high, base::Rng& rng) {
  return value == kDrawn ? std::exp(rng.uniform(std::log(low), std::log(high))) : value;
}

double power(const std::vector<float>& samples) {
  double sum = 0;
  for (const float x : samples) sum += static_cast<double>(x) * static_cast<double>(x);
  return samples.empty() ? 0 : sum / static_cast<double>(samples.size());
}

void multiply(double factor, std::vector<float>& samples) {
  for (float& x : samples) x = static_cast<float>(factor * static_cast<double>(x));
}

void set_power(double wanted, std::vector<float>& samples) {
  const double now = power(samples);
  if (now > 0) multiply(std::sqrt(wanted / now), samples);
}

// Both are real: one goes through the transform as the real part and one as the imaginary part.
std::vector<float> convolved(const std::vector<float>& samples,
                             const std::vector<float>& response) {
  const std::size_t size = transform_size(samples.size() + response.size());
  std::vector<Complex> both(size);
  for (std::size_t i = 0; i < samples.size(); ++i) both[i].real(samples[i]);
  for (std::size_t i = 0; i < response.size(); ++i) both[i].imag(response[i]);
  both = transformed(both, false);
  std::vector<Complex> product(size);
  for (std::size_t k = 0; k < size; ++k) {
    const Complex mirrored = std::conj(both[(size - k) % size]);
    const Complex a = 0.5 * (both[k] + mirrored), b = Complex(0, -0.5) * (both[k] - mirrored);
    product[k] = a * b;
  }
  product = transformed(product, true);
  std::vector<float> out;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    out.push_back(static_cast<float>(product[i].real() / static_cast<double>(size)));
  }
  return out;
}

std::vector<float> noise(std::size_t count, double slope, base::Rng& rng) {
  std::vector<float> out;
  if (slope == 0) {
    for (std::size_t i = 0; i < count; ++i) out.push_back(static_cast<float>(rng.normal()));
    return out;
  }
  const std::size_t size = transform_size(count);
  std::vector<Complex> spectrum(size);
  for (std::size_t k = 1; k <= size / 2; ++k) {
    const double level = std::pow(static_cast<double>(k), -slope / 2);
    const double re = rng.normal(), im = rng.normal();
    spectrum[k] = level * Complex(re, im);
  }
  spectrum = transformed(spectrum, true);
  for (std::size_t i = 0; i < count; ++i) out.push_back(static_cast<float>(spectrum[i].real()));
  set_power(1, out);
  return out;
}

// The bilinear transform of the analogue filter, with its frequency kept at `hz`.
void filter(Pass pass, double hz, data::Sound& sound) {
  const double k = std::tan(std::numbers::pi * std::min(hz / sound.rate, 0.49));
  const double scale = 1 / (1 + std::numbers::sqrt2 * k + k * k);
  const double b0 = scale * (pass == Pass::kLow ? k * k : 1);
  const double b1 = pass == Pass::kLow ? 2 * b0 : -2 * b0;
  const double a1 = 2 * (k * k - 1) * scale;
  const double a2 = (1 - std::numbers::sqrt2 * k + k * k) * scale;
  double s1 = 0, s2 = 0;
  for (float& sample : sound.samples) {
    const double x = static_cast<double>(sample), y = b0 * x + s1;
    s1 = b1 * x - a1 * y + s2;
    s2 = b0 * x - a2 * y;
    sample = static_cast<float>(y);
  }
}

const std::vector<data::Sound>& recordings_of(const std::string& path) {
  static std::mutex mutex;
  static std::map<std::string, std::vector<data::Sound>> known;
  const std::lock_guard lock(mutex);
  const auto found = known.find(path);
  if (found != known.end()) return found->second;
  std::vector<data::Sound> sounds;
  for (auto& sample : data::read(path, {}, base::Log()).samples) {
    auto* sound = std::get_if<data::Sound>(&sample.streams.front());
    if (sound == nullptr) {
      throw Error(Code::kData, fmt::format("{}: these are no recordings", path),
                  "name a file of sound, or a folder with such files");
    }
    sounds.push_back(std::move(*sound));
  }
  return known[path] = std::move(sounds);
}

data::Sound any_recording(const std::string& path, int rate, base::Rng& rng) {
  const auto& sounds = recordings_of(path);
  return data::at_rate(sounds[static_cast<std::size_t>(rng.below(sounds.size()))], rate);
}

}  // namespace refrain::augment
