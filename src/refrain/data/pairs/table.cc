// CSV and TSV with a header, after RFC 4180 (readers/table.h).
#include <fmt/format.h>

#include "refrain/data/pairs/pair_reader.h"
#include "refrain/data/readers/columns.h"
#include "refrain/data/readers/table.h"
#include "refrain/data/readers/trained_columns.h"

namespace refrain::data {
namespace {

int recognise_pair_csv(const PairInput& input) {
  if (input.targets != nullptr) return 0;
  if (input.source.extension == "csv") return 80;
  RowScanner scanner(input.source.text, input.spec);
  Row row;
  if (!scanner.next(row) || row.cells.size() < 2) return 0;
  std::vector<std::string> names;
  for (const auto cell : row.cells) names.emplace_back(trim(cell));
  return names_a_pair(names) ? 70 : 0;
}

// The spec for the scanner: several --target columns are no target here.
ReadSpec scanned_spec(const ReadSpec& spec) {
  ReadSpec out;
  out.quotes = spec.quotes;
  return out;
}

}  // namespace

Dataset read_pair_table(const PairInput& input) {
  PairCollector collector(input);
  Table table(input.source, scanned_spec(input.spec), collector.problems());
  const auto& names = table.names();
  const PairColumns columns = find_pair_columns(input, names);
  Row row;
  while (table.next(row)) {
    const auto cell = [&](int column) {
      return column == kNoColumn ? std::string_view() : row.cells[static_cast<std::size_t>(column)];
    };
    collector.add({row.line, cell(columns.source), cell(columns.target),
                   std::string(cell(columns.id)), std::string(cell(columns.group)),
                   columns.source + 1, columns.target + 1});
  }
  Dataset out = collector.finish(
      "put a text with delimiters or line breaks in \"quotes\", and double quotes inside; where "
      "quotes are characters like others, say --quotes none");
  out.columns = remembered_columns(
      names,
      {.label = columns.target, .text = columns.source, .id = columns.id, .group = columns.group},
      {});
  for (int c = 0; c < static_cast<int>(names.size()); ++c) {
    if (c == columns.source || c == columns.target || c == columns.id || c == columns.group) {
      continue;
    }
    out.not_read.push_back(names[static_cast<std::size_t>(c)]);
  }
  if (columns.group == kNoColumn) {
    suspect_group(names, {columns.source, columns.target, columns.id}, out);
  }
  return out;
}

PairReader csv_pairs() { return {recognise_pair_csv, read_pair_table}; }

}  // namespace refrain::data
