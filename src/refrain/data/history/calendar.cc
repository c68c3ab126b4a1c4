#include "refrain/data/history/calendar.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/data/history/civil.h"
#include "refrain/data/history/stamp_form.h"

namespace refrain::data {
namespace {

constexpr std::int64_t kMinute = 60, kHour = 3600, kWeek = 7 * kSecondsADay;
constexpr std::int64_t kFurthest = std::int64_t{1} << 58;  // units from 0

constexpr std::array<const char*, 4> kUnitNames = {"number", "second", "business_day", "month"};

// Returns the place of the step in the calendar's units. Throws internal if it is out of range.
std::int64_t place_of(const Calendar& calendar, std::int64_t start, std::int64_t steps) {
  std::int64_t far = 0, place = 0;
  const bool wraps = __builtin_mul_overflow(steps, calendar.every, &far) ||
                     __builtin_add_overflow(start, far, &place);
  if (wraps || place > kFurthest || place < -kFurthest) {
    throw Error(Code::kInternal, "a step of a calendar lies beyond all dates");
  }
  return place;
}

// The day of a place and the seconds of that day.
struct DayTime {
  std::int64_t day = 0;
  std::int64_t second = 0;
};

DayTime day_time(Calendar::Unit unit, std::int64_t place) {
  switch (unit) {
    case Calendar::Unit::kSecond:
      return {floor_divide(place, kSecondsADay), floor_modulo(place, kSecondsADay)};
    case Calendar::Unit::kBusinessDay:
      return {day_of_business_day(place), 0};
    case Calendar::Unit::kMonth:
      return {
          day_of({1970 + floor_divide(place, 12), static_cast<int>(floor_modulo(place, 12)) + 1}),
          0};
    case Calendar::Unit::kNumber:
      break;
  }
  return {};
}

// "hourly", "every 2 hours".
std::string every_so_often(std::int64_t count, const char* single, const char* unit) {
  return count == 1 ? single : fmt::format("every {} {}", count, unit);
}

std::string name_of_seconds(std::int64_t every) {
  struct Length {
    std::int64_t seconds;
    const char* single;
    const char* many;
  };
  static constexpr std::array<Length, 5> kLengths = {{{kWeek, "weekly", "weeks"},
                                                      {kSecondsADay, "daily", "days"},
                                                      {kHour, "hourly", "hours"},
                                                      {kMinute, "every minute", "minutes"},
                                                      {1, "every second", "seconds"}}};
  for (const auto& length : kLengths) {
    if (every % length.seconds == 0) {
      return every_so_often(every / length.seconds, length.single, length.many);
    }
  }
  return "";
}

std::string name_of_months(std::int64_t every) {
  if (every == 3) return "quarterly";
  if (every % 12 == 0) return every_so_often(every / 12, "yearly", "years");
  return every_so_often(every, "monthly", "months");
}

// Adds how many steps make up a cycle, where they do so exactly.
void add_season(std::int64_t cycle, std::int64_t every, std::vector<int>& out) {
  if (cycle % every == 0 && cycle / every > 1) out.push_back(static_cast<int>(cycle / every));
}

std::vector<int> seasons_of_seconds(std::int64_t every) {
  std::vector<int> out;
  if (every < kMinute) add_season(kMinute, every, out);
  if (every < 10 * kMinute) add_season(kHour, every, out);
  if (every >= kMinute) {
    add_season(kSecondsADay, every, out);
    add_season(kWeek, every, out);
  } else {
    add_season(kSecondsADay, every, out);
  }
  if (every >= kWeek) add_season(52 * kWeek, every, out);
  return out;
}

std::vector<std::string> parts_of_seconds(std::int64_t every) {
  std::vector<std::string> out;
  if (every % kHour != 0) out.emplace_back("minute");
  if (every % kSecondsADay != 0) out.emplace_back("hour");
  if (every % kWeek != 0) out.emplace_back("day_of_week");
  if (every >= kHour && every < kWeek) out.emplace_back("day_of_month");
  if (every >= kWeek) out.emplace_back("week");
  if (every >= kHour) out.emplace_back("month");
  return out;
}

}  // namespace

std::string Calendar::name() const {
  switch (unit) {
    case Unit::kSecond:
      return name_of_seconds(every);
    case Unit::kBusinessDay:
      return every_so_often(every, "business days", "business days");
    case Unit::kMonth:
      return name_of_months(every);
    case Unit::kNumber:
      break;
  }
  return every == 1 ? "steps" : fmt::format("steps of {}", every);
}

std::string Calendar::stamp(std::int64_t start, std::int64_t steps) const {
  const std::int64_t place = place_of(*this, start, steps);
  if (unit == Unit::kNumber || form.empty()) return fmt::format("{}", place);
  const DayTime at = day_time(unit, place);
  const Date date = date_of(at.day);
  Moment moment{date.year, date.month, date.day, 1, static_cast<int>(at.second), 0};
  if (form.find("%V") != std::string::npos) {
    const Week week = week_of(at.day);
    moment.year = week.year;
    moment.week = week.week;
  }
  return write_form(form, moment);
}

std::vector<int> Calendar::usual_seasons() const {
  std::vector<int> out;
  if (unit == Unit::kSecond) return seasons_of_seconds(every);
  if (unit == Unit::kBusinessDay) add_season(5, every, out);
  if (unit == Unit::kMonth) add_season(12, every, out);
  return out;
}

std::vector<std::string> Calendar::parts() const {
  if (unit == Unit::kSecond) return parts_of_seconds(every);
  if (unit == Unit::kBusinessDay) return {"day_of_week", "day_of_month", "month"};
  if (unit == Unit::kMonth && every % 12 != 0) return {"month"};
  return {};
}

double Calendar::position(const std::string& part, std::int64_t start, std::int64_t steps) const {
  const auto known = parts();
  if (std::find(known.begin(), known.end(), part) == known.end()) {
    throw Error(Code::kInternal,
                fmt::format("'{}' is no part of a calendar that is {}", part, name()));
  }
  const DayTime at = day_time(unit, place_of(*this, start, steps));
  if (part == "minute") return static_cast<double>(at.second % kHour / kMinute) / 60;
  if (part == "hour") return static_cast<double>(at.second / kHour) / 24;
  if (part == "day_of_week") return weekday_of(at.day) / 7.0;
  if (part == "day_of_month") return (date_of(at.day).day - 1) / 31.0;
  if (part == "week") return (week_of(at.day).week - 1) / 53.0;
  return (date_of(at.day).month - 1) / 12.0;
}

base::Json to_json(const Calendar& calendar) {
  return {{"unit", kUnitNames[static_cast<std::size_t>(calendar.unit)]},
          {"every", calendar.every},
          {"form", calendar.form}};
}

Calendar calendar_from_json(const base::Json& json) {
  const Error broken(Code::kData, "this is no calendar of series in time");
  if (!json.is_object()) throw broken;
  const auto unit = json.find("unit"), every = json.find("every"), form = json.find("form");
  const bool there = unit != json.end() && unit->is_string() && every != json.end() &&
                     every->is_number_integer() && form != json.end() && form->is_string();
  if (!there) throw broken;
  const auto* const name =
      std::find(kUnitNames.begin(), kUnitNames.end(), unit->get<std::string>());
  Calendar out;
  out.every = every->get<std::int64_t>();
  out.form = form->get<std::string>();
  constexpr std::int64_t kLongestStep = 1'000'000'000'000'000;
  constexpr std::size_t kLongestForm = 100;
  if (name == kUnitNames.end() || out.every < 1 || out.every > kLongestStep ||
      out.form.size() > kLongestForm) {
    throw broken;
  }
  out.unit = static_cast<Calendar::Unit>(name - kUnitNames.begin());
  return out;
}

}  // namespace refrain::data
