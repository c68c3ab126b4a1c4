// CSV with a header, one row a time step: an id column says which series the row belongs to, a time
// column (numbers, dates like 2020-02-01, or times of day like 10:00:05) where in it; without one
// (--format long-csv) rows count in their order. Label and group are the same in all rows
// of an id; --tag-column names a column with a label for each step. All other columns that hold
// numbers are channels; columns of text only are left out.
// Samples stand in the order in which their ids appear.
#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <unordered_map>

#include "refrain/base/error.h"
#include "refrain/data/readers/clock.h"
#include "refrain/data/readers/collector.h"
#include "refrain/data/readers/columns.h"
#include "refrain/data/readers/not_values.h"
#include "refrain/data/readers/number.h"
#include "refrain/data/readers/table.h"
#include "refrain/data/readers/trained_columns.h"

namespace refrain::data {
namespace {

struct LongLayout {
  int label = kNoColumn;
  int id = kNoColumn;
  int group = kNoColumn;
  int time = kNoColumn;
  int tag = kNoColumn;
  std::vector<int> values;  // [F]
  std::vector<int> texts;   // not read

  std::vector<int> parts() const { return {label, id, group, time, tag}; }
};

struct Moment {
  double number = 0;
  std::string date;  // "" where times are numbers
  std::int64_t line = 0;
  bool operator<(const Moment& other) const {
    return number != other.number ? number < other.number : date < other.date;
  }
};

// One id's rows as they come.
struct Rows {
  Sample sample;
  std::vector<Moment> moments;
  std::vector<double> values;     // [T,F] in file order
  std::vector<std::string> tags;  // [T] in file order; empty = none
};

// Finds the column of tags that an option or training names. Usual names are not tried, because
// other columns have them too.
int find_tag_column(const Header& header, const ReadSpec& spec) {
  const bool trained = header.expected != nullptr && !header.expected->columns.tag.empty();
  if (!spec.tag_column.empty()) return find_column(header, Role::kTag, spec.tag_column);
  if (!trained) return kNoColumn;
  const auto& names = header.names;
  const auto found = std::find(names.begin(), names.end(), header.expected->columns.tag);
  return found == names.end() ? kNoColumn : static_cast<int>(found - names.begin());
}

LongLayout find_long_layout(const Header& header, const TableHead& head, const ReadSpec& spec) {
  LongLayout layout;
  layout.label = find_column(header, Role::kLabel, spec.target);
  layout.id = find_column(header, Role::kSeriesId, spec.id);
  layout.group = find_column(header, Role::kGroup, spec.group);
  layout.time = find_column(header, Role::kTime, spec.time);
  if (spec.target.empty() && is_axis(head, layout.label, layout.id)) layout.label = kNoColumn;
  layout.tag = find_tag_column(header, spec);
  if (layout.tag == layout.label && spec.target.empty()) layout.label = kNoColumn;
  const std::vector<int> parts = layout.parts();
  if (auto trained = trained_values(header, "long-csv", parts)) {
    layout.values = std::move(*trained);
    return layout;
  }
  for (int i = 0; i < static_cast<int>(header.names.size()); ++i) {
    const bool taken = std::find(parts.begin(), parts.end(), i) != parts.end();
    const CellCount count = count_cells(head, i);
    const bool text = count.filled > 0 && count.numbers == 0;
    if (taken || (head.names[static_cast<std::size_t>(i)].empty() && count.filled == 0)) continue;
    (text ? layout.texts : layout.values).push_back(i);
  }
  return layout;
}

[[noreturn]] void refuse_without(const Source& source, const char* what, const char* option,
                                 const Header& header) {
  throw Error(Code::kData,
              fmt::format("{}:1: no {} column; the columns are {}", source.path, what,
                          list_columns(header.names)),
              fmt::format("name it with {}", option));
}

LongLayout required_layout(const Source& source, const Header& header, const ReadSpec& spec) {
  const LongLayout layout = find_long_layout(header, table_head(source, spec), spec);
  require_trained_values(header, "long-csv", layout.parts());
  if (layout.id == kNoColumn) refuse_without(source, "id", "--id", header);
  if (layout.time == kNoColumn && spec.format != "long-csv") {
    refuse_without(source, "time", "--time-column", header);
  }
  if (layout.values.empty()) refuse_without(source, "value", "--format", header);
  return layout;
}

bool looks_like_date(std::string_view cell) {
  const auto digit = [&](std::size_t i) { return cell[i] >= '0' && cell[i] <= '9'; };
  return cell.size() >= 7 && digit(0) && digit(1) && digit(2) && digit(3) &&
         (cell[4] == '-' || cell[4] == '/') && digit(5) && digit(6);
}

// The kind of times in the time column.
enum class TimeKind { kNumber, kDate, kClock };

class LongReader {
 public:
  LongReader(const LongLayout& layout, Problems& problems) : layout_(layout), problems_(problems) {}

