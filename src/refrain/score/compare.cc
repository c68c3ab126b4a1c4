#include "refrain/score/compare.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "refrain/score/bootstrap.h"
#include "refrain/score/distributions.h"

namespace refrain::score {
namespace {

constexpr double kLevel = 0.05, kPower = 0.8;
constexpr double kLeastInFold = 5;

double level_of(const CompareOptions& options) { return kLevel / std::max(1, options.among); }

// The least p-value of exchanging G groups is 2 / 2^G: with five 0.06.
int least_groups(double level) { return static_cast<int>(std::ceil(1 - std::log2(level))); }

NamedMetric find_metric(const Answers& answers, const std::string& name) {
  const base::Registry<Metric> usable("metric", answers.metrics());
  if (name.empty()) return usable.items().front();
  return {name, "", usable.at(name)};
}

double mean_value(const Repeats& repeats, const Metric& metric) {
  double sum = 0;
  for (const Answers* answers : repeats.list()) sum += metric(*answers);
  return sum / static_cast<double>(repeats.size());
}

// Number of folds over all repeats.
std::size_t count_folds(const std::vector<std::vector<int>>& fold) {
  std::size_t count = 0;
  for (const auto& of : fold) count += std::set<int>(of.begin(), of.end()).size();
  return count;
}

// Samples tested to samples trained on, of K folds: 1 / (K - 1).
double test_to_train(const std::vector<std::vector<int>>& fold) {
  const double K = static_cast<double>(count_folds(fold)) / static_cast<double>(fold.size());
  return 1 / std::max(1.0, K - 1);
}

// The error falls with the root of n; power 80 % needs 0.84 + 1.96 errors.
double needed(const Tested& t, double n, double level) {
  if (t.difference == 0) return 0;
  const double df = t.df > 0 ? t.df : 1e6;
  const double errors = t_quantile(1 - level / 2, df) + t_quantile(kPower, df);
  return n * std::pow(errors * t.error / t.difference, 2);
}

// Two leading digits: "640", "1.2 million".
std::string rounded(double n) {
  const double unit = std::pow(10, std::max(0.0, std::floor(std::log10(std::max(n, 1.0))) - 1));
  const double value = std::ceil(n / unit) * unit;
  if (value >= 1e9) return "more than a billion";
  return value >= 1e6 ? fmt::format("{:.3g} million", value / 1e6) : fmt::format("{:.0f}", value);
}

// Returns the decimals to show a difference with: three or, for metrics in units of the target,
// enough that the largest number has three digits.
int decimals(const Metric& metric, double low, double high) {
  const double largest = std::max(std::abs(low), std::abs(high));
  if (std::isfinite(metric.high - metric.low) || largest <= 0 || !std::isfinite(largest)) return 3;
  return std::clamp(2 - static_cast<int>(std::floor(std::log10(largest))), 0, 12);
}

// "3.1 points of accuracy [0.4, 5.9]".
std::string amount(double d, double low, double high, const NamedMetric& metric) {
  std::string words = metric.name;
  std::replace(words.begin(), words.end(), '_', ' ');
  if (metric.value.is_share() || metric.value.is_in_points()) {
    const double unit = metric.value.is_share() ? 100 : 1;
    return fmt::format("{:.1f} points of {} [{:.1f}, {:.1f}]", unit * d, words, unit * low,
                       unit * high);
  }
  const int digits = decimals(metric.value, low, high);
  return fmt::format("{:.{}f} {} [{:.{}f}, {:.{}f}]", d, digits, words, low, digits, high, digits);
}

std::string p_text(double p) { return p < 0.001 ? "p < 0.001" : fmt::format("p = {:.3f}", p); }

// The fewest groups with which any difference can be told, where there are fewer; else 0.
int groups_missing(const Comparison& c, const Pair& pair, const CompareOptions& options) {
  if (c.resampled_t || pair.a[0].group.empty()) return 0;
  const int least = least_groups(level_of(options));
  return members(pair.a[0]).size() < static_cast<std::size_t>(least) ? least : 0;
}

std::string verdict(const Comparison& c, const NamedMetric& metric, const Pair& pair,
                    const CompareOptions& options) {
  const Tested& t = c.decision;
  std::string how = fmt::format("{}, {}", c.test, p_text(std::min(1.0, t.p * options.among)));
  if (options.among > 1) how += fmt::format(" as the best of {}", options.among);
  if (c.distinguishable) {
    const bool b = t.difference > 0;
    const std::string by = b ? amount(t.difference, t.low, t.high, metric)
                             : amount(-t.difference, -t.high, -t.low, metric);
    return fmt::format("{} is better by {} ({})", b ? options.name_b : options.name_a, by, how);
  }
  std::string text = fmt::format("not distinguishable with these {}: {} - {} = {} ({})",
                                 counted_samples(pair.a[0]), options.name_b, options.name_a,
                                 amount(t.difference, t.low, t.high, metric), how);
  if (const int least = groups_missing(c, pair, options); least > 0) {
    return text + fmt::format("; at least {} {} are needed to tell any difference", least,
                              pair.a[0].words.name);
  }
  if (c.samples_needed == 0) return text + "; no difference was seen at all";
  return text + fmt::format(
                    "; about {} samples would be needed to see a difference of this size with "
                    "80 % power",
                    rounded(c.samples_needed));
}

std::string wanted(const Comparison& c, const Pair& pair, const CompareOptions& options) {
  if (c.distinguishable) return "";
  if (const int least = groups_missing(c, pair, options); least > 0) {
    return fmt::format("at least {} {}", least, pair.a[0].words.name);
  }
  return c.samples_needed == 0 ? "" : fmt::format("about {} samples", rounded(c.samples_needed));
}

}  // namespace

Comparison compare(const Pair& pair, const CompareOptions& options) {
  check(pair);
  const NamedMetric named = find_metric(pair.a[0], options.metric);
  const Metric& metric = named.value;
  const double n = static_cast<double>(pair.a[0].size());
  Comparison out;
  out.metric = named.name;
  out.a = mean_value(pair.a, metric);
  out.b = mean_value(pair.b, metric);
  const double level = level_of(options);
  out.permutation = permutation_test(pair, metric, options.seed, level);
  out.bootstrap = bootstrap_difference(pair, metric, options.seed);
  if (pair.a.size() == 1 && pair.a[0].right()) out.mcnemar = mcnemar(pair.a[0], pair.b[0]);
  const std::size_t folds = count_folds(options.fold);
  const double in_fold = n * static_cast<double>(pair.a.size()) / std::max<double>(1, folds);
  if (folds >= 2 && in_fold >= kLeastInFold) {
    out.resampled_t = corrected_resampled_t(fold_differences(pair, metric, options.fold),
                                            test_to_train(options.fold), level);
    out.test = fmt::format("corrected resampled t-test over {} folds", folds);
    out.decision = *out.resampled_t;
  } else {
    out.test = "paired permutation of " + counted_samples(pair.a[0]);
    out.decision = out.permutation;
  }
  out.distinguishable = out.decision.p <= level;
  out.samples_needed = needed(out.decision, n, level);
  out.verdict = verdict(out, named, pair, options);
  out.samples = counted_samples(pair.a[0]);
  out.wanted = wanted(out, pair, options);
  return out;
}

}  // namespace refrain::score
