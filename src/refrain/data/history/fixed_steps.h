// Series whose file tells the first time and the frequency of each instead of all times: what
// "jsonl" and "tsf" share.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "refrain/data/history/gathering.h"

namespace refrain::data {

// Takes the starts of series one by one; then settles one calendar and puts every start on it.
class Starts {
 public:
  explicit Starts(Problems& problems) : problems_(problems) {}

  // The first time of the next series, "" = it has none.
  void add(std::string_view stamp, std::int64_t line);

  // Where `frequency` is nothing, or no series has a start, steps are numbered from 1. Returns the
  // start of each series.
  std::vector<std::int64_t> settle(const std::string& path,
                                   const std::optional<Calendar>& frequency, Calendar& calendar);

  bool any() const { return any_; }

 private:
  void give_up_days(const std::vector<std::string>& forms, Calendar& calendar) const;

  Problems& problems_;
  StampReader stamps_;
  std::vector<Moment> moments_;
  bool any_ = false, all_ = true;
  std::int64_t without_ = 0;  // line of a series without start
};

}  // namespace refrain::data
