#include "refrain/data/history/build.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "refrain/base/error.h"
#include "refrain/data/history/stamps.h"
#include "refrain/data/readers/lines.h"

namespace refrain::data {
namespace {

constexpr double kGap = std::numeric_limits<double>::quiet_NaN();
constexpr std::int64_t kDaySeconds = 86'400;

std::optional<std::int64_t> whole_number(std::string_view cell) {
  cell = trim(cell);
  std::int64_t out = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), out);
  if (error == std::errc() && end == cell.data() + cell.size()) return out;
  if (cell.ends_with(".0")) return whole_number(cell.substr(0, cell.size() - 2));
  return std::nullopt;
}

[[noreturn]] void refuse_stamps(const std::string& path, const std::string& what,
                                const std::string& remedy) {
  throw Error(Code::kData, path + ": " + what, remedy);
}

// Some cells of the file, for a look at how stamps are written.
std::vector<std::string> some_stamps(const std::vector<StampedHistory>& series) {
  constexpr std::size_t kMost = 5000;
  std::vector<std::string> out;
  std::size_t all = 0;
  for (const auto& s : series) all += s.rows.size();
  const std::size_t step = all / kMost + 1;
  std::size_t at = 0;
  for (const auto& s : series) {
    for (const auto& row : s.rows) {
      if (at++ % step == 0) out.push_back(row.stamp);
    }
  }
  return out;
}

bool is_day_first(const std::string& form) { return form.starts_with("%d/%m"); }

// The form of the stamps; "" where they are numbers of steps.
std::string form_of(const std::vector<StampedHistory>& series, const std::string& path) {
  const auto cells = some_stamps(series);
  const auto forms = stamp_forms(cells);
  const bool numbers = std::all_of(cells.begin(), cells.end(),
                                   [](const auto& c) { return whole_number(c).has_value(); });
  if (forms.empty() && numbers) return "";
  if (forms.empty()) {
    for (const auto& cell : cells) {
      if (!stamp_forms({cell}).empty()) continue;
      refuse_stamps(path, fmt::format("{} is no time that is known", shown(cell)),
                    "write times as 2024-01-31, 2024-01-31 13:45:00, 2024-01, 2024Q1 or 2024");
    }
    refuse_stamps(path, "the times are written in several ways",
                  "write all of them as 2024-01-31 13:45:00");
  }
  const bool both = forms.size() > 1 && std::any_of(forms.begin(), forms.end(), is_day_first) &&
                    forms.front().starts_with("%m/%d");
  if (both) {
    refuse_stamps(path,
                  fmt::format("whether {} begins with the month or the day cannot be told",
                              shown(cells.front())),
                  "write times as 2024-01-31");
  }
  return forms.front();
}

std::int64_t month_number(const CivilTime& t) { return 12 * t.year + t.month - 1; }
std::int64_t seconds_of(const CivilTime& t) {
  return kDaySeconds * days_from_civil(t.year, t.month, t.day) + t.second;
}

// Times of all rows in seconds (or months, where the form tells no days), by series.
using Ticks = std::vector<std::vector<std::int64_t>>;

struct GapBetween {
  std::int64_t size = 0;
  std::size_t series = 0, row = 0;
};

// The most frequent distance of neighbours, and each distance once with a place.
struct Distances {
  std::map<std::int64_t, std::size_t> count;
  std::map<std::int64_t, GapBetween> place;

  explicit Distances(const Ticks& ticks) {
    for (std::size_t s = 0; s < ticks.size(); ++s) {
      for (std::size_t i = 1; i < ticks[s].size(); ++i) {
        const std::int64_t d = ticks[s][i] - ticks[s][i - 1];
        if (d <= 0) continue;
        ++count[d];
        place.try_emplace(d, GapBetween{d, s, i});
      }
    }
  }
  std::int64_t most_frequent() const {
    std::int64_t best = 0;
    std::size_t most = 0;
    for (const auto& [d, n] : count) {
      if (n <= most) continue;
      most = n;
      best = d;
    }
    return best;
  }
  std::optional<GapBetween> odd_one(std::int64_t every) const {
    for (const auto& [d, at] : place) {
      if (d % every != 0) return at;
    }
    return std::nullopt;
  }
};

// Whether all times are of one day of a month, or each month's last, at one time of day.
struct MonthDays {
  bool one_day = true, last_day = true;
  int day = 0, second = 0;

  explicit MonthDays(const Ticks& ticks) {
    bool first = true;
    for (const auto& list : ticks) {
      for (const std::int64_t tick : list) {
        const CivilTime t = civil_from_seconds(tick);
        if (first) day = t.day;
        if (first) second = t.second;
        first = false;
        one_day = one_day && t.day == day && t.second == second;
        last_day = last_day && t.day == days_in_month(t.year, t.month) && t.second == second;
      }
    }
  }
};

