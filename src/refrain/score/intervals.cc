#include "refrain/score/intervals.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <numbers>

#include "refrain/base/error.h"
#include "refrain/score/distributions.h"
#include "refrain/score/draws.h"

namespace refrain::score {
namespace {

constexpr double kNormal95 = 1.959963984540054;  // 97.5 % quantile of the normal distribution

using Groups = std::vector<std::vector<int>>;

double square(double x) { return x * x; }

void check_repeats(std::span<const Classification> repeats) {
  if (repeats.empty()) throw Error(Code::kInternal, "scores of no predictions");
  for (const auto& c : repeats) {
    check(c);
    if (c.truth != repeats[0].truth || c.group != repeats[0].group ||
        c.weight != repeats[0].weight || c.probability.empty() != repeats[0].probability.empty()) {
      throw Error(Code::kData, "scores: the repeats are not of the same samples");
    }
  }
}

Interval wilson(double p, double n, double quantile) {
  const double z2 = quantile * quantile;
  const double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
  const double half = quantile / (1 + z2 / n) * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
  // Rounding must not move an end past the value: none right gives 0, all right gives 1.
  return {p, std::clamp(centre - half, 0.0, p), std::clamp(centre + half, p, 1.0)};
}

// Hits of each sample in each repeat, and what they weigh.
struct Hits {
  std::vector<std::vector<double>> hit;  // [R][n]
  std::vector<double> weight, mean;      // [n]; mean over the repeats
  std::vector<double> share;             // [R]
  double total = 0, value = 0;

