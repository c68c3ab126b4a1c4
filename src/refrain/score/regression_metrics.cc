#include <algorithm>
#include <cmath>
#include <limits>

#include "refrain/score/errors.h"
#include "refrain/score/intervals.h"

namespace refrain::score {
namespace {

using Column = ErrorColumn;
using OfColumn = double (*)(const WeightedErrors&, const Column&);

// Rounding of sums of weights, relative to all of them.
constexpr double kRoundedWeight = 1e-13;

double rmse(const WeightedErrors& w, const Column& c) { return std::sqrt(w.mean(c.square)); }
double mae(const WeightedErrors& w, const Column& c) { return w.mean(c.absolute); }
double inside(const WeightedErrors& w, const Column& c) { return w.mean(c.inside); }
double interval_width(const WeightedErrors& w, const Column& c) { return w.mean(c.width); }

// True if all samples that weigh anything have the same truth.
bool is_constant(const WeightedErrors& w, const Column& c) {
  const double* first = nullptr;
  for (std::size_t i = 0; i < c.truth.size(); ++i) {
    if (w.weight[i] <= 0) continue;
    if (first != nullptr && *first != c.truth[i]) return false;
    first = &c.truth[i];
  }
  return true;
}

double r2(const WeightedErrors& w, const Column& c) {
  if (w.total <= 0) return 0;
  const double error = w.mean(c.square);
  if (is_constant(w, c)) return error > 0 ? 0 : 1;
  const double mean = w.mean(c.truth);
  double squares = 0;
  for (std::size_t i = 0; i < c.truth.size(); ++i) {
    squares += w.weight[i] * (c.truth[i] - mean) * (c.truth[i] - mean);
  }
  return 1 - error * w.total / squares;
}

// The error that half of the weight lies below; in the middle between two where exactly half does.
double median_absolute_error(const WeightedErrors& w, const Column& c) {
  const double half = w.total / 2, rounding = kRoundedWeight * w.total;
  double below = 0;
  const double* lower = nullptr;  // an error up to which exactly half of the weight lies
  for (const Ordered at : c.by_error) {
    const double& error = c.absolute[at.sample];
    if (w.weight[at.sample] <= 0) continue;
    if (lower != nullptr) return (*lower + error) / 2;
    below += w.weight[at.sample];
    if (below > half + rounding) return error;
    if (below >= half - rounding) lower = &error;
  }
  return 0;
}

// Returns for each sample the weight below it, plus half of the weight of equal ones, less half of
// the total.
std::vector<double> centred_ranks(const WeightedErrors& w, const Order& order) {
  std::vector<double> rank(order.size());
  double below = 0;
  for (std::size_t first = 0, at = 0; at < order.size(); ++at) {
    if (!order[at].last_tied) continue;
    double tied = 0;
    for (std::size_t i = first; i <= at; ++i) tied += w.weight[order[i].sample];
    const double middle = below + tied / 2 - w.total / 2;
    for (std::size_t i = first; i <= at; ++i) rank[order[i].sample] = middle;
    below += tied;
    first = at + 1;
  }
  return rank;
}

double spearman(const WeightedErrors& w, const Column& c) {
  const auto truth = centred_ranks(w, c.by_truth), predicted = centred_ranks(w, c.by_predicted);
  double cross = 0, of_truth = 0, of_predicted = 0;
  for (std::size_t i = 0; i < truth.size(); ++i) {
    cross += w.weight[i] * truth[i] * predicted[i];
    of_truth += w.weight[i] * truth[i] * truth[i];
    of_predicted += w.weight[i] * predicted[i] * predicted[i];
  }
  const double least = kRoundedWeight * w.total * w.total * w.total;
  if (of_truth <= least || of_predicted <= least) return 0;
  return std::clamp(cross / std::sqrt(of_truth * of_predicted), -1.0, 1.0);
}

Metric::Of mean_over_columns(OfColumn one) {
  return metric_of<WeightedErrors>([one](const WeightedErrors& w) {
    double sum = 0;
    for (const auto& column : w.columns) sum += one(w, column);
    return sum / static_cast<double>(w.columns.size());
  });
}

// For each sample, counts the share of its columns whose truth lies inside the interval.
Interval coverage_interval(const Repeats& repeats) {
  std::vector<std::vector<double>> hit;
  for (const Answers* answers : repeats.list()) {
    const WeightedErrors errors(dynamic_cast<const Regression&>(*answers), false);
    auto& of = hit.emplace_back(answers->size());
    for (const auto& column : errors.columns) {
      for (std::size_t i = 0; i < column.inside.size(); ++i) of[i] += column.inside[i];
    }
    for (double& share : of) share /= static_cast<double>(errors.columns.size());
  }
  return share_interval(repeats, hit);
}

}  // namespace

const base::Registry<Metric>& regression_metrics() {
  constexpr double kInfinite = std::numeric_limits<double>::infinity();
  constexpr MetricInfo kError = {0, kInfinite, true};
  const auto of = mean_over_columns;
  using enum Needs;
  static const base::Registry<Metric> list(
      "metric",
      {{"rmse",
        "root of the mean squared error, in units of the target; smaller is better",
        {kError, of(rmse), kNumbers}},
       {"mae",
        "mean absolute error, in units of the target; smaller is better",
        {kError, of(mae), kNumbers}},
       {"r2",
        "share of the targets' variance that is explained: 0 by the mean alone, 1 if perfect",
        {{-kInfinite, 1}, of(r2), kNumbers}},
       {"median_absolute_error",
        "half of the errors are smaller, in units of the target; smaller is better",
        {kError, of(median_absolute_error), kOrder}},
       {"spearman",
        "correlation of the ranks: 0 by chance, 1 if all are in the right order",
        {{-1, 1}, of(spearman), kOrder}},
       {"coverage",
        "share of targets that lie in their prediction intervals; best where it was promised",
        {{}, of(inside), kDecisions, {}, coverage_interval}},
       {"interval_width",
        "mean width of the prediction intervals, in units of the target; smaller is better",
        {kError, of(interval_width), kNumbers}}});
  return list;
}

}  // namespace refrain::score
