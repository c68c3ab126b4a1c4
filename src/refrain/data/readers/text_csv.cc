// CSV/TSV with a header that has a column of text and one of labels, after RFC 4180. Several
// columns of text, a stream each, are named by --text-column. Other columns are not read, and said.
// A file with a text column only has no labels. A text column that is found by its content alone is
// not taken where dates, names of files or columns of numbers speak against.
#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

#include "refrain/base/error.h"
#include "refrain/data/readers/collector.h"
#include "refrain/data/readers/columns.h"
#include "refrain/data/readers/doubt.h"
#include "refrain/data/readers/table.h"
#include "refrain/data/readers/trained_columns.h"
#include "refrain/data/streams.h"

namespace refrain::data {
namespace {

struct Layout {
  int label = kNoColumn;
  int text = kNoColumn;
  int id = kNoColumn;
  int group = kNoColumn;
  bool by_name = false;      // the text column was named, not found by its content
  std::vector<int> more;     // further columns of text, behind the first
  std::string lacking = {};  // a column of training that is not there

  bool uses(int column) const {
    return column == label || column == text || column == id || column == group ||
           std::find(more.begin(), more.end(), column) != more.end();
  }
};

// Several columns of text that the options or training name; else none.
std::vector<std::string> wanted_texts(const Header& header, const ReadSpec& spec) {
  std::vector<std::string> out;
  if (!spec.text_column.empty()) {
    const auto& names = header.names;
    const bool one = std::find(names.begin(), names.end(), spec.text_column) != names.end();
    if (!one) out = text_columns(spec);
  } else if (header.expected != nullptr && are_all(header.expected->streams, StreamKind::kText)) {
    for (const auto& stream : header.expected->streams) out.push_back(stream.name);
  }
  return out.size() > 1 ? out : std::vector<std::string>();
}

// Columns that are named in training need not be there.
void find_texts(const Header& header, const ReadSpec& spec, Layout& layout) {
  for (const auto& name : wanted_texts(header, spec)) {
    const auto is_name = [&](const std::string& n) { return lower(n) == lower(name); };
    const bool there = std::any_of(header.names.begin(), header.names.end(), is_name);
    if (!there && spec.text_column.empty()) {
      layout.lacking = name;
      layout.text = kNoColumn;
      layout.more.clear();
      return;
    }
    const int column = find_column(header, Role::kText, name);
    if (layout.text == column ||
        std::find(layout.more.begin(), layout.more.end(), column) != layout.more.end()) {
      refuse_twice(name);
    }
    (layout.text == kNoColumn ? layout.text : layout.more.emplace_back()) = column;
  }
}

// The one column besides the others that holds hardly any numbers, and no dates.
int find_by_content(const TableHead& head, const Layout& layout) {
  int found = kNoColumn;
  for (int i = 0; i < static_cast<int>(head.names.size()); ++i) {
    const bool taken = layout.uses(i);
    const CellCount count = count_cells(head, i);
    const bool empty = head.names[static_cast<std::size_t>(i)].empty() && count.filled == 0;
    if (taken || empty || 10 * count.numbers > count.filled) continue;
    if (mostly(head, i, is_date_or_clock)) continue;
    if (found != kNoColumn) return kNoColumn;
    found = i;
  }
  return found;
}

Layout find_layout(const Header& header, const TableHead& head, const ReadSpec& spec) {
  Layout layout;
  layout.label = find_column(header, Role::kLabel, spec.target);
  if (wanted_texts(header, spec).empty()) {
    layout.text = find_column(header, Role::kText, spec.text_column);
  } else {
    find_texts(header, spec, layout);
  }
  layout.id = find_column(header, Role::kId, spec.id);
  layout.group = find_column(header, Role::kGroup, spec.group);
  if (layout.text == layout.label && spec.text_column.empty()) layout.text = kNoColumn;
  layout.by_name = layout.text != kNoColumn;
  if (!layout.by_name && layout.lacking.empty()) layout.text = find_by_content(head, layout);
  return layout;
}

// Columns of numbers beside the text.
std::vector<std::string> numbers_beside(const TableHead& head, const Layout& layout) {
  std::vector<std::string> out;
  for (int c = 0; c < static_cast<int>(head.names.size()); ++c) {
    if (!layout.uses(c) && count_cells(head, c).mostly_numbers()) {
      out.push_back(head.names[static_cast<std::size_t>(c)]);
    }
  }
  return out;
}

// A column of words without blanks between columns of numbers is a name, not a text: rather a
// series whose id or group has not been named.
bool names_beside_numbers(const TableHead& head, const Layout& layout) {
  const auto has_blank = [&](const std::vector<std::string>& row) {
    return row[static_cast<std::size_t>(layout.text)].find(' ') != std::string::npos;
  };
  const auto prose = std::count_if(head.rows.begin(), head.rows.end(), has_blank);
  return numbers_beside(head, layout).size() >= 2 &&
         2 * prose < static_cast<std::ptrdiff_t>(head.rows.size());
}

int recognise_text_csv(const Source& source, const ReadSpec& spec) {
  const TableHead head = table_head(source, spec);
  if (!head.has_header) return 0;
  const Layout layout = find_layout({source.path, head.names, source.expected}, head, spec);
  if (layout.text == kNoColumn) return head.names.size() > 1 && !head.rows.empty() ? 10 : 0;
  const bool numbers = count_cells(head, layout.text).mostly_numbers();
  if (!spec.text_column.empty()) return 98;
  if (layout.by_name && !numbers) return layout.label == kNoColumn ? 85 : 95;
  if (numbers || head.names.size() < 2) return 0;
  return layout.label == kNoColumn || names_beside_numbers(head, layout) ? 45 : 60;
}

// Refuses a file that was recognised by its content alone and may be something else.
void refuse_doubtful(const Source& source, const TableHead& head, const Layout& layout) {
  const std::string& name = head.names[static_cast<std::size_t>(layout.text)];
  if (mostly(head, layout.text, is_file_name)) {
    throw Error(
        Code::kData,
        fmt::format("{}:1:{}: column {} holds names of files such as {}, not texts", source.path,
                    layout.text + 1, shown(name),
                    shown(head.rows[0][static_cast<std::size_t>(layout.text)])),
        fmt::format("a list of recordings names .wav, .flac or .ogg files; if these names are "
                    "the texts, say --text-column '{}'",
                    name));
  }
  const auto numbers = numbers_beside(head, layout);
  if (numbers.size() < 2) return;
  throw Error(
      Code::kData,
      fmt::format("{}:1:{}: column {} holds text, and {} hold numbers: which are the data?",
                  source.path, layout.text + 1, shown(name), list_columns(numbers)),
      fmt::format("if the text is: --text-column '{0}'; if the numbers are, say what the text "
                  "is: --target '{0}', --id '{0}' or --group '{0}', or take it out",
                  name));
}

std::string ask_for_text(const Source& source, const Table& table) {
  return fmt::format("{}:1: which column holds the text? The columns are {}", source.path,
                     list_columns(table.names()));
}

// Cells of several lines that hold whole rows: a stray quote has swallowed them.
class SwallowWatch {
 public:
  SwallowWatch(const Layout& layout, std::size_t width, char delimiter)
      : layout_(layout), width_(width), delimiter_(delimiter) {}

