// Assigns the columns of a table of series to their roles: by an option, or by their usual names
// and contents.
#pragma once

#include <string>
#include <vector>

#include "refrain/data/history/gathering.h"
#include "refrain/data/history/history_reader.h"

namespace refrain::data {

// The first rows of a table; rows may differ in length.
struct HistoryHead {
  std::vector<std::string> names;              // cells of the first row, trimmed
  std::vector<std::vector<std::string>> rows;  // the ones below
};
HistoryHead history_head(const Source& source);

// The layout of a table.
enum class TableShape { kNone, kLong, kColumns, kRows };
TableShape shape_of(const HistoryHead& head, const HistorySpec& spec);

// True if the first row names columns, in a file of rows.
bool rows_have_header(const HistoryHead& head);

struct HistoryLayout {
  std::vector<int> ids;  // several make one id
  int time = -1;         // -1 = rows are numbered
  std::vector<int> targets, covariates;
  std::vector<CovariateRole> roles;  // of covariates
  std::vector<int> unread;           // columns of text, and ones that play no part
};

// Throws data where a named column is missing or where there is no time or value column, usage
// where one is named twice.
HistoryLayout long_layout(const Source& source, const HistoryHead& head, const HistorySpec& spec);
HistoryLayout columns_layout(const Source& source, const HistoryHead& head,
                             const HistorySpec& spec);

}  // namespace refrain::data
