#include "refrain/data/readers/table.h"

#include <fmt/format.h>

#include <algorithm>

#include "refrain/base/error.h"
#include "refrain/data/readers/columns.h"
#include "refrain/data/readers/dialect.h"
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

constexpr std::size_t kFewestNumbered = 4;  // columns whose names are all numbers

// 0, 1, 2, ... or 1, 2, 3, ..., beside names or, where they are many enough, alone.
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
  return found > 2 && (found < names.size() || found >= kFewestNumbered);
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

// --target first, --target last: of lines without a header.
bool is_place(const std::string& target) { return target == "first" || target == "last"; }

// An option names a column: of this row, or in a file that must be a table.
bool is_named(const Source& source, const ReadSpec& spec, const std::vector<std::string>& names) {
  for (const auto* option : {&spec.target, &spec.text_column, &spec.group, &spec.id, &spec.time,
                             &spec.path_column, &spec.tag_column}) {
    if (option->empty()) continue;
    const auto same = [&](const std::string& name) { return lower(name) == lower(*option); };
    const bool place = option == &spec.target && is_place(*option);
    if ((is_table_file(source) && !place) || std::any_of(names.begin(), names.end(), same)) {
      return true;
    }
  }
  return false;
}

bool has_header(const Source& source, const TableHead& head) {
  const auto& names = head.names;
  if (std::any_of(names.begin(), names.end(), is_usual_name)) return true;
  if (names.size() < 2) return false;
  if (text_above_numbers(head)) return true;
  // The row below must not go on in the same way: then both are values.
  const bool alike = !head.rows.empty() && numbers_in_sequence(head.rows[0]);
  if (numbers_in_sequence(names) && !alike) return true;
  return is_table_file(source) && head.ragged == 0 && !head.rows.empty() && could_be_names(names);
}

}  // namespace

RowScanner::RowScanner(std::string_view text, const ReadSpec& spec, const Expected* expected)
    : text_(text), quotes_(spec.quotes != "none"), target_(spec.target) {
  if (target_.empty() && expected != nullptr) target_ = expected->columns.label;
  const TableStart start = find_table_start(text);
  delimiter_ = start.delimiter;
  at_ = start.at;
  line_ = start.line;
}

// Among the rows: with another number of cells than the header.
bool RowScanner::is_comment(std::string_view line) const {
  if (width_ == 0 || !line.starts_with('#')) return false;
  const auto cells = 1 + std::count(line.begin(), line.end(), delimiter_);
  return static_cast<std::size_t>(cells) != width_;
}

bool RowScanner::next(Row& row) {
  const bool header = width_ == 0;
  if (!scan(row)) return false;
  if (header) find_targets(row);
  if (!targets_.empty() && row.cells.size() == width_) join_targets(row, header);
  return true;
}

void RowScanner::find_targets(const Row& header) {
  std::vector<std::size_t> found;
  std::string_view rest = target_;
  while (!rest.empty()) {
    const std::string_view name = trim(take_until(rest, ','));
    const auto same = [&](std::string_view cell) { return trim(cell) == name; };
    const auto at = std::find_if(header.cells.begin(), header.cells.end(), same);
    if (at == header.cells.end()) return;
    found.push_back(static_cast<std::size_t>(at - header.cells.begin()));
  }
  const auto whole = [&](std::string_view cell) { return trim(cell) == target_; };
  const bool one = std::any_of(header.cells.begin(), header.cells.end(), whole);
  if (found.size() > 1 && !one) targets_ = std::move(found);
}

void RowScanner::join_targets(Row& row, bool header) const {
  std::string joined;
  for (const std::size_t at : targets_) {
    if (!joined.empty()) joined += ' ';
    joined += trim(row.cells[at]);
  }
  row.unescaped.push_back(header ? target_ : std::move(joined));
  std::vector<std::string_view> cells;
  const std::size_t first = *std::min_element(targets_.begin(), targets_.end());
  for (std::size_t c = 0; c < row.cells.size(); ++c) {
    const bool target = std::find(targets_.begin(), targets_.end(), c) != targets_.end();
    if (c == first) cells.push_back(row.unescaped.back());
    if (!target) cells.push_back(row.cells[c]);
  }
  row.cells = std::move(cells);
}

bool RowScanner::scan(Row& row) {
  row.cells.clear();
  row.unescaped.clear();
  row.fault.clear();
  while (at_ < text_.size()) {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    std::string_view line = text_.substr(at_, end - at_);
    if (line.ends_with('\r')) line.remove_suffix(1);
    row.line = line_;
    const bool comment = is_comment(line);
    if (quotes_ && !comment && line.find('"') != std::string_view::npos) {
      quoted_row(row);
    } else {
      at_ = std::min(end + 1, text_.size());
      ++line_;
      if (line.empty() || comment) continue;
      plain_row(line, row);
    }
    if (width_ == 0) width_ = row.cells.size();
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
    const std::size_t quote = std::min(text_.find_first_not_of(' ', at_), text_.size());
    if (quote < text_.size() && text_[quote] == '"') {
      at_ = quote;
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

TableHead table_head(const Source& source, const ReadSpec& spec) {
  TableHead head;
  head.delimiter = find_table_start(source.text).delimiter;
  RowScanner scanner(source.text.substr(0, kHeadBytes), spec, source.expected);
  const bool cut = source.text.size() > kHeadBytes;
  Row row;
  if (!scanner.next(row)) return head;
  for (const auto cell : row.cells) head.names.emplace_back(trim(cell));
  std::vector<std::vector<std::string>> rows;
  while (rows.size() <= kHeadRows && scanner.next(row)) {
    if (rows.empty()) head.first_line = row.line;
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
  // JSON, ARFF and markup are no tables, whatever the options name.
  const bool other = !head.names.empty() && !head.names[0].empty() &&
                     std::string_view("{[@<").find(head.names[0][0]) != std::string_view::npos;
  const bool trained =
      source.expected != nullptr && names_trained_columns(*source.expected, head.names, true);
  head.has_header =
      trained || (!other && (is_named(source, spec, head.names) || has_header(source, head)));
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

void refuse_units(const Source& source, const TableHead& head) {
  if (head.rows.size() < 3) return;
  std::vector<std::string> units;
  for (std::size_t c = 0; c < head.names.size(); ++c) {
    const auto kind = [&](std::size_t r) { return parse_number(head.rows[r][c]).kind; };
    std::size_t numbers = 0, filled = 0;
    for (std::size_t r = 1; r < head.rows.size(); ++r) {
      filled += kind(r) == NumberKind::kMissing ? 0 : 1;
      numbers += kind(r) == NumberKind::kMissing || kind(r) == NumberKind::kText ? 0 : 1;
    }
    if (numbers == 0 || numbers < filled) continue;
    if (kind(0) == NumberKind::kFinite) return;
    if (kind(0) == NumberKind::kText) units.push_back(head.rows[0][c]);
  }
  if (units.empty()) return;
  throw Error(Code::kData,
              fmt::format("{}:{}: this row looks like units or a second header ({}), not like data",
                          source.path, head.first_line, list_columns(units)),
              "take this row out of the file");
}

Table::Table(const Source& source, const ReadSpec& spec, Problems& problems)
    : scanner_(source.text, spec, source.expected), problems_(problems) {
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