  void add(const Row& row) {
    Moment moment;
    if (!read_moment(row, moment)) return;
    Rows* rows = rows_of(row);
    if (rows == nullptr) return;
    rows->moments.push_back(std::move(moment));
    if (layout_.tag != kNoColumn) rows->tags.emplace_back(trimmed(row, layout_.tag));
    for (const int column : layout_.values) {
      rows->values.push_back(
          read_value(row.cells[static_cast<std::size_t>(column)], row.line, column + 1, problems_));
    }
  }

  // Returns a remedy for the problems that were found.
  const char* hint() const {
    if (bad_times_) {
      return "write dates as 2024-03-01 or 2024-03-01 10:00:05; or take the time column out and "
             "say "
             "--format long-csv: then the rows of an id count in their order";
    }
    if (bad_labels_) {
      return "a series has one label: where it changes, cut the series, one id for each stretch; "
             "where each step has its own, name the column with --tag-column";
    }
    return "leave the cell of a missing value empty, or name its spelling with --missing-values; "
           "--id, --time-column, --target and --group name the columns without values";
  }

  void finish(Collector& collector) {
    if (kind_ == TimeKind::kClock) pass_midnights();
    for (auto& rows : series_) {
      RawSeries series = in_order_of_time(rows);
      collector.add(std::move(rows.sample), std::move(series));
    }
  }

 private:
  bool read_moment(const Row& row, Moment& moment) {
    moment.line = row.line;
    if (layout_.time == kNoColumn) {
      moment.number = static_cast<double>(row.line);
      return true;
    }
    const std::string_view cell = trim(row.cells[static_cast<std::size_t>(layout_.time)]);
    const Number number = parse_number(cell);
    const auto clock = clock_seconds(cell);
    const bool date = number.kind == NumberKind::kText && looks_like_date(cell);
    const bool known = number.kind == NumberKind::kFinite || date || clock;
    const TimeKind kind = date ? TimeKind::kDate : clock ? TimeKind::kClock : TimeKind::kNumber;
    if (series_.empty()) kind_ = kind;
    if (known && kind == kind_) {
      if (date) moment.date = cell;
      if (!date) moment.number = clock ? *clock : number.value;
      return true;
    }
    bad_times_ = true;
    problems_.add(row.line, layout_.time + 1,
                  fmt::format("time {} is not a {}", shown(cell),
                              !known                       ? "number or a date like 2020-02-01"
                              : kind_ == TimeKind::kDate   ? "date as in the rows above"
                              : kind_ == TimeKind::kNumber ? "number as in the rows above"
                                                           : "time of day as in the rows above"));
    return false;
  }

  // The rows of this row's id; null where its label or group contradicts them.
  Rows* rows_of(const Row& row) {
    std::string id(trim(row.cells[static_cast<std::size_t>(layout_.id)]));
    if (id.empty()) {
      problems_.add(row.line, layout_.id + 1, "no id");
      return nullptr;
    }
    const std::string_view label = trimmed(row, layout_.label);
    const std::string_view group = trimmed(row, layout_.group);
    const auto [found, fresh] = index_.emplace(std::move(id), series_.size());
    if (fresh) {
      Rows rows;
      rows.sample.id = found->first;
      rows.sample.label = label;
      rows.sample.group = group;
      rows.sample.line = row.line;
      series_.push_back(std::move(rows));
      return &series_.back();
    }
    Rows& rows = series_[found->second];
    const bool constant = same(row, layout_.label, label, rows.sample.label, rows.sample) &&
                          same(row, layout_.group, group, rows.sample.group, rows.sample);
    return constant ? &rows : nullptr;
  }

  static std::string_view trimmed(const Row& row, int column) {
    if (column == kNoColumn) return {};
    return trim(row.cells[static_cast<std::size_t>(column)]);
  }

  bool same(const Row& row, int column, std::string_view now, const std::string& before,
            const Sample& sample) {
    if (now == before) return true;
    bad_labels_ = bad_labels_ || column == layout_.label;
    problems_.add(row.line, column + 1,
                  fmt::format("{}, but id {} has {} on line {}", shown(now), shown(sample.id),
                              shown(before), sample.line));
    return false;
  }