bool only_weekdays(const Ticks& ticks) {
  for (const auto& list : ticks) {
    for (const std::int64_t tick : list) {
      const CivilTime t = civil_from_seconds(tick);
      const std::int64_t since_monday = ((days_from_civil(t.year, t.month, t.day) + 3) % 7 + 7) % 7;
      if (t.second != 0 || since_monday >= 5) return false;
    }
  }
  return true;
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  const std::size_t at = text.find(what);
  return at == std::string::npos ? text : text.replace(at, what.size(), by);
}

// What `%H:%M:%S` and its like are at one time of day.
std::string with_time_of_day(std::string form, int second) {
  form = replaced(form, "%H", fmt::format("{:02}", second / 3600));
  form = replaced(form, "%M", fmt::format("{:02}", second / 60 % 60));
  return replaced(form, "%S", fmt::format("{:02}", second % 60));
}

// Turns seconds into months or business days where the times are such.
void settle_unit(Ticks& ticks, Calendar& calendar) {
  const std::int64_t usual = Distances(ticks).most_frequent();
  if (usual >= 28 * kDaySeconds) {
    const MonthDays days(ticks);
    if (days.last_day || days.one_day) {
      for (auto& list : ticks) {
        for (auto& tick : list) tick = month_number(civil_from_seconds(tick));
      }
      calendar.unit = Calendar::Unit::kMonth;
      calendar.form =
          replaced(calendar.form, "%d", days.last_day ? "%L" : fmt::format("{:02}", days.day));
      calendar.form = with_time_of_day(calendar.form, days.second);
      return;
    }
  }
  std::size_t rows = 0;
  for (const auto& list : ticks) rows += list.size();
  if (usual != kDaySeconds || rows < 10 || !only_weekdays(ticks)) return;
  for (auto& list : ticks) {
    for (auto& tick : list) tick = business_day_of(tick / kDaySeconds);
  }
  calendar.unit = Calendar::Unit::kBusinessDay;
}

std::string tick_text(const Calendar& c, std::int64_t size) {
  Calendar pace = c;
  pace.every = size;
  if (c.unit == Calendar::Unit::kNumber) return fmt::format("{} steps", size);
  return pace.name();
}

// The ticks of all rows; rows whose stamp cannot be read are problems.
Ticks read_ticks(const std::vector<StampedHistory>& series, Calendar& calendar,
                 Problems& problems) {
  Ticks out;
  const bool numbers = calendar.form.empty(), days = tells_days(calendar.form);
  for (const auto& s : series) {
    auto& list = out.emplace_back();
    for (const auto& row : s.rows) {
      const auto number = numbers ? whole_number(row.stamp) : std::nullopt;
      const auto time = numbers ? std::nullopt : parse_stamp(row.stamp, calendar.form);
      if (!number && !time) {
        problems.add(row.line, 0, shown(row.stamp) + " is no time like the others");
        list.push_back(0);
        continue;
      }
      list.push_back(number ? *number : days ? seconds_of(*time) : month_number(*time));
    }
  }
  calendar.unit = numbers ? Calendar::Unit::kNumber
                  : days  ? Calendar::Unit::kSecond
                          : Calendar::Unit::kMonth;
  return out;
}

// Sorts each series by time; equal times are problems. Returns how many series were out of order.
std::size_t sort_rows(std::vector<StampedHistory>& series, Ticks& ticks, Problems& problems) {
  std::size_t unsorted = 0;
  for (std::size_t s = 0; s < series.size(); ++s) {
    auto& rows = series[s].rows;
    auto& own = ticks[s];
    if (!std::is_sorted(own.begin(), own.end())) {
      ++unsorted;
      std::vector<std::size_t> order(rows.size());
      for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
      std::stable_sort(order.begin(), order.end(),
                       [&](std::size_t a, std::size_t b) { return own[a] < own[b]; });
      std::vector<StampedRow> sorted;
      std::vector<std::int64_t> times;
      for (const std::size_t i : order) {
        sorted.push_back(std::move(rows[i]));
        times.push_back(own[i]);
      }
      rows = std::move(sorted);
      own = std::move(times);
    }
    for (std::size_t i = 1; i < rows.size(); ++i) {
      if (own[i] != own[i - 1]) continue;
      problems.add(rows[i].line, 0,
                   fmt::format("series {} has time {} twice, here and in line {}",
                               shown(series[s].id), shown(rows[i].stamp), rows[i - 1].line));
    }
  }
  return unsorted;
}

