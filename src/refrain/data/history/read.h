// Reading histories: long CSV (id, time, value, covariates), CSV with one column a series, rows of
// the M4 competition (id and values, ragged), JSON Lines of GluonTS, .tsf of the Monash archive.
#pragma once

#include <string>
#include <string_view>

#include "refrain/base/log.h"
#include "refrain/data/history/history.h"

namespace refrain::data {

struct HistorySpec {
  std::string format = "auto";
  std::string encoding = "utf-8";
  std::string id, time;  // columns; "" = found by name and content
  std::string target;    // value column, or several with commas between; "" = found
  std::string known;     // covariates that are known for the future, commas between
  std::string past;      // covariates that are known up to now only
  std::string fixed;     // of a series as a whole
  std::string decimal = "auto";
  std::string missing_values;  // further spellings of a missing value, commas between
};

// Throws io, data (all bad rows, with line and remedy) or usage.
Histories read_histories(const std::string& path, const HistorySpec& spec, const base::Log& log);
// Reads bytes in memory; the path serves for messages and its extension tells the format.
Histories read_histories_from(std::string bytes, const std::string& path, const HistorySpec& spec,
                              const base::Log& log);

}  // namespace refrain::data
