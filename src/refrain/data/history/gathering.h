// From what a file holds to Histories: puts rows with times on one calendar, fills gaps, cuts
// missing values off both ends, and checks what must hold between series.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "refrain/data/history/frequency.h"
#include "refrain/data/history/history.h"
#include "refrain/data/history/stamps.h"
#include "refrain/data/reader.h"

namespace refrain::data {

// The most steps of a history, filled-in steps included.
constexpr std::int64_t kMostSteps = 20'000'000;

// Takes histories one by one.
class HistoryGatherer {
 public:
  HistoryGatherer(Histories& out, Problems& problems) : out_(out), problems_(problems) {}

  // The calendar and the names of covariates must be known. An id that comes again and a series
  // without any value are problems.
  void add(History history);

  // Throws data with all problems; then writes the summary.
  void finish(const std::string& hint);

 private:
  bool cut_ends(History& history) const;

  Histories& out_;
  Problems& problems_;
  std::unordered_map<std::string, std::int64_t> lines_;  // of ids
};

enum class CovariateRole { kOpen, kKnown, kPast, kFixed };

// Rows with times of one id, in the order of the file.
struct TimedGroup {
  std::string id;  // "" = the table has none
  std::vector<Moment> moments;
  std::vector<std::int64_t> lines;
  std::vector<double> values;      // [rows, targets]
  std::vector<double> covariates;  // [rows, covariates]
};

struct TimedTable {
  std::vector<std::string> targets;     // their names
  std::vector<std::string> covariates;  // their names
  std::vector<CovariateRole> roles;     // of covariates
  StampReader stamps;
  std::vector<TimedGroup> groups;
};

// A history for each target of each group. Covariates of an open role are known for the future
// where a row behind the last value holds them, else past.
void gather_table(TimedTable table, Histories& out, Problems& problems);

}  // namespace refrain::data