void settle_pace(const std::vector<StampedHistory>& series, const Ticks& ticks, Histories& out) {
  const Distances distances(ticks);
  Calendar& c = out.calendar;
  const std::int64_t usual = distances.most_frequent();
  c.every = usual > 0 ? usual : c.unit == Calendar::Unit::kSecond ? kDaySeconds : 1;
  const auto odd = distances.odd_one(c.every);
  if (!odd) return;
  const auto& row = series[odd->series].rows[odd->row];
  throw Error(
      Code::kData,
      fmt::format("{}:{}: times are not equally far apart: most steps are {}, but from {} to {} of "
                  "series {} it is {}",
                  out.path, row.line, tick_text(c, c.every),
                  shown(series[odd->series].rows[odd->row - 1].stamp), shown(row.stamp),
                  shown(series[odd->series].id), tick_text(c, odd->size)),
      "bring the series to one pace first, for example by means over days");
}

void put_rows(const StampedHistory& s, const std::vector<std::int64_t>& ticks, Histories& out,
              Problems& problems) {
  History h;
  h.id = s.id;
  h.line = s.line;
  h.fixed = s.fixed;
  const std::int64_t every = out.calendar.every;
  const auto span = static_cast<std::uint64_t>((ticks.back() - ticks.front()) / every);
  if (span >= kMostSteps) {
    throw Error(Code::kData,
                fmt::format("{}:{}: series {} would have {} steps, which is too many", out.path,
                            s.line, shown(s.id), span + 1),
                "look at its first and last time; leave out what is wrong");
  }
  const std::size_t T = span + 1, F = out.known.size(), P = out.past.size();
  h.start = ticks.front();
  h.value.assign(T, kGap);
  h.known.assign(T * F, kGap);
  h.past.assign(T * P, kGap);
  for (std::size_t i = 0; i < s.rows.size(); ++i) {
    const auto t = static_cast<std::size_t>((ticks[i] - ticks.front()) / every);
    h.value[t] = s.rows[i].value;
    std::copy(s.rows[i].known.begin(), s.rows[i].known.end(),
              h.known.begin() + static_cast<std::ptrdiff_t>(t * F));
    std::copy(s.rows[i].past.begin(), s.rows[i].past.end(),
              h.past.begin() + static_cast<std::ptrdiff_t>(t * P));
  }
  trim_history(h, F, P, every, problems);
  out.series.push_back(std::move(h));
}

std::size_t count_gaps(const Histories& h) {
  std::size_t gaps = 0;
  for (const auto& s : h.series) {
    gaps += static_cast<std::size_t>(
        std::count_if(s.value.begin(), s.value.end(), [](double x) { return std::isnan(x); }));
  }
  return gaps;
}

void say_gaps(Histories& out) {
  const std::size_t gaps = count_gaps(out);
  if (gaps == 0) return;
  std::size_t all = 0;
  for (const auto& s : out.series) all += s.steps();
  out.warnings.push_back(
      fmt::format("{} of {} steps are missing: they are read as gaps", gaps, all));
}

}  // namespace

void trim_history(History& h, std::size_t F, std::size_t P, std::int64_t every,
                  Problems& problems) {
  const auto there = [](double x) { return !std::isnan(x); };
  const auto first = std::find_if(h.value.begin(), h.value.end(), there);
  if (first == h.value.end()) {
    problems.add(h.line, 0, fmt::format("series {} has no values", shown(h.id)));
    return;
  }
  const auto last = std::find_if(h.value.rbegin(), h.value.rend(), there);
  const std::ptrdiff_t front = first - h.value.begin(), back = last - h.value.rbegin();
  h.value.erase(h.value.end() - back, h.value.end());
  h.value.erase(h.value.begin(), h.value.begin() + front);
  h.past.erase(h.past.end() - back * static_cast<std::ptrdiff_t>(P), h.past.end());
  h.past.erase(h.past.begin(), h.past.begin() + front * static_cast<std::ptrdiff_t>(P));
  h.known.erase(h.known.begin(), h.known.begin() + front * static_cast<std::ptrdiff_t>(F));
  h.start += front * every;
}

void build_histories(std::vector<StampedHistory> series, Problems& problems, Histories& out) {
  out.calendar.form = form_of(series, out.path);
  Ticks ticks = read_ticks(series, out.calendar, problems);
  const std::size_t unsorted = sort_rows(series, ticks, problems);
  problems.throw_if_any("mend these times; each series has each time once");
  if (unsorted > 0) {
    out.warnings.push_back(fmt::format(
        "the rows of {} series were not in the order of time: they are sorted", unsorted));
  }
  if (out.calendar.unit == Calendar::Unit::kSecond) settle_unit(ticks, out.calendar);
  settle_pace(series, ticks, out);
  for (std::size_t s = 0; s < series.size(); ++s) put_rows(series[s], ticks[s], out, problems);
  problems.throw_if_any("give each series at least one value");
  say_gaps(out);
}