  // A time of day that falls by more than half a day from row to row belongs to the next day.
  void pass_midnights() {
    constexpr double kDay = 86400;
    for (auto& rows : series_) {
      double before = 0, days = 0;
      for (auto& moment : rows.moments) {
        if (moment.number + days < before - kDay / 2) days += kDay;
        moment.number += days;
        before = moment.number;
      }
    }
  }

  // Sorts values and tags by time into the sample.
  RawSeries in_order_of_time(Rows& rows) {
    const auto filled = [](const std::string& tag) { return !tag.empty(); };
    if (std::none_of(rows.tags.begin(), rows.tags.end(), filled)) rows.tags.clear();
    std::vector<std::size_t> order(rows.moments.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return rows.moments[a] < rows.moments[b];
    });
    const std::size_t width = layout_.values.size();
    RawSeries series{static_cast<int>(order.size()), static_cast<int>(width), {}};
    series.values.reserve(rows.values.size());
    for (std::size_t t = 0; t < order.size(); ++t) {
      if (!rows.tags.empty()) rows.sample.tags.push_back(rows.tags[order[t]]);
      const auto start = rows.values.begin() + static_cast<std::ptrdiff_t>(order[t] * width);
      series.values.insert(series.values.end(), start, start + static_cast<std::ptrdiff_t>(width));
      const bool again = t > 0 && !(rows.moments[order[t - 1]] < rows.moments[order[t]]);
      if (!again) continue;
      problems_.add(rows.moments[order[t]].line, layout_.time + 1,
                    fmt::format("this time of id {} stands on line {} already",
                                shown(rows.sample.id), rows.moments[order[t - 1]].line));
    }
    return series;
  }

  const LongLayout& layout_;
  Problems& problems_;
  TimeKind kind_ = TimeKind::kNumber;
  bool bad_times_ = false, bad_labels_ = false;
  std::vector<Rows> series_;
  std::unordered_map<std::string, std::size_t> index_;  // id -> place in series_
};

// Beyond doubt when ids come again: then a row is not a sample.
int recognise_long_csv(const Source& source, const ReadSpec& spec) {
  const TableHead head = table_head(source, spec);
  if (!head.has_header || head.names.size() < 3) return 0;
  const LongLayout layout =
      find_long_layout({source.path, head.names, source.expected}, head, spec);
  if (layout.id == kNoColumn || layout.time == kNoColumn || layout.values.empty()) return 0;
  std::vector<std::string> ids;
  for (const auto& cells : head.rows) ids.push_back(cells[static_cast<std::size_t>(layout.id)]);
  std::sort(ids.begin(), ids.end());
  const bool repeated = std::adjacent_find(ids.begin(), ids.end()) != ids.end();
  return repeated ? 97 : ids.size() < 2 || !spec.time.empty() ? 85 : 0;
}

Dataset read_long(const Source& source, const ReadSpec& spec) {
  Collector collector(source, StreamKind::kSeries);
  collector.set_scheme(spec.scheme);
  Table table(source, spec, collector.problems());
  LongLayout layout = required_layout(source, {source.path, table.names(), source.expected}, spec);
  refuse_units(source, table_head(source, spec));
  NotValues left_out;
  if (source.expected == nullptr) {
    left_out = find_not_values(source, spec, table.names(), layout.values, layout.label);
  }
  for (const int column : left_out.columns) {
    std::erase(layout.values, column);
    layout.texts.push_back(column);
  }
  LongReader reader(layout, collector.problems());
  Row row;
  while (table.next(row)) reader.add(row);
  reader.finish(collector);
  std::vector<std::string> channels;
  for (const int i : layout.values) channels.push_back(table.names()[static_cast<std::size_t>(i)]);
  collector.name_channels(std::move(channels));
  Dataset out = collector.finish(reader.hint());
  out.columns = remembered_columns(table.names(),
                                   {.label = layout.label,
                                    .id = layout.id,
                                    .group = layout.group,
                                    .time = layout.time,
                                    .tag = layout.tag},
                                   layout.values);
  out.warnings = left_out.warnings;
  for (const int i : layout.texts) {
    out.not_read.push_back(table.names()[static_cast<std::size_t>(i)]);
  }
  if (layout.group == kNoColumn) {
    suspect_group(table.names(), layout.parts(), out, layout.values);
  }
  return out;
}

}  // namespace

Reader long_csv_reader() { return {recognise_long_csv, read_long}; }

}  // namespace refrain::data
