// Time stamps in cells. A form tells how they are written: %Y year, %m month, %d day, %L the last
// day of the month, %H %M %S hour, minute and second, %q quarter, %G-W%V year and week of ISO 8601,
// %b a month's English name; other characters stand for themselves.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace refrain::data {

struct CivilTime {
  std::int64_t year = 1970;
  int month = 1, day = 1;
  int second = 0;  // of the day
};

std::int64_t days_from_civil(std::int64_t year, int month, int day);  // since 1970-01-01
CivilTime civil_from_seconds(std::int64_t seconds);
int days_in_month(std::int64_t year, int month);
// Weekdays (Monday to Friday) since 1970-01-01, a Thursday.
std::int64_t business_day_of(std::int64_t days);
std::int64_t days_of_business_day(std::int64_t number);

// The time of a cell that is written in this form, and in whole seconds; none where it is not. A
// fraction of a second, a final Z and an offset such as +01:00 may follow the seconds; the offset
// is taken off.
std::optional<CivilTime> parse_stamp(std::string_view cell, const std::string& form);
std::string write_stamp(const CivilTime& time, const std::string& form);

bool tells_days(const std::string& form);  // or only months

// The forms in which all these cells may be written, the usual ones first; none where there are
// none. Numbers of years are stamps, other whole numbers are not.
std::vector<std::string> stamp_forms(const std::vector<std::string>& cells);

}  // namespace refrain::data
