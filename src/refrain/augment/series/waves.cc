#include "refrain/augment/series/waves.h"

#include <cmath>

namespace refrain::augment {
namespace {

constexpr double kTwoPi = 6.283185307179586476925;

// exp(2 pi i cycles / steps): what a wave turns by from step to step.
std::complex<double> turn(int cycles, int steps) {
  return std::polar(1.0, kTwoPi * cycles / steps);
}

}  // namespace

std::complex<double> wave_of(const data::Series& series, int channel, int cycles) {
  const double mean = mean_of(series, channel);
  const std::complex<double> by = std::conj(turn(cycles, series.steps));
  std::complex<double> sum = 0, wave = 1;
  for (auto i = static_cast<std::size_t>(channel); i < series.values.size();
       i += static_cast<std::size_t>(series.channels), wave *= by) {
    const auto value = static_cast<double>(series.values[i]);
    if (std::isfinite(value)) sum += (value - mean) * wave;
  }
  const bool alone = 2 * cycles == series.steps;  // the highest frequency has no twin
  return sum * ((alone ? 1.0 : 2.0) / series.steps);
}

void add_wave(std::complex<double> coefficient, int cycles, int channel, data::Series& series) {
  const std::complex<double> by = turn(cycles, series.steps);
  std::complex<double> wave = coefficient;
  for (auto i = static_cast<std::size_t>(channel); i < series.values.size();
       i += static_cast<std::size_t>(series.channels), wave *= by) {
    series.values[i] += static_cast<float>(wave.real());
  }
}

}  // namespace refrain::augment
