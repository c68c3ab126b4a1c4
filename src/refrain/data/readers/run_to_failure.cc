// Units that run to failure as a table with header: columns unit, cycle, then settings and sensors,
// one row a cycle. Optional columns: `censored` (1: the unit was taken out before it failed) and
// `remaining` or `rul` (the life that remains, of which the last row of a unit counts; without it a
// unit fails at its last cycle).
#include <fmt/format.h>

#include <algorithm>

#include "refrain/base/error.h"
#include "refrain/data/readers/collector.h"
#include "refrain/data/readers/columns.h"
#include "refrain/data/readers/lines.h"
#include "refrain/data/readers/lives.h"
#include "refrain/data/readers/number.h"
#include "refrain/data/readers/table.h"
#include "refrain/data/readers/trained_columns.h"

namespace refrain::data {
namespace {

constexpr const char* kFailureFormat = "run-to-failure";

struct FailureColumns {
  int unit = kNoColumn, cycle = kNoColumn, censored = kNoColumn, remaining = kNoColumn;
  std::vector<int> values;
};

int column_named(const std::vector<std::string>& names, const std::vector<std::string>& usual) {
  for (const auto& wanted : usual) {
    for (std::size_t c = 0; c < names.size(); ++c) {
      if (lower(names[c]) == lower(wanted)) return static_cast<int>(c);
    }
  }
  return kNoColumn;
}

// The column that an option names, or else the first of the usual names.
int failure_column(const std::vector<std::string>& names, const std::string& given,
                   const std::vector<std::string>& usual) {
  return column_named(names, given.empty() ? usual : std::vector<std::string>{given});
}

FailureColumns failure_columns(const Source& source, const std::vector<std::string>& names,
                               const ReadSpec& spec) {
  FailureColumns out;
  const Expected* trained = source.expected;  // a model keeps what its columns were called
  const auto given = [&](const std::string& option, std::string Columns::*part) {
    return option.empty() && trained != nullptr ? trained->columns.*part : option;
  };
  out.unit = failure_column(names, given(spec.id, &Columns::id),
                            {"unit", "unit_id", "id", "engine", "machine"});
  out.cycle = failure_column(names, given(spec.time, &Columns::time),
                             {"cycle", "cycles", "time", "step", "t"});
  out.censored = column_named(names, {"censored"});
  out.remaining = failure_column(names, given(spec.target, &Columns::label), {"remaining", "rul"});
  const auto require = [&](int column, const char* what, const char* option) {
    if (column != kNoColumn) return;
    throw Error(Code::kData,
                fmt::format("{}:1: no column of the {}; the columns are {}", source.path, what,
                            list_columns(names)),
                fmt::format("name it with {}", option));
  };
  require(out.unit, "unit", "--id");
  require(out.cycle, "cycle", "--time-column");
  if (!spec.target.empty() && source.expected == nullptr) {
    require(out.remaining, "remaining life", "--target, or leave that out");
  }
  for (int c = 0; c < static_cast<int>(names.size()); ++c) {
    const bool value = c != out.unit && c != out.cycle && c != out.censored && c != out.remaining;
    if (value) out.values.push_back(c);
  }
  if (!out.values.empty()) return out;
  throw Error(Code::kData, fmt::format("{}:1: there are no sensors", source.path), kLifeHint);
}

// Models keep the format; a file to predict is read as what they were trained on.
int recognise_failures(const Source& source, const ReadSpec&) {
  const bool trained =
      source.expected != nullptr && source.expected->columns.format == kFailureFormat;
  return trained && table_head(source, {}).has_header ? 99 : 0;
}

class FailureReader {
 public:
  FailureReader(const FailureColumns& columns, Problems& problems)
      : columns_(columns), problems_(problems), rows_(columns.values.size(), problems) {}

  void add(const Row& row) {
    const auto cell = [&](int column) { return row.cells[static_cast<std::size_t>(column)]; };
    rows_.begin_step(cell(columns_.unit), cell(columns_.cycle), row.line);
    for (const int c : columns_.values) rows_.add_value(cell(c), c + 1);
    Life& life = rows_.life();
    if (columns_.censored != kNoColumn) {
      const Number number = parse_number(cell(columns_.censored));
      if (number.kind == NumberKind::kText || (number.value != 0 && number.value != 1)) {
        problems_.add(row.line, columns_.censored + 1,
                      fmt::format("{} is neither 0 nor 1", shown(cell(columns_.censored))));
      }
      life.censored = life.censored || number.value == 1;
    }
    if (columns_.remaining == kNoColumn) return;
    const double value =
        read_value(cell(columns_.remaining), row.line, columns_.remaining + 1, problems_);
    if (value < 0) problems_.add(row.line, columns_.remaining + 1, "a remaining life below 0");
    life.remaining = value >= 0 ? value : -1;
  }

  std::vector<Life> finish() {
    auto lives = rows_.finish();
    for (auto& life : lives) {
      if (columns_.remaining == kNoColumn || life.censored) life.remaining = 0;
    }
    return lives;
  }

 private:
  const FailureColumns& columns_;
  Problems& problems_;
  LifeRows rows_;
};

Dataset read_failures(const Source& source, const ReadSpec& spec) {
  Collector collector(source, StreamKind::kSeries);
  Table table(source, spec, collector.problems());
  const FailureColumns columns = failure_columns(source, table.names(), spec);
  FailureReader reader(columns, collector.problems());
  Row row;
  while (table.next(row)) reader.add(row);
  collector.problems().throw_if_any(kLifeHint);
  std::vector<std::string> channels;
  for (const int c : columns.values) channels.push_back(table.names()[static_cast<std::size_t>(c)]);
  collector.name_channels(std::move(channels));
  add_lives(reader.finish(), "", collector);
  Dataset out = collector.finish(kLifeHint);
  out.columns = remembered_columns(
      table.names(), {.label = columns.remaining, .id = columns.unit, .time = columns.cycle},
      columns.values);
  out.lives = out.measured = true;
  return out;
}

}  // namespace

Reader run_to_failure_reader() { return {recognise_failures, read_failures}; }

}  // namespace refrain::data
