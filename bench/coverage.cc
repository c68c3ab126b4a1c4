// How far scores can be believed, on made-up predictions with a known truth (score/simulated.h):
//   coverage      share of problems whose 95 % interval holds the true score; 0.95 is right
//   false_alarms  share of pairs of equal methods that are called different; at most 0.05
// usage: bench_coverage [PROBLEMS], 500 by default; prints one JSON object. The standard error of a
// share of 500 is 0.01.
#include <fmt/format.h>

#include <cstdlib>
#include <iostream>
#include <map>
#include <nlohmann/json.hpp>

#include "refrain/score/decision.h"
#include "refrain/score/simulated_folds.h"
#include "refrain/score/simulated_regression.h"
#include "refrain/score/simulated_replies.h"

namespace refrain::bench {
namespace {

using Json = nlohmann::ordered_json;
using base::Rng;
using score::Classification;
namespace simulated = score::simulated;

// Three classes of unequal sizes; the true class's logit is raised by `signal`, and all logits of a
// group are shifted together.
Classification three_classes(Rng& rng, double signal, int n, const std::vector<int>& group) {
  const auto shift = simulated::normals(rng, 3 * static_cast<std::size_t>(n));
  Classification c;
  c.classes = 3;
  c.group = group;
  for (int i = 0; i < n; ++i) {
    const double u = rng.uniform();
    c.truth.push_back(u < 0.5 ? 0 : u < 0.8 ? 1 : 2);
    double p[3], sum = 0;
    for (int k = 0; k < 3; ++k) {
      const double shared =
          group.empty()
              ? rng.normal()
              : shift[static_cast<std::size_t>(3 * group[static_cast<std::size_t>(i)] + k)];
      const double logit = (k == c.truth.back() ? signal : 0) + 0.6 * shared + 0.8 * rng.normal();
      sum += p[k] = std::exp(1.5 * logit);
    }
    for (const double x : p) c.probability.push_back(x / sum);
    c.predicted.push_back(static_cast<int>(std::max_element(p, p + 3) - p));
  }
  return c;
}

std::vector<int> one_each(int n) {
  std::vector<int> group(static_cast<std::size_t>(n));
  for (int i = 0; i < n; ++i) group[static_cast<std::size_t>(i)] = i;
  return group;
}

// Every interval that a classification has, by name: metrics, costs, and those of the classes.
std::map<std::string, score::Interval> intervals_of(const Classification& c, int seed) {
  static const score::NamedMetrics kCost = {
      {"mean_cost", "", score::mean_cost({{0, 1, 4}, {1, 0, 1}, {10, 2, 0}})}};
  std::map<std::string, score::Interval> out;
  for (const auto& [name, s] : score::score_repeats({&c, 1}, seed, kCost)) out[name] = s;
  const auto rows = score::class_scores({&c, 1}, seed);
  for (std::size_t k = 0; k < rows.size(); ++k) {
    const std::string number = "_of_class_" + std::to_string(k);
    out["precision" + number] = rows[k].precision;
    out["recall" + number] = rows[k].recall;
    out["f1" + number] = rows[k].f1;
  }
  return out;
}

// The truth is the value on very many samples.
Json coverage_of_metrics(bool grouped, int problems) {
  std::map<std::string, double> held;
  const std::vector<double> signals = {0.7, 1.5, 2.5};
  std::vector<std::map<std::string, score::Interval>> truth;
  for (const double signal : signals) {
    Rng rng(99);
    truth.push_back(intervals_of(three_classes(rng, signal, 100000, one_each(100000)), 0));
  }
  for (int i = 0; i < problems; ++i) {
    Rng rng = Rng(7).fork(static_cast<std::uint64_t>(i));
    const auto setting = simulated::any_setting(rng, grouped);
    const std::size_t which = static_cast<std::size_t>(i) % signals.size();
    const auto c = three_classes(rng, signals[which], setting.n, setting.group);
    for (const auto& [name, s] : intervals_of(c, i)) {
      const double value = truth[which][name].value;
      held[name] += s.low <= value && value <= s.high ? 1 : 0;
    }
  }
  Json out;
  for (const auto& [name, count] : held) out[name] = count / problems;
  return out;
}

// By the number of samples, the tails of the errors, and groups.
Json coverage_of_regression(int problems) {
  Json out;
  for (const int n : {20, 50, 200}) {
    for (const bool heavy : {false, true}) {
      for (const bool grouped : {false, true}) {
        const std::string name = std::to_string(n) + (heavy ? " heavy-tailed" : " normal") +
                                 (grouped ? " in groups" : "");
        out[name] = simulated::regression_coverage({n, {}, heavy}, grouped, problems, 1);
      }
    }
  }
  return out;
}

// Of word error rates over speakers, by their number, the rate, and how unlike the speakers are.
Json coverage_of_replies(int problems) {
  Json out;
  for (const int speakers : {6, 10, 20}) {
    for (const double rate : {0.02, 0.1, 0.3}) {
      for (const double spread : {0.3, 0.8}) {
        const auto found = simulated::reply_intervals({speakers, 13, rate, spread}, problems, 1);
        const std::string name =
            fmt::format("{} speakers, {:g} % wrong, spread {:g}", speakers, 100 * rate, spread);
        out[name] = {{"coverage", found.coverage}, {"highest_end", found.highest}};
        if (speakers < static_cast<int>(score::kManyGroups)) out[name]["within"] = found.within;
      }
    }
  }
  return out;
}

Json report(int problems) {
  Json out;
  out["problems"] = problems;
  out["coverage"] = {{"accuracy", simulated::coverage(false, 1, problems, 1)},
                     {"accuracy_in_groups", simulated::coverage(true, 1, problems, 1)},
                     {"accuracy_of_3_repeats", simulated::coverage(false, 3, problems, 1)},
                     {"accuracy_of_10_repeats", simulated::coverage(false, 10, problems, 1)},
                     {"accuracy_of_5_repeats_in_groups", simulated::coverage(true, 5, problems, 1)},
                     {"metrics", coverage_of_metrics(false, problems)},
                     {"metrics_in_groups", coverage_of_metrics(true, problems)},
                     {"regression", coverage_of_regression(problems)},
                     {"word_error_rates", coverage_of_replies(problems)}};
  using simulated::false_alarms_in_folds;
  out["false_alarms"] = {
      {"permutation", simulated::false_alarms(false, problems, 1)},
      {"permutation_in_groups", simulated::false_alarms(true, problems, 1)},
      {"resampled_t_5_folds", false_alarms_in_folds(5, 1, true, problems, 1)},
      {"resampled_t_5_folds_5_repeats", false_alarms_in_folds(5, 5, true, problems, 1)},
      {"resampled_t_10_folds", false_alarms_in_folds(10, 1, true, problems, 1)},
      {"permutation_5_folds", false_alarms_in_folds(5, 1, false, problems, 1)},
      {"permutation_of_regressions",
       simulated::regression_false_alarms({50, {}, true}, false, problems, 1)},
      {"permutation_of_regressions_in_groups",
       simulated::regression_false_alarms({50, {}, true}, true, problems, 1)}};
  return out;
}

}  // namespace
}  // namespace refrain::bench

int main(int count, char** arguments) {
  const int problems = count > 1 ? std::atoi(arguments[1]) : 500;
  if (problems < 1) {
    std::cerr << "usage: bench_coverage [PROBLEMS]\n";
    return 2;
  }
  std::cout << refrain::bench::report(problems).dump(1) << "\n";
}
