#include "refrain/report/axis.h"

#include <fmt/format.h>

#include <algorithm>

namespace refrain::report {

void Range::see(double value) {
  if (!std::isfinite(value)) return;
  low = std::min(low, value);
  high = std::max(high, value);
}

void Range::see(const std::vector<double>& values) {
  for (const double v : values) see(v);
}

void Range::settle() {
  if (!(low <= high)) low = high = 0;
  const double room = high > low ? 0.05 * (high - low) : std::max(1.0, std::fabs(low)) * 0.1;
  low -= room;
  high += room;
}

double nice_step(double range, int wanted) {
  const double rough = range / wanted;
  if (!(rough > 0) || !std::isfinite(rough)) return 1;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double times : {1.0, 2.0, 5.0}) {
    if (times * power >= rough) return times * power;
  }
  return 10 * power;
}

std::vector<double> ticks(const Range& range, int wanted) {
  std::vector<double> out;
  const double step = nice_step(range.high - range.low, wanted);
  const double first = std::ceil(range.low / step - 1e-9);
  for (double k = first; k * step <= range.high * (1 + 1e-12) + 1e-12 * step; ++k) {
    if (out.size() > 3 * static_cast<std::size_t>(wanted)) break;
    out.push_back(k == 0 ? 0 : k * step);
  }
  return out;
}

std::string tick_text(double value) { return fmt::format("{:.6g}", value); }

double Axis::operator()(double value) const {
  const double share = (value - range.low) / (range.high - range.low);
  return from + (to - from) * std::clamp(share, 0.0, 1.0);
}

std::string path_of(const std::vector<double>& x, const std::vector<double>& y, const Axis& across,
                    const Axis& up) {
  std::string out;
  bool down = false;
  for (std::size_t i = 0; i < y.size(); ++i) {
    if (!std::isfinite(y[i])) {
      down = false;
      continue;
    }
    out += fmt::format("{}{:.1f} {:.1f}", down ? 'L' : 'M', across(x[i]), up(y[i]));
    down = true;
  }
  return out;
}

}  // namespace refrain::report
