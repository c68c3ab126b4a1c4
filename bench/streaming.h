// One time step of one sequence through the public interface (api/stream.h): scaling of the input
// included.
#pragma once

#include <string>

#include "bench/measure.h"

namespace refrain::bench {

// Trains a throw-away model of this size, one direction, and times Stream::step; the times are of a
// single step.
Timing streaming_step(const std::string& cell, int inputs, int units, double seconds, Clock clock);

}  // namespace refrain::bench
