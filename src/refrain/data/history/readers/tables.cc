// Tables of histories: a series a row, a value a row, or a series a column.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <map>
#include <set>

#include "refrain/base/error.h"
#include "refrain/data/history/readers.h"
#include "refrain/data/history/stamps.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/readers/number.h"
#include "refrain/data/readers/table.h"

namespace refrain::data {
namespace {

constexpr std::size_t kHeadRows = 60;
constexpr std::array kIdNames = {"id",          "unique_id", "item_id", "series_id", "series",
                                 "series_name", "unit",      "item",    "sku",       "store"};
constexpr std::array kTimeNames = {"time",  "ds",   "date", "timestamp", "datetime", "period",
                                   "month", "week", "day",  "year",      "step",     "t"};
constexpr std::array kValueNames = {"value", "y", "target", "sales", "demand", "count", "quantity"};

template <class List>
int find_name(const std::vector<std::string>& names, const std::string& given, const List& usual,
              const std::string& path, const char* option) {
  const auto find = [&](const std::string& name) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (lower(names[i]) == lower(name)) return static_cast<int>(i);
    }
    return -1;
  };
  if (!given.empty()) {
    const int found = find(given);
    if (found >= 0) return found;
    std::string all;
    for (const auto& name : names) all += (all.empty() ? "" : ", ") + name;
    throw Error(Code::kData, fmt::format("{}: there is no column '{}' (--{})", path, given, option),
                "the columns are: " + all);
  }
  for (const char* name : usual) {
    if (const int found = find(name); found >= 0) return found;
  }
  return -1;
}

std::vector<std::string> as_text(const Row& row) {
  std::vector<std::string> out;
  for (const auto cell : row.cells) out.emplace_back(trim(cell));
  return out;
}

bool is_stamp_or_number(const std::string& cell) {
  return is_number(cell) || !stamp_forms({cell}).empty();
}

std::vector<std::string> column_cells(const HistoryHead& head, int column) {
  std::vector<std::string> out;
  for (const auto& row : head.rows) {
    if (static_cast<std::size_t>(column) < row.size()) {
      out.push_back(row[static_cast<std::size_t>(column)]);
    }
  }
  return out;
}

bool is_times(const HistoryHead& head, int column) {
  const auto cells = column_cells(head, column);
  return !cells.empty() && !stamp_forms(cells).empty();
}

// Which columns hold what, by their names in the options.
struct TableRoles {
  std::vector<int> values, known, past, fixed;
};

std::vector<int> columns_of(const std::vector<std::string>& names, const std::string& given,
                            const std::string& path, const char* option) {
  std::vector<int> out;
  const std::array<const char*, 0> none{};
  for (const auto& name : split_names(given)) {
    out.push_back(find_name(names, name, none, path, option));
  }
  return out;
}

std::vector<std::string> names_at(const std::vector<std::string>& names,
                                  const std::vector<int>& columns) {
  std::vector<std::string> out;
  for (const int c : columns) out.push_back(names[static_cast<std::size_t>(c)]);
  return out;
}

bool contains(const std::vector<int>& list, int x) {
  return std::find(list.begin(), list.end(), x) != list.end();
}

// Reads the rows of a table with a header.
class HistoryTable {
 public:
  HistoryTable(const HistorySource& source, const HistorySpec& spec)
      : spec_(table_spec(spec)), scanner_(source.text, spec_), problems_(source.path) {
    Row header;
    if (scanner_.next(header)) names_ = as_text(header);
  }
  bool next(Row& row) {
    while (scanner_.next(row)) {
      if (!row.fault.empty()) {
        problems_.add(row.line, row.fault_column, row.fault);
      } else if (row.cells.size() != names_.size()) {
        problems_.add(row.line, 0,
                      fmt::format("{} cells, the header has {}", row.cells.size(), names_.size()));
      } else {
        return true;
      }
    }
    return false;
  }
  double value(const Row& row, int column) {
    const auto c = static_cast<std::size_t>(column);
    return read_value(row.cells[c], row.line, column + 1, problems_);
  }
  Problems& problems() { return problems_; }

 private:
  ReadSpec spec_;
  RowScanner scanner_;
  Problems problems_;
  std::vector<std::string> names_;
};

}  // namespace

ReadSpec table_spec(const HistorySpec& spec) {
  ReadSpec out;
  out.encoding = spec.encoding;
  out.decimal = spec.decimal;
  out.missing_values = spec.missing_values;
  return out;
}

std::vector<std::string> split_names(const std::string& names) {
  std::vector<std::string> out;
  std::string_view rest = names;
  while (!rest.empty()) {
    const auto name = trim(take_until(rest, ','));
    if (!name.empty()) out.emplace_back(name);
  }
  return out;
}

bool HistoryHead::is_number(int column) const {
  std::size_t numbers = 0, filled = 0;
  for (const auto& cell : column_cells(*this, column)) {
    const auto kind = parse_number(cell).kind;
    if (kind == NumberKind::kMissing) continue;
    ++filled;
    numbers += kind == NumberKind::kFinite ? 1 : 0;
  }
  return 2 * numbers > filled;
}

