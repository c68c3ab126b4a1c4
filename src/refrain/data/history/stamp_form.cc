#include "refrain/data/history/stamp_form.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <vector>

#include "refrain/data/history/civil.h"
#include "refrain/data/readers/lines.h"

namespace refrain::data {
namespace {

constexpr std::size_t kLongestStamp = 48;

constexpr std::array<std::string_view, 12> kMonthNames = {
    "January", "February", "March",     "April",   "May",      "June",
    "July",    "August",   "September", "October", "November", "December"};

bool is_number_sign(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

// 1 to 12 for "Jan", "january"; 0 for any other word.
int month_named(std::string_view word) {
  const std::string small = lower(word);
  for (std::size_t i = 0; i < kMonthNames.size(); ++i) {
    const std::string name = lower(kMonthNames[i]);
    if (small == name || small == name.substr(0, 3)) return static_cast<int>(i) + 1;
  }
  return 0;
}

// A stamp cut into runs of digits, words and single other characters; `kinds` has a letter for
// each.
struct Pieces {
  std::vector<std::string_view> texts;
  std::string kinds;
};

// '4' and '2' for digits (one or two of them), 'n' for other numbers of digits, 'B' for a month,
// 'A' for AM and PM, 'U' for UTC, the letter in upper case for a single one, '?' for other words.
char kind_of_piece(std::string_view text) {
  if (is_number_sign(text[0])) return text.size() == 4 ? '4' : text.size() <= 2 ? '2' : 'n';
  if (!is_letter(text[0])) return text[0] == '?' ? '!' : text[0];
  if (text.size() == 1) return static_cast<char>(text[0] & ~0x20);
  if (month_named(text) > 0) return 'B';
  const std::string word = lower(text);
  return word == "am" || word == "pm" ? 'A' : word == "utc" || word == "gmt" ? 'U' : '?';
}

Pieces cut_stamp(std::string_view cell) {
  Pieces out;
  while (!cell.empty()) {
    const char c = cell[0];
    std::size_t size = 1;
    const auto same = [&](char next) {
      return is_number_sign(c) ? is_number_sign(next) : is_letter(c) && is_letter(next);
    };
    while (size < cell.size() && same(cell[size])) ++size;
    out.texts.push_back(cell.substr(0, size));
    out.kinds += kind_of_piece(out.texts.back());
    cell.remove_prefix(size);
  }
  return out;
}

// Kinds of pieces, and the signs that stand for those that are digits or names; longer ones first.
struct StampPattern {
  std::string_view kinds, signs;
};

constexpr std::array<StampPattern, 26> kDatePatterns = {{
    {"B 2, 4", "bdY"}, {"4-2-2", "Ymd"}, {"4/2/2", "Ymd"}, {"4.2.2", "Ymd"}, {"2/2/4", "mdY"},
    {"2-2-4", "mdY"},  {"2.2.4", "dmY"}, {"2 B 4", "dbY"}, {"2-B-4", "dbY"}, {"2/B/4", "dbY"},
    {"4-B-2", "Ybd"},  {"4-Q2", "Yq"},   {"4 Q2", "Yq"},   {"Q2 4", "qY"},   {"Q2-4", "qY"},
    {"Q2/4", "qY"},    {"4-W2", "GV"},   {"4 W2", "GV"},   {"4W2", "GV"},    {"4Q2", "Yq"},
    {"4M2", "Ym"},     {"B 4", "bY"},    {"B-4", "bY"},    {"4 B", "Yb"},    {"4-B", "Yb"},
    {"4-2", "Ym"},
}};
constexpr std::array<StampPattern, 3> kMorePatterns = {
    {{"4/2", "Ym"}, {"2/4", "mY"}, {"2-4", "mY"}}};
constexpr std::array<StampPattern, 4> kTimePatterns = {
    {{"2:2:2", "HMS"}, {"2-2-2", "HMS"}, {"2:2", "HM"}, {"2", "H"}}};

class FormFinder {
 public:
  explicit FormFinder(std::string_view cell) : pieces_(cut_stamp(cell)) {}

  std::string find() {
    if (!take_any(kDatePatterns) && !take_any(kMorePatterns)) return "";
    if (at_end()) return form_;
    if (kind() == ' ' || kind() == 'T' || kind() == '_') literal();
    return take_time() && at_end() ? form_ : "";
  }

 private:
  bool at_end() const { return at_ == pieces_.kinds.size(); }
  char kind(std::size_t ahead = 0) const {
    return at_ + ahead < pieces_.kinds.size() ? pieces_.kinds[at_ + ahead] : '\0';
  }
  void literal() { form_ += pieces_.texts[at_++]; }
  void sign(char name) {
    form_ += '%';
    form_ += name;
    ++at_;
  }

  bool take(const StampPattern& pattern) {
    if (!std::string_view(pieces_.kinds).substr(at_).starts_with(pattern.kinds)) return false;
    std::size_t next = 0;
    for (const char c : pattern.kinds) {
      if (c == '4' || c == '2' || c == 'B') {
        sign(pattern.signs[next++]);
      } else {
        literal();
      }
    }
    return true;
  }

  template <class Patterns>
  bool take_any(const Patterns& patterns) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const StampPattern& pattern) { return take(pattern); });
  }

