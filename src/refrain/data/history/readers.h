// The list of formats of histories; one more is one file in readers/ and one line in read.cc.
#pragma once

#include "refrain/base/registry.h"
#include "refrain/data/history/build.h"

namespace refrain::data {

struct HistoryReader {
  // How surely this file is of the format: 0 = no, 100 = beyond doubt.
  int (*recognise)(const HistorySource&, const HistorySpec&) = nullptr;
  // Fills series, names, calendar and warnings; path and format are there.
  void (*read)(const HistorySource&, const HistorySpec&, Histories&) = nullptr;
};
const base::Registry<HistoryReader>& history_readers();

int recognise_tsf(const HistorySource& source, const HistorySpec& spec);
void read_tsf(const HistorySource& source, const HistorySpec& spec, Histories& out);
int recognise_history_jsonl(const HistorySource& source, const HistorySpec& spec);
void read_history_jsonl(const HistorySource& source, const HistorySpec& spec, Histories& out);
int recognise_rows(const HistorySource& source, const HistorySpec& spec);
void read_rows(const HistorySource& source, const HistorySpec& spec, Histories& out);
int recognise_stamped(const HistorySource& source, const HistorySpec& spec);  // long
void read_stamped(const HistorySource& source, const HistorySpec& spec, Histories& out);
int recognise_series_columns(const HistorySource& source, const HistorySpec& spec);
void read_series_columns(const HistorySource& source, const HistorySpec& spec, Histories& out);

// How the cells of a table are to be read.
ReadSpec table_spec(const HistorySpec& spec);
// Names between commas.
std::vector<std::string> split_names(const std::string& names);

// The first rows of a table, and what its columns seem to be.
struct HistoryHead {
  std::vector<std::string> names;  // of the header; empty where there is none
  std::vector<std::vector<std::string>> rows;
  int id = -1, time = -1, value = -1;  // columns; -1 = none

  bool is_number(int column) const;  // of most rows, missing ones left out
};
HistoryHead history_head(const HistorySource& source, const HistorySpec& spec);

}  // namespace refrain::data
