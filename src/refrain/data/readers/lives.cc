#include "refrain/data/readers/lives.h"

#include <fmt/format.h>

#include <cmath>

#include "refrain/data/readers/lines.h"
#include "refrain/data/readers/number.h"

namespace refrain::data {

void LifeRows::begin_step(std::string_view unit, std::string_view cycle, std::int64_t line) {
  const std::string name(trim(unit));
  const Number number = parse_number(cycle);
  line_ = line;
  const bool goes_on = !lives_.empty() && lives_.back().unit == name;
  if (name.empty()) problems_.add(line, 0, "no unit");
  if (!goes_on) {
    if (!seen_.insert(name).second) {
      problems_.add(line, 0, fmt::format("unit {} comes back after another one", shown(name)));
    }
    lives_.push_back({name, line, {0, channels_, {}}});
  }
  if (number.kind != NumberKind::kFinite || number.value != std::floor(number.value)) {
    problems_.add(line, 0, fmt::format("{} is no cycle", shown(trim(cycle))));
  } else if (goes_on && number.value != cycle_ + 1) {
    problems_.add(line, 0,
                  fmt::format("cycle {:.0f} of unit {} follows cycle {:.0f}", number.value,
                              shown(name), cycle_));
  }
  if (number.kind == NumberKind::kFinite) cycle_ = number.value;
  ++lives_.back().series.steps;
}

void LifeRows::add_value(std::string_view cell, std::int64_t column) {
  lives_.back().series.values.push_back(read_value(cell, line_, column, problems_));
}

void add_lives(std::vector<Life> lives, const std::string& prefix, Collector& collector) {
  for (auto& life : lives) {
    Sample sample;
    sample.id = life.unit;
    sample.group = prefix + life.unit;
    sample.line = life.line;
    sample.censored = life.censored;
    if (life.remaining >= 0) sample.label = fmt::format("{}", life.remaining);
    collector.add(std::move(sample), std::move(life.series));
  }
}

}  // namespace refrain::data
