#include "refrain/data/history/stamps.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "refrain/data/readers/lines.h"

namespace refrain::data {
namespace {

constexpr std::int64_t kDay = 86'400;
constexpr std::int64_t kFirstYear = 1500, kLastYear = 2300;
constexpr std::array kMonthNames = {"jan", "feb", "mar", "apr", "may", "jun",
                                    "jul", "aug", "sep", "oct", "nov", "dec"};

constexpr std::array kStampForms = {"%Y-%m-%d %H:%M:%S",
                                    "%Y-%m-%dT%H:%M:%S",
                                    "%Y-%m-%d %H:%M",
                                    "%Y-%m-%dT%H:%M",
                                    "%Y-%m-%d",
                                    "%Y-%m-%d %H-%M-%S",
                                    "%Y-%m",
                                    "%Y/%m/%d %H:%M:%S",
                                    "%Y/%m/%d %H:%M",
                                    "%Y/%m/%d",
                                    "%Y/%m",
                                    "%d.%m.%Y %H:%M:%S",
                                    "%d.%m.%Y %H:%M",
                                    "%d.%m.%Y",
                                    "%Y.%m.%d",
                                    "%YQ%q",
                                    "%Y-Q%q",
                                    "%Y Q%q",
                                    "Q%q %Y",
                                    "%G-W%V",
                                    "%GW%V",
                                    "%YM%m",
                                    "%b %Y",
                                    "%b-%Y",
                                    "%d-%b-%Y",
                                    "%d %b %Y",
                                    "%m/%d/%Y %H:%M:%S",
                                    "%d/%m/%Y %H:%M:%S",
                                    "%m/%d/%Y %H:%M",
                                    "%d/%m/%Y %H:%M",
                                    "%m/%d/%Y",
                                    "%d/%m/%Y",
                                    "%d-%m-%Y %H:%M",
                                    "%d-%m-%Y",
                                    "%Y%m%d",
                                    "%Y"};

// Digits of `text` from `at` on, at least `least` and at most `most`.
bool take_digits(std::string_view text, std::size_t& at, int least, int most, std::int64_t& out) {
  int taken = 0;
  out = 0;
  while (taken < most && at < text.size() && std::isdigit(static_cast<unsigned char>(text[at]))) {
    out = 10 * out + (text[at++] - '0');
    ++taken;
  }
  return taken >= least;
}

// What may follow the seconds: a fraction, which is dropped, and a zone.
bool take_end(std::string_view text, std::size_t at, std::int64_t& offset) {
  offset = 0;
  std::int64_t number = 0;
  if (at < text.size() && text[at] == '.' && !take_digits(text, ++at, 1, 12, number)) return false;
  if (at == text.size()) return true;
  if (text[at] == 'Z') return at + 1 == text.size();
  if (text[at] != '+' && text[at] != '-') return false;
  const int sign = text[at] == '+' ? 1 : -1;
  std::int64_t hours = 0, minutes = 0;
  if (!take_digits(text, ++at, 2, 2, hours)) return false;
  if (at < text.size() && text[at] == ':') ++at;
  if (at < text.size() && !take_digits(text, at, 2, 2, minutes)) return false;
  offset = sign * (3600 * hours + 60 * minutes);
  return at == text.size() && hours < 24 && minutes < 60;
}

struct StampParts {
  std::int64_t year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0, week = 0;
};

bool take_month_name(std::string_view text, std::size_t& at, std::int64_t& month) {
  std::size_t end = at;
  while (end < text.size() && std::isalpha(static_cast<unsigned char>(text[end]))) ++end;
  const std::string word = lower(text.substr(at, end - at));
  for (std::size_t m = 0; m < kMonthNames.size(); ++m) {
    if (word.size() < 3 || word.substr(0, 3) != kMonthNames[m]) continue;
    month = static_cast<std::int64_t>(m) + 1;
    at = end;
    return true;
  }
  return false;
}

bool take_sign(std::string_view text, std::size_t& at, char sign, StampParts& out) {
  switch (sign) {
    case 'Y':
    case 'G':
      return take_digits(text, at, 4, 4, out.year);
    case 'm':
      return take_digits(text, at, 1, 2, out.month);
    case 'd':
      return take_digits(text, at, 1, 2, out.day);
    case 'H':
      return take_digits(text, at, 1, 2, out.hour);
    case 'M':
      return take_digits(text, at, 2, 2, out.minute);
    case 'S':
      return take_digits(text, at, 2, 2, out.second);
    case 'V':
      return take_digits(text, at, 1, 2, out.week) && out.week >= 1;
    case 'b':
      return take_month_name(text, at, out.month);
    case 'q': {
      std::int64_t quarter = 0;
      const bool good = take_digits(text, at, 1, 1, quarter) && quarter >= 1 && quarter <= 4;
      out.month = 3 * quarter - 2;
      return good;
    }
    default:
      return false;
  }
}

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  return a / b - (a % b != 0 && (a % b < 0) != (b < 0) ? 1 : 0);
}

// 0 = Monday.
int weekday_of(std::int64_t days) {
  return static_cast<int>(days + 3 - 7 * floor_divide(days + 3, 7));
}

std::int64_t monday_of_week(std::int64_t year, std::int64_t week) {
  const std::int64_t fourth = days_from_civil(year, 1, 4);  // always in week 1
  return fourth - weekday_of(fourth) + 7 * (week - 1);
}

std::optional<CivilTime> checked(const StampParts& p, std::int64_t offset) {
  const bool sound = p.year >= kFirstYear && p.year <= kLastYear && p.month >= 1 && p.month <= 12 &&
                     p.day >= 1 && p.day <= days_in_month(p.year, static_cast<int>(p.month)) &&
                     p.hour < 24 && p.minute < 60 && p.second < 60 && p.week <= 53;
  if (!sound) return std::nullopt;
  const std::int64_t days =
      p.week > 0 ? monday_of_week(p.year, p.week)
                 : days_from_civil(p.year, static_cast<int>(p.month), static_cast<int>(p.day));
  return civil_from_seconds(kDay * days + 3600 * p.hour + 60 * p.minute + p.second - offset);
}

}  // namespace

