#include "refrain/data/history/frequency.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <unordered_map>

#include "refrain/data/history/civil.h"
#include "refrain/data/readers/lines.h"

namespace refrain::data {
namespace {

using Unit = Calendar::Unit;

constexpr std::int64_t kSecondsAWeek = 7 * kSecondsADay;

// How often each difference of neighbours occurs.
using Differences = std::unordered_map<std::int64_t, std::int64_t>;

void add_differences(const Times& one, Differences& to) {
  for (std::size_t i = 1; i < one.time.size(); ++i) ++to[one.time[i] - one.time[i - 1]];
}

Differences count_differences(const std::vector<Times>& series) {
  Differences out;
  for (const auto& one : series) add_differences(one, out);
  return out;
}

// The most frequent difference, of several the smallest; 0 where there is none.
std::int64_t most_frequent(const Differences& differences) {
  std::int64_t best = 0, count = 0;
  for (const auto& [difference, times] : differences) {
    if (times < count || (times == count && difference > best)) continue;
    best = difference;
    count = times;
  }
  return best;
}

// The step: the most frequent difference, or a smaller one that is frequent too and of which all
// differences are multiples.
std::int64_t find_step(const Differences& differences) {
  const std::int64_t most = most_frequent(differences);
  if (most == 0) return 0;
  std::int64_t least = most, all = 0;
  for (const auto& [difference, times] : differences) {
    least = std::min(least, difference);
    all += times;
  }
  constexpr std::int64_t kShare = 10;  // frequent: at least one distance in this many
  const bool whole = std::all_of(differences.begin(), differences.end(),
                                 [&](const auto& item) { return item.first % least == 0; });
  return whole && kShare * differences.at(least) >= all ? least : most;
}

// The largest day of a month among the times, where all of them are that day or, in shorter months,
// the last one, all at one time of day; else 0.
int common_day(const std::vector<Times>& series) {
  int largest = 0;
  std::int64_t clock = -1;
  for (const auto& one : series) {
    for (const std::int64_t time : one.time) {
      const std::int64_t second = floor_modulo(time, kSecondsADay);
      if (clock >= 0 && second != clock) return 0;
      clock = second;
      largest = std::max(largest, date_of(floor_divide(time, kSecondsADay)).day);
    }
  }
  for (const auto& one : series) {
    for (const std::int64_t time : one.time) {
      const Date date = date_of(floor_divide(time, kSecondsADay));
      if (date.day != std::min(largest, days_of_month(date.year, date.month))) return 0;
    }
  }
  return largest;
}

// True if times are days that pass over weekends, and never lie on one.
bool are_business_days(const std::vector<Times>& series) {
  bool passes = false;
  std::int64_t clock = -1;
  for (const auto& one : series) {
    for (std::size_t i = 0; i < one.time.size(); ++i) {
      const std::int64_t day = floor_divide(one.time[i], kSecondsADay);
      const std::int64_t second = floor_modulo(one.time[i], kSecondsADay);
      if (weekday_of(day) > 4 || (clock >= 0 && second != clock)) return false;
      clock = second;
      passes = passes ||
               (i > 0 && weekday_of(floor_divide(one.time[i - 1], kSecondsADay)) > weekday_of(day));
    }
  }
  return passes;
}

std::int64_t to_unit(std::int64_t second, Unit unit) {
  const std::int64_t day = floor_divide(second, kSecondsADay);
  if (unit == Unit::kBusinessDay) return business_day_of(day);
  if (unit != Unit::kMonth) return second;
  const Date date = date_of(day);
  return 12 * (date.year - 1970) + date.month - 1;
}

void turn_into(Unit unit, std::vector<Times>& series) {
  for (auto& one : series) {
    for (auto& time : one.time) time = to_unit(time, unit);
  }
}

// The time of day that all stamps of days share stands in the form as it is.
std::string with_clock(std::string form, std::int64_t second) {
  Moment moment;
  moment.second = static_cast<int>(floor_modulo(second, kSecondsADay));
  for (const char* sign : {"%H", "%-H", "%I", "%-I", "%M", "%S", "%p"}) {
    form = replace_sign(form, sign, write_form(sign, moment));
  }
  return form;
}

// The day of the month in the form as it is.
std::string with_day(std::string form, int day) {
  const bool padded = form.find("%d") != std::string::npos;
  const std::string text = day > 28 ? fmt::format("%{}d", day)
                           : padded ? fmt::format("{:02}", day)
                                    : fmt::format("{}", day);
  return replace_sign(form, padded ? "%d" : "%-d", text);
}

std::int64_t first_time(const std::vector<Times>& series) {
  for (const auto& one : series) {
    if (!one.time.empty()) return one.time[0];
  }
  return 0;
}

// Replaces seconds by months or business days where the times fit them.
void settle_unit(std::vector<Times>& series, Calendar& calendar) {
  constexpr std::int64_t kLeastMonth = 28 * kSecondsADay;
  const std::int64_t most = most_frequent(count_differences(series));
  if (calendar.form.find("%V") != std::string::npos) return;
  if (most >= kLeastMonth) {
    const int day = common_day(series);
    if (day == 0) return;
    calendar.unit = Unit::kMonth;
    calendar.form = with_day(with_clock(calendar.form, first_time(series)), day);
  } else if (most == kSecondsADay && are_business_days(series)) {
    calendar.unit = Unit::kBusinessDay;
    calendar.form = with_clock(calendar.form, first_time(series));
  }
  if (calendar.unit != Unit::kSecond) turn_into(calendar.unit, series);
}

// The step of times that stand alone, one a series.
std::int64_t usual_step(const Calendar& calendar, std::int64_t first) {
  const auto has = [&](const char* sign) { return calendar.form.find(sign) != std::string::npos; };
  if (calendar.unit == Unit::kMonth) {
    return has("%q") ? 3 : has("m") || has("%b") || has("%B") ? 1 : 12;
  }
  if (calendar.unit != Unit::kSecond) return 1;
  if (has("%V")) return kSecondsAWeek;
  const std::int64_t second = floor_modulo(first, kSecondsADay);
  return second == 0 ? kSecondsADay : second % 3600 == 0 ? 3600 : second % 60 == 0 ? 60 : 1;
}

std::string named(std::int64_t every, const Calendar& calendar) {
  return Calendar{calendar.unit, every, ""}.name();
}

// "1 hour", "3 months", "5" for messages.
std::string length_of(std::int64_t difference, const Calendar& calendar) {
  const auto count = [](std::int64_t number, const char* unit) {
    return fmt::format("{} {}{}", number, unit, number == 1 ? "" : "s");
  };
  if (calendar.unit == Unit::kNumber) return fmt::format("{}", difference);
  if (calendar.unit == Unit::kBusinessDay) return count(difference, "business day");
  if (calendar.unit == Unit::kMonth) {
    return difference % 12 == 0 ? count(difference / 12, "year") : count(difference, "month");
  }
  static constexpr std::array<std::pair<std::int64_t, const char*>, 3> kLengths = {
      {{kSecondsADay, "day"}, {3600, "hour"}, {60, "minute"}}};
  for (const auto& [seconds, name] : kLengths) {
    if (difference % seconds == 0) return count(difference / seconds, name);
  }
  return count(difference, "second");
}

// The first step that differs from the ones before, where a stretch of some length goes on so.
struct Change {
  std::size_t at = 0;
  std::int64_t step = 0;
};

std::optional<Change> find_change(const Times& one, std::int64_t every) {
  constexpr std::size_t kLeastRun = 5;
  const std::size_t differences = one.time.size() - 1;
  std::size_t run = 1;
  for (std::size_t i = 2; i < one.time.size(); ++i) {
    const std::int64_t step = one.time[i] - one.time[i - 1];
    run = step == one.time[i - 1] - one.time[i - 2] ? run + 1 : 1;
    if (step != every && run >= kLeastRun && 4 * run >= differences) {
      return Change{i - run + 1, step};
    }
  }
  return std::nullopt;
}

// Another frequency for a whole series, or from some line on.
void check_frequencies(const std::vector<Times>& series, const Calendar& calendar,
                       Problems& problems) {
  constexpr std::size_t kLeastTimes = 4;
  for (const auto& one : series) {
    if (one.time.size() < kLeastTimes) continue;
    Differences differences;
    add_differences(one, differences);
    const std::int64_t step = most_frequent(differences);
    if (step != calendar.every) {
      if (10 * differences.at(step) < 9 * static_cast<std::int64_t>(one.time.size() - 1)) continue;
      problems.add(one.line[0], 0,
                   fmt::format("series {} is {}, others are {}", shown(one.id),
                               named(step, calendar), calendar.name()));
    } else if (const auto change = find_change(one, calendar.every)) {
      problems.add(one.line[change->at], 0,
                   fmt::format("series {} is {} from here on, and {} elsewhere", shown(one.id),
                               named(change->step, calendar), calendar.name()));
    }
  }
}

void check_regular(const std::vector<Times>& series, const Calendar& calendar, Problems& problems) {
  for (const auto& one : series) {
    for (std::size_t i = 1; i < one.time.size(); ++i) {
      const std::int64_t difference = one.time[i] - one.time[i - 1];
      if (difference % calendar.every == 0) continue;
      problems.add(
          one.line[i], 0,
          fmt::format("this time of series {} lies {} after the one before it; most lie {} "
                      "apart",
                      shown(one.id), length_of(difference, calendar),
                      length_of(calendar.every, calendar)));
    }
  }
}

struct NamedUnit {
  std::string_view name;
  Unit unit;
  std::int64_t every;
};

constexpr std::array<NamedUnit, 48> kNamedUnits = {{
    {"s", Unit::kSecond, 1},
    {"second", Unit::kSecond, 1},
    {"seconds", Unit::kSecond, 1},
    {"secondly", Unit::kSecond, 1},
    {"t", Unit::kSecond, 60},
    {"min", Unit::kSecond, 60},
    {"minute", Unit::kSecond, 60},
    {"minutes", Unit::kSecond, 60},
    {"minutely", Unit::kSecond, 60},
    {"half_hourly", Unit::kSecond, 1800},
    {"h", Unit::kSecond, 3600},
    {"hour", Unit::kSecond, 3600},
    {"hours", Unit::kSecond, 3600},
    {"hourly", Unit::kSecond, 3600},
    {"d", Unit::kSecond, kSecondsADay},
    {"day", Unit::kSecond, kSecondsADay},
    {"days", Unit::kSecond, kSecondsADay},
    {"daily", Unit::kSecond, kSecondsADay},
    {"w", Unit::kSecond, kSecondsAWeek},
    {"week", Unit::kSecond, kSecondsAWeek},
    {"weeks", Unit::kSecond, kSecondsAWeek},
    {"weekly", Unit::kSecond, kSecondsAWeek},
    {"b", Unit::kBusinessDay, 1},
    {"business_daily", Unit::kBusinessDay, 1},
    {"m", Unit::kMonth, 1},
    {"ms", Unit::kMonth, 1},
    {"me", Unit::kMonth, 1},
    {"bm", Unit::kMonth, 1},
    {"month", Unit::kMonth, 1},
    {"months", Unit::kMonth, 1},
    {"monthly", Unit::kMonth, 1},
    {"q", Unit::kMonth, 3},
    {"qs", Unit::kMonth, 3},
    {"qe", Unit::kMonth, 3},
    {"quarter", Unit::kMonth, 3},
    {"quarters", Unit::kMonth, 3},
    {"quarterly", Unit::kMonth, 3},
    {"half_yearly", Unit::kMonth, 6},
    {"a", Unit::kMonth, 12},
    {"as", Unit::kMonth, 12},
    {"y", Unit::kMonth, 12},
    {"ys", Unit::kMonth, 12},
    {"ye", Unit::kMonth, 12},
    {"year", Unit::kMonth, 12},
    {"years", Unit::kMonth, 12},
    {"yearly", Unit::kMonth, 12},
    {"annual", Unit::kMonth, 12},
    {"annually", Unit::kMonth, 12},
}};

}  // namespace

Calendar find_calendar(const StampReader& stamps, std::vector<Times>& series, Problems& problems) {
  using Kind = StampReader::Kind;
  Calendar calendar;
  calendar.form = stamps.form();
  calendar.unit = stamps.kind() == Kind::kNumber  ? Unit::kNumber
                  : stamps.kind() == Kind::kMonth ? Unit::kMonth
                                                  : Unit::kSecond;
  if (calendar.unit == Unit::kSecond) settle_unit(series, calendar);
  calendar.every = find_step(count_differences(series));
  if (calendar.every == 0) calendar.every = usual_step(calendar, first_time(series));
  check_frequencies(series, calendar, problems);
  if (problems.count() == 0) check_regular(series, calendar, problems);
  return calendar;
}

std::optional<Calendar> frequency_named(std::string_view name) {
  std::string word = lower(trim(name));
  word = word.substr(0, word.find('-'));  // "W-SUN", "Q-DEC"
  std::int64_t count = 1;
  const auto [stop, code] = std::from_chars(word.data(), word.data() + word.size(), count);
  const bool counted = code == std::errc();
  constexpr std::int64_t kMostUnits = 1'000'000;
  if ((!counted && code != std::errc::invalid_argument) || count < 1 || count > kMostUnits) {
    return std::nullopt;
  }
  std::string_view unit = word;
  if (counted) unit.remove_prefix(static_cast<std::size_t>(stop - word.data()));
  while (counted && (unit.starts_with('_') || unit.starts_with(' '))) unit.remove_prefix(1);
  const auto* const found = std::find_if(kNamedUnits.begin(), kNamedUnits.end(),
                                         [&](const NamedUnit& item) { return item.name == unit; });
  if (found == kNamedUnits.end()) return std::nullopt;
  return Calendar{found->unit, count * found->every, ""};
}

std::int64_t start_on(Calendar& calendar, const StampReader& stamps, const Moment& moment) {
  const std::int64_t time = stamps.time(moment);
  calendar.form = stamps.form();
  if (stamps.kind() != StampReader::Kind::kSecond) {
    // A month or a year is its first day for a calendar of days.
    const bool days = calendar.unit == Unit::kSecond || calendar.unit == Unit::kBusinessDay;
    if (!days || stamps.kind() == StampReader::Kind::kNumber) return time;
    const std::int64_t day =
        day_of({1970 + floor_divide(time, 12), static_cast<int>(floor_modulo(time, 12)) + 1});
    calendar.form = "%Y-%m-%d";
    return calendar.unit == Unit::kSecond ? day * kSecondsADay : business_day_of(day);
  }
  if (calendar.unit == Unit::kMonth) {
    const Date date = date_of(floor_divide(time, kSecondsADay));
    const bool last = date.day > 1 && date.day == days_of_month(date.year, date.month);
    calendar.form = with_day(with_clock(calendar.form, time), last ? 31 : date.day);
  }
  if (calendar.unit == Unit::kBusinessDay) calendar.form = with_clock(calendar.form, time);
  return to_unit(time, calendar.unit);
}

}  // namespace refrain::data
