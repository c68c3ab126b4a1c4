#include "refrain/base/duration.h"

#include <fmt/format.h>

#include <charconv>
#include <chrono>
#include <cmath>

namespace refrain::base {
namespace {

double unit_seconds(char unit) {
  switch (unit) {
    case 's':
      return 1;
    case 'm':
      return 60;
    case 'h':
      return 3600;
    default:
      return 0;
  }
}

}  // namespace

std::optional<double> parse_duration(std::string_view text) {
  if (text.empty()) return std::nullopt;
  double seconds = 0, last = 1e300;  // units fall: 1h30m, not 30m1h
  const char *at = text.data(), *end = text.data() + text.size();
  while (at != end) {
    double number = 0;
    const bool digit = *at >= '0' && *at <= '9';
    const auto [behind, error] = std::from_chars(at, end, number, std::chars_format::fixed);
    if (!digit || error != std::errc{}) return std::nullopt;
    const bool bare = behind == end && at == text.data();
    const double unit = bare ? 1 : behind == end ? 0 : unit_seconds(*behind);
    if (unit == 0 || unit >= last) return std::nullopt;
    seconds += number * unit;
    last = unit;
    at = bare ? end : behind + 1;
  }
  return seconds;
}

std::string format_duration(double seconds) {
  if (seconds < 100) return fmt::format("{:.3g} s", seconds);
  if (seconds < 6000) return fmt::format("{:.3g} min", seconds / 60);
  return fmt::format("{:.3g} h", seconds / 3600);
}

double steady_seconds() {
  using namespace std::chrono;
  return duration<double>(steady_clock::now().time_since_epoch()).count();
}

}  // namespace refrain::base
