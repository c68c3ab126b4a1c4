#include "refrain/score/lives.h"

#include <algorithm>
#include <cmath>
#include <limits>

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

}  // namespace refrain::score