int days_in_month(std::int64_t year, int month) {
  if (month == 2) return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

std::int64_t days_from_civil(std::int64_t year, int month, int day) {
  // Years begin in March, so that the leap day is a year's last.
  const std::int64_t y = month <= 2 ? year - 1 : year;
  const std::int64_t months = month <= 2 ? month + 9 : month - 3;
  const std::int64_t leaps = floor_divide(y, 4) - floor_divide(y, 100) + floor_divide(y, 400);
  return 365 * y + leaps + (153 * months + 2) / 5 + day - 1 - 719'468;
}

CivilTime civil_from_seconds(std::int64_t seconds) {
  const std::int64_t days = floor_divide(seconds, kDay);
  CivilTime out;
  out.second = static_cast<int>(seconds - days * kDay);
  out.year = 1970 + floor_divide(days * 400, 146'097);
  while (days_from_civil(out.year, 1, 1) > days) --out.year;
  while (days_from_civil(out.year + 1, 1, 1) <= days) ++out.year;
  std::int64_t left = days - days_from_civil(out.year, 1, 1);
  while (left >= days_in_month(out.year, out.month)) left -= days_in_month(out.year, out.month++);
  out.day = static_cast<int>(left) + 1;
  return out;
}

std::int64_t business_day_of(std::int64_t days) {
  // Monday, 1969-12-29, is day -3: three weekdays before the first.
  const std::int64_t since = days + 3, weeks = floor_divide(since, 7);
  return 5 * weeks + std::min<std::int64_t>(since - 7 * weeks, 4) - 3;
}

std::int64_t days_of_business_day(std::int64_t number) {
  const std::int64_t since = number + 3, weeks = floor_divide(since, 5);
  return 7 * weeks + since - 5 * weeks - 3;
}

std::optional<CivilTime> parse_stamp(std::string_view cell, const std::string& form) {
  cell = trim(cell);
  StampParts parts;
  std::size_t at = 0;
  std::int64_t offset = 0;
  for (std::size_t f = 0; f < form.size(); ++f) {
    if (form[f] != '%') {
      if (at >= cell.size() || cell[at] != form[f]) return std::nullopt;
      ++at;
    } else if (!take_sign(cell, at, form[++f], parts)) {
      return std::nullopt;
    }
  }
  const bool seconds = form.ends_with("%S");
  if (seconds ? !take_end(cell, at, offset) : at != cell.size()) return std::nullopt;
  return checked(parts, offset);
}

std::string write_stamp(const CivilTime& t, const std::string& form) {
  std::string out;
  for (std::size_t f = 0; f < form.size(); ++f) {
    if (form[f] != '%' || f + 1 == form.size()) {
      out += form[f];
      continue;
    }
    switch (form[++f]) {
      case 'Y':
        out += fmt::format("{:04}", t.year);
        break;
      case 'm':
        out += fmt::format("{:02}", t.month);
        break;
      case 'd':
        out += fmt::format("{:02}", t.day);
        break;
      case 'L':
        out += fmt::format("{:02}", days_in_month(t.year, t.month));
        break;
      case 'H':
        out += fmt::format("{:02}", t.second / 3600);
        break;
      case 'M':
        out += fmt::format("{:02}", t.second / 60 % 60);
        break;
      case 'S':
        out += fmt::format("{:02}", t.second % 60);
        break;
      case 'q':
        out += fmt::format("{}", (t.month + 2) / 3);
        break;
      case 'b': {
        std::string name = kMonthNames[static_cast<std::size_t>(t.month - 1)];
        name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
        out += name;
        break;
      }
      case 'G':
      case 'V': {
        const std::int64_t days = days_from_civil(t.year, t.month, t.day);
        const std::int64_t thursday = days - weekday_of(days) + 3;
        const CivilTime middle = civil_from_seconds(thursday * kDay);
        const std::int64_t first = days_from_civil(middle.year, 1, 1);
        out += form[f] == 'G' ? fmt::format("{:04}", middle.year)
                              : fmt::format("{:02}", (thursday - first) / 7 + 1);
        break;
      }
      default:
        out += form[f];
    }
  }
  return out;
}

bool tells_days(const std::string& form) {
  return form.find("%d") != std::string::npos || form.find("%V") != std::string::npos;
}

std::vector<std::string> stamp_forms(const std::vector<std::string>& cells) {
  std::vector<std::string> out;
  for (const char* form : kStampForms) {
    const bool all =
        !cells.empty() && std::all_of(cells.begin(), cells.end(), [&](const auto& cell) {
          return parse_stamp(cell, form).has_value();
        });
    if (all) out.emplace_back(form);
  }
  return out;
}

}  // namespace refrain::data
