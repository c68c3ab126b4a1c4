#include "refrain/score/errors.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace refrain::score {
namespace {

Order ordered(const std::vector<double>& numbers) {
  std::vector<std::uint32_t> list(numbers.size());
  std::iota(list.begin(), list.end(), 0u);
  std::stable_sort(list.begin(), list.end(),
                   [&](std::uint32_t a, std::uint32_t b) { return numbers[a] < numbers[b]; });
  Order out(list.size());
  for (std::size_t at = 0; at < list.size(); ++at) {
    out[at].sample = list[at] & 0x7fffffffu;
    out[at].last_tied = at + 1 == list.size() || numbers[list[at]] < numbers[list[at + 1]];
  }
  return out;
}

ErrorColumn column_of(const Regression& r, std::size_t column, bool order) {
  ErrorColumn out;
  std::vector<double> predicted;
  for (std::size_t at = column; at < r.truth.size(); at += static_cast<std::size_t>(r.width)) {
    const double truth = r.truth[at], error = r.predicted[at] - truth;
    predicted.push_back(r.predicted[at]);
    out.truth.push_back(truth);
    out.absolute.push_back(std::abs(error));
    out.square.push_back(error * error);
    out.late.push_back(error);
    if (!r.has_intervals()) continue;
    out.inside.push_back(r.low[at] <= truth && truth <= r.high[at] ? 1 : 0);
    out.width.push_back(r.high[at] - r.low[at]);
  }
  if (!order) return out;
  out.by_truth = ordered(out.truth);
  out.by_predicted = ordered(predicted);
  out.by_error = ordered(out.absolute);
  return out;
}

}  // namespace

WeightedErrors::WeightedErrors(const Regression& r, bool order) {
  r.check();
  own_ = r.weight.empty() ? std::vector<double>(r.size(), 1) : r.weight;
  for (int k = 0; k < r.width; ++k) {
    columns.push_back(column_of(r, static_cast<std::size_t>(k), order));
  }
  weight = own_;
  total = std::accumulate(weight.begin(), weight.end(), 0.0);
}

void WeightedErrors::reweigh(const std::vector<double>& factor) {
  for (std::size_t i = 0; i < factor.size(); ++i) weight[i] = factor[i] * own_[i];
  total = std::accumulate(weight.begin(), weight.end(), 0.0);
}

double WeightedErrors::mean(const std::vector<double>& values) const {
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) sum += weight[i] * values[i];
  return total > 0 ? sum / total : 0;
}

}  // namespace refrain::score
