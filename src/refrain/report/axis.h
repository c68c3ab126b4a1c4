// Where values lie in a picture, and the round numbers beside it.
#pragma once

#include <cmath>
#include <string>
#include <vector>

namespace refrain::report {

// The range of what is drawn; values that are not finite play no part.
struct Range {
  double low = INFINITY, high = -INFINITY;

  void see(double value);
  void see(const std::vector<double>& values);
  // Some room at both ends; [-1, 1] where nothing was seen.
  void settle();
};

// One, two or five times a power of ten, so that about `wanted` fit into the range.
double nice_step(double range, int wanted);

// Round numbers within the range.
std::vector<double> ticks(const Range& range, int wanted);

// Formats a number as an axis writes it.
std::string tick_text(double value);

// A range on a stretch of the picture; `to` may be less than `from`, as up is in pictures.
struct Axis {
  Range range;
  double from = 0, to = 1;

  double operator()(double value) const;
};

// "M1 2L3 4": a line that breaks where values are missing.
std::string path_of(const std::vector<double>& x, const std::vector<double>& y, const Axis& across,
                    const Axis& up);

}  // namespace refrain::report
