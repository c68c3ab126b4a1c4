#include "refrain/data/history/table_layout.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "refrain/base/error.h"
#include "refrain/data/history/stamp_form.h"
#include "refrain/data/readers/columns.h"
#include "refrain/data/readers/number.h"
#include "refrain/data/readers/table.h"

namespace refrain::data {
namespace {

constexpr std::size_t kRowsLooked = 30;
constexpr std::size_t kBytesLooked = std::size_t{1} << 20;

constexpr std::array<std::string_view, 11> kIdNames = {
    "unique_id",  "item_id", "series_id", "ts_id", "series_name", "series",
    "timeseries", "item",    "id",        "key",   "sensor_id"};
// A column with one of the names after kSureTimes of them counts as time where it rises too.
constexpr std::array<std::string_view, 19> kTimeNames = {
    "ds",     "timestamp", "datetime", "date_time", "date",      "time", "time_stamp",
    "period", "month",     "year",     "quarter",   "week",      "day",  "hour",
    "step",   "t",         "index",    "time_idx",  "time_index"};
constexpr std::size_t kSureTimes = 7;
constexpr std::array<std::string_view, 13> kValueNames = {
    "y",      "value", "target", "values",   "sales", "demand",     "quantity",
    "volume", "load",  "count",  "quantity", "price", "observation"};
constexpr std::size_t kSureValues = 4;  // these say what the value is without an id column too

bool is_missing_cell(std::string_view cell) {
  return parse_number(cell).kind == NumberKind::kMissing;
}

std::string_view cell_of(const std::vector<std::string>& row, std::size_t column) {
  return column < row.size() ? std::string_view(row[column]) : std::string_view();
}

// How many filled cells of a column there are, and how many of them pass.
template <class Is>
bool all_filled(const HistoryHead& head, std::size_t column, Is is) {
  bool any = false;
  for (const auto& row : head.rows) {
    const std::string_view cell = cell_of(row, column);
    if (is_missing_cell(cell)) continue;
    any = true;
    if (!is(cell)) return false;
  }
  return any;
}

bool holds_dates(const HistoryHead& head, std::size_t column) {
  return all_filled(head, column, [](std::string_view cell) { return !find_form(cell).empty(); });
}

bool holds_text(const HistoryHead& head, std::size_t column) {
  return all_filled(head, column, [](std::string_view cell) {
    return parse_number(cell).kind == NumberKind::kText && find_form(cell).empty();
  });
}

// No filled cell is text: numbers, or nothing at all.
bool holds_numbers(const HistoryHead& head, std::size_t column) {
  return std::none_of(head.rows.begin(), head.rows.end(), [&](const auto& row) {
    return parse_number(cell_of(row, column)).kind == NumberKind::kText;
  });
}

int place_of_name(const HistoryHead& head, std::string_view name) {
  for (std::size_t i = 0; i < head.names.size(); ++i) {
    if (lower(head.names[i]) == name) return static_cast<int>(i);
  }
  return -1;
}

// True if the whole numbers of a column rise within the first id.
bool rises(const HistoryHead& head, std::size_t column, int id) {
  std::int64_t before = 0;
  std::size_t count = 0;
  for (const auto& row : head.rows) {
    if (id >= 0 && cell_of(row, static_cast<std::size_t>(id)) !=
                       cell_of(head.rows[0], static_cast<std::size_t>(id))) {
      break;
    }
    std::int64_t value = 0;
    if (!read_whole_number(cell_of(row, column), value)) return false;
    if (count++ > 0 && value <= before) return false;
    before = value;
  }
  return count > 0;
}

bool repeats(const HistoryHead& head, std::size_t column) {
  std::vector<std::string_view> cells;
  for (const auto& row : head.rows) cells.push_back(cell_of(row, column));
  std::sort(cells.begin(), cells.end());
  return std::adjacent_find(cells.begin(), cells.end()) != cells.end();
}

bool is_unnamed(std::string_view name) {
  const std::string small = lower(name);
  return small.empty() || small == "unnamed: 0";
}

// A column that only numbers the rows, as the index of pandas in front or an "id" beside times
// does.
bool counts_rows(const HistoryHead& head, std::size_t column) {
  const std::string name = lower(head.names[column]);
  const bool usual = (column == 0 && is_unnamed(name)) ||
                     std::find(kIdNames.begin(), kIdNames.end(), name) != kIdNames.end();
  std::int64_t before = 0;
  for (std::size_t i = 0; usual && i < head.rows.size(); ++i) {
    std::int64_t number = 0;
    if (!read_whole_number(cell_of(head.rows[i], column), number)) return false;
    if (i > 0 && number != before + 1) return false;
    before = number;
  }
  return usual && head.rows.size() > 1;
}

int find_named_id(const HistoryHead& head) {
  for (const auto name : kIdNames) {
    const int found = place_of_name(head, name);
    if (found >= 0) return found;
  }
  return -1;
}

// -1 where there is none.
int find_time(const HistoryHead& head, int id) {
  const auto good = [&](std::size_t column, bool sure) {
    return holds_dates(head, column) || rises(head, column, id) || (sure && head.rows.empty());
  };
  for (std::size_t i = 0; i < kTimeNames.size(); ++i) {
    const int found = place_of_name(head, kTimeNames[i]);
    if (found < 0 || found == id) continue;
    if (i < kSureTimes || good(static_cast<std::size_t>(found), false)) return found;
  }
  for (std::size_t c = 0; c < head.names.size(); ++c) {
    const bool unnamed = c == 0 && is_unnamed(head.names[c]);
    if (static_cast<int>(c) == id) continue;
    if (holds_dates(head, c) || (unnamed && rises(head, c, id))) return static_cast<int>(c);
  }
  return -1;
}

// The id column: one of the usual names whose cells come again, or whose times do; or the only
// column of text that comes again where the times do.
int find_id(const HistoryHead& head) {
  const int named = find_named_id(head);
  const int time = find_time(head, named);
  const bool again = time >= 0 && repeats(head, static_cast<std::size_t>(time));
  if (named >= 0 && time >= 0) {
    const bool several = repeats(head, static_cast<std::size_t>(named)) || again;
    const bool text = !holds_numbers(head, static_cast<std::size_t>(named));
    return several || text || head.rows.size() < 2 ? named : -1;
  }
  if (!again) return -1;
  int found = -1;
  for (std::size_t c = 0; c < head.names.size(); ++c) {
    if (!holds_text(head, c)) continue;
    if (found >= 0) return -1;
    found = static_cast<int>(c);
  }
  return found;
}

// Parts of a table as they are given out.
class LayoutFinder {
 public:
  LayoutFinder(const Source& source, const HistoryHead& head, const HistorySpec& spec)
      : path_(source.path), head_(head), spec_(spec), taken_(head.names.size(), false) {}

