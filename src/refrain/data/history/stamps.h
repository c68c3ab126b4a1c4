// The time stamps of one file: one form for all of them, found from the first. Whole numbers are
// numbers of steps, but where all of them look like years (1500 to 2199) or like dates (20200131)
// they are that.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "refrain/data/history/stamp_form.h"

namespace refrain::data {

class StampReader {
 public:
  // Reads one stamp. Returns what is wrong with it, "" where all is well.
  std::string read(std::string_view cell, std::int64_t line, Moment& moment);

  // After the last stamp: settles their form. Throws data where day and month cannot be told apart.
  void settle(const std::string& path);

  // The unit of time(): steps, months since 1970, or seconds since 1970.
  enum class Kind { kNumber, kMonth, kSecond };
  Kind kind() const { return kind_; }
  const std::string& form() const { return form_; }  // "" = numbers

  std::int64_t time(const Moment& moment) const;

 private:
  std::string read_whole(std::int64_t value, std::size_t digits, Moment& moment);
  std::string read_date(std::string_view cell, Moment& moment);
  void note_order(std::int64_t line, const Moment& moment);
  void settle_numbers();
  void settle_order(const std::string& path);
  void settle_zone();
  bool has(const char* sign) const { return form_.find(sign) != std::string::npos; }

  Kind kind_ = Kind::kNumber;
  std::string form_, first_;  // the first stamp, for messages
  std::int64_t first_line_ = 0;
  bool whole_ = false;                               // stamps are whole numbers
  bool years_ = true, months_ = true, days_ = true;  // units that all whole numbers allow
  FormDetail detail_;
  std::int64_t day_first_ = 0, month_first_ = 0;  // lines that show the order of 13/1/2020
  std::string open_;                              // a stamp that shows none
  int offset_ = 0;                                // of the first stamp
  bool offsets_differ_ = false, swapped_ = false;
};

// A whole number within reach, such as "17" or "17.0"; false where it is none.
bool read_whole_number(std::string_view cell, std::int64_t& value);

}  // namespace refrain::data
