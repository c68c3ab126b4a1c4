// Single frequencies of a channel, found and added without a whole Fourier transform: O(steps)
// each.
#pragma once

#include <complex>

#include "refrain/augment/series/steps.h"

namespace refrain::augment {

// The coefficient of the wave that has `cycles` cycles over the whole series, of a channel's values
// less their mean (missing ones count as the mean): the wave is the real part of
// coefficient * exp(2 pi i cycles t / steps).
std::complex<double> wave_of(const data::Series& series, int channel, int cycles);

// Adds the wave of this coefficient to the present values.
void add_wave(std::complex<double> coefficient, int cycles, int channel, data::Series& series);

}  // namespace refrain::augment
