#include "refrain/data/history/fixed_steps.h"

#include <algorithm>

#include "refrain/data/readers/lines.h"

namespace refrain::data {

void Starts::add(std::string_view stamp, std::int64_t line) {
  Moment moment;
  if (trim(stamp).empty()) {
    if (all_) without_ = line;
    all_ = false;
  } else {
    any_ = true;
    const std::string wrong = stamps_.read(stamp, line, moment);
    if (!wrong.empty()) problems_.add(line, 0, wrong);
  }
  moments_.push_back(moment);
}

std::vector<std::int64_t> Starts::settle(const std::string& path,
                                         const std::optional<Calendar>& frequency,
                                         Calendar& calendar) {
  std::vector<std::int64_t> out(moments_.size(), 1);
  calendar = Calendar();
  if (!any_ || !frequency) return out;
  if (!all_) {
    problems_.add(without_, 0, "this series has no start, and others have one");
    return out;
  }
  stamps_.settle(path);
  calendar = *frequency;
  std::vector<std::string> forms;
  for (std::size_t i = 0; i < moments_.size(); ++i) {
    out[i] = start_on(calendar, stamps_, moments_[i]);
    forms.push_back(calendar.form);
  }
  give_up_days(forms, calendar);
  return out;
}

// Months that begin on different days are written without a day.
void Starts::give_up_days(const std::vector<std::string>& forms, Calendar& calendar) const {
  const bool alike = std::all_of(forms.begin(), forms.end(),
                                 [&](const std::string& form) { return form == forms[0]; });
  if (!alike && calendar.unit == Calendar::Unit::kMonth) calendar.form = "%Y-%m";
}

}  // namespace refrain::data
