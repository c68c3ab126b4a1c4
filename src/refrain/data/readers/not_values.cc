#include "refrain/data/readers/not_values.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "refrain/data/readers/columns.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/readers/number.h"
#include "refrain/data/readers/table.h"

namespace refrain::data {
namespace {

constexpr std::size_t kFewestRows = 8;  // fewer can count up, or tell the label, by chance

bool is_counter_name(const std::string& name) {
  static constexpr std::array<std::string_view, 14> kNames = {
      "index", "idx", "row",   "rownum", "row_number", "row_id",   "rowid",
      "no",    "nr",  "s.no.", "#",      "sample_no",  "rownames", "record"};
  const std::string small = lower(name);
  return small.starts_with("unnamed") || small.empty() ||
         std::find(kNames.begin(), kNames.end(), small) != kNames.end();
}

// Whole numbers, each once: all from the least to the largest, or of a column that is called so.
bool count_rows(std::vector<double> seen, const std::string& name) {
  std::sort(seen.begin(), seen.end());
  if (std::adjacent_find(seen.begin(), seen.end()) != seen.end()) return false;
  const bool all = seen.back() - seen.front() + 1 == static_cast<double>(seen.size());
  return all || is_counter_name(name);
}

}  // namespace

ValueWatch::ValueWatch(std::vector<std::string> names)
    : names_(std::move(names)), columns_(names_.size()) {}

void ValueWatch::add(const std::vector<double>& values, const std::string& label) {
  auto at =
      static_cast<std::size_t>(std::find(labels_.begin(), labels_.end(), label) - labels_.begin());
  constexpr std::size_t kMostTold = 1000;
  if (at == labels_.size()) {
    if (at == kMostTold) at = 0;  // too many to be classes: no column is a twin any more
    if (labels_.size() < kMostTold) {
      labels_.push_back(label);
      rows_.push_back(0);
    }
  }
  ++rows_[at];
  ++count_;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    Column& column = columns_[c];
    const double value = values[c];
    if (column.whole) {
      const std::size_t recent = std::min<std::size_t>(column.seen.size(), 8);
      const bool again = std::find(column.seen.end() - static_cast<std::ptrdiff_t>(recent),
                                   column.seen.end(), value) != column.seen.end();
      column.whole = std::isfinite(value) && value == std::floor(value) && !again;
      if (column.whole) column.seen.push_back(value);
      if (!column.whole) column.seen = {};
    }
    if (!column.twin) continue;
    if (at == column.of_label.size()) {
      const auto known = std::find(column.of_label.begin(), column.of_label.end(), value);
      column.twin = std::isfinite(value) && known == column.of_label.end();
      column.of_label.push_back(value);
    } else {
      column.twin = at < column.of_label.size() && column.of_label[at] == value;
    }
  }
}

std::vector<std::size_t> ValueWatch::counters() const {
  std::vector<std::size_t> out;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    const Column& column = columns_[c];
    if (count_ < kFewestRows || !column.whole || column.seen.size() != count_) continue;
    if (count_rows(column.seen, names_[c])) out.push_back(c);
  }
  return out;
}

std::vector<std::size_t> ValueWatch::twins() const {
  std::vector<std::size_t> out;
  const bool several = labels_.size() > 1 &&
                       labels_.size()<count_&& * std::min_element(rows_.begin(), rows_.end())> 0 &&
                       !labels_[0].empty();
  if (count_ < kFewestRows || !several || 2 * labels_.size() > count_) return out;
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    if (columns_[c].twin) out.push_back(c);
  }
  if (4 * out.size() > columns_.size()) out.clear();  // then the series are as simple as that
  return out;
}

NotValues find_not_values(const Source& source, const ReadSpec& spec,
                          const std::vector<std::string>& names, const std::vector<int>& values,
                          int label) {
  std::vector<std::string> value_names;
  for (const int c : values) value_names.push_back(names[static_cast<std::size_t>(c)]);
  ValueWatch watch(value_names);
  RowScanner scanner(source.text, spec, source.expected);
  Row row;
  scanner.next(row);
  std::vector<double> numbers(values.size());
  while (scanner.next(row)) {
    if (row.cells.size() != names.size()) continue;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      numbers[i] = parse_number(row.cells[static_cast<std::size_t>(values[i])]).value;
    }
    watch.add(numbers, std::string(trim(cell_text(row.cells, label))));
  }
  NotValues out;
  const auto take = [&](const std::vector<std::size_t>& places, const char* why) {
    if (places.empty() || out.columns.size() + places.size() >= values.size()) return;
    std::vector<std::string> taken;
    for (const std::size_t place : places) {
      out.columns.push_back(values[place]);
      taken.push_back(value_names[place]);
    }
    out.warnings.push_back(fmt::format("{}: {}: {}, and {} left out of the values", source.path,
                                       list_columns(taken), why,
                                       taken.size() == 1 ? "was" : "were"));
  };
  take(watch.counters(), "counts the rows");
  take(watch.twins(), "the same as the label in all rows");
  return out;
}

std::string numbers_out_of_order(const std::vector<std::string>& names) {
  std::string stem;
  std::vector<long> numbers;
  for (const auto& name : names) {
    const std::size_t size = name.find_last_not_of("0123456789") + 1;  // npos + 1 = 0
    long number = 0;
    const auto [stop, code] =
        std::from_chars(name.data() + size, name.data() + name.size(), number);
    if (size == name.size() || code != std::errc() ||
        (!numbers.empty() && name.substr(0, size) != stem)) {
      return "";
    }
    stem = name.substr(0, size);
    numbers.push_back(number);
  }
  const bool rise = std::is_sorted(numbers.begin(), numbers.end());
  const bool fall = std::is_sorted(numbers.rbegin(), numbers.rend());
  if (rise || fall || numbers.size() < 3) return "";
  return fmt::format(
      "the numbered columns {} are not in the order of their numbers; they were read "
      "as they stand",
      list_columns(names));
}

}  // namespace refrain::data
