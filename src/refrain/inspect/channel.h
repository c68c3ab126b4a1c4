// What one pass tells of a channel: of all its values, and of each sample's stretch of them.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "refrain/data/sample.h"
#include "refrain/inspect/reservoir.h"

namespace refrain::inspect {

constexpr std::size_t kLinesKept = 20;

// Samples of a kind: how many, and the lines of the first.
struct Noted {
  std::int64_t count = 0;
  std::vector<std::int64_t> lines;

  void add(std::int64_t line) {
    if (++count <= static_cast<std::int64_t>(kLinesKept)) lines.push_back(line);
  }
};

// One sample's values of a channel.
struct ChannelNumbers {
  double level = 0;      // mean
  double spread = 0;     // standard deviation
  double roughness = 0;  // root mean square of the differences, divided by the spread
  double skew = 0;       // third moment, in units of the spread
  double missing = 0;    // share
  double still = 0;      // share of the steps in the longest run of equal values
  int spikes = 0;        // single values that leave their neighbours by ten usual steps
  int present = 0;       // values that are there
};
ChannelNumbers channel_numbers(const data::Series& series, int channel);

struct Channel {
  std::string name;  // as in the file, or its number from 1

  // of all values
  std::int64_t values = 0, missing = 0, at_low = 0, at_high = 0;
  double low = std::numeric_limits<double>::infinity();
  double high = -std::numeric_limits<double>::infinity();
  double mean = 0, squares = 0;  // Welford's
  bool whole = true;             // without fractions
  Reservoir some{4000};

  // of each sample
  Reservoir level, spread, roughness, skew, gaps, still;
  Noted still_samples, spiky_samples, empty_samples;

  void add(const data::Series& series, int channel, std::int64_t number, std::int64_t line);
  double deviation() const;
  bool constant() const { return values > 0 && low == high; }

 private:
  void add_value(double x, std::int64_t number);
};

}  // namespace refrain::inspect
