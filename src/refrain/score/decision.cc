#include "refrain/score/decision.h"

#include <algorithm>
#include <cmath>

#include "refrain/base/error.h"

namespace refrain::score {
namespace {

void check_cost(const Cost& cost, std::size_t classes) {
  const auto fits = [&](const std::vector<double>& row) {
    return row.size() == classes &&
           std::all_of(row.begin(), row.end(), [](double x) { return std::isfinite(x); });
  };
  if (cost.size() == classes && std::all_of(cost.begin(), cost.end(), fits)) return;
  throw Error(Code::kUsage, "costs are a table of one row and one column a class",
              "cost[truth][prediction]");
}

}  // namespace

std::vector<int> decide(const std::vector<double>& probability, const Cost& cost) {
  const std::size_t C = cost.size();
  check_cost(cost, C);
  std::vector<int> out;
  for (std::size_t row = 0; C > 0 && row + C <= probability.size(); row += C) {
    std::vector<double> expected(C);
    for (std::size_t t = 0; t < C; ++t) {
      for (std::size_t k = 0; k < C; ++k) expected[k] += probability[row + t] * cost[t][k];
    }
    out.push_back(
        static_cast<int>(std::min_element(expected.begin(), expected.end()) - expected.begin()));
  }
  return out;
}

double binary_threshold(const Cost& cost) {
  check_cost(cost, 2);
  const double alarm = cost[0][1] - cost[0][0], miss = cost[1][0] - cost[1][1];
  if (!(alarm > 0 && miss > 0)) {
    throw Error(Code::kUsage, "a mistake must cost more than the right answer");
  }
  return alarm / (alarm + miss);
}

namespace {

double cost_of_table(const Weighted& w, const Cost& cost) {
  double sum = 0, total = 0;
  for (int t = 0; t < w.data->classes; ++t) {
    for (int p = 0; p < w.data->classes; ++p) {
      sum += w.at(t, p) * cost[static_cast<std::size_t>(t)][static_cast<std::size_t>(p)];
      total += w.at(t, p);
    }
  }
  return total > 0 ? sum / total : 0;
}

double cost_of_samples(const Weighted& w, const Cost& cost) {
  double sum = 0, total = 0;
  for (std::size_t i = 0; i < w.weight.size(); ++i) {
    if (w.data->truth[i] >= w.data->classes) continue;  // a class that nobody knew has no cost
    const auto t = static_cast<std::size_t>(w.data->truth[i]);
    sum += w.weight[i] * cost[t][static_cast<std::size_t>(w.predicted[i])];
    total += w.weight[i];
  }
  return total > 0 ? sum / total : 0;
}

}  // namespace

Metric mean_cost(const Cost& cost) {
  check_cost(cost, cost.size());
  Metric metric;
  metric.smaller_is_better = true;
  metric.low = metric.high = cost.empty() ? 0 : cost[0][0];
  for (const auto& row : cost) {
    const auto [low, high] = std::minmax_element(row.begin(), row.end());
    metric.low = std::min(metric.low, *low);
    metric.high = std::max(metric.high, *high);
  }
  metric.of = metric_of<Weighted>([cost](const Weighted& w) {
    check_cost(cost, static_cast<std::size_t>(w.data->classes));
    return w.has_table() ? cost_of_table(w, cost) : cost_of_samples(w, cost);
  });
  return metric;
}

Threshold best_threshold(const Classification& c, const Metric& metric) {
  if (c.classes != 2 || (c.probability.empty() && c.size() > 0) || metric.needs_numbers()) {
    throw Error(Code::kUsage,
                "a threshold needs two classes, probabilities and a metric of labels");
  }
  Classification none = c;  // all predicted as class 0: the threshold above every probability
  std::fill(none.predicted.begin(), none.predicted.end(), 0);
  Weighted w{Prepared(none)};
  const auto p = [&](const Ranked& r) { return c.probability[2 * std::size_t{r.sample} + 1]; };
  const double sign = metric.smaller_is_better ? -1 : 1;
  const auto& ranked = w.data->ranked[1];
  Threshold best{1 + 1e-9, metric.of(w)};
  const auto offer = [&](double at, double value) {
    const double gain = sign * (value - best.value);
    const bool nearer = std::abs(at - 0.5) < std::abs(best.probability - 0.5);
    if (gain > 1e-12 || (gain > -1e-12 && nearer)) best = {at, value};
  };
  for (std::size_t i = 0; i < ranked.size(); ++i) {
    w.predict(ranked[i].sample, 1);
    if (!ranked[i].last_tied) continue;
    const double here = p(ranked[i]), next = i + 1 < ranked.size() ? p(ranked[i + 1]) : 0;
    // Where 0.5 lies between two probabilities it is as good as their middle.
    const double middle = next < 0.5 && here >= 0.5 ? 0.5 : (here + next) / 2;
    offer(middle, metric.of(w));
  }
  return best;
}

}  // namespace refrain::score
