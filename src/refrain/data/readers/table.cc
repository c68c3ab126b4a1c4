#include "refrain/data/readers/table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "refrain/base/error.h"
#include "refrain/data/readers/columns.h"
#include "refrain/data/readers/number.h"
#include "refrain/data/readers/trained_columns.h"

namespace refrain::data {
namespace {

constexpr std::size_t kHeadRows = 50;
constexpr std::size_t kHeadBytes = std::size_t{1} << 20;  // rows beyond are not looked at
constexpr std::size_t kLongestName = 64;                  // a longer first cell names no column

bool is_table_file(const Source& source) {
  return source.extension == "csv" || source.extension == "tsv" || source.extension == "tab";
}

// 0, 1, 2, ... or 1, 2, 3, ... beside names.
bool numbers_in_sequence(const std::vector<std::string>& names) {
  double previous = 0;
  std::size_t found = 0;
  for (const auto& name : names) {
    const Number number = parse_number(name);
    if (number.kind != NumberKind::kFinite) continue;
    if (found > 0 ? number.value != previous + 1 : number.value != 0 && number.value != 1) {
      return false;
    }
    previous = number.value;
    ++found;
  }
  return found > 2 && found < names.size();
}

// The first row is text where the rows below hold numbers.
bool text_above_numbers(const TableHead& head) {
  std::size_t numeric = 0, named = 0;
  for (std::size_t i = 0; i < head.names.size(); ++i) {
    if (!count_cells(head, static_cast<int>(i)).mostly_numbers()) continue;
    ++numeric;
    named += parse_number(head.names[i]).kind == NumberKind::kText ? 1 : 0;
  }
  return numeric > 0 && 2 * named > numeric;
}

bool could_be_names(const std::vector<std::string>& names) {
  auto sorted = names;
  std::sort(sorted.begin(), sorted.end());
  const bool unique = std::adjacent_find(sorted.begin(), sorted.end()) == sorted.end();
  return unique && std::all_of(names.begin(), names.end(), [](const std::string& name) {
           return !name.empty() && name.size() <= kLongestName && !is_number(name);
         });
}

// An option names a column: of this row, or in a file that must be a table.
bool is_named(const Source& source, const ReadSpec& spec, const std::vector<std::string>& names) {
  for (const auto* option : {&spec.target, &spec.text_column, &spec.group, &spec.id, &spec.time}) {
    if (option->empty()) continue;
    const auto same = [&](const std::string& name) { return lower(name) == lower(*option); };
    if (is_table_file(source) || std::any_of(names.begin(), names.end(), same)) return true;
  }
  return false;
}

bool has_header(const Source& source, const TableHead& head) {
  const auto& names = head.names;
  if (std::any_of(names.begin(), names.end(), is_usual_name)) return true;
  if (names.size() < 2) return false;
  if (text_above_numbers(head) || numbers_in_sequence(names)) return true;
  return is_table_file(source) && head.ragged == 0 && !head.rows.empty() && could_be_names(names);
}

}  // namespace

bool RowScanner::next(Row& row) {
  row.cells.clear();
  row.unescaped.clear();
  row.fault.clear();
  while (at_ < text_.size()) {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    std::string_view line = text_.substr(at_, end - at_);
    if (line.ends_with('\r')) line.remove_suffix(1);
    row.line = line_;
    if (line.find('"') != std::string_view::npos) {
      quoted_row(row);
      return true;
    }
    at_ = std::min(end + 1, text_.size());
    ++line_;
    if (line.empty()) continue;
    plain_row(line, row);
    return true;
  }
  return false;
}

void RowScanner::plain_row(std::string_view line, Row& row) const {
  for (;;) {
    const std::size_t end = line.find(delimiter_);
    row.cells.push_back(line.substr(0, end));
    if (end == std::string_view::npos) return;
    line.remove_prefix(end + 1);
  }
}

void RowScanner::quoted_row(Row& row) {
  for (;;) {
    if (at_ < text_.size() && text_[at_] == '"') {
      if (!quoted_cell(row)) return skip_line();
    } else {
      const std::size_t end =
          std::min(text_.find_first_of(std::string{delimiter_, '\n'}, at_), text_.size());
      std::string_view cell = text_.substr(at_, end - at_);
      const bool last = end == text_.size() || text_[end] == '\n';
      if (last && cell.ends_with('\r')) cell.remove_suffix(1);
      row.cells.push_back(cell);
      at_ = end;
    }
    if (at_ < text_.size() && text_[at_] == delimiter_) {
      ++at_;
      continue;
    }
    return skip_line();
  }
}

// Reads the cell whose opening quote is at at_; afterwards at_ is behind its closing quote.
bool RowScanner::quoted_cell(Row& row) {
  const std::size_t start = ++at_;
  bool doubled = false;
  for (;;) {
    const std::size_t quote = text_.find('"', at_);
    if (quote == std::string_view::npos) {
      row.fault = "this quote is never closed";
      row.fault_column = static_cast<std::int64_t>(row.cells.size()) + 1;
      at_ = text_.size();
      return false;
    }
    line_ += std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                        text_.begin() + static_cast<std::ptrdiff_t>(quote), '\n');
    at_ = quote + 1;
    if (at_ == text_.size() || text_[at_] != '"') break;
    doubled = true;
    ++at_;
  }
  std::string_view cell = text_.substr(start, at_ - 1 - start);
  if (doubled) {
    std::string& plain = row.unescaped.emplace_back();
    for (std::size_t i = 0; i < cell.size(); ++i) {
      plain.push_back(cell[i]);
      if (cell[i] == '"') ++i;
    }
    cell = plain;
  }
  row.cells.push_back(cell);
  const bool ends = at_ == text_.size() || text_[at_] == delimiter_ || text_[at_] == '\n' ||
                    text_.substr(at_).starts_with("\r\n") || text_.substr(at_) == "\r";
  if (ends) return true;
  row.fault = "text after the closing quote";
  row.fault_column = static_cast<std::int64_t>(row.cells.size());
  return false;
}

