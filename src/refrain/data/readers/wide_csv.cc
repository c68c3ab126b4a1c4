// CSV/TSV with a header, one row a sample: a label column, maybe an id and a group, and all other
// columns the values in order. They are one univariate series, unless the header names several
// channels with the same number of steps each (x_0 x_1 y_0 y_1, or acc.0, or acc[0]). An empty cell
// is a missing value; missing values at the end of a row are padding and cut off.
#include <fmt/format.h>

#include <charconv>
#include <map>
#include <optional>

#include "refrain/base/error.h"
#include "refrain/data/readers/collector.h"
#include "refrain/data/readers/columns.h"
#include "refrain/data/readers/number.h"
#include "refrain/data/readers/series.h"
#include "refrain/data/readers/table.h"
#include "refrain/data/readers/trained_columns.h"

namespace refrain::data {
namespace {

struct WideLayout {
  int label = kNoColumn;
  int id = kNoColumn;
  int group = kNoColumn;
  std::vector<int> values;            // columns in the memory order of Series, [T,F]
  std::vector<std::string> channels;  // names; empty = one univariate series
};

struct ChannelStep {
  std::string channel;
  long step = 0;
};

// "acc_x.12", "acc_x_12" and "acc_x[12]" are step 12 of channel acc_x.
std::optional<ChannelStep> channel_step(std::string_view name) {
  const bool bracket = name.ends_with(']');
  if (bracket) name.remove_suffix(1);
  const std::size_t at = name.find_last_of(bracket ? "[" : "._");
  if (at == std::string_view::npos || at == 0) return std::nullopt;
  const std::string_view digits = name.substr(at + 1);
  ChannelStep out{std::string(name.substr(0, at)), 0};
  const char* end = digits.data() + digits.size();
  const auto [stop, code] = std::from_chars(digits.data(), end, out.step);
  if (code != std::errc() || stop != end || digits[0] == '-') return std::nullopt;
  return out;
}

// Puts the value columns in the order [T,F] where their names are those of several channels.
void arrange_channels(const std::vector<std::string>& names, WideLayout& layout) {
  std::vector<std::string> channels;                 // in order of appearance
  std::map<std::string, std::map<long, int>> steps;  // channel -> step -> column
  for (const int column : layout.values) {
    const auto part = channel_step(names[static_cast<std::size_t>(column)]);
    if (!part) return;
    auto& own = steps[part->channel];
    if (own.empty()) channels.push_back(part->channel);
    if (!own.emplace(part->step, column).second) return;
  }
  const std::size_t length = channels.empty() ? 0 : steps[channels[0]].size();
  if (channels.size() < 2 || length < 2) return;
  for (const auto& [channel, own] : steps) {
    if (own.size() != length) return;
  }
  layout.values.clear();
  std::vector<std::map<long, int>::const_iterator> next;
  for (const auto& channel : channels) next.push_back(steps[channel].cbegin());
  for (std::size_t t = 0; t < length; ++t) {
    for (auto& at : next) layout.values.push_back((at++)->second);
  }
  layout.channels = channels;
}

WideLayout find_wide_layout(const Header& header, const TableHead& head, const ReadSpec& spec) {
  WideLayout layout;
  layout.label = find_column(header, Role::kLabel, spec.target);
  if (spec.target.empty() && is_axis(head, layout.label, kNoColumn)) layout.label = kNoColumn;
  layout.id = find_column(header, Role::kId, spec.id);
  layout.group = find_column(header, Role::kGroup, spec.group);
  for (int i = 0; i < static_cast<int>(header.names.size()); ++i) {
    if (i != layout.label && i != layout.id && i != layout.group) layout.values.push_back(i);
  }
  const auto trained = trained_values(header, "wide-csv", {layout.label, layout.id, layout.group});
  if (trained) {
    layout.values = *trained;
    layout.channels = header.expected->streams.front().channel_names;
  } else {
    arrange_channels(header.names, layout);
  }
  return layout;
}

int recognise_wide_csv(const Source& source, const ReadSpec& spec) {
  const TableHead head = table_head(source, spec);
  if (!head.has_header || head.names.size() < 2) return 0;
  const WideLayout layout =
      find_wide_layout({source.path, head.names, source.expected}, head, spec);
  std::size_t filled = 0, numeric = 0;
  for (const int column : layout.values) {
    const CellCount count = count_cells(head, column);
    filled += count.filled > 0 ? 1 : 0;
    numeric += count.mostly_numbers() ? 1 : 0;
  }
  if (filled == 0)
    return 20;  // a header and nothing of use behind it: its own error is the clearest
  if (2 * numeric < filled) return 0;
  return numeric == filled ? 80 : 55;
}

// One message for a column of text instead of one for each of its cells.
void refuse_text_columns(const Source& source, const ReadSpec& spec, const WideLayout& layout) {
  const TableHead head = table_head(source, spec);
  Problems problems(source.path);
  std::string name;
  for (const int column : layout.values) {
    const CellCount count = count_cells(head, column);
    if (count.filled == 0 || count.numbers > 0) continue;
    const auto at = static_cast<std::size_t>(column);
    if (name.empty()) name = head.names[at];
    problems.add(1, column + 1,
                 fmt::format("column {} holds text such as {}, not numbers", shown(head.names[at]),
                             shown(head.rows[0][at])));
  }
  if (source.expected != nullptr) problems.throw_if_any("give numbers, as in training");
  problems.throw_if_any(
      fmt::format("for the label: --target '{0}'; for an id: --id '{0}'; for a group: "
                  "--group '{0}'",
                  name));
}

Dataset read_wide(const Source& source, const ReadSpec& spec) {
  Collector collector(source, StreamKind::kSeries);
  Problems& problems = collector.problems();
  Table table(source, problems);
  const Header header{source.path, table.names(), source.expected};
  const WideLayout layout = find_wide_layout(header, table_head(source, spec), spec);
  require_trained_values(header, "wide-csv", {layout.label, layout.id, layout.group});
  if (layout.values.empty()) {
    throw Error(Code::kData,
                fmt::format("{}:1: no column is left for values; the columns are {}", source.path,
                            list_columns(table.names())),
                "give the series one column a step");
  }
  refuse_text_columns(source, spec, layout);
  const int channels = layout.channels.empty() ? 1 : static_cast<int>(layout.channels.size());
  collector.name_channels(layout.channels);
  Row row;
  while (table.next(row)) {
    Sample sample;
    sample.line = row.line;
    sample.label = trim(cell_text(row.cells, layout.label));
    sample.id = trim(cell_text(row.cells, layout.id));
    sample.group = trim(cell_text(row.cells, layout.group));
    Series series{0, channels, {}};
    series.values.reserve(layout.values.size());
    for (const int column : layout.values) {
      series.values.push_back(
          read_value(row.cells[static_cast<std::size_t>(column)], row.line, column + 1, problems));
    }
    cut_padding(series, source.expected != nullptr);
    collector.add(std::move(sample), std::move(series));
  }
  Dataset out = collector.finish("--target, --id and --group name the columns that hold no values");
  out.columns = remembered_columns(table.names(),
                                   {.label = layout.label, .id = layout.id, .group = layout.group},
                                   layout.values);
  if (layout.group == kNoColumn) {
    suspect_group(table.names(), {layout.label, layout.id}, out, layout.values);
  }
  return out;
}

}  // namespace

Reader wide_csv_reader() { return {recognise_wide_csv, read_wide}; }

}  // namespace refrain::data
