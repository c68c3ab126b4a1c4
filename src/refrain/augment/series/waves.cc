#include "refrain/augment/series/waves.h"

#include <cmath>

namespace refrain::augment {
namespace {

constexpr double kTwoPi = 6.283185307179586476925;
constexpr std::size_t kTogether = 16;

// exp(2 pi i t / steps) of each step: products of a coarse and a fine turn.
std::vector<std::complex<double>> all_turns(std::size_t steps) {
  const auto turn = [&](std::size_t t) {
    return std::polar(1.0, kTwoPi * static_cast<double>(t) / static_cast<double>(steps));
  };
  std::complex<double> fine[kTogether];
  for (std::size_t k = 0; k < kTogether; ++k) fine[k] = turn(k);
  std::vector<std::complex<double>> turns;
  turns.reserve(steps + kTogether);
  for (std::size_t t = 0; t < steps; t += kTogether) {
    const std::complex<double> a = turn(t);
    for (const auto& b : fine) {
      turns.emplace_back(a.real() * b.real() - a.imag() * b.imag(),
                         a.real() * b.imag() + a.imag() * b.real());
    }
  }
  turns.resize(steps);
  return turns;
}

}  // namespace

Waves::Waves(data::Series& series)
    : series_(series), turns_(all_turns(static_cast<std::size_t>(series.steps))) {
  for (int c = 0; c < series.channels; ++c) mean_.push_back(mean_of(series, c));
}

std::complex<double> Waves::at(int channel, int cycles) const {
  const auto c = static_cast<std::size_t>(channel), by = static_cast<std::size_t>(cycles);
  const auto C = static_cast<std::size_t>(series_.channels);
  double real = 0, imaginary = 0;
  for (std::size_t i = c, turn = 0; i < series_.values.size(); i += C) {
    const double value = static_cast<double>(series_.values[i]) - mean_[c];
    if (std::isfinite(value)) {
      real += value * turns_[turn].real();
      imaginary -= value * turns_[turn].imag();
    }
    turn += by;  // cycles <= steps / 2: one subtraction suffices
    if (turn >= turns_.size()) turn -= turns_.size();
  }
  const bool alone = 2 * cycles == series_.steps;  // the highest frequency has no twin
  const double scale = (alone ? 1.0 : 2.0) / series_.steps;
  return {real * scale, imaginary * scale};
}

void Waves::add(std::complex<double> coefficient, int channel, int cycles) {
  const auto C = static_cast<std::size_t>(series_.channels), by = static_cast<std::size_t>(cycles);
  for (std::size_t i = static_cast<std::size_t>(channel), turn = 0; i < series_.values.size();
       i += C) {
    series_.values[i] += static_cast<float>(coefficient.real() * turns_[turn].real() -
                                            coefficient.imag() * turns_[turn].imag());
    turn += by;
    if (turn >= turns_.size()) turn -= turns_.size();
  }
}

}  // namespace refrain::augment