  void add(const Row& row, const Sample& sample) {
    labels_.insert(sample.label);
    for (const auto cell : row.cells) {
      if (cell.find('\n') != std::string_view::npos)
        cells_.push_back({row.line, std::string(cell)});
    }
  }

  void warn(const std::string& path, std::vector<std::string>& warnings) const {
    for (const auto& cell : cells_) {
      std::int64_t rows = 0;
      Lines lines(cell.text);
      Line line;
      while (lines.next(line)) rows += is_row(line.text) ? 1 : 0;
      if (rows == 0) continue;
      const auto last = cell.line + std::count(cell.text.begin(), cell.text.end(), '\n');
      warnings.push_back(fmt::format(
          "{}: lines {} to {} are one sample, for a quote on line {} ends on line {}, and hold {} "
          "whole row{}: if the quote is stray, --quotes none reads them",
          path, cell.line, last, cell.line, last, rows, rows == 1 ? "" : "s"));
      if (warnings.size() > 3) return;
    }
  }

 private:
  struct Place {
    std::int64_t line = 0;
    std::string text;
  };

  bool is_row(std::string_view line) const {
    if (width_ < 2 || layout_.label == kNoColumn) return false;
    std::vector<std::string_view> cells;
    for (bool more = true; more;) {
      more = line.find(delimiter_) != std::string_view::npos;
      cells.push_back(trim(take_until(line, delimiter_)));
    }
    if (cells.size() != width_) return false;
    const auto label = cells[static_cast<std::size_t>(layout_.label)];
    return !label.empty() && labels_.contains(std::string(label));
  }

