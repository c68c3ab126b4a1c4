// Functions that the operations on recordings share: levels, lengths, filters, convolution, and
// recordings of the user's to borrow from.
#pragma once

#include <string>
#include <vector>

#include "refrain/augment/operation.h"

namespace refrain::augment {

// An option that is drawn for each sample where no value is given.
inline constexpr double kDrawn = -1e6;
inline const base::Word kAuto = {"auto", kDrawn};

// The value, or where it is kDrawn one between both, evenly.
double drawn(double value, double low, double high, base::Rng& rng);
// Draws a value that is uniform in its logarithm; both bounds are positive.
double drawn_ratio(double value, double low, double high, base::Rng& rng);

// The mean square.
double power(const std::vector<float>& samples);
// Multiplies the samples so that they have this power; silence stays.
void set_power(double wanted, std::vector<float>& samples);
void multiply(double factor, std::vector<float>& samples);

// The first samples of a convolution, as many as `samples` has.
std::vector<float> convolved(const std::vector<float>& samples, const std::vector<float>& response);

// Normal noise whose power falls as 1 / frequency^slope: 0 white, 1 pink. [count], power near 1.
std::vector<float> noise(std::size_t count, double slope, base::Rng& rng);

enum class Pass { kLow, kHigh };
// A Butterworth filter of second order: -3 dB at `hz`, 12 dB an octave beyond.
void filter(Pass pass, double hz, data::Sound& sound);

// The recordings of a folder or file, read once. Throws as data::read, and data where it holds
// other things.
const std::vector<data::Sound>& recordings_of(const std::string& path);

// One of them at this rate.
data::Sound any_recording(const std::string& path, int rate, base::Rng& rng);

}  // namespace refrain::augment
