#include "refrain/data/history/calendar.h"

#include <fmt/format.h>

#include "refrain/base/error.h"
#include "refrain/data/history/stamps.h"

namespace refrain::data {
namespace {

constexpr std::int64_t kSecondsOfDay = 86'400, kSecondsOfWeek = 7 * kSecondsOfDay;
constexpr int kMonthsOfYear = 12;

struct NamedPace {
  Calendar::Unit unit;
  std::int64_t every;
  const char* name;
  std::vector<int> seasons;
};

const std::vector<NamedPace>& paces() {
  using U = Calendar::Unit;
  static const std::vector<NamedPace> list = {{U::kSecond, 1, "every second", {60, 3600}},
                                              {U::kSecond, 60, "every minute", {60, 1440}},
                                              {U::kSecond, 300, "every 5 minutes", {288, 2016}},
                                              {U::kSecond, 600, "every 10 minutes", {144, 1008}},
                                              {U::kSecond, 900, "every 15 minutes", {96, 672}},
                                              {U::kSecond, 1800, "every 30 minutes", {48, 336}},
                                              {U::kSecond, 3600, "hourly", {24, 168}},
                                              {U::kSecond, kSecondsOfDay, "daily", {7, 365}},
                                              {U::kSecond, kSecondsOfWeek, "weekly", {52}},
                                              {U::kBusinessDay, 1, "business days", {5}},
                                              {U::kMonth, 1, "monthly", {12}},
                                              {U::kMonth, 3, "quarterly", {4}},
                                              {U::kMonth, 12, "yearly", {}}};
  return list;
}

const NamedPace* pace_of(const Calendar& c) {
  for (const auto& pace : paces()) {
    if (pace.unit == c.unit && pace.every == c.every) return &pace;
  }
  return nullptr;
}

CivilTime time_at(const Calendar& c, std::int64_t start, std::int64_t steps) {
  const std::int64_t at = start + steps * c.every;
  switch (c.unit) {
    case Calendar::Unit::kSecond:
      return civil_from_seconds(at);
    case Calendar::Unit::kBusinessDay:
      return civil_from_seconds(days_of_business_day(at) * kSecondsOfDay);
    case Calendar::Unit::kMonth: {
      CivilTime out;
      out.year = at / kMonthsOfYear;
      out.month = static_cast<int>(at % kMonthsOfYear) + 1;
      return out;
    }
    case Calendar::Unit::kNumber:
      break;
  }
  return {};
}

}  // namespace

std::string Calendar::name() const {
  if (const auto* pace = pace_of(*this)) return pace->name;
  switch (unit) {
    case Unit::kNumber:
      return "steps";
    case Unit::kSecond:
      if (every % kSecondsOfDay == 0) return fmt::format("every {} days", every / kSecondsOfDay);
      if (every % 3600 == 0) return fmt::format("every {} hours", every / 3600);
      if (every % 60 == 0) return fmt::format("every {} minutes", every / 60);
      return fmt::format("every {} seconds", every);
    case Unit::kBusinessDay:
      return fmt::format("every {} business days", every);
    case Unit::kMonth:
      break;
  }
  return every % kMonthsOfYear == 0 ? fmt::format("every {} years", every / kMonthsOfYear)
                                    : fmt::format("every {} months", every);
}

std::string Calendar::stamp(std::int64_t start, std::int64_t steps) const {
  if (unit == Unit::kNumber) return fmt::format("{}", start + steps * every);
  return write_stamp(time_at(*this, start, steps), form.empty() ? "%Y-%m-%d %H:%M:%S" : form);
}

std::vector<int> Calendar::usual_seasons() const {
  if (const auto* pace = pace_of(*this)) return pace->seasons;
  if (unit == Unit::kSecond && every < kSecondsOfDay && kSecondsOfDay % every == 0) {
    const auto day = static_cast<int>(kSecondsOfDay / every);
    return {day, 7 * day};
  }
  if (unit == Unit::kMonth && every < kMonthsOfYear && kMonthsOfYear % every == 0) {
    return {static_cast<int>(kMonthsOfYear / every)};
  }
  return {};
}

std::vector<std::string> Calendar::parts() const {
  std::vector<std::string> out;
  switch (unit) {
    case Unit::kNumber:
      break;
    case Unit::kSecond:
      if (every < 3600) out.emplace_back("minute");
      if (every < kSecondsOfDay) out.emplace_back("hour");
      if (every < kSecondsOfWeek) out.emplace_back("day_of_week");
      out.emplace_back("week");
      break;
    case Unit::kBusinessDay:
      out = {"day_of_week", "week"};
      break;
    case Unit::kMonth:
      if (every < kMonthsOfYear) out.emplace_back("month");
      break;
  }
  return out;
}

double Calendar::position(const std::string& part, std::int64_t start, std::int64_t steps) const {
  const CivilTime t = time_at(*this, start, steps);
  const std::int64_t days = days_from_civil(t.year, t.month, t.day);
  if (part == "minute") return t.second % 3600 / 3600.0;
  if (part == "hour") return t.second / static_cast<double>(kSecondsOfDay);
  if (part == "day_of_week") {
    const std::int64_t since_monday = ((days + 3) % 7 + 7) % 7;
    return static_cast<double>(since_monday) / 7;
  }
  if (part == "day_of_month") return (t.day - 1.0) / days_in_month(t.year, t.month);
  if (part == "week") {
    return static_cast<double>(days - days_from_civil(t.year, 1, 1)) / 366;
  }
  if (part == "month") return (t.month - 1) / static_cast<double>(kMonthsOfYear);
  throw Error(Code::kInternal, "the calendar has no part '" + part + "'");
}

}  // namespace refrain::data
