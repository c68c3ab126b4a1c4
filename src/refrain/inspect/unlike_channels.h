// Why a channel of one file is unlike that of another. For the sources of this layer only.
#pragma once

#include <optional>

#include "refrain/inspect/finding.h"
#include "refrain/inspect/profile.h"

namespace refrain::inspect {

// Distance of two channels by level, spread and roughness: the largest of the three, each the
// largest distance of two distribution functions.
double channel_distance(const Channel& a, const Channel& b);

// Another unit or an offset: the second channel is the first one, multiplied or shifted.
struct Rescaled {
  double factor = 1, offset = 0;
};

// The factor between two usual units that this one nearly is (1000, 60, 9.81, ...), or itself.
double usual_factor(double factor);
std::optional<Rescaled> rescaled(const Channel& known, const Channel& judged);

// Channels of `judged` that fit those of `known` better when both change places.
struct ExchangedPair {
  int first = 0, second = 0;
  // Told from single samples, in most of which the one is to the other what the other was to it
  // (tests of signs): drift of each channel by itself need not be told.
  bool sample_by_sample = false;
};
std::vector<ExchangedPair> exchanged(const Stream& known, const Stream& judged);

// Stands still in (nearly) all samples of `judged` and in few of `known`.
bool stopped(const Channel& known, const Channel& judged);

}  // namespace refrain::inspect
