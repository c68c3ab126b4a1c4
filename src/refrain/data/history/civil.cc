#include "refrain/data/history/civil.h"

#include <array>

namespace refrain::data {
namespace {

constexpr std::int64_t kDaysOf400Years = 146097;
constexpr std::int64_t kMondayOffset = 3;  // 1970-01-01 was a Thursday

bool is_leap_year(std::int64_t year) {
  return floor_modulo(year, 4) == 0 &&
         (floor_modulo(year, 100) != 0 || floor_modulo(year, 400) == 0);
}

// Days from 0000-01-01 to the first day of a year in [0, 400).
std::int64_t days_before_year(std::int64_t year) {
  const std::int64_t past = year - 1;  // the year 0 is a leap year
  return year == 0 ? 0 : 366 + 365 * past + past / 4 - past / 100;
}

constexpr std::int64_t kDayZero = 719528;  // from 0000-01-01 to 1970-01-01

}  // namespace

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  const std::int64_t quotient = a / b;
  return a % b < 0 ? quotient - 1 : quotient;
}

std::int64_t floor_modulo(std::int64_t a, std::int64_t b) {
  const std::int64_t rest = a % b;
  return rest < 0 ? rest + b : rest;
}

int days_of_month(std::int64_t year, int month) {
  static constexpr std::array<int, 12> kDays = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap_year(year) ? 29 : kDays[static_cast<std::size_t>(month - 1)];
}

std::int64_t day_of(const Date& date) {
  const std::int64_t era = floor_divide(date.year, 400), year = floor_modulo(date.year, 400);
  std::int64_t day = era * kDaysOf400Years + days_before_year(year) - kDayZero + date.day - 1;
  for (int month = 1; month < date.month; ++month) day += days_of_month(year, month);
  return day;
}

Date date_of(std::int64_t day) {
  const std::int64_t from_zero = day + kDayZero;
  const std::int64_t era = floor_divide(from_zero, kDaysOf400Years);
  std::int64_t rest = floor_modulo(from_zero, kDaysOf400Years);
  std::int64_t year = rest / 366;  // never too late
  while (year < 399 && days_before_year(year + 1) <= rest) ++year;
  rest -= days_before_year(year);
  int month = 1;
  while (rest >= days_of_month(year, month)) rest -= days_of_month(year, month++);
  return {era * 400 + year, month, static_cast<int>(rest) + 1};
}

int weekday_of(std::int64_t day) { return static_cast<int>(floor_modulo(day + kMondayOffset, 7)); }

Week week_of(std::int64_t day) {
  const std::int64_t thursday = day - weekday_of(day) + 3;
  const std::int64_t year = date_of(thursday).year;
  return {year, static_cast<int>((thursday - day_of({year, 1, 1})) / 7) + 1};
}

std::int64_t monday_of(const Week& week) {
  const std::int64_t fourth = day_of({week.year, 1, 4});  // always in the first week
  return fourth - weekday_of(fourth) + 7 * (week.week - 1);
}

int weeks_of_year(std::int64_t year) { return week_of(day_of({year, 12, 28})).week; }

std::int64_t business_day_of(std::int64_t day) {
  const std::int64_t week = floor_divide(day + kMondayOffset, 7);
  const int weekday = weekday_of(day);
  return (weekday > 4 ? (week + 1) * 5 : week * 5 + weekday) - kMondayOffset;
}

std::int64_t day_of_business_day(std::int64_t business_day) {
  const std::int64_t from_monday = business_day + kMondayOffset;
  return floor_divide(from_monday, 5) * 7 + floor_modulo(from_monday, 5) - kMondayOffset;
}

}  // namespace refrain::data
