#include "refrain/score/metrics.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "refrain/base/rng.h"

namespace refrain::score {
namespace {

constexpr double kNormal95 = 1.959963984540054;  // 97.5 % quantile of the normal distribution

double size_of(const Classification& c) { return static_cast<double>(c.truth.size()); }

double correct(const Classification& c) {
  double hits = 0;
  for (std::size_t i = 0; i < c.truth.size(); ++i) hits += c.truth[i] == c.predicted[i] ? 1 : 0;
  return hits;
}

double accuracy(const Classification& c) { return correct(c) / std::max(1.0, size_of(c)); }

// Per class: how often it is true, predicted, and both.
struct Counts {
  std::vector<double> truth, predicted, both;
};
Counts count(const Classification& c) {
  const auto C = static_cast<std::size_t>(c.classes);
  Counts n{std::vector<double>(C), std::vector<double>(C), std::vector<double>(C)};
  for (std::size_t i = 0; i < c.truth.size(); ++i) {
    n.predicted[static_cast<std::size_t>(c.predicted[i])] += 1;
    if (c.truth[i] < 0) continue;
    n.truth[static_cast<std::size_t>(c.truth[i])] += 1;
    if (c.truth[i] == c.predicted[i]) n.both[static_cast<std::size_t>(c.truth[i])] += 1;
  }
  return n;
}

// Mean recall over the classes that occur in the truth.
double balanced_accuracy(const Classification& c) {
  const Counts n = count(c);
  double sum = 0, classes = 0;
  for (std::size_t k = 0; k < n.truth.size(); ++k) {
    if (n.truth[k] == 0) continue;
    sum += n.both[k] / n.truth[k];
    classes += 1;
  }
  return classes == 0 ? 0 : sum / classes;
}

// F1 a class, over the classes that occur in truth or prediction; weighted by truth or not.
double f1(const Classification& c, bool weighted) {
  const Counts n = count(c);
  double sum = 0, weights = 0;
  for (std::size_t k = 0; k < n.truth.size(); ++k) {
    const double either = n.truth[k] + n.predicted[k];
    if (either == 0) continue;
    const double weight = weighted ? n.truth[k] : 1;
    sum += weight * 2 * n.both[k] / either;
    weights += weight;
  }
  return weights == 0 ? 0 : sum / weights;
}
double macro_f1(const Classification& c) { return f1(c, false); }
double weighted_f1(const Classification& c) { return f1(c, true); }

// Mean of -log p(truth); a probability of 0 counts as the smallest double above 0.
double log_loss(const Classification& c) {
  double sum = 0;
  const auto C = static_cast<std::size_t>(c.classes);
  for (std::size_t i = 0; i < c.truth.size(); ++i) {
    const double p =
        c.truth[i] < 0 ? 0 : c.probability[i * C + static_cast<std::size_t>(c.truth[i])];
    sum -= std::log(std::clamp(p, 2.220446049250313e-16, 1.0));
  }
  return sum / std::max(1.0, size_of(c));
}

// Matthews correlation for many classes (Gorodkin 2004).
double matthews(const Classification& c) {
  const Counts n = count(c);
  const double s = size_of(c), hits = correct(c);
  double cross = 0, truth = 0, predicted = 0;
  for (std::size_t k = 0; k < n.truth.size(); ++k) {
    cross += n.truth[k] * n.predicted[k];
    truth += n.truth[k] * n.truth[k];
    predicted += n.predicted[k] * n.predicted[k];
  }
  const double scale = std::sqrt((s * s - truth) * (s * s - predicted));
  return scale == 0 ? 0 : (hits * s - cross) / scale;
}

Classification resample(const Classification& c, base::Rng& rng) {
  Classification out;
  out.classes = c.classes;
  const auto C = static_cast<std::size_t>(c.classes);
  for (std::size_t i = 0; i < c.truth.size(); ++i) {
    const auto pick = static_cast<std::size_t>(rng.below(c.truth.size()));
    out.truth.push_back(c.truth[pick]);
    out.predicted.push_back(c.predicted[pick]);
    const auto row = c.probability.begin() + static_cast<std::ptrdiff_t>(pick * C);
    out.probability.insert(out.probability.end(), row, row + static_cast<std::ptrdiff_t>(C));
  }
  return out;
}

}  // namespace

Interval wilson(double successes, double n) {
  if (n <= 0) return {0, 0, 1};
  const double z2 = kNormal95 * kNormal95, p = successes / n;
  const double centre = (p + z2 / (2 * n)) / (1 + z2 / n);
  const double half = kNormal95 / (1 + z2 / n) * std::sqrt(p * (1 - p) / n + z2 / (4 * n * n));
  // Rounding must not move an end past the value: none right gives 0, all right gives 1.
  return {p, std::clamp(centre - half, 0.0, p), std::clamp(centre + half, p, 1.0)};
}

const base::Registry<Metric>& classification_metrics() {
  static const base::Registry<Metric> list(
      "metric",
      {{"accuracy", "share of samples whose class is right", accuracy},
       {"balanced_accuracy", "mean recall of the classes that occur", balanced_accuracy},
       {"macro_f1", "F1 averaged over the classes", macro_f1},
       {"weighted_f1", "F1 averaged with the classes' sizes as weights", weighted_f1},
       {"log_loss", "mean of -log(probability of the true class); smaller is better", log_loss},
       {"matthews", "Matthews correlation: 0 by chance, 1 if perfect", matthews}});
  return list;
}

std::vector<NamedScore> score_all(const Classification& c, int seed) {
  std::vector<NamedScore> scores;
  const auto& metrics = classification_metrics().items();
  for (const auto& m : metrics) scores.push_back({m.name, {m.value(c), 0, 0}});
  scores.front().score = wilson(correct(c), size_of(c));
  constexpr int kDraws = 1000;
  const int draws =
      c.truth.empty()
          ? 0
          : static_cast<int>(std::clamp(2e7 / (size_of(c) * c.classes), 200.0, double{kDraws}));
  std::vector<std::vector<double>> drawn(metrics.size());
  const base::Rng rng = base::Rng(static_cast<std::uint64_t>(seed)).fork("bootstrap");
  for (int d = 0; d < draws; ++d) {
    base::Rng own = rng.fork(static_cast<std::uint64_t>(d));
    const Classification again = resample(c, own);
    for (std::size_t m = 1; m < metrics.size(); ++m) drawn[m].push_back(metrics[m].value(again));
  }
  for (std::size_t m = 1; m < metrics.size() && draws > 0; ++m) {
    std::sort(drawn[m].begin(), drawn[m].end());
    const auto at = [&](double q) {
      return drawn[m][static_cast<std::size_t>(q * (draws - 1) + 0.5)];
    };
    scores[m].score.low = at(0.025);
    scores[m].score.high = at(0.975);
  }
  return scores;
}

std::vector<std::vector<int>> confusion_matrix(const Classification& c) {
  const auto C = static_cast<std::size_t>(c.classes);
  std::vector<std::vector<int>> table(C, std::vector<int>(C));
  for (std::size_t i = 0; i < c.truth.size(); ++i) {
    if (c.truth[i] < 0) continue;
    ++table[static_cast<std::size_t>(c.truth[i])][static_cast<std::size_t>(c.predicted[i])];
  }
  return table;
}

}  // namespace refrain::score