namespace {

struct NamedPaceOfFile {
  const char* name;
  Calendar::Unit unit;
  std::int64_t every;
};

// Names as .tsf files and pandas have them, in lower case.
constexpr NamedPaceOfFile kPaces[] = {{"yearly", Calendar::Unit::kMonth, 12},
                                      {"quarterly", Calendar::Unit::kMonth, 3},
                                      {"monthly", Calendar::Unit::kMonth, 1},
                                      {"weekly", Calendar::Unit::kSecond, 604'800},
                                      {"daily", Calendar::Unit::kSecond, 86'400},
                                      {"hourly", Calendar::Unit::kSecond, 3600},
                                      {"half_hourly", Calendar::Unit::kSecond, 1800},
                                      {"10_minutes", Calendar::Unit::kSecond, 600},
                                      {"minutely", Calendar::Unit::kSecond, 60},
                                      {"4_seconds", Calendar::Unit::kSecond, 4},
                                      {"1y", Calendar::Unit::kMonth, 12},
                                      {"y", Calendar::Unit::kMonth, 12},
                                      {"a", Calendar::Unit::kMonth, 12},
                                      {"ye", Calendar::Unit::kMonth, 12},
                                      {"q", Calendar::Unit::kMonth, 3},
                                      {"qe", Calendar::Unit::kMonth, 3},
                                      {"1q", Calendar::Unit::kMonth, 3},
                                      {"m", Calendar::Unit::kMonth, 1},
                                      {"1m", Calendar::Unit::kMonth, 1},
                                      {"me", Calendar::Unit::kMonth, 1},
                                      {"ms", Calendar::Unit::kMonth, 1},
                                      {"w", Calendar::Unit::kSecond, 604'800},
                                      {"1w", Calendar::Unit::kSecond, 604'800},
                                      {"b", Calendar::Unit::kBusinessDay, 1},
                                      {"1b", Calendar::Unit::kBusinessDay, 1},
                                      {"d", Calendar::Unit::kSecond, 86'400},
                                      {"1d", Calendar::Unit::kSecond, 86'400},
                                      {"h", Calendar::Unit::kSecond, 3600},
                                      {"1h", Calendar::Unit::kSecond, 3600},
                                      {"30min", Calendar::Unit::kSecond, 1800},
                                      {"15min", Calendar::Unit::kSecond, 900},
                                      {"10min", Calendar::Unit::kSecond, 600},
                                      {"5min", Calendar::Unit::kSecond, 300},
                                      {"min", Calendar::Unit::kSecond, 60},
                                      {"t", Calendar::Unit::kSecond, 60},
                                      {"s", Calendar::Unit::kSecond, 1}};

std::int64_t start_of(const CivilTime& t, Calendar::Unit unit) {
  if (unit == Calendar::Unit::kMonth) return month_number(t);
  if (unit == Calendar::Unit::kBusinessDay) {
    return business_day_of(days_from_civil(t.year, t.month, t.day));
  }
  return seconds_of(t);
}

}  // namespace

void place_histories(std::vector<PlainHistory> series, const std::string& pace, Problems& problems,
                     Histories& out) {
  std::string name = lower(pace);
  name = name.substr(0, name.find('-'));  // "W-SUN"
  const NamedPaceOfFile* found = nullptr;
  for (const auto& known : kPaces) {
    if (name == known.name) found = &known;
  }
  std::vector<std::string> cells;
  for (const auto& s : series) cells.push_back(s.first);
  const auto forms = stamp_forms(cells);
  const bool placed = found != nullptr && !forms.empty();
  if (placed) out.calendar = {found->unit, found->every, forms.front()};
  if (placed && found->unit == Calendar::Unit::kMonth && !name.starts_with('m')) {
    out.calendar.form = found->every == 12 ? "%Y" : "%YQ%q";
  } else if (placed && found->unit == Calendar::Unit::kMonth) {
    out.calendar.form = "%Y-%m";
  } else if (placed && found->every % kDaySeconds == 0 && tells_days(forms.front())) {
    out.calendar.form = "%Y-%m-%d";
  } else if (placed) {
    out.calendar.form = "%Y-%m-%d %H:%M:%S";
  }
  for (auto& s : series) {
    s.history.start = 1;
    if (placed) s.history.start = start_of(*parse_stamp(s.first, forms.front()), found->unit);
    trim_history(s.history, out.known.size(), out.past.size(), out.calendar.every, problems);
    out.series.push_back(std::move(s.history));
  }
  if (!placed && !cells.empty() && !cells.front().empty()) {
    out.warnings.emplace_back(
        "the file's starts or its frequency were not understood: steps are numbered");
  }
  problems.throw_if_any("give each series at least one value");
  say_gaps(out);
}

}  // namespace refrain::data
