// Times of day in cells.
#pragma once

#include <optional>
#include <string_view>

namespace refrain::data {

// Seconds of "10:00", "10:00:05", "10:00:05.25", "10:00 PM"; of "0:00.005", where the seconds have
// a fraction and there are two parts, minutes and seconds. None where the cell is no such time.
std::optional<double> clock_seconds(std::string_view cell);

}  // namespace refrain::data