HistoryHead history_head(const HistorySource& source, const HistorySpec& spec) {
  HistoryHead out;
  const ReadSpec how = table_spec(spec);
  RowScanner scanner(source.text, how);
  Row row;
  while (out.rows.size() < kHeadRows && scanner.next(row)) out.rows.push_back(as_text(row));
  if (out.rows.empty()) return out;
  const auto& first = out.rows.front();
  std::size_t words = 0;
  for (std::size_t i = 1; i < first.size(); ++i) {
    words += !first[i].empty() && !is_stamp_or_number(first[i]) ? 1 : 0;
  }
  // A name over the values, or one that is a number over times: "",0 over 1821,269.
  const bool named = words > 0 || (first.size() == 1 && !is_stamp_or_number(first[0])) ||
                     (!first.empty() && first[0].empty());
  if (!named) return out;
  out.names = first;
  out.rows.erase(out.rows.begin());
  out.id = find_name(out.names, spec.id, kIdNames, source.path, "id");
  out.time = find_name(out.names, spec.time, kTimeNames, source.path, "time");
  if (out.id == out.time) out.id = -1;
  if (out.time < 0 && out.id != 0 && is_times(out, 0)) out.time = 0;
  const auto targets = split_names(spec.target);
  out.value = targets.size() > 1
                  ? -1
                  : find_name(out.names, spec.target, kValueNames, source.path, "target");
  return out;
}

int recognise_rows(const HistorySource& source, const HistorySpec& spec) {
  const auto head = history_head(source, spec);
  if (head.rows.empty() || head.time >= 0) return 0;
  std::set<std::string> ids;
  std::size_t numbers = 0, cells = 0;
  for (const auto& row : head.rows) {
    ids.insert(row.front());
    for (std::size_t i = 1; i < row.size(); ++i) {
      if (row[i].empty()) continue;
      ++cells;
      numbers += is_number(row[i]) ? 1 : 0;
    }
  }
  const bool worded = !head.is_number(0);
  if (ids.size() < head.rows.size() || cells == 0 || 10 * numbers < 9 * cells) return 0;
  return worded ? 60 : head.id == 0 ? 50 : 0;
}

void read_rows(const HistorySource& source, const HistorySpec& spec, Histories& out) {
  const bool named = !history_head(source, spec).names.empty();
  const ReadSpec how = table_spec(spec);
  RowScanner scanner(source.text, how);
  Problems problems(source.path);
  std::vector<PlainHistory> series;
  std::set<std::string> ids;
  Row row;
  if (named) scanner.next(row);
  while (scanner.next(row)) {
    if (!row.fault.empty()) {
      problems.add(row.line, row.fault_column, row.fault);
      continue;
    }
    PlainHistory one;
    one.history.line = row.line;
    one.history.id = std::string(trim(row.cells.front()));
    std::size_t end = row.cells.size();
    while (end > 1 && trim(row.cells[end - 1]).empty()) --end;
    for (std::size_t i = 1; i < end; ++i) {
      one.history.value.push_back(
          read_value(row.cells[i], row.line, static_cast<std::int64_t>(i) + 1, problems));
    }
    if (!ids.insert(one.history.id).second) {
      problems.add(row.line, 1, fmt::format("series {} is there twice", shown(one.history.id)));
    }
    series.push_back(std::move(one));
  }
  problems.throw_if_any("a row is an id and then numbers");
  place_histories(std::move(series), "", problems, out);
}

int recognise_stamped(const HistorySource& source, const HistorySpec& spec) {
  if (!spec.target.empty() && split_names(spec.target).size() > 1) return 0;
  const auto head = history_head(source, spec);
  if (head.rows.empty() || head.time < 0) return 0;
  if (head.id >= 0) return 80;
  return head.value >= 0 && head.names.size() >= 2 ? 55 : 0;
}

