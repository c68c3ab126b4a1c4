#include "refrain/score/intervals.h"

#include <algorithm>
#include <cmath>

#include "refrain/score/bootstrap.h"
#include "refrain/score/distributions.h"

namespace refrain::score {
namespace {

constexpr double kNormal95 = 1.959963984540054;  // 97.5 % quantile of the normal distribution

double square(double x) { return x * x; }

Interval wilson(double p, double n, double quantile) {
  const double z2 = quantile * quantile;
  const double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
  const double half = quantile / (1 + z2 / n) * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
  // Rounding must not move an end past the value: none right gives 0, all right gives 1.
  return {p, std::clamp(centre - half, 0.0, p), std::clamp(centre + half, p, 1.0)};
}

// How far each repeat has each sample right, and what the samples weigh.
struct Hits {
  std::vector<double> weight, mean;  // [n]; mean over the repeats
  std::vector<double> share;         // [R]
  double total = 0, value = 0;
  bool whole = true;  // each sample is right or wrong

  Hits(const Repeats& repeats, const std::vector<std::vector<double>>& hit) {
    const std::size_t n = repeats[0].size();
    const double R = static_cast<double>(repeats.size());
    weight = repeats[0].weight.empty() ? std::vector<double>(n, 1) : repeats[0].weight;
    mean.resize(n);
    for (const double w : weight) total += w;
    for (const auto& of : hit) {
      double sum = 0;
      for (std::size_t i = 0; i < n; ++i) {
        mean[i] += of[i] / R;
        sum += weight[i] * of[i];
        whole = whole && (of[i] == 0 || of[i] == 1);
      }
      share.push_back(total > 0 ? sum / total : 0);
      value += share.back() / R;
    }
  }
};

// Sum over the groups of the square of their weighted sums of `of(i)`, over the squared total.
template <class Of>
double between(const Groups& groups, const Hits& h, const Of& of) {
  double sum = 0;
  for (const auto& group : groups) {
    double inside = 0;
    for (const int i : group) {
      const auto at = static_cast<std::size_t>(i);
      inside += h.weight[at] * of(at);
    }
    sum += inside * inside;
  }
  return sum / square(h.total);
}

// Variance of the mean that comes from the choice of the repeats. What the scatter of the single
// predictions adds to it is left in: without it five repeats are covered 93 % of the time.
double repeat_variance(const Hits& h) {
  const double R = static_cast<double>(h.share.size());
  double sum = 0;
  for (const double share : h.share) sum += square(share - h.value);
  return R < 2 ? 0 : sum / (R - 1) / R;
}

Groups single(std::size_t n) {
  Groups out(n);
  for (std::size_t i = 0; i < n; ++i) out[i] = {static_cast<int>(i)};
  return out;
}

}  // namespace

Interval wilson(double successes, double n) {
  if (n <= 0) return {0, 0, 1};
  return wilson(successes / n, n, kNormal95);
}

Interval share_interval(const Repeats& repeats, const std::vector<std::vector<double>>& hit) {
  const Hits h(repeats, hit);
  if (h.total <= 0) return {0, 0, 1};
  const Groups groups = members(repeats[0]), alone = single(h.mean.size());
  const double p = h.value, G = static_cast<double>(groups.size());
  const auto one = [](std::size_t) { return 1.0; };
  const auto miss = [&](std::size_t i) { return h.mean[i] - p; };
  if (repeats.size() == 1 && repeats[0].group.empty() && h.whole) {
    return wilson(p, 1 / between(alone, h, one), kNormal95);
  }
  if (G < 2) return {p, 0, 1};
  const double of_groups =
      std::max(G / (G - 1) * between(groups, h, miss), between(alone, h, miss));
  const double of_repeats = repeat_variance(h), variance = of_groups + of_repeats;
  // All right or all wrong: as if each group were one sample.
  if (variance <= 0) return wilson(p, 1 / between(groups, h, one), t_quantile(0.975, G - 1));
  const double R = static_cast<double>(repeats.size());
  const double df =
      square(variance) / (square(of_groups) / (G - 1) + (R > 1 ? square(of_repeats) / (R - 1) : 0));
  return wilson(p, p * (1 - p) / variance, t_quantile(0.975, df));
}

Interval accuracy_interval(const Repeats& repeats) {
  check_repeats(repeats);
  std::vector<std::vector<double>> hit;
  for (const Answers* answers : repeats.list()) {
    const auto right = answers->right();
    if (!right) throw Error(Code::kInternal, "accuracy of answers that are not right or wrong");
    hit.emplace_back(right->begin(), right->end());
  }
  return share_interval(repeats, hit);
}

namespace {

// The repeats have been checked.
std::vector<NamedScore> score_by(NamedMetrics metrics, const Repeats& repeats, int seed,
                                 Stop stop) {
  const std::size_t n = repeats[0].size(), R = repeats.size();
  const Groups groups = members(repeats[0]);
  Scorer scorer(repeats, std::move(metrics));
  const auto values = scorer.score(std::vector<double>(n, 1), std::vector<double>(R, 1));
  std::vector<NamedScore> scores;
  for (std::size_t m = 0; m < values.size(); ++m) {
    const auto& [name, about, metric] = scorer.metrics()[m];
    scores.push_back({name, {values[m], metric.low, metric.high}});
    if (metric.exact) scores.back().score = metric.exact(repeats);
  }
  const auto by_formula = [](const NamedMetric& m) { return m.value.exact != nullptr; };
  if (std::ranges::all_of(scorer.metrics(), by_formula)) return scores;
  if (groups.size() < 2) return scores;  // one group tells nothing about others
  const auto drawn = draw({repeats, groups, seed, stop}, scorer);
  const double G = static_cast<double>(groups.size());
  const auto noise = scorer.noise(), df = degrees_of_freedom({repeats, groups, seed, stop}, scorer);
  for (std::size_t m = 0; m < scores.size(); ++m) {
    const Metric& metric = scorer.metrics()[m].value;
    if (!metric.exact)
      scores[m].score = from_draws(metric, {values[m], drawn[m], G, noise[m], df[m]});
  }
  return scores;
}

}  // namespace

std::vector<NamedScore> score_repeats(const Repeats& repeats, int seed, const NamedMetrics& more,
                                      Stop stop) {
  check_repeats(repeats);
  auto metrics = repeats[0].metrics();
  metrics.insert(metrics.end(), more.begin(), more.end());
  return score_by(std::move(metrics), repeats, seed, stop);
}

std::vector<NamedScore> score_all(const Answers& answers, int seed) {
  return score_repeats(answers, seed);
}

std::optional<Interval> interval_within_groups(const Repeats& repeats, int seed, Stop stop) {
  check_repeats(repeats);
  const std::size_t groups = members(repeats[0]).size();
  if (groups == repeats[0].size() || groups >= kManyGroups) return std::nullopt;
  std::vector<std::unique_ptr<Answers>> alone;
  for (const Answers* answers : repeats.list()) {
    alone.push_back(answers->clone());
    alone.back()->group.clear();
  }
  return score_by({repeats[0].metrics().front()}, alone, seed, stop).front().score;
}

std::string sources_of_variation(const Repeats& repeats) {
  if (repeats.empty()) return "nothing";
  std::string text = "the choice of " + counted_samples(repeats[0]);
  const auto& words = repeats[0].words;
  if (!repeats[0].group.empty() && !words.note.empty()) text += " (" + words.note + ")";
  if (repeats.size() > 1) {
    return text + " and of " + std::to_string(repeats.size()) +
           " repeats (seeds, splits); not that of the samples trained on";
  }
  return text + "; not that of the seed, the split or the samples trained on";
}

}  // namespace refrain::score