  HistoryLayout long_form() {
    take_ids();
    take_time();
    if (out_.time < 0) refuse("no time column", "name it with --time-column");
    take_roles();
    take_targets();
    if (out_.targets.empty()) find_target();
    for (std::size_t c = 0; c < taken_.size(); ++c) {
      if (!taken_[c]) add_open(c);
    }
    return out_;
  }

  HistoryLayout columns_form() {
    if (!spec_.id.empty()) take_ids();
    take_time();
    if (out_.time < 0) check_split_time();
    take_roles();
    take_targets();
    const bool named = !out_.targets.empty();
    for (std::size_t c = 0; c < taken_.size(); ++c) {
      if (taken_[c]) continue;
      const bool series =
          !named && holds_numbers(head_, c) && !is_nothing(c) && !counts_rows(head_, c);
      (series ? out_.targets : out_.unread).push_back(static_cast<int>(c));
    }
    if (out_.targets.empty()) refuse("no column of numbers", "name the series with --target");
    return out_;
  }

 private:
  // Without name and without any cell.
  bool is_nothing(std::size_t c) const {
    return head_.names[c].empty() && !all_filled(head_, c, [](std::string_view) { return true; });
  }

  [[noreturn]] void refuse(const std::string& what, const std::string& hint) const {
    throw Error(Code::kData,
                fmt::format("{}:1: {}; the columns are {}", path_, what, list_columns(head_.names)),
                hint);
  }

