#include "refrain/data/readers/clock.h"

#include <array>
#include <charconv>
#include <string>

#include "refrain/data/readers/lines.h"

namespace refrain::data {
namespace {

// Takes "AM" or "PM" off the end: 0 where there is none, else 'a' or 'p'.
char take_half(std::string_view& cell) {
  const std::string end = cell.size() > 2 ? lower(cell.substr(cell.size() - 2)) : "";
  if (end != "am" && end != "pm") return 0;
  cell = trim(cell.substr(0, cell.size() - 2));
  return end[0];
}

}  // namespace

std::optional<double> clock_seconds(std::string_view cell) {
  cell = trim(cell);
  const char half = take_half(cell);
  std::array<double, 3> parts{};
  std::size_t count = 0;
  bool fraction = false;
  while (count < parts.size() && !cell.empty()) {
    const std::string_view part = take_until(cell, ':');
    fraction = part.find('.') != std::string_view::npos;
    const char* end = part.data() + part.size();
    const auto [stop, code] =
        std::from_chars(part.data(), end, parts[count], std::chars_format::fixed);
    const bool last = cell.empty();
    const bool wrong = code != std::errc() || stop != end || part[0] == '-' ||
                       (fraction && !last) || (count > 0 && parts[count] >= 60);
    if (wrong) return std::nullopt;
    ++count;
  }
  if (count < 2 || !cell.empty()) return std::nullopt;
  if (count == 2 && fraction)
    return half != 0 ? std::nullopt : std::optional(60 * parts[0] + parts[1]);
  if (half != 0 && (parts[0] < 1 || parts[0] > 12)) return std::nullopt;
  if (half != 0) parts[0] = (parts[0] == 12 ? 0 : parts[0]) + (half == 'p' ? 12 : 0);
  return 3600 * parts[0] + 60 * parts[1] + parts[2];
}

}  // namespace refrain::data
