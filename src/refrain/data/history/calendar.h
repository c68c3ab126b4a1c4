// The calendar of histories: the distance between steps and the name of a step. Steps lie a fixed
// number of seconds or months apart, or on business days (Monday to Friday), or are only numbered.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "refrain/base/json.h"

namespace refrain::data {

class Calendar {
 public:
  enum class Unit { kNumber, kSecond, kBusinessDay, kMonth };

  Unit unit = Unit::kNumber;
  std::int64_t every = 1;  // units from one step to the next
  // How the file wrote its stamps, for answers in the same form: "2016-07-01 00:00:00", "1949-01",
  // "1821", "2020Q3"; "" = numbers. Written with the signs of strftime (history/stamp_form.h).
  std::string form;

  // "hourly", "every 15 minutes", "monthly", "business days"; "steps" where they are numbered.
  std::string name() const;
  // The stamp of the step that is `steps` after the one at `start` (History::start).
  std::string stamp(std::int64_t start, std::int64_t steps) const;
  // Steps after which such series often repeat themselves, shortest first: 24 and 168 of hours, 12
  // of months, 7 of days, 5 of business days, 52 of weeks, 4 of quarters; none of years and
  // numbers.
  std::vector<int> usual_seasons() const;

  // Parts of the calendar that may matter to such steps: "minute", "hour", "day_of_week",
  // "day_of_month", "week", "month"; none of years and of numbered steps.
  std::vector<std::string> parts() const;
  // Where in the part's cycle a step lies, in [0, 1): Monday 0, Tuesday 1/7. Throws Error(internal)
  // for a part that is none.
  double position(const std::string& part, std::int64_t start, std::int64_t steps) const;

  bool operator==(const Calendar&) const = default;
};

// Writes and reads the form in model files: {"unit": "second", "every": 3600, "form": "%Y-%m-%d
// %H:%M:%S"}. Reading throws data for anything else.
base::Json to_json(const Calendar& calendar);
Calendar calendar_from_json(const base::Json& json);

}  // namespace refrain::data