  int named_column(const std::string& name, const char* option) {
    const auto& names = head_.names;
    auto found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) {
      found = std::find_if(names.begin(), names.end(),
                           [&](const std::string& other) { return lower(other) == lower(name); });
    }
    if (found == names.end()) {
      refuse(fmt::format("no column {}", shown(name)), fmt::format("mend --{}", option));
    }
    const auto column = static_cast<std::size_t>(found - names.begin());
    if (taken_[column]) {
      throw Error(
          Code::kUsage,
          fmt::format("the column {} is named for two parts, one of them --{}", shown(name),
                      option),
          "name each column once among --id, --time-column, --target, --known, --past, --fixed");
    }
    taken_[column] = true;
    return static_cast<int>(column);
  }

  void take(int column) {
    if (column >= 0) taken_[static_cast<std::size_t>(column)] = true;
  }

  void take_ids() {
    for (const auto& name : names_in(spec_.id)) out_.ids.push_back(named_column(name, "id"));
    if (!spec_.id.empty()) return;
    const int found = find_id(head_);
    if (found >= 0 && !is_named_elsewhere(found)) out_.ids.push_back(found);
    if (!out_.ids.empty()) take(out_.ids[0]);
  }

  void take_time() {
    if (!spec_.time.empty()) {
      out_.time = named_column(spec_.time, "time-column");
      return;
    }
    out_.time = find_time(head_, out_.ids.empty() ? -1 : out_.ids[0]);
    if (out_.time >= 0 && is_named_elsewhere(out_.time)) out_.time = -1;
    take(out_.time);
  }

  // Years and months in columns of their own are no series.
  void check_split_time() const {
    const int year = place_of_name(head_, "year");
    const bool month = place_of_name(head_, "month") >= 0 || place_of_name(head_, "quarter") >= 0;
    if (year < 0 || !month || is_named_elsewhere(year)) return;
    refuse("the time stands in several columns", "make it one column, such as 2020-01");
  }

  // An option gives the column another part.
  bool is_named_elsewhere(int column) const {
    const std::string name = lower(head_.names[static_cast<std::size_t>(column)]);
    for (const auto* list : {&spec_.target, &spec_.known, &spec_.past, &spec_.fixed}) {
      for (const auto& other : names_in(*list)) {
        if (lower(other) == name) return true;
      }
    }
    return false;
  }

  void take_roles() {
    const std::array<std::pair<const std::string*, CovariateRole>, 3> lists = {
        {{&spec_.known, CovariateRole::kKnown},
         {&spec_.past, CovariateRole::kPast},
         {&spec_.fixed, CovariateRole::kFixed}}};
    const std::array<const char*, 3> options = {"known", "past", "fixed"};
    for (std::size_t i = 0; i < lists.size(); ++i) {
      for (const auto& name : names_in(*lists[i].first)) {
        out_.covariates.push_back(named_column(name, options[i]));
        out_.roles.push_back(lists[i].second);
      }
    }
  }

  void take_targets() {
    const bool one = !spec_.target.empty() && std::find(head_.names.begin(), head_.names.end(),
                                                        spec_.target) != head_.names.end();
    const auto names = one ? std::vector<std::string>{spec_.target} : names_in(spec_.target);
    for (const auto& name : names) out_.targets.push_back(named_column(name, "target"));
  }

  void find_target() {
    for (const auto name : kValueNames) {
      const int found = place_of_name(head_, name);
      if (found < 0 || taken_[static_cast<std::size_t>(found)]) continue;
      out_.targets = {found};
      return take(found);
    }
    for (std::size_t c = 0; c < taken_.size(); ++c) {
      if (!taken_[c] && holds_numbers(head_, c)) out_.targets.push_back(static_cast<int>(c));
    }
    if (out_.targets.size() != 1) {
      refuse(out_.targets.empty() ? "no value column" : "which column holds the values?",
             "name it with --target");
    }
    take(out_.targets[0]);
  }

  void add_open(std::size_t c) {
    if (!holds_numbers(head_, c) || is_nothing(c) || counts_rows(head_, c)) {
      out_.unread.push_back(static_cast<int>(c));
      return;
    }
    out_.covariates.push_back(static_cast<int>(c));
    out_.roles.push_back(CovariateRole::kOpen);
  }