  const Layout& layout_;
  std::size_t width_;
  char delimiter_;
  std::unordered_set<std::string> labels_;
  std::vector<Place> cells_;
};

void note_unread(const TableHead& head, const Layout& layout, Dataset& out) {
  for (int c = 0; c < static_cast<int>(head.names.size()); ++c) {
    const bool used = layout.uses(c);
    const auto& name = head.names[static_cast<std::size_t>(c)];
    if (!used && (!name.empty() || count_cells(head, c).filled > 0)) out.not_read.push_back(name);
  }
}

// A text, or several streams called as their columns.
std::vector<StreamInfo> text_streams(const Layout& layout, const std::vector<std::string>& names) {
  if (layout.more.empty()) return {{"text", StreamKind::kText, 0, {}}};
  std::vector<int> columns = {layout.text};
  columns.insert(columns.end(), layout.more.begin(), layout.more.end());
  std::vector<StreamInfo> out;
  for (const int column : columns) {
    out.push_back({names[static_cast<std::size_t>(column)], StreamKind::kText, 0, {}});
  }
  return out;
}

Layout required_texts(const Source& source, const ReadSpec& spec, const TableHead& head,
                      const Table& table) {
  const Header header{source.path, table.names(), source.expected};
  if (spec.text_column.empty()) require_trained_text(header, "text-csv");
  Layout layout = find_layout(header, head, spec);
  if (!layout.lacking.empty()) {
    throw Error(Code::kData,
                fmt::format("{}:1: the column {}, whose texts were learned from, is not there; the "
                            "columns are {}",
                            source.path, shown(layout.lacking), list_columns(table.names())),
                "name the columns as in training, or all of them with --text-column");
  }
  if (layout.text == kNoColumn) {
    throw Error(Code::kData, ask_for_text(source, table),
                "name it with --text-column, and the label's with --target");
  }
  if (!layout.by_name && spec.format == "auto" && source.expected == nullptr) {
    refuse_doubtful(source, head, layout);
  }
  return layout;
}

Dataset read_text(const Source& source, const ReadSpec& spec) {
  Collector collector(source, StreamKind::kText);
  Table table(source, spec, collector.problems());
  const TableHead head = table_head(source, spec);
  const Layout layout = required_texts(source, spec, head, table);
  collector.set_streams(text_streams(layout, table.names()));
  SwallowWatch swallowed(layout, table.names().size(), head.delimiter);
  Row row;
  while (table.next(row)) {
    Sample sample;
    sample.line = row.line;
    sample.label = trim(cell_text(row.cells, layout.label));
    sample.id = trim(cell_text(row.cells, layout.id));
    sample.group = trim(cell_text(row.cells, layout.group));
    swallowed.add(row, sample);
    std::vector<RawValue> texts = {cell_text(row.cells, layout.text)};
    for (const int column : layout.more) texts.emplace_back(cell_text(row.cells, column));
    collector.add(std::move(sample), std::move(texts));
  }
  Dataset out = collector.finish(
      "put a text with delimiters or line breaks in \"quotes\", and double quotes inside; where "
      "quotes are characters like others, say --quotes none");
  out.columns = remembered_columns(
      table.names(),
      {.label = layout.label, .text = layout.text, .id = layout.id, .group = layout.group}, {});
  swallowed.warn(source.path, out.warnings);
  note_unread(head, layout, out);
  if (layout.group == kNoColumn) {
    std::vector<int> taken = {layout.label, layout.text, layout.id};
    taken.insert(taken.end(), layout.more.begin(), layout.more.end());
    suspect_group(table.names(), taken, out);
  }
  return out;
}

}  // namespace

Reader text_csv_reader() { return {recognise_text_csv, read_text}; }

}  // namespace refrain::data
