// The line of least squares through (0, y_0), (1, y_1), ...
#pragma once

#include <span>

namespace refrain::forecast {

struct TimeLine {
  double start = 0, slope = 0;
  double at(double t) const { return start + slope * t; }
};

inline TimeLine time_line(std::span<const double> values) {
  const double n = double(values.size()), middle = (n - 1) / 2;
  double mean = 0, ty = 0, tt = 0;
  for (double v : values) mean += v / n;
  for (size_t t = 0; t < values.size(); ++t) {
    ty += (double(t) - middle) * (values[t] - mean);
    tt += (double(t) - middle) * (double(t) - middle);
  }
  const double slope = tt > 0 ? ty / tt : 0;
  return {mean - slope * middle, slope};
}

}  // namespace refrain::forecast