  bool take_time() {
    if (!take_any(kTimePatterns)) return false;
    const bool digits = kind(1) == '2' || kind(1) == '4' || kind(1) == 'n';
    if (kind() == '.' && digits) {
      literal();
      sign('f');
    }
    if (kind() == 'A' || (kind() == ' ' && kind(1) == 'A')) take_half();
    if (kind() == ' ') literal();
    if (kind() == 'Z' || kind() == 'U') literal();
    if (kind() == '+' || kind() == '-') take_zone();
    return true;
  }

  void take_half() {
    if (kind() == ' ') literal();
    sign('p');
    form_ = replace_sign(form_, "%H", "%I");
  }

  void take_zone() {
    const bool parts = kind(1) == '2' && kind(2) == ':' && kind(3) == '2';
    if (!parts && kind(1) != '4' && kind(1) != '2') return;
    form_ += "%z";
    at_ += parts ? 4 : 2;
  }

  Pieces pieces_;
  std::size_t at_ = 0;
  std::string form_;
};

// Reads a cell along its form.
class FormRun {
 public:
  FormRun(std::string_view cell, Moment& moment, FormDetail& detail)
      : rest_(cell), moment_(moment), detail_(detail) {}

  bool run(std::string_view form) {
    for (std::size_t i = 0; i < form.size(); ++i) {
      const bool ok = form[i] == '%' && i + 1 < form.size() ? field(form[++i]) : same(form[i]);
      if (!ok) return false;
    }
    if (half_ >= 0 && (hour_ < 1 || hour_ > 12)) return false;
    if (half_ >= 0) hour_ = hour_ % 12 + 12 * half_;
    moment_.second = 3600 * hour_ + 60 * minute_ + second_;
    return rest_.empty() && hour_ < 24 && minute_ < 60 && second_ < 60;
  }

 private:
  bool same(char c) {
    if (rest_.empty() || rest_[0] != c) return false;
    rest_.remove_prefix(1);
    return true;
  }

  // Reads digits, from `least` to `most`; -1 where there are fewer.
  int digits(std::size_t least, std::size_t most, bool* unpadded = nullptr) {
    int value = 0;
    std::size_t count = 0;
    for (; count < most && count < rest_.size() && is_number_sign(rest_[count]); ++count) {
      value = 10 * value + (rest_[count] - '0');
    }
    if (count < least) return -1;
    if (unpadded != nullptr) *unpadded = *unpadded || count == 1;
    rest_.remove_prefix(count);
    return value;
  }

  bool put(int value, int& to) {
    to = value;
    return value >= 0;
  }

  bool field(char sign) {
    switch (sign) {
      case 'Y':
      case 'G':
        return (moment_.year = digits(4, 4)) >= 0;
      case 'm':
        return put(digits(1, 2, &detail_.unpadded_month), moment_.month);
      case 'd':
        return put(digits(1, 2, &detail_.unpadded_day), moment_.day);
      case 'V':
        return put(digits(2, 2), moment_.week) && moment_.week >= 1 &&
               moment_.week <= weeks_of_year(moment_.year);
      case 'q':
        return put(3 * digits(1, 1) - 2, moment_.month) && moment_.month <= 10;
      case 'H':
      case 'I':
        return put(digits(1, 2, &detail_.unpadded_hour), hour_);
      case 'M':
        return put(digits(2, 2), minute_);
      case 'S':
        return put(digits(2, 2), second_);
      default:
        return other(sign);
    }
  }

  bool other(char sign) {
    if (sign == 'f') return fraction();
    if (sign == 'z') return zone();
    const std::string_view name = word();
    if (sign == 'b' || sign == 'B') {
      detail_.long_name = detail_.long_name || name.size() > 3;
      return put(month_named(name), moment_.month) && moment_.month > 0;
    }
    half_ = lower(name) == "pm" ? 1 : lower(name) == "am" ? 0 : -1;
    return half_ >= 0;
  }