  explicit Hits(std::span<const Classification> repeats) {
    const std::size_t n = repeats[0].size();
    const double R = static_cast<double>(repeats.size());
    weight = repeats[0].weight.empty() ? std::vector<double>(n, 1) : repeats[0].weight;
    mean.resize(n);
    for (const double w : weight) total += w;
    for (const auto& c : repeats) {
      hit.emplace_back(n);
      double sum = 0;
      for (std::size_t i = 0; i < n; ++i) {
        hit.back()[i] = c.truth[i] == c.predicted[i] ? 1 : 0;
        mean[i] += hit.back()[i] / R;
        sum += weight[i] * hit.back()[i];
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

// `value` moved by `steps` deviations on the scale of log((x - low) / (high - x)).
double moved(const Metric& m, double value, double deviation, double steps) {
  const double range = m.high - m.low, share = (value - m.low) / range;
  const double at = std::log(share / (1 - share)) + steps * deviation / range / share / (1 - share);
  return m.low + range / (1 + std::exp(-at));
}

// Of a metric that noise can only raise: sizes add in squares. Of noise around 0 the draws lie only
// sqrt(2) - 1 times too high: noise upon noise.
double without(double noise, double shown_bias, double value) {
  const double raised = std::max(noise, (1 + std::numbers::sqrt2) * shown_bias);
  return std::sqrt(std::max(0.0, value * value - raised * raised));
}

// From the scatter of the draws. Where the draws lie beside the value, which shows a bias, the end
// on the other side starts from the value less the bias. Draws that do not scatter where every
// prediction is right, or all are alike, are a sign of too few samples: the interval then gets the
// width of Wilson's for n of n.
Interval from_draws(const Metric& m, double value, const std::vector<double>& drawn, double n,
                    double noise) {
  const double t = t_quantile(0.975, n - 1), range = m.high - m.low;
  const Spread s = spread(drawn);
  const bool at_an_end = value <= m.low || value >= m.high;
  if (at_an_end || s.deviation <= 1e-12 * range) {
    const double most = m.needs_probability() && !at_an_end ? 0 : range * t * t / (n + t * t);
    return {value, std::max(m.low, value - most), std::min(m.high, value + most)};
  }
  const double other = std::clamp(2 * value - s.mean, m.low + 1e-6 * range, m.high - 1e-6 * range);
  const double steps = t * std::sqrt(n / (n - 1));
  if (noise > 0) {
    const double low = moved(m, value, s.deviation, -steps);
    return {value, without(noise, s.mean - value, low), moved(m, value, s.deviation, steps)};
  }
  const double low = moved(m, std::min(value, other), s.deviation, -steps);
  return {value, low, moved(m, std::max(value, other), s.deviation, steps)};
}

// The metrics over all repeats, for one weighting after another.
class Scorer {
 public:
  Scorer(std::span<const Classification> repeats, NamedMetrics metrics)
      : metrics_(std::move(metrics)) {
    const bool order = std::any_of(metrics_.begin(), metrics_.end(),
                                   [](const auto& m) { return m.value.needs == Needs::kOrder; });
    for (const auto& c : repeats) {
      prepared_.push_back(std::make_unique<Prepared>(c, order));
      weighted_.emplace_back(*prepared_.back());
    }
  }

  const auto& metrics() const { return metrics_; }

  // Of each metric's mean over the repeats, which may share all of it.
  std::vector<double> noise() {
    std::vector<double> mean(metrics_.size());
    for (auto& w : weighted_) {
      w.reweigh(std::vector<double>(w.weight.size(), 1));
      for (std::size_t m = 0; m < mean.size(); ++m) {
        const auto of = metrics_[m].value.noise;
        if (of != nullptr) mean[m] += of(w) / static_cast<double>(weighted_.size());
      }
    }
    return mean;
  }

  // Each metric's mean over the repeats, the r-th taken times[r] times; samples weighed by
  // `factor`.
  std::vector<double> score(const std::vector<double>& factor, const std::vector<double>& times) {
    std::vector<double> sum(metrics_.size());
    for (std::size_t r = 0; r < weighted_.size(); ++r) {
      if (times[r] == 0) continue;
      weighted_[r].reweigh(factor);
      for (std::size_t m = 0; m < sum.size(); ++m) {
        sum[m] += times[r] / static_cast<double>(times.size()) * metrics_[m].value.of(weighted_[r]);
      }
    }
    return sum;
  }

 private:
  NamedMetrics metrics_;
  std::vector<std::unique_ptr<Prepared>> prepared_;
  std::vector<Weighted> weighted_;
};

struct Bootstrap {
  std::span<const Classification> repeats;
  const Groups& groups;
  int seed = 0;
  Stop stop = nullptr;
};

// [metric][draw]
std::vector<std::vector<double>> draw(const Bootstrap& job, Scorer& scorer) {
  const base::Rng rng = base::Rng(static_cast<std::uint64_t>(job.seed)).fork("bootstrap");
  const std::size_t n = job.repeats[0].size(), repeats = job.repeats.size();
  const int draws = draw_count(static_cast<double>(n * repeats) * job.repeats[0].classes);
  std::vector<std::vector<double>> drawn(scorer.metrics().size());
  std::vector<double> factor(n);
  for (int d = 0; d < draws; ++d) {
    look_at(job.stop);
    base::Rng own = rng.fork(static_cast<std::uint64_t>(d));
    draw_groups(job.groups, own, factor);
    const auto values = scorer.score(factor, draw_counts(repeats, own));
    for (std::size_t m = 0; m < values.size(); ++m) drawn[m].push_back(values[m]);
  }
  return drawn;
}

}  // namespace

Interval wilson(double successes, double n) {
  if (n <= 0) return {0, 0, 1};
  return wilson(successes / n, n, kNormal95);
}

Interval accuracy_interval(std::span<const Classification> repeats) {
  check_repeats(repeats);
  const Hits h(repeats);
  if (h.total <= 0) return {0, 0, 1};
  const Groups groups = members(repeats[0]), alone = single(h.mean.size());
  const double p = h.value, G = static_cast<double>(groups.size());
  const auto one = [](std::size_t) { return 1.0; };
  const auto miss = [&](std::size_t i) { return h.mean[i] - p; };
  if (repeats.size() == 1 && repeats[0].group.empty()) {
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

std::vector<NamedScore> score_repeats(std::span<const Classification> repeats, int seed,
                                      const NamedMetrics& more, Stop stop) {
  check_repeats(repeats);
  const std::size_t n = repeats[0].size(), R = repeats.size();
  const Groups groups = members(repeats[0]);
  auto metrics = usable_metrics(!repeats[0].probability.empty());
  metrics.insert(metrics.end(), more.begin(), more.end());
  Scorer scorer(repeats, std::move(metrics));
  const auto values = scorer.score(std::vector<double>(n, 1), std::vector<double>(R, 1));
  std::vector<NamedScore> scores;
  for (std::size_t m = 0; m < values.size(); ++m) {
    const auto& [name, about, metric] = scorer.metrics()[m];
    scores.push_back({name, {values[m], metric.low, metric.high}});
  }
  scores.front().score = accuracy_interval(repeats);
  if (groups.size() < 2) return scores;  // one group tells nothing about others
  const auto drawn = draw({repeats, groups, seed, stop}, scorer);
  const double G = static_cast<double>(groups.size());
  const auto noise = scorer.noise();
  for (std::size_t m = 1; m < scores.size(); ++m) {
    scores[m].score = from_draws(scorer.metrics()[m].value, values[m], drawn[m], G, noise[m]);
  }
  return scores;
}

namespace {

// These samples; nothing of the probabilities, which accuracy does not need.
Classification part_of(const Classification& c, const std::vector<int>& chosen) {
  Classification out;
  out.classes = c.classes;
  for (const int at : chosen) {
    const auto i = static_cast<std::size_t>(at);
    out.truth.push_back(c.truth[i]);
    out.predicted.push_back(c.predicted[i]);
    if (!c.weight.empty()) out.weight.push_back(c.weight[i]);
    if (!c.group.empty()) out.group.push_back(c.group[i]);
  }
  return out;
}

// How many groups have a sample that any repeat answers with each class, or (`true_too`) whose
// class it is.
std::vector<double> concerned(std::span<const Classification> repeats, const Groups& groups,
                              bool true_too) {
  std::vector<double> count(static_cast<std::size_t>(repeats[0].classes));
  std::vector<std::size_t> seen(count.size(), groups.size());  // the last group that had it
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const auto see = [&](int k) {
      if (k < 0 || seen[static_cast<std::size_t>(k)] == g) return;
      seen[static_cast<std::size_t>(k)] = g;
      ++count[static_cast<std::size_t>(k)];
    };
    for (const int i : groups[g]) {
      for (const auto& c : repeats) {
        see(c.predicted[static_cast<std::size_t>(i)]);
        if (true_too) see(c.truth[static_cast<std::size_t>(i)]);
      }
    }
  }
  return count;
}

void count_classes(std::span<const Classification> repeats, std::vector<ClassScores>& rows) {
  for (const auto& c : repeats) {
    for (const int k : c.truth) {
      if (k >= 0) ++rows[static_cast<std::size_t>(k)].support;
    }
    for (const int k : c.predicted) ++rows[static_cast<std::size_t>(k)].predicted;
  }
  for (auto& row : rows) {
    row.support /= static_cast<double>(repeats.size());
    row.predicted /= static_cast<double>(repeats.size());
  }
}

void add_recalls(std::span<const Classification> repeats, std::vector<ClassScores>& rows) {
  std::vector<std::vector<int>> of_class(rows.size());
  for (std::size_t i = 0; i < repeats[0].size(); ++i) {
    const int k = repeats[0].truth[i];
    if (k >= 0) of_class[static_cast<std::size_t>(k)].push_back(static_cast<int>(i));
  }
  for (std::size_t k = 0; k < rows.size(); ++k) {
    std::vector<Classification> own;
    for (const auto& c : repeats) own.push_back(part_of(c, of_class[k]));
    rows[k].recall = of_class[k].empty() ? Interval{0, 0, 1} : accuracy_interval(own);
  }
}

}  // namespace

std::vector<ClassScores> class_scores(std::span<const Classification> repeats, int seed,
                                      Stop stop) {
  check_repeats(repeats);
  const std::size_t n = repeats[0].size(), R = repeats.size();
  const int C = repeats[0].classes;
  const Groups groups = members(repeats[0]);
  NamedMetrics metrics;  // precision, F1 of each class
  for (int k = 0; k < C; ++k) {
    const auto own = class_metrics(k);
    metrics.push_back(own.front());
    metrics.push_back(own.back());
  }
  Scorer scorer(repeats, metrics);
  const auto values = scorer.score(std::vector<double>(n, 1), std::vector<double>(R, 1));
  std::vector<std::vector<double>> drawn(metrics.size());
  if (groups.size() > 1) drawn = draw({repeats, groups, seed, stop}, scorer);
  std::vector<ClassScores> rows(static_cast<std::size_t>(C));
  count_classes(repeats, rows);
  add_recalls(repeats, rows);
  for (const bool f1 : {false, true}) {
    const auto count = concerned(repeats, groups, f1);
    for (std::size_t k = 0; k < rows.size(); ++k) {
      const std::size_t m = 2 * k + (f1 ? 1 : 0);
      (f1 ? rows[k].f1 : rows[k].precision) =
          count[k] < 2 ? Interval{values[m], 0, 1}
                       : from_draws(metrics[m].value, values[m], drawn[m], count[k], 0);
    }
  }
  return rows;
}

std::vector<NamedScore> score_all(const Classification& c, int seed) {
  return score_repeats({&c, 1}, seed);
}

std::string sources_of_variation(std::span<const Classification> repeats) {
  if (repeats.empty()) return "nothing";
  const std::string n = std::to_string(repeats[0].size());
  std::string text = "the choice of " + n + " samples";
  if (!repeats[0].group.empty()) {
    const auto& words = repeats[0].words;
    text += " in " + std::to_string(members(repeats[0]).size()) + " " + words.name;
    if (!words.note.empty()) text += " (" + words.note + ")";
  }
  if (repeats.size() > 1) {
    return text + " and of " + std::to_string(repeats.size()) +
           " repeats (seeds, splits); not that of the samples trained on";
  }
  return text + "; not that of the seed, the split or the samples trained on";
}

}  // namespace refrain::score
