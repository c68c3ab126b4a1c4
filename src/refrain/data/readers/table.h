// Tables with a header row: CSV and TSV after RFC 4180 (quoted cells may hold delimiters, doubled
// quotes and line breaks; with --quotes none a quote is a character like others). Comment lines (#)
// and a line `sep=;` before the header are passed over. Columns count from 1 in messages and from 0
// in the code.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "refrain/data/reader.h"
#include "refrain/data/readers/lines.h"

namespace refrain::data {

struct Row {
  std::int64_t line = 0;  // where it begins, from 1
  std::vector<std::string_view> cells;
  std::deque<std::string> unescaped;  // what cells with doubled quotes point to
  std::string fault;                  // "" = well formed
  std::int64_t fault_column = 0;      // from 1
};

// Reads one row after another and skips comments and rows without text. If --target names several
// columns with commas between (or training had several), they become one column of that name at the
// place of the first; its cells are theirs, joined by blanks.
class RowScanner {
 public:
  RowScanner(std::string_view text, const ReadSpec& spec, const Expected* expected = nullptr);
  bool next(Row& row);  // false at the end

 private:
  bool scan(Row& row);
  void find_targets(const Row& header);
  void join_targets(Row& row, bool header) const;
  void plain_row(std::string_view line, Row& row) const;
  void quoted_row(Row& row);
  bool quoted_cell(Row& row);
  void skip_line();

  bool is_comment(std::string_view line) const;

  std::string_view text_;
  char delimiter_;
  bool quotes_;
  std::size_t at_;
  std::int64_t line_;
  std::size_t width_ = 0;             // cells of the first row
  std::string target_;                // the names of several target columns
  std::vector<std::size_t> targets_;  // these columns; empty: there is one or none
};

// The start of a file as a table: what recognition looks at.
struct TableHead {
  char delimiter = ',';
  std::vector<std::string> names;              // cells of the first row, trimmed
  std::vector<std::vector<std::string>> rows;  // at most 50, only those with as many cells
  std::int64_t first_line = 0;                 // of these rows
  std::size_t ragged = 0;                      // rows with other numbers of cells
  bool has_header =
      false;  // the first row names the columns, as the options expect or the cells suggest
};
TableHead table_head(const Source& source, const ReadSpec& spec);

// Counts of the kinds of cells in a column of the head.
struct CellCount {
  std::size_t filled = 0;   // not missing
  std::size_t numbers = 0;  // of these; infinite ones and too large ones too
  bool mostly_numbers() const { return filled > 0 && 2 * numbers >= filled; }
};
CellCount count_cells(const TableHead& head, int column);

// Throws data where the first row under the header holds no numbers in columns of numbers: units
// ("s", "mV") or a second header.
void refuse_units(const Source& source, const TableHead& head);

// A table with its header read. Bad rows go to Problems and are passed over.
class Table {
 public:
  // Throws data where the header itself is broken.
  Table(const Source& source, const ReadSpec& spec, Problems& problems);

  // Column names, trimmed.
  const std::vector<std::string>& names() const { return names_; }

  bool next(Row& row);  // false at the end

 private:
  RowScanner scanner_;
  Problems& problems_;
  std::vector<std::string> names_;
};

}  // namespace refrain::data