void read_stamped(const HistorySource& source, const HistorySpec& spec, Histories& out) {
  const auto head = history_head(source, spec);
  const int last = static_cast<int>(head.names.size());
  if (head.time < 0) {
    throw Error(Code::kData, source.path + ": no column with times was found",
                "name it with --time COLUMN");
  }
  int value = head.value;
  TableRoles roles;
  roles.known = columns_of(head.names, spec.known, source.path, "known");
  roles.past = columns_of(head.names, spec.past, source.path, "past");
  roles.fixed = columns_of(head.names, spec.fixed, source.path, "fixed");
  const auto taken = [&](int c) {
    return c == head.id || c == head.time || c == value || contains(roles.known, c) ||
           contains(roles.past, c) || contains(roles.fixed, c);
  };
  for (int c = 0; value < 0 && c < last; ++c) {
    if (!taken(c) && head.is_number(c)) value = c;
  }
  if (value < 0) {
    throw Error(Code::kData, source.path + ": no column with values was found",
                "name it with --target COLUMN");
  }
  std::vector<int> open;  // covariates whose role nobody named
  for (int c = 0; c < last; ++c) {
    if (taken(c)) continue;
    if (head.is_number(c)) {
      open.push_back(c);
    } else {
      out.warnings.push_back(fmt::format("column '{}' holds no numbers and is not read",
                                         head.names[static_cast<std::size_t>(c)]));
    }
  }
  HistoryTable table(source, spec);
  std::vector<StampedHistory> series;
  std::map<std::string, std::size_t> places;
  std::vector<std::vector<std::vector<double>>> free;  // of each row of each series
  Row row;
  while (table.next(row)) {
    const std::string id =
        head.id < 0 ? "1" : std::string(trim(row.cells[static_cast<std::size_t>(head.id)]));
    const auto [place, isnew] = places.try_emplace(id, series.size());
    if (isnew) {
      series.push_back({id, row.line, {}, {}});
      free.emplace_back();
      for (const int c : roles.fixed) series.back().fixed.push_back(table.value(row, c));
    }
    StampedRow one;
    one.stamp = std::string(trim(row.cells[static_cast<std::size_t>(head.time)]));
    one.line = row.line;
    one.value = table.value(row, value);
    for (const int c : roles.known) one.known.push_back(table.value(row, c));
    for (const int c : roles.past) one.past.push_back(table.value(row, c));
    auto& others = free[place->second].emplace_back();
    for (const int c : open) others.push_back(table.value(row, c));
    series[place->second].rows.push_back(std::move(one));
  }
  table.problems().throw_if_any("mend these rows");
  if (series.empty()) throw Error(Code::kData, source.path + " has no rows", "give some");
  // A covariate goes on behind the last value of a series: it is known for the future.
  for (std::size_t k = 0; k < open.size(); ++k) {
    bool ahead = false;
    for (std::size_t s = 0; s < series.size() && !ahead; ++s) {
      std::size_t end = series[s].rows.size();
      while (end > 0 && std::isnan(series[s].rows[end - 1].value)) --end;
      for (std::size_t i = end; i < series[s].rows.size(); ++i) {
        ahead = ahead || !std::isnan(free[s][i][k]);
      }
    }
    (ahead ? roles.known : roles.past).push_back(open[k]);
    for (std::size_t s = 0; s < series.size(); ++s) {
      for (std::size_t i = 0; i < series[s].rows.size(); ++i) {
        auto& to = ahead ? series[s].rows[i].known : series[s].rows[i].past;
        to.push_back(free[s][i][k]);
      }
    }
  }
  out.known = names_at(head.names, roles.known);
  out.past = names_at(head.names, roles.past);
  out.fixed = names_at(head.names, roles.fixed);
  build_histories(std::move(series), table.problems(), out);
}

int recognise_series_columns(const HistorySource& source, const HistorySpec& spec) {
  const auto head = history_head(source, spec);
  if (head.rows.empty() || head.names.empty()) return 0;
  if (head.time >= 0) return head.names.size() >= 2 ? 52 : 0;
  for (int c = 0; c < static_cast<int>(head.names.size()); ++c) {
    if (!head.is_number(c)) return 0;
  }
  return 30;
}

void read_series_columns(const HistorySource& source, const HistorySpec& spec, Histories& out) {
  const auto head = history_head(source, spec);
  TableRoles roles;
  roles.values = columns_of(head.names, spec.target, source.path, "target");
  roles.known = columns_of(head.names, spec.known, source.path, "known");
  roles.past = columns_of(head.names, spec.past, source.path, "past");
  for (int c = 0; spec.target.empty() && c < static_cast<int>(head.names.size()); ++c) {
    if (c == head.time || contains(roles.known, c) || contains(roles.past, c)) continue;
    if (head.is_number(c)) {
      roles.values.push_back(c);
    } else {
      out.warnings.push_back(fmt::format("column '{}' holds no numbers and is not read",
                                         head.names[static_cast<std::size_t>(c)]));
    }
  }
  HistoryTable table(source, spec);
  std::vector<StampedHistory> series;
  for (const int c : roles.values) {
    const std::string& name = head.names[static_cast<std::size_t>(c)];
    series.push_back({name.empty() ? fmt::format("{}", c + 1) : name, 1, {}, {}});
  }
  std::int64_t number = 0;
  Row row;
  while (table.next(row)) {
    ++number;
    StampedRow one;
    one.line = row.line;
    one.stamp = head.time < 0 ? fmt::format("{}", number)
                              : std::string(trim(row.cells[static_cast<std::size_t>(head.time)]));
    for (const int c : roles.known) one.known.push_back(table.value(row, c));
    for (const int c : roles.past) one.past.push_back(table.value(row, c));
    for (std::size_t k = 0; k < roles.values.size(); ++k) {
      one.value = table.value(row, roles.values[k]);
      series[k].rows.push_back(one);
    }
  }
  table.problems().throw_if_any("mend these rows");
  if (series.empty() || series.front().rows.empty()) {
    throw Error(Code::kData, source.path + " has no values", "give at least one row of numbers");
  }
  out.known = names_at(head.names, roles.known);
  out.past = names_at(head.names, roles.past);
  build_histories(std::move(series), table.problems(), out);
}

}  // namespace refrain::data
