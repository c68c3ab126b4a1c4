// CSV/TSV with a header, one row a sample: a label column, maybe an id and a group, and all other
// columns the values in order. They are one univariate series, unless the header names several
// channels with the same number of steps each (x_0 x_1 y_0 y_1, or acc.0, or acc[0]). An empty cell
// is a missing value; missing values at the end of a row are padding and cut off. Columns of dates,
// row numbers, and the label once more as a number are left out, and said.
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <map>
#include <optional>

#include "refrain/base/error.h"
#include "refrain/data/readers/collector.h"
#include "refrain/data/readers/columns.h"
#include "refrain/data/readers/doubt.h"
#include "refrain/data/readers/not_values.h"
#include "refrain/data/readers/number.h"
#include "refrain/data/readers/series.h"
#include "refrain/data/readers/table.h"
#include "refrain/data/readers/trained_columns.h"
#include "refrain/data/streams.h"

namespace refrain::data {
namespace {

struct WideLayout {
  int label = kNoColumn;
  int id = kNoColumn;
  int group = kNoColumn;
  std::vector<int> values;            // columns in the memory order of Series, [T,F]
  std::vector<std::string> channels;  // names; empty = one univariate series
  std::vector<int> left_out;
  std::vector<std::string> remarks, warnings;  // on these
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

// Without the order of several channels.
WideLayout find_roles(const Header& header, const TableHead& head, const ReadSpec& spec) {
  WideLayout layout;
  layout.label = find_column(header, Role::kLabel, spec.target);
  if (spec.target.empty() && is_axis(head, layout.label, kNoColumn)) layout.label = kNoColumn;
  layout.id = find_column(header, Role::kId, spec.id);
  layout.group = find_column(header, Role::kGroup, spec.group);
  for (int i = 0; i < static_cast<int>(header.names.size()); ++i) {
    if (i != layout.label && i != layout.id && i != layout.group) layout.values.push_back(i);
  }
  return layout;
}

std::vector<std::string> names_of(const std::vector<int>& columns,
                                  const std::vector<std::string>& names) {
  std::vector<std::string> out;
  for (const int column : columns) out.push_back(names[static_cast<std::size_t>(column)]);
  return out;
}

void leave_out(const std::vector<int>& columns, WideLayout& layout) {
  for (const int column : columns) {
    layout.left_out.push_back(column);
    std::erase(layout.values, column);
  }
}

// Dates and clocks, and columns without a name that hold nothing.
void leave_out_by_look(const TableHead& head, WideLayout& layout) {
  std::vector<int> dates, nothing;
  for (const int column : layout.values) {
    const bool unnamed = head.names[static_cast<std::size_t>(column)].empty();
    if (unnamed && count_cells(head, column).filled == 0) nothing.push_back(column);
    if (mostly(head, column, is_date_or_clock)) dates.push_back(column);
  }
  for (const int column : nothing) std::erase(layout.values, column);
  if (dates.empty() || dates.size() == layout.values.size()) return;
  leave_out(dates, layout);
  layout.remarks.push_back(fmt::format("{}: dates or times of day, which are no values",
                                       list_columns(names_of(dates, head.names))));
}

WideLayout find_wide_layout(const Source& source, const TableHead& head, const ReadSpec& spec) {
  const Header header{source.path, head.names, source.expected};
  WideLayout layout = find_roles(header, head, spec);
  const auto trained = trained_values(header, "wide-csv", {layout.label, layout.id, layout.group});
  if (trained) {
    layout.values = *trained;
    layout.channels = header.expected->streams.front().channel_names;
    if (divided(header.expected->streams)) arrange_channels(head.names, layout);
    return layout;
  }
  leave_out_by_look(head, layout);
  // Row numbers, and the label as a number: by all rows.
  NotValues found = find_not_values(source, spec, head.names, layout.values, layout.label);
  leave_out(found.columns, layout);
  layout.warnings = std::move(found.warnings);
  arrange_channels(head.names, layout);
  if (!layout.channels.empty()) return layout;
  const std::string disorder = numbers_out_of_order(names_of(layout.values, head.names));
  if (!disorder.empty()) layout.warnings.push_back(source.path + ": " + disorder);
  return layout;
}

// The column that most likely holds the time of a step; "" where none does.
std::string likely_time(const TableHead& head, const WideLayout& layout) {
  for (int c = 0; c < static_cast<int>(head.names.size()); ++c) {
    const std::string& name = head.names[static_cast<std::size_t>(c)];
    const bool role = c == layout.label || c == layout.id || c == layout.group;
    const std::string small = lower(name);
    const auto holds = [&](const char* part) { return small.find(part) != std::string::npos; };
    const bool called = holds("time") || holds("stamp") || holds("date") || holds("sec") ||
                        holds("frame") || holds("tick") || holds("step");
    if (!role && (called || mostly(head, c, is_date_or_clock))) return name;
  }
  return "";
}

// Rows of one id are steps of one series, or samples of one patient: a split would part them.
void refuse_repeated_ids(const Source& source, const TableHead& head, const WideLayout& layout,
                         const Dataset& data) {
  if (layout.id == kNoColumn) return;
  std::map<std::string, int> rows;
  for (const auto& sample : data.samples) ++rows[sample.id];
  const auto most = std::max_element(
      rows.begin(), rows.end(), [](const auto& a, const auto& b) { return a.second < b.second; });
  if (most == rows.end() || most->second < 2) return;
  const std::string time = likely_time(head, layout);
  const std::string& id = head.names[static_cast<std::size_t>(layout.id)];
  throw Error(
      Code::kData,
      fmt::format("{}: id {} stands on {} rows: is a row a time step?", source.path,
                  shown(most->first), most->second),
      fmt::format(
          "if so, name the time with --time-column {}, or say --format long-csv where there "
          "is none; if each row is a sample, say --format wide-csv --group '{}'",
          time.empty() ? "NAME" : "'" + time + "'", id));
}

// How often the values of a column begin anew; -1 where they are no clock that counts up in
// between.
int restarts_of(const Dataset& data, std::size_t place) {
  int restarts = 0, steps = 0;
  const Series* before = nullptr;
  for (const auto& sample : data.samples) {
    const auto& series = std::get<Series>(sample.streams[0]);
    if (place >= series.values.size()) return -1;
    if (before != nullptr) {
      const float from = before->values[place], to = series.values[place];
      if (!(to > from) && !(to < from)) return -1;
      ++(to > from ? steps : restarts);
    }
    before = &series;
  }
  return restarts > 0 && steps >= 3 * restarts ? restarts : -1;
}

// A clock that begins anew again and again: a row is a step of a series, and no sample.
void refuse_steps(const Source& source, const ReadSpec& spec, const TableHead& head,
                  const WideLayout& layout, const Dataset& data) {
  const int time = find_column({source.path, head.names, source.expected}, Role::kTime, spec.time);
  const auto found = std::find(layout.values.begin(), layout.values.end(), time);
  if (found == layout.values.end() || !layout.channels.empty()) return;
  const int restarts = restarts_of(data, static_cast<std::size_t>(found - layout.values.begin()));
  if (restarts < 0) return;
  const std::string& name = head.names[static_cast<std::size_t>(time)];
  throw Error(
      Code::kData,
      fmt::format("{}: column '{}' counts up and begins anew {} times: is a row a time step?",
                  source.path, name, restarts),
      fmt::format("if so, name the column that tells the series apart with --id{}, one id "
                  "for each stretch of one label; if each row is a sample, say --format "
                  "wide-csv",
                  data.likely_group.empty() ? "" : " '" + data.likely_group + "'"));
}

int recognise_wide_csv(const Source& source, const ReadSpec& spec) {
  const TableHead head = table_head(source, spec);
  if (!head.has_header || head.names.size() < 2) return 0;
  const Header header{source.path, head.names, source.expected};
  WideLayout layout = find_roles(header, head, spec);
  const auto trained = trained_values(header, "wide-csv", {layout.label, layout.id, layout.group});
  if (trained) layout.values = *trained;
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
void refuse_text_columns(const Source& source, const TableHead& head, const WideLayout& layout) {
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

void note_left_out(const Source& source, const WideLayout& layout,
                   const std::vector<std::string>& names, Dataset& out) {
  out.not_read = names_of(layout.left_out, names);
  for (const auto& text : layout.remarks) out.remarks.push_back(source.path + ": " + text);
  out.warnings = layout.warnings;
}

Dataset read_wide(const Source& source, const ReadSpec& spec) {
  Collector collector(source, StreamKind::kSeries);
  Problems& problems = collector.problems();
  Table table(source, spec, problems);
  const TableHead head = table_head(source, spec);
  const WideLayout layout = find_wide_layout(source, head, spec);
  require_trained_values({source.path, table.names(), source.expected}, "wide-csv",
                         {layout.label, layout.id, layout.group});
  if (layout.values.empty()) {
    throw Error(Code::kData,
                fmt::format("{}:1: no column is left for values; the columns are {}", source.path,
                            list_columns(table.names())),
                "give the series one column a step");
  }
  refuse_units(source, head);
  refuse_text_columns(source, head, layout);
  const int channels = layout.channels.empty() ? 1 : static_cast<int>(layout.channels.size());
  collector.name_channels(layout.channels);
  Row row;
  while (table.next(row)) {
    Sample sample;
    sample.line = row.line;
    sample.label = trim(cell_text(row.cells, layout.label));
    sample.id = trim(cell_text(row.cells, layout.id));
    sample.group = trim(cell_text(row.cells, layout.group));
    RawSeries series{0, channels, {}};
    series.values.reserve(layout.values.size());
    for (const int column : layout.values) {
      series.values.push_back(
          read_value(row.cells[static_cast<std::size_t>(column)], row.line, column + 1, problems));
    }
    cut_padding(series, source.expected != nullptr);
    collector.add(std::move(sample), std::move(series));
  }
  Dataset out = collector.finish(
      "leave the cell of a missing value empty, or name its spelling with --missing-values; "
      "--target, --id and --group name columns that hold no values");
  out.columns = remembered_columns(table.names(),
                                   {.label = layout.label, .id = layout.id, .group = layout.group},
                                   layout.values);
  if (spec.format == "auto" && source.expected == nullptr) {
    refuse_repeated_ids(source, head, layout, out);
  }
  note_left_out(source, layout, table.names(), out);
  if (layout.group == kNoColumn) {
    suspect_group(table.names(), {layout.label, layout.id}, out, layout.values);
  }
  if (spec.format == "auto" && source.expected == nullptr) {
    refuse_steps(source, spec, head, layout, out);
  }
  return out;
}

}  // namespace

Reader wide_csv_reader() { return {recognise_wide_csv, read_wide}; }

}  // namespace refrain::data
