// Lengths of time as people write them.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace refrain::base {

// Seconds of "90", "90s", "10m", "1.5h", "1h30m"; nothing for any other text.
std::optional<double> parse_duration(std::string_view text);

// "45 s", "3.5 min", "2 h".
std::string format_duration(double seconds);

// Seconds of a clock that only runs forward.
double steady_seconds();

}  // namespace refrain::base
