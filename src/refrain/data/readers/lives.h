// Shared by the readers of units that run to failure: rows of a unit and a cycle become one series
// for each unit. Cycles rise by one; a unit's rows stand together.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "refrain/data/reader.h"
#include "refrain/data/readers/collector.h"
#include "refrain/data/readers/series.h"

namespace refrain::data {

constexpr const char* kLifeHint =
    "a row is a unit, its cycle (which rises by one from row to row) and the values of settings "
    "and "
    "sensors; the rows of a unit stand together";

struct Life {
  std::string unit;
  std::int64_t line = 0;
  RawSeries series;
  double remaining = -1;  // at the last cycle; -1 = not known
  bool censored = false;  // it was taken out before it failed
};

class LifeRows {
 public:
  LifeRows(std::size_t channels, Problems& problems)
      : channels_(static_cast<int>(channels)), problems_(problems) {}

  // Begins a row; its values follow.
  void begin_step(std::string_view unit, std::string_view cycle, std::int64_t line);
  void add_value(std::string_view cell, std::int64_t column);
  // Returns the unit of the row that was begun.
  Life& life() { return lives_.back(); }
  std::vector<Life> finish() { return std::move(lives_); }

 private:
  int channels_;
  Problems& problems_;
  std::vector<Life> lives_;
  std::set<std::string> seen_;
  double cycle_ = 0;
  std::int64_t line_ = 0;
};

// Samples whose group is the unit behind the prefix.
void add_lives(std::vector<Life> lives, const std::string& prefix, Collector& collector);

}  // namespace refrain::data
