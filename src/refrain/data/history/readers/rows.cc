// CSV as in the M3 and M4 competitions: a row is a series, its id first and then its values. Rows
// end where their values do, or with empty cells. A header row may be there. Steps are numbered
// from 1.
#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "refrain/base/error.h"
#include "refrain/data/history/table_layout.h"
#include "refrain/data/readers/number.h"
#include "refrain/data/readers/table.h"

namespace refrain::data {
namespace {

// Plain decimal numbers, of which files of rows have millions, the short way.
double row_value(std::string_view cell, std::int64_t line, std::int64_t column,
                 Problems& problems) {
  constexpr double kPlainLimit = 1e30;
  if (!cell.empty() && cell[0] >= '0' && cell[0] <= '9') {
    double value = 0;
    const char* end = cell.data() + cell.size();
    const auto [stop, code] = std::from_chars(cell.data(), end, value);
    if (stop == end && code == std::errc() && std::fabs(value) < kPlainLimit) return value;
  }
  return read_value(cell, line, column, problems);
}

void refuse_row_options(const Source& source, const HistoryHead& head, const HistorySpec& spec) {
  if (!spec.id.empty() && lower(head.names[0]) != lower(spec.id)) {
    throw Error(Code::kUsage,
                fmt::format("{}: the id stands first in each row, not in a column {}", source.path,
                            shown(spec.id)),
                "leave --id out");
  }
  for (const auto& [name, value] :
       {std::pair<const char*, const std::string&>{"time-column", spec.time},
        {"target", spec.target},
        {"known", spec.known},
        {"past", spec.past},
        {"fixed", spec.fixed}}) {
    if (value.empty()) continue;
    throw Error(
        Code::kUsage,
        fmt::format("{}: --{} names a column, and this file has a series a row", source.path, name),
        "leave it out, or name another --format");
  }
}

int recognise_history_rows(const Source& source, const HistorySpec& spec) {
  return shape_of(history_head(source), spec) == TableShape::kRows ? 80 : 0;
}

Histories read_history_rows(const Source& source, const HistorySpec& spec) {
  const HistoryHead head = history_head(source);
  refuse_row_options(source, head, spec);
  Histories out;
  out.path = source.path;
  Problems problems(source.path);
  HistoryGatherer gatherer(out, problems);
  RowScanner scanner(source.text, {});
  Row row;
  if (rows_have_header(head)) scanner.next(row);
  while (scanner.next(row)) {
    if (!row.fault.empty()) {
      problems.add(row.line, row.fault_column, row.fault);
      continue;
    }
    History history;
    history.id = trim(row.cells[0]);
    history.line = row.line;
    history.start = 1;
    history.value.reserve(row.cells.size() - 1);
    for (std::size_t i = 1; i < row.cells.size(); ++i) {
      history.value.push_back(
          row_value(row.cells[i], row.line, static_cast<std::int64_t>(i) + 1, problems));
    }
    if (history.id.empty()) {
      problems.add(row.line, 1, "the id is missing");
    } else {
      gatherer.add(std::move(history));
    }
  }
  gatherer.finish("a row is id,value,value,...; the ids differ, and a missing value is empty");
  return out;
}

}  // namespace

HistoryReader rows_history_reader() {
  return {recognise_history_rows, read_history_rows, "a row a series"};
}

}  // namespace refrain::data