  std::string_view word() {
    std::size_t size = 0;
    while (size < rest_.size() && is_letter(rest_[size])) ++size;
    const std::string_view out = rest_.substr(0, size);
    rest_.remove_prefix(size);
    return out;
  }

  bool fraction() {
    std::size_t size = 0;
    for (; size < rest_.size() && is_number_sign(rest_[size]); ++size) {
      detail_.fraction = detail_.fraction || rest_[size] != '0';
    }
    rest_.remove_prefix(size);
    return size > 0;
  }

  bool zone() {
    if (rest_.empty() || (rest_[0] != '+' && rest_[0] != '-')) return false;
    const int way = rest_[0] == '+' ? 1 : -1;
    rest_.remove_prefix(1);
    const int hours = digits(1, 2);
    if (!rest_.empty() && rest_[0] == ':') rest_.remove_prefix(1);
    const int minutes = rest_.empty() ? 0 : digits(2, 2);
    moment_.offset = way * (3600 * hours + 60 * minutes);
    return hours >= 0 && hours < 24 && minutes >= 0 && minutes < 60;
  }

  std::string_view rest_;
  Moment& moment_;
  FormDetail& detail_;
  int hour_ = 0, minute_ = 0, second_ = 0;
  int half_ = -1;  // 0 AM, 1 PM
};

std::string month_name(int month, bool whole) {
  const std::string_view name = kMonthNames[static_cast<std::size_t>(std::clamp(month, 1, 12) - 1)];
  return std::string(name.substr(0, whole ? name.size() : 3));
}

std::string zone_text(int offset) {
  const int minutes = (offset < 0 ? -offset : offset) / 60;
  return fmt::format("{}{:02}:{:02}", offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

std::string field_text(char sign, bool padded, const Moment& m) {
  const auto number = [&](int value) {
    return padded ? fmt::format("{:02}", value) : fmt::format("{}", value);
  };
  const int hour = m.second / 3600;
  switch (sign) {
    case 'Y':
    case 'G':
      return fmt::format("{:04}", m.year);
    case 'm':
      return number(m.month);
    case 'd':
      return number(m.day);
    case 'V':
      return number(m.week);
    case 'q':
      return fmt::format("{}", (m.month + 2) / 3);
    case 'H':
      return number(hour);
    case 'I':
      return number((hour + 11) % 12 + 1);
    case 'M':
      return number(m.second / 60 % 60);
    case 'S':
      return number(m.second % 60);
    case 'p':
      return hour < 12 ? "AM" : "PM";
    case 'z':
      return zone_text(m.offset);
    default:
      return month_name(m.month, sign == 'B');
  }
}

}  // namespace

std::string find_form(std::string_view cell) {
  cell = trim(cell);
  if (cell.empty() || cell.size() > kLongestStamp || cell.find('%') != std::string_view::npos) {
    return "";
  }
  return FormFinder(cell).find();
}

bool form_order_is_open(std::string_view form) {
  return form.starts_with("%m/%d/") || form.starts_with("%m-%d-");
}

bool read_form(std::string_view form, std::string_view cell, Moment& moment, FormDetail& detail) {
  return FormRun(trim(cell), moment, detail).run(form);
}

bool is_date(const Moment& moment) {
  return moment.month >= 1 && moment.month <= 12 && moment.day >= 1 &&
         moment.day <= days_of_month(moment.year, moment.month);
}

std::string write_form(std::string_view form, const Moment& moment) {
  std::string out;
  for (std::size_t i = 0; i < form.size(); ++i) {
    if (form[i] != '%' || i + 1 == form.size()) {
      out += form[i];
      continue;
    }
    ++i;
    const bool padded = form[i] != '-';
    if (!padded && i + 1 < form.size()) ++i;
    int day = 0;
    while (is_number_sign(form[i]) && i + 1 < form.size()) day = 10 * day + (form[i++] - '0');
    Moment shown_moment = moment;
    if (day > 0) shown_moment.day = std::min(day, days_of_month(moment.year, moment.month));
    out += field_text(form[i], padded, shown_moment);
  }
  return out;
}

std::string replace_sign(std::string form, std::string_view sign, std::string_view text) {
  const std::size_t at = form.find(sign);
  if (at != std::string::npos) form.replace(at, sign.size(), text);
  return form;
}

}  // namespace refrain::data
