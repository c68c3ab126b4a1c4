// Days of the Gregorian calendar, counted from 1970-01-01 (day 0): dates, weekdays, ISO weeks and
// business days (Monday to Friday). All functions take any count, also before 1970.
#pragma once

#include <cstdint>

namespace refrain::data {

constexpr std::int64_t kSecondsADay = 86400;

std::int64_t floor_divide(std::int64_t a, std::int64_t b);  // b > 0
std::int64_t floor_modulo(std::int64_t a, std::int64_t b);  // in [0, b)

struct Date {
  std::int64_t year = 1970;
  int month = 1;  // 1 to 12
  int day = 1;    // 1 to 31
};
std::int64_t day_of(const Date& date);
Date date_of(std::int64_t day);
int days_of_month(std::int64_t year, int month);

int weekday_of(std::int64_t day);  // Monday 0 to Sunday 6

// The first week of a year is the one with its first Thursday.
struct Week {
  std::int64_t year = 1970;
  int week = 1;  // 1 to 53
};
Week week_of(std::int64_t day);
std::int64_t monday_of(const Week& week);
int weeks_of_year(std::int64_t year);

// Business days since 1970-01-01, a Thursday; Saturday and Sunday count as the Monday after them.
std::int64_t business_day_of(std::int64_t day);
std::int64_t day_of_business_day(std::int64_t business_day);

}  // namespace refrain::data