void RowScanner::skip_line() {
  const std::size_t end = text_.find('\n', at_);
  at_ = end == std::string_view::npos ? text_.size() : end + 1;
  ++line_;
}

char find_delimiter(std::string_view text) {
  Lines lines(text);
  Line line;
  lines.next_filled(line);
  constexpr std::string_view kDelimiters = "\t,;";
  std::array<int, kDelimiters.size()> count{};
  bool quoted = false;
  for (const char c : line.text) {
    if (c == '"') quoted = !quoted;
    const std::size_t which = kDelimiters.find(c);
    if (!quoted && which != std::string_view::npos) ++count[which];
  }
  if (count[0] == 0 && count[1] == 0 && count[2] == 0) return ',';
  return kDelimiters[static_cast<std::size_t>(std::max_element(count.begin(), count.end()) -
                                              count.begin())];
}

TableHead table_head(const Source& source, const ReadSpec& spec) {
  TableHead head;
  head.delimiter = find_delimiter(source.text);
  RowScanner scanner(source.text.substr(0, kHeadBytes), head.delimiter);
  const bool cut = source.text.size() > kHeadBytes;
  Row row;
  if (!scanner.next(row)) return head;
  for (const auto cell : row.cells) head.names.emplace_back(trim(cell));
  std::vector<std::vector<std::string>> rows;
  while (rows.size() <= kHeadRows && scanner.next(row)) {
    rows.emplace_back(row.cells.begin(), row.cells.end());
  }
  const bool unfinished = rows.size() > kHeadRows || (cut && !rows.empty());
  if (unfinished) rows.pop_back();
  for (auto& cells : rows) {
    if (cells.size() == head.names.size()) {
      head.rows.push_back(std::move(cells));
    } else {
      ++head.ragged;
    }
  }
  const bool trained =
      source.expected != nullptr && names_trained_columns(*source.expected, head.names, true);
  head.has_header = trained || is_named(source, spec, head.names) || has_header(source, head);
  return head;
}

CellCount count_cells(const TableHead& head, int column) {
  CellCount count;
  for (const auto& cells : head.rows) {
    const NumberKind kind = parse_number(cells[static_cast<std::size_t>(column)]).kind;
    count.filled += kind == NumberKind::kMissing ? 0 : 1;
    count.numbers += kind == NumberKind::kMissing || kind == NumberKind::kText ? 0 : 1;
  }
  return count;
}

Table::Table(const Source& source, Problems& problems)
    : scanner_(source.text, find_delimiter(source.text)), problems_(problems) {
  Row row;
  scanner_.next(row);
  if (!row.fault.empty()) {
    problems_.add(row.line, row.fault_column, row.fault);
    problems_.throw_if_any("mend the header row");
  }
  for (const auto cell : row.cells) names_.emplace_back(trim(cell));
}

bool Table::next(Row& row) {
  while (scanner_.next(row)) {
    if (!row.fault.empty()) {
      problems_.add(row.line, row.fault_column, row.fault);
    } else if (row.cells.size() != names_.size()) {
      problems_.add(
          row.line, 0,
          fmt::format("{} cells, but the header has {}", row.cells.size(), names_.size()));
    } else {
      return true;
    }
  }
  return false;
}

}  // namespace refrain::data
