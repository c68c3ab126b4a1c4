#include "refrain/score/lives.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>

#include "refrain/score/errors.h"

namespace refrain::score {
namespace {

constexpr double kEarly = 13, kLate = 10;
constexpr double kMostExponent = 600;  // keeps sums finite

double penalty(double late) {
  const double exponent = late < 0 ? -late / kEarly : late / kLate;
  return std::expm1(std::min(exponent, kMostExponent));
}

double nasa_score(const WeightedErrors& w) {
  double sum = 0;
  for (const auto& column : w.columns) {
    for (std::size_t i = 0; i < column.late.size(); ++i) {
      sum += w.weight[i] * penalty(column.late[i]);
    }
  }
  return sum;
}

}  // namespace

NamedMetrics life_metrics() {
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  return {{"nasa_score",
           "sum over units of what an error costs, the more if a life is told too long; smaller is "
           "better",
           {{0, kInfinite, true}, metric_of<WeightedErrors>(nasa_score), Needs::kNumbers}}};
}

void Alarms::add(const Regression& answers, double threshold) {
  for (std::size_t i = 0; i < answers.truth.size(); ++i) {
    const bool truly = answers.truth[i] <= threshold, told = answers.predicted[i] <= threshold;
    below += truly ? 1 : 0;
    above += truly ? 0 : 1;
    detected += truly && told ? 1 : 0;
    false_alarms += !truly && told ? 1 : 0;
  }
}

void FirstAlarms::add(const Regression& answers, double threshold) {
  struct Unit {
    bool before = false, after = false, early = false;
    std::optional<double> alarm;  // the most life left at an alarm below the threshold
  };
  std::map<int, Unit> all;
  for (std::size_t i = 0; i < answers.group.size(); ++i) {
    Unit& unit = all[answers.group[i]];
    const bool told = answers.predicted[i] <= threshold;
    if (answers.truth[i] > threshold) {
      unit.before = true;
      unit.early = unit.early || told;
    } else {
      unit.after = true;
      if (told) unit.alarm = std::max(unit.alarm.value_or(0), answers.truth[i]);
    }
  }
  for (const auto& [group, unit] : all) {
    if (!unit.before || !unit.after) continue;
    ++units;
    if (unit.early) {
      ++early;
    } else if (!unit.alarm) {
      ++missed;
    } else {
      delay.push_back(threshold - *unit.alarm);
    }
  }
}

}  // namespace refrain::score
