// Helpers of the tests of histories: a file's content as a string in, Histories or the error out.
#pragma once

#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "refrain/base/error.h"
#include "refrain/data/history/read.h"

namespace refrain::data {

inline Histories histories_of(const std::string& content, const HistorySpec& spec = {},
                              const std::string& path = "x.csv") {
  return read_histories_from(content, path, spec, base::Log());
}

// The error that reading throws; its message is "read" where there is none.
inline Error history_error(const std::string& content, const HistorySpec& spec = {},
                           const std::string& path = "x.csv") {
  try {
    histories_of(content, spec, path);
  } catch (const Error& error) {
    return error;
  }
  return Error(Code::kInternal, "read");
}

inline std::string history_message(const std::string& content, const HistorySpec& spec = {},
                                   const std::string& path = "x.csv") {
  return history_error(content, spec, path).what();
}

// The calendar's name and the stamp of the first step of a file with these times.
inline std::string calendar_in_words(const std::vector<std::string>& times) {
  std::string content = "time,value\n";
  for (const auto& time : times) content += "\"" + time + "\",1\n";
  try {
    const Histories read = histories_of(content);
    const History& history = read.series.at(0);
    return read.calendar.name() + " " + read.calendar.stamp(history.start, 0) + " " +
           read.calendar.stamp(history.start, static_cast<std::int64_t>(history.steps()));
  } catch (const Error& error) {
    return error.what();
  }
}

// NaN written as -1, for comparison.
inline std::vector<double> shown_values(std::vector<double> values) {
  for (auto& value : values) value = std::isnan(value) ? -1 : value;
  return values;
}

}  // namespace refrain::data
