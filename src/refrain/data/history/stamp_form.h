// How a time stamp is written, as a form with the signs of strftime: "2016-07-01 00:00:00" has the
// form "%Y-%m-%d %H:%M:%S". All other characters of a form stand for themselves.
//   %Y year of four digits   %m %d %H %I %M %S two digits   %-m %-d %-H %-I without leading zero
//   %b Jan   %B January   %p AM or PM   %q quarter   %G %V year and number of an ISO week
//   %f fraction of a second, all zeros   %z distance from UTC: +01:00
//   %29d %30d %31d that day, or the month's last one where the month is shorter
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace refrain::data {

// A point in time as a stamp tells it; what the form lacks keeps its default.
struct Moment {
  std::int64_t year = 1970;  // or the whole number that a stamp is
  int month = 1, day = 1, week = 1;
  int second = 0;  // of the day
  int offset = 0;  // seconds ahead of UTC
};

// How stamps of one form may differ.
struct FormDetail {
  bool unpadded_month = false, unpadded_day = false, unpadded_hour = false;
  bool long_name = false;  // of a month
  bool fraction = false;   // of a second, not 0
};

// The form of a stamp, "" where it is none. Of "1/2/2020" and "1-2-2020" the form is the American
// one, month first; form_order_is_open tells that they may be read otherwise.
std::string find_form(std::string_view cell);
bool form_order_is_open(std::string_view form);

// Reads a stamp of this form; notes in `detail` how it is written. False where it is of another
// form. Months and days are only checked to be numbers.
bool read_form(std::string_view form, std::string_view cell, Moment& moment, FormDetail& detail);

// True if there is such a day.
bool is_date(const Moment& moment);

// The stamp of a moment in a form that has been settled (no %f).
std::string write_form(std::string_view form, const Moment& moment);

// Puts `text` for the sign (such as "%d") in a form.
std::string replace_sign(std::string form, std::string_view sign, std::string_view text);

}  // namespace refrain::data
