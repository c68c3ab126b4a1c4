#include "refrain/data/history/stamps.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <utility>

#include "refrain/base/error.h"
#include "refrain/data/history/civil.h"
#include "refrain/data/readers/lines.h"

namespace refrain::data {
namespace {

constexpr std::int64_t kFirstYear = 1500, kLastYear = 2199;
constexpr std::int64_t kLargestStepNumber = 1'000'000'000'000'000;

Moment swapped_order(Moment moment) {
  std::swap(moment.month, moment.day);
  return moment;
}

// 20200131.
Moment packed_day(std::int64_t value) {
  Moment out;
  out.year = value / 10000;
  out.month = static_cast<int>(value / 100 % 100);
  out.day = static_cast<int>(value % 100);
  return out;
}

// 202001.
Moment packed_month(std::int64_t value) { return packed_day(value * 100 + 1); }

bool is_recent(const Moment& moment) {
  return moment.year >= kFirstYear && moment.year <= kLastYear && is_date(moment);
}

// The fraction of a stamp, all zeros, as it is written.
std::string zeros_of_fraction(std::string_view stamp) {
  const std::size_t point = stamp.rfind('.');
  const std::size_t end = std::min(stamp.find_first_not_of('0', point + 1), stamp.size());
  return std::string(stamp.substr(point + 1, end - point - 1));
}

}  // namespace

bool read_whole_number(std::string_view cell, std::int64_t& value) {
  cell = trim(cell);
  const std::size_t point = cell.find('.');
  if (point != std::string_view::npos && point > 0) {
    if (cell.find_first_not_of('0', point + 1) != std::string_view::npos) return false;
    cell = cell.substr(0, point);
  }
  if (cell.starts_with('+')) cell.remove_prefix(1);
  const char* end = cell.data() + cell.size();
  const auto [stop, code] = std::from_chars(cell.data(), end, value);
  return code == std::errc() && stop == end && value <= kLargestStepNumber &&
         value >= -kLargestStepNumber;
}

std::string StampReader::read(std::string_view cell, std::int64_t line, Moment& moment) {
  cell = trim(cell);
  if (cell.empty()) return "the time is missing";
  std::int64_t value = 0;
  const bool whole = read_whole_number(cell, value);
  if (first_.empty()) {
    const std::string form = whole ? "" : find_form(cell);
    if (!whole && form.empty()) return shown(cell) + " is not a time";
    whole_ = whole;
    form_ = form;
    first_ = cell;
    first_line_ = line;
  }
  if (whole_) {
    if (whole) return read_whole(value, cell.size(), moment);
  } else {
    const std::string wrong = read_date(cell, moment);
    if (wrong.empty()) note_order(line, moment);
    if (wrong != "form") return wrong;
  }
  if (!whole && find_form(cell).empty()) return shown(cell) + " is not a time";
  return fmt::format("the time {} is written unlike {} on line {}", shown(cell), shown(first_),
                     first_line_);
}

std::string StampReader::read_whole(std::int64_t value, std::size_t digits, Moment& moment) {
  moment = {};
  moment.year = value;
  years_ = years_ && digits == 4 && value >= kFirstYear && value <= kLastYear;
  months_ = months_ && digits == 6 && is_recent(packed_month(value));
  days_ = days_ && digits == 8 && is_recent(packed_day(value));
  return "";
}

// "form" where the cell is of another form.
std::string StampReader::read_date(std::string_view cell, Moment& moment) {
  moment = {};
  FormDetail detail = detail_;
  if (!read_form(form_, cell, moment, detail)) return "form";
  const bool open = form_order_is_open(form_);
  if (!is_date(moment) && !(open && is_date(swapped_order(moment)))) {
    return fmt::format("there is no such day as {}", shown(cell));
  }
  if (detail.fraction) {
    return fmt::format("{} has a fraction of a second; steps are whole seconds", shown(cell));
  }
  detail_ = detail;
  if (open && open_.empty() && moment.month != moment.day) open_ = cell;
  return "";
}

void StampReader::note_order(std::int64_t line, const Moment& moment) {
  if (line == first_line_) offset_ = moment.offset;
  offsets_differ_ = offsets_differ_ || moment.offset != offset_;
  if (!form_order_is_open(form_)) return;
  if (moment.month > 12 && day_first_ == 0) day_first_ = line;
  if (moment.day > 12 && month_first_ == 0) month_first_ = line;
}

void StampReader::settle(const std::string& path) {
  if (whole_ || first_.empty()) return settle_numbers();
  settle_order(path);
  settle_zone();
  if (has("%f")) form_ = replace_sign(form_, "%f", zeros_of_fraction(first_));
  const std::pair<bool, const char*> narrow[] = {{detail_.unpadded_month, "%m"},
                                                 {detail_.unpadded_day, "%d"},
                                                 {detail_.unpadded_hour, "%H"},
                                                 {detail_.unpadded_hour, "%I"}};
  for (const auto& [unpadded, sign] : narrow) {
    if (unpadded) form_ = replace_sign(form_, sign, std::string("%-") + sign[1]);
  }
  if (detail_.long_name) form_ = replace_sign(form_, "%b", "%B");
  const bool days = has("%d") || has("%-d") || has("%V") || has("%H") || has("%-H");
  kind_ = days ? Kind::kSecond : Kind::kMonth;
}

void StampReader::settle_numbers() {
  if (first_.empty()) return;
  form_ = years_ ? "%Y" : months_ ? "%Y%m" : days_ ? "%Y%m%d" : "";
  kind_ = form_.empty() ? Kind::kNumber : days_ ? Kind::kSecond : Kind::kMonth;
}

void StampReader::settle_order(const std::string& path) {
  if (!form_order_is_open(form_)) return;
  constexpr const char* kHint = "write the times as 2020-02-01, year first";
  if (day_first_ > 0 && month_first_ > 0) {
    throw Error(Code::kData,
                fmt::format("{}:{}: this time begins with the day, and that on line {} with the "
                            "month",
                            path, day_first_, month_first_),
                kHint);
  }
  if (day_first_ == 0 && month_first_ == 0 && !open_.empty()) {
    throw Error(
        Code::kData,
        fmt::format("{}:{}: {} may be day/month or month/day, and no time of the file tells "
                    "which",
                    path, first_line_, shown(open_)),
        kHint);
  }
  swapped_ = day_first_ > 0;
  if (!swapped_) return;
  std::swap(form_[1], form_[4]);
  std::swap(detail_.unpadded_month, detail_.unpadded_day);
}

void StampReader::settle_zone() {
  if (!has("%z")) return;
  Moment zone;
  zone.offset = offsets_differ_ ? 0 : offset_;
  form_ = replace_sign(form_, "%z", write_form("%z", zone));
}

std::int64_t StampReader::time(const Moment& given) const {
  if (kind_ == Kind::kNumber) return given.year;
  Moment moment = swapped_ ? swapped_order(given) : given;
  if (whole_ && !years_) moment = months_ ? packed_month(given.year) : packed_day(given.year);
  if (kind_ == Kind::kMonth) return 12 * (moment.year - 1970) + moment.month - 1;
  const std::int64_t day = has("%V") ? monday_of({moment.year, moment.week})
                                     : day_of({moment.year, moment.month, moment.day});
  return day * kSecondsADay + moment.second - (offsets_differ_ ? moment.offset : 0);
}

}  // namespace refrain::data
