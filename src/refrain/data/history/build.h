// From rows with time stamps to histories on one calendar: stamps are understood, the pace is
// found, rows are put in order, and steps that are not there become missing values.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "refrain/data/history/history.h"
#include "refrain/data/history/read.h"
#include "refrain/data/reader.h"

namespace refrain::data {

struct StampedRow {
  std::string stamp;  // "" where the rows of a file are numbered
  std::int64_t line = 0;
  double value = 0;           // NaN = missing
  std::vector<double> known;  // [F]
  std::vector<double> past;   // [P]
};

struct StampedHistory {
  std::string id;
  std::int64_t line = 0;
  std::vector<StampedRow> rows;
  std::vector<double> fixed;
};

struct HistorySource {
  std::string path, extension;
  std::string_view text;
};

// Puts `series` into `out`, whose names of covariates are there. Problems are added for duplicate
// and unreadable stamps. Throws data where the stamps have no pace or the file asks for too much
// memory.
void build_histories(std::vector<StampedHistory> series, Problems& problems, Histories& out);

// One that has values in order and a first stamp: `pace` is what the file says of it, or empty.
struct PlainHistory {
  History history;
  std::string first;  // its first stamp, "" = numbered
};
void place_histories(std::vector<PlainHistory> series, const std::string& pace, Problems& problems,
                     Histories& out);

// Cuts missing values off both ends; adds a problem where there is no value at all.
void trim_history(History& history, std::size_t known, std::size_t past, std::int64_t every,
                  Problems& problems);

constexpr std::size_t kMostSteps = 20'000'000;  // of a history

}  // namespace refrain::data
