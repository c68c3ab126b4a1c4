// Histories: series of numbers in time that a forecast continues. Steps are equally far apart on
// one Calendar; where a file leaves a step out it is there as a missing value.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "refrain/data/history/calendar.h"

namespace refrain::data {

struct History {
  std::string id;
  std::int64_t line = 0;      // of the file, where it begins
  std::int64_t start = 0;     // of its first step, in the Calendar's units since 1970 (or since 0)
  std::vector<double> value;  // [T], NaN = missing; the last one is there
  // [T + ahead, F] row by row, known as far as the file goes on behind the last value (a row whose
  // value is missing at the end); NaN = missing. F = Histories::known.
  std::vector<double> known;
  std::vector<double> past;   // [T, P], P = Histories::past
  std::vector<double> fixed;  // [S], S = Histories::fixed

  std::size_t steps() const { return value.size(); }
};

struct Histories {
  std::string path, format;  // the format's name: "long", "columns", "rows", "jsonl", "tsf"
  std::string summary;       // one sentence: what the file was taken for
  std::vector<std::string> warnings;
  std::vector<std::string> remarks;  // on what was sorted, filled or left out
  Calendar calendar;
  std::vector<History> series;
  // Names of covariates: known for the future too, known up to now, one a series.
  std::vector<std::string> known, past, fixed;
  int horizon = 0;  // where the file tells it (.tsf), else 0
};

}  // namespace refrain::data
