// How far the steps of a file lie apart: found from its stamps, or named ("H", "15min", "weekly").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "refrain/data/history/calendar.h"
#include "refrain/data/history/stamps.h"
#include "refrain/data/reader.h"

namespace refrain::data {

// The times of one series in rising order, as StampReader::time counts them, and their lines. They
// become steps in the calendar's units.
struct Times {
  std::string id;
  std::vector<std::int64_t> time, line;
};

// The calendar on which all of the times lie; turns them into its units. What does not fit is a
// problem: irregular times, frequencies that differ. Then the calendar means nothing.
Calendar find_calendar(const StampReader& stamps, std::vector<Times>& series, Problems& problems);

// A frequency as pandas ("H", "15min", "MS", "W-SUN", "2D") or the Monash archive ("hourly",
// "10_minutes", "half_hourly") names it; without form. Nothing where it is none.
std::optional<Calendar> frequency_named(std::string_view name);

// Turns the first time of a series, read with a form that `calendar` gets, into its units.
std::int64_t start_on(Calendar& calendar, const StampReader& stamps, const Moment& moment);

}  // namespace refrain::data