  const std::string& path_;
  const HistoryHead& head_;
  const HistorySpec& spec_;
  std::vector<bool> taken_;
  HistoryLayout out_;
};

// True if no cell behind the first one is text; counts those that are numbers.
bool is_row_of_numbers(const std::vector<std::string>& row, std::size_t& numbers) {
  for (std::size_t i = 1; i < row.size(); ++i) {
    const NumberKind kind = parse_number(row[i]).kind;
    if (kind == NumberKind::kText) return false;
    numbers += kind != NumberKind::kMissing ? 1 : 0;
  }
  return true;
}

bool looks_like_rows(const HistoryHead& head) {
  const auto& rows = head.rows;
  std::size_t count = 0;
  const bool numbers = std::all_of(rows.begin(), rows.end(),
                                   [&](const auto& row) { return is_row_of_numbers(row, count); });
  const bool header = rows_have_header(head);
  if (head.names.empty() || !numbers || (header && count == 0)) return false;
  const auto is_text = [](std::string_view cell) {
    return parse_number(cell).kind == NumberKind::kText && find_form(cell).empty();
  };
  const bool texts = std::all_of(rows.begin(), rows.end(),
                                 [&](const auto& row) { return is_text(cell_of(row, 0)); });
  if (!texts) {
    const auto* const found = std::find(kIdNames.begin(), kIdNames.end(), lower(head.names[0]));
    return header && found != kIdNames.end() && head.names.size() > 2;
  }
  return (header || is_text(head.names[0])) && (head.names.size() > 2 || rows.empty() || !header);
}

}  // namespace

HistoryHead history_head(const Source& source) {
  HistoryHead head;
  RowScanner scanner(source.text.substr(0, kBytesLooked), {});
  const bool cut = source.text.size() > kBytesLooked;
  Row row;
  if (!scanner.next(row)) return head;
  for (const auto cell : row.cells) head.names.emplace_back(trim(cell));
  while (head.rows.size() <= kRowsLooked && scanner.next(row)) {
    if (row.fault.empty()) head.rows.emplace_back(row.cells.begin(), row.cells.end());
  }
  if ((cut || head.rows.size() > kRowsLooked) && head.rows.size() > 1) head.rows.pop_back();
  return head;
}

bool rows_have_header(const HistoryHead& head) {
  std::size_t numbers = 0;
  return !is_row_of_numbers(head.names, numbers) || numbers == 0;
}

TableShape shape_of(const HistoryHead& head, const HistorySpec& spec) {
  const auto& names = head.names;
  constexpr std::string_view kOther = "{[@<";
  const bool other = !names.empty() && !names[0].empty() && kOther.find(names[0][0]) != kOther.npos;
  if (names.empty() || other) return TableShape::kNone;
  if (!spec.id.empty() && !looks_like_rows(head)) return TableShape::kLong;
  const bool header = rows_have_header(head);
  const int id = find_id(head);
  const bool time = !spec.time.empty() || (header && find_time(head, id) >= 0) ||
                    (is_unnamed(names[0]) && find_time(head, -1) == 0);
  if (!time) {
    if (looks_like_rows(head)) return TableShape::kRows;
    bool numbers = header && names.size() > 0 && !head.rows.empty();
    for (std::size_t c = 0; c < names.size(); ++c) numbers = numbers && holds_numbers(head, c);
    const bool named = std::all_of(names.begin(), names.end(), [](const std::string& name) {
      return parse_number(name).kind == NumberKind::kText;
    });
    return numbers && named ? TableShape::kColumns : TableShape::kNone;
  }
  if (id >= 0) return TableShape::kLong;
  std::size_t sure = 0;
  for (std::size_t i = 0; i < kSureValues; ++i)
    sure += place_of_name(head, kValueNames[i]) >= 0 ? 1 : 0;
  return sure == 1 && spec.target.empty() ? TableShape::kLong : TableShape::kColumns;
}

HistoryLayout long_layout(const Source& source, const HistoryHead& head, const HistorySpec& spec) {
  return LayoutFinder(source, head, spec).long_form();
}

HistoryLayout columns_layout(const Source& source, const HistoryHead& head,
                             const HistorySpec& spec) {
  return LayoutFinder(source, head, spec).columns_form();
}

}  // namespace refrain::data
