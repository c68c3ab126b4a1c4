// CSV/TSV with a header that has a column of text and one of labels, after RFC 4180. Other columns
// are not read. A file with a text column only has no labels.
#include <fmt/format.h>

#include <algorithm>

#include "refrain/base/error.h"
#include "refrain/data/readers/collector.h"
#include "refrain/data/readers/columns.h"
#include "refrain/data/readers/table.h"
#include "refrain/data/readers/trained_columns.h"

namespace refrain::data {
namespace {

struct Layout {
  int label = kNoColumn;
  int text = kNoColumn;
  int id = kNoColumn;
  int group = kNoColumn;
  bool by_name = false;  // the text column was named, not found by its content
};

// The one column besides the others that holds hardly any numbers.
int find_by_content(const TableHead& head, const Layout& layout) {
  int found = kNoColumn;
  for (int i = 0; i < static_cast<int>(head.names.size()); ++i) {
    const bool taken = i == layout.label || i == layout.id || i == layout.group;
    const CellCount count = count_cells(head, i);
    if (taken || 10 * count.numbers > count.filled) continue;
    if (found != kNoColumn) return kNoColumn;
    found = i;
  }
  return found;
}

Layout find_layout(const Header& header, const TableHead& head, const ReadSpec& spec) {
  Layout layout;
  layout.label = find_column(header, Role::kLabel, spec.target);
  layout.text = find_column(header, Role::kText, spec.text_column);
  layout.id = find_column(header, Role::kId, spec.id);
  layout.group = find_column(header, Role::kGroup, spec.group);
  if (layout.text == layout.label && spec.text_column.empty()) layout.text = kNoColumn;
  layout.by_name = layout.text != kNoColumn;
  if (!layout.by_name) layout.text = find_by_content(head, layout);
  return layout;
}

// A column of words without blanks between columns of numbers is a name, not a text: rather a
// series whose id or group has not been named.
bool names_beside_numbers(const TableHead& head, const Layout& layout) {
  int numbers = 0;
  for (int c = 0; c < static_cast<int>(head.names.size()); ++c) {
    const bool other = c != layout.label && c != layout.text && c != layout.id && c != layout.group;
    if (other && count_cells(head, c).mostly_numbers()) ++numbers;
  }
  const auto has_blank = [&](const std::vector<std::string>& row) {
    return row[static_cast<std::size_t>(layout.text)].find(' ') != std::string::npos;
  };
  const auto prose = std::count_if(head.rows.begin(), head.rows.end(), has_blank);
  return numbers >= 2 && 2 * prose < static_cast<std::ptrdiff_t>(head.rows.size());
}

int recognise_text_csv(const Source& source, const ReadSpec& spec) {
  const TableHead head = table_head(source, spec);
  if (!head.has_header) return 0;
  const Layout layout = find_layout({source.path, head.names, source.expected}, head, spec);
  if (layout.text == kNoColumn) return 0;
  const bool numbers = count_cells(head, layout.text).mostly_numbers();
  if (!spec.text_column.empty()) return 98;
  if (layout.by_name && !numbers) return layout.label == kNoColumn ? 85 : 95;
  if (numbers || head.names.size() < 2) return 0;
  return layout.label == kNoColumn || names_beside_numbers(head, layout) ? 45 : 60;
}

Dataset read_text(const Source& source, const ReadSpec& spec) {
  Collector collector(source, StreamKind::kText);
  Table table(source, collector.problems());
  const Header header{source.path, table.names(), source.expected};
  if (spec.text_column.empty()) require_trained_text(header, "text-csv");
  const Layout layout = find_layout(header, table_head(source, spec), spec);
  if (layout.text == kNoColumn) {
    throw Error(Code::kData,
                fmt::format("{}:1: which column holds the text? The columns are {}", source.path,
                            list_columns(table.names())),
                "name it with --text-column, and the label's with --target");
  }
  Row row;
  while (table.next(row)) {
    Sample sample;
    sample.line = row.line;
    sample.label = trim(cell_text(row.cells, layout.label));
    sample.id = trim(cell_text(row.cells, layout.id));
    sample.group = trim(cell_text(row.cells, layout.group));
    collector.add(std::move(sample), cell_text(row.cells, layout.text));
  }
  Dataset out = collector.finish(
      "put a text with delimiters or line breaks in \"quotes\", and double quotes inside");
  out.columns = remembered_columns(
      table.names(),
      {.label = layout.label, .text = layout.text, .id = layout.id, .group = layout.group}, {});
  if (layout.group == kNoColumn) {
    suspect_group(table.names(), {layout.label, layout.text, layout.id}, out);
  }
  return out;
}

}  // namespace

Reader text_csv_reader() { return {recognise_text_csv, read_text}; }

}  // namespace refrain::data
