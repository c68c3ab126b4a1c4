#include "refrain/task/regress/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "refrain/data/target_numbers.h"
#include "refrain/score/intervals.h"
#include "refrain/score/lives.h"
#include "refrain/score/regression.h"
#include "refrain/task/regress/goal.h"

namespace refrain::task {
namespace {

// One column of a matrix [n,width].
std::vector<double> column_of(const std::vector<double>& rows, int width, int k) {
  std::vector<double> out;
  for (std::size_t at = static_cast<std::size_t>(k); at < rows.size();
       at += static_cast<std::size_t>(width)) {
    out.push_back(rows[at]);
  }
  return out;
}

score::Regression one_column(const score::Regression& all, int k) {
  score::Regression out;
  out.truth = column_of(all.truth, all.width, k);
  out.predicted = column_of(all.predicted, all.width, k);
  out.low = column_of(all.low, all.width, k);
  out.high = column_of(all.high, all.width, k);
  out.weight = all.weight;
  out.group = all.group;
  out.words = all.words;
  return out;
}

}  // namespace

namespace {

double share(std::size_t part, std::size_t whole) {
  return whole == 0 ? std::numeric_limits<double>::quiet_NaN()
                    : static_cast<double>(part) / static_cast<double>(whole);
}

// Over all repeats.
Table alarm_table(const score::Repeats& repeats) {
  Table table{"alarms",
              "an alarm is raised where the predicted remaining life is at most the threshold",
              "threshold",
              {"below", "detected", "above", "false_alarms"},
              {}};
  for (const double threshold : {20.0, 30.0, 50.0}) {
    score::Alarms all;
    for (const auto* one : repeats.list()) {
      all.add(dynamic_cast<const score::Regression&>(*one), threshold);
    }
    table.rows.push_back({fmt::format("{:g}", threshold),
                          {static_cast<double>(all.below), share(all.detected, all.below),
                           static_cast<double>(all.above), share(all.false_alarms, all.above)}});
  }
  return table;
}

double median_of(std::vector<double> values) {
  if (values.empty()) return std::numeric_limits<double>::quiet_NaN();
  const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
  std::nth_element(values.begin(), middle, values.end());
  return *middle;
}

// Over all repeats; no rows where no unit is asked on both sides of a threshold.
Table first_alarm_table(const score::Repeats& repeats) {
  Table table{"first_alarms",
              "first alarms of units that are watched from above the threshold to below it; the "
              "delay is in cycles behind it",
              "threshold",
              {"units", "early", "missed", "median_delay", "longest_delay"},
              {}};
  for (const double threshold : {20.0, 30.0, 50.0}) {
    score::FirstAlarms all;
    for (const auto* one : repeats.list()) {
      all.add(dynamic_cast<const score::Regression&>(*one), threshold);
    }
    if (all.units == 0) continue;
    const double longest = all.delay.empty()
                               ? std::numeric_limits<double>::quiet_NaN()
                               : *std::max_element(all.delay.begin(), all.delay.end());
    table.rows.push_back({fmt::format("{:g}", threshold),
                          {static_cast<double>(all.units), share(all.early, all.units),
                           share(all.missed, all.units), median_of(all.delay), longest}});
  }
  return table;
}

std::vector<Table> life_tables(const score::Repeats& repeats) {
  std::vector<Table> out = {alarm_table(repeats)};
  Table first = first_alarm_table(repeats);
  if (!first.rows.empty()) out.push_back(std::move(first));
  return out;
}

}  // namespace

std::vector<Table> regress_tables(const Goal& goal, const score::Repeats& repeats, int seed,
                                  score::Stop stop) {
  const auto& first = dynamic_cast<const score::Regression&>(repeats[0]);
  const auto* regress = dynamic_cast<const RegressGoal*>(&goal);
  if (regress != nullptr && regress->parts().lives) return life_tables(repeats);
  if (first.width < 2) return {};
  Table table{"per_target", "", "target", {}, {}};
  for (int k = 0; k < first.width; ++k) {
    std::vector<score::Regression> own;
    for (const auto* one : repeats.list()) {
      own.push_back(one_column(dynamic_cast<const score::Regression&>(*one), k));
    }
    Table::Row row{first.columns[static_cast<std::size_t>(k)], {}};
    for (const auto& [name, s] : score::score_repeats(own, seed, {}, stop)) {
      if (k == 0) table.columns.push_back(name);
      row.cells.emplace_back(Score{s.value, s.low, s.high});
    }
    table.rows.push_back(std::move(row));
  }
  return {table};
}

std::unique_ptr<score::Answers> recall_numbers(const Recalled& recalled) {
  auto out = std::make_unique<score::Regression>();
  for (const auto& answer : recalled.answers) {
    const auto truth = data::numbers_of(answer.truth);
    out->width = static_cast<int>(truth.size());
    out->truth.insert(out->truth.end(), truth.begin(), truth.end());
    for (std::size_t k = 0; k < truth.size(); ++k) {
      out->predicted.push_back(
          k < answer.numbers.size() ? answer.numbers[k] : std::numeric_limits<double>::quiet_NaN());
    }
  }
  return out;
}

}  // namespace refrain::task
