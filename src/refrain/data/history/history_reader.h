// The interface of a reader of histories. A new format is one file in history/readers/ and one line
// in history_reader_list.cc.
#pragma once

#include "refrain/base/registry.h"
#include "refrain/data/history/history.h"
#include "refrain/data/history/read.h"
#include "refrain/data/reader.h"

namespace refrain::data {

struct HistoryReader {
  // How surely this file is of the reader's format: 0 = no, 100 = beyond doubt.
  int (*recognise)(const Source&, const HistorySpec&);
  // Throws data with all that is wrong. Path and format are filled in afterwards.
  Histories (*read)(const Source&, const HistorySpec&);
  const char* layout = "";  // for the summary: "a row a series"
};
const base::Registry<HistoryReader>& history_readers();

// The names of an option with commas between, without blanks around them.
std::vector<std::string> names_in(const std::string& list);

}  // namespace refrain::data
