#include "refrain/data/history/timed_table.h"

#include <fmt/format.h>

#include <unordered_map>

#include "refrain/base/error.h"
#include "refrain/data/readers/columns.h"
#include "refrain/data/readers/number.h"
#include "refrain/data/readers/table.h"

namespace refrain::data {
namespace {

// A column without name is called by its place.
std::vector<std::string> names_of_columns(const std::vector<std::string>& names,
                                          const std::vector<int>& columns) {
  std::vector<std::string> out;
  for (const int column : columns) {
    const std::string& name = names[static_cast<std::size_t>(column)];
    out.push_back(name.empty() ? fmt::format("column {}", column + 1) : name);
  }
  return out;
}

class TimedReader {
 public:
  TimedReader(const HistoryLayout& layout, TimedTable& table, Problems& problems)
      : layout_(layout), table_(table), problems_(problems) {}

  void add(const Row& row) {
    Moment moment;
    if (layout_.time >= 0) {
      const std::string wrong = table_.stamps.read(cell(row, layout_.time), row.line, moment);
      if (!wrong.empty()) return problems_.add(row.line, layout_.time + 1, wrong);
    }
    TimedGroup* group = group_of(row);
    if (group == nullptr) return;
    if (layout_.time < 0) moment.year = static_cast<std::int64_t>(group->lines.size()) + 1;
    group->moments.push_back(moment);
    group->lines.push_back(row.line);
    for (const int c : layout_.targets) group->values.push_back(number(row, c));
    for (const int c : layout_.covariates) group->covariates.push_back(number(row, c));
  }

 private:
  static std::string_view cell(const Row& row, int column) {
    return trim(row.cells[static_cast<std::size_t>(column)]);
  }

  double number(const Row& row, int column) {
    return read_value(row.cells[static_cast<std::size_t>(column)], row.line, column + 1, problems_);
  }

  // Null where the id is missing, which is then a problem.
  TimedGroup* group_of(const Row& row) {
    id_.clear();
    for (const int column : layout_.ids) {
      const std::string_view part = cell(row, column);
      if (part.empty()) {
        problems_.add(row.line, column + 1, "the id is missing");
        return nullptr;
      }
      if (!id_.empty()) id_ += '/';
      id_ += part;
    }
    auto& groups = table_.groups;
    if (last_ < groups.size() && groups[last_].id == id_) return &groups[last_];
    const auto [found, fresh] = index_.emplace(id_, groups.size());
    if (fresh) groups.emplace_back().id = id_;
    last_ = found->second;
    return &groups[last_];
  }

  const HistoryLayout& layout_;
  TimedTable& table_;
  Problems& problems_;
  std::string id_;
  std::unordered_map<std::string, std::size_t> index_;  // id -> place in groups
  std::size_t last_ = 0;                                // group of the row before
};

}  // namespace

Histories read_timed_table(const Source& source, const HistoryHead& head,
                           const HistoryLayout& layout) {
  Histories out;
  out.path = source.path;
  Problems problems(source.path);
  TimedTable table;
  table.targets = names_of_columns(head.names, layout.targets);
  table.covariates = names_of_columns(head.names, layout.covariates);
  table.roles = layout.roles;
  Table rows(source, {}, problems);
  TimedReader reader(layout, table, problems);
  Row row;
  while (rows.next(row)) reader.add(row);
  problems.throw_if_any(
      "write times as 2020-01-31 or 2020-01-31 10:00:00, or number them 1, 2, 3; leave the cell of "
      "a "
      "missing value empty, or name its spelling with --missing-values; --id, --time-column and "
      "--target "
      "name the columns");
  if (table.groups.empty()) {
    throw Error(Code::kData, fmt::format("{}: no row under the header", source.path),
                "give a file with at least one value");
  }
  table.stamps.settle(source.path);
  if (!layout.unread.empty()) {
    out.remarks.push_back(fmt::format(
        "{}: not read: {}; --known, --past, --fixed and --target name columns of numbers",
        source.path, list_columns(names_of_columns(head.names, layout.unread))));
  }
  gather_table(std::move(table), out, problems);
  return out;
}

}  // namespace refrain::data
