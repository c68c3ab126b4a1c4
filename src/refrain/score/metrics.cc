#include "refrain/score/metrics.h"

#include <array>
#include <cmath>
#include <numbers>

#include "refrain/score/intervals.h"

namespace refrain::score {
namespace {

double ratio(double a, double b, double otherwise = 0) { return b > 0 ? a / b : otherwise; }

std::size_t index(int k) { return static_cast<std::size_t>(k); }

double correct(const Weighted& w) {
  double sum = 0;
  for (int k = 0; k < w.data->classes; ++k) sum += w.hits[index(k)];
  return sum;
}

double accuracy(const Weighted& w) { return ratio(correct(w), w.total); }

// Mean recall over the classes that occur in the truth; that of an unseen class is 0.
double balanced_accuracy(const Weighted& w) {
  double sum = 0, classes = 0;
  for (int k = 0; k <= w.data->classes; ++k) {
    if (w.truths[index(k)] <= 0) continue;
    if (k < w.data->classes) sum += w.hits[index(k)] / w.truths[index(k)];
    classes += 1;
  }
  return ratio(sum, classes);
}

// F1 a class, over the classes that occur in truth or prediction; weighted by truth or not.
double f1(const Weighted& w, bool weighted) {
  double sum = 0, weights = 0;
  for (int k = 0; k <= w.data->classes; ++k) {
    const double either = w.truths[index(k)] + w.predicteds[index(k)];
    if (either <= 0) continue;
    const double weight = weighted ? w.truths[index(k)] : 1;
    if (k < w.data->classes) sum += weight * 2 * w.hits[index(k)] / either;
    weights += weight;
  }
  return ratio(sum, weights);
}
double macro_f1(const Weighted& w) { return f1(w, false); }
double weighted_f1(const Weighted& w) { return f1(w, true); }

double log_loss(const Weighted& w) { return w.mean(w.data->log_loss); }
double brier(const Weighted& w) { return w.mean(w.data->brier); }

// Sums of truth x prediction, truth^2, prediction^2 over the classes.
struct Products {
  double cross = 0, truth = 0, predicted = 0;
};
Products products(const Weighted& w) {
  Products sum;
  for (int k = 0; k <= w.data->classes; ++k) {
    sum.cross += w.truths[index(k)] * w.predicteds[index(k)];
    sum.truth += w.truths[index(k)] * w.truths[index(k)];
    sum.predicted += w.predicteds[index(k)] * w.predicteds[index(k)];
  }
  return sum;
}

constexpr double kRounding = 1e-13;  // a difference below this share of its terms is 0

double matthews(const Weighted& w) {
  const Products s = products(w);
  const double all = w.total * w.total, truth = all - s.truth, predicted = all - s.predicted;
  if (truth <= kRounding * all || predicted <= kRounding * all) return 0;
  return (correct(w) * w.total - s.cross) / std::sqrt(truth * predicted);
}

double kappa(const Weighted& w) {
  const double all = w.total * w.total, chance = products(w).cross;
  if (all - chance <= kRounding * all) return 0;
  return (correct(w) * w.total - chance) / (all - chance);
}

// Sum over the bins of |mean confidence - accuracy|, weighted by the bins.
double calibration_error(const Weighted& w) {
  std::array<double, kCalibrationBins> gap{};
  for (std::size_t i = 0; i < w.data->bin.size(); ++i) {
    const double hit = w.data->truth[i] == w.predicted[i] ? 1 : 0;
    gap[index(w.data->bin[i])] += w.weight[i] * (w.data->confidence[i] - hit);
  }
  double sum = 0;
  for (const double g : gap) sum += std::abs(g);
  return ratio(sum, w.total);
}

// Where each sample is right with its confidence as chance: mean size of a bin's normal error.
double calibration_noise(const Weighted& w) {
  std::vector<double> variance(kCalibrationBins);
  for (std::size_t i = 0; i < w.weight.size(); ++i) {
    const double p = w.data->confidence[i];
    variance[index(w.data->bin[i])] += w.weight[i] * w.weight[i] * p * (1 - p);
  }
  double sum = 0;
  for (const double v : variance) sum += std::sqrt(v * 2 / std::numbers::pi);
  return ratio(sum, w.total);
}

// Area under a class's curve of hits over false alarms: the share of (positive, negative) pairs in
// order, ties by half. Negative if there is no such pair.
double ranked_auroc(const Weighted& w, const std::vector<Ranked>& ranked) {
  double hits = 0, alarms = 0, area = 0, tied_hits = 0, tied_alarms = 0;
  for (const Ranked r : ranked) {
    const double weight = w.weight[r.sample];
    (r.positive ? tied_hits : tied_alarms) += weight;
    if (!r.last_tied) continue;
    area += tied_alarms * (hits + tied_hits / 2);
    hits += tied_hits;
    alarms += tied_alarms;
    tied_hits = tied_alarms = 0;
  }
  return hits > 0 && alarms > 0 ? area / (hits * alarms) : -1;
}

// Mean precision over the positives, at the threshold of each. Negative without positives.
double ranked_precision(const Weighted& w, const std::vector<Ranked>& ranked) {
  double hits = 0, all = 0, sum = 0, tied = 0;
  for (const Ranked r : ranked) {
    const double weight = w.weight[r.sample];
    all += weight;
    if (r.positive) tied += weight;
    if (!r.last_tied || tied == 0) continue;
    hits += tied;
    sum += tied * hits / all;
    tied = 0;
  }
  return hits > 0 ? sum / hits : -1;
}

// Mean over the classes for which the number is defined; of two classes that of class 1.
double over_classes(const Weighted& w, double (*one)(const Weighted&, const std::vector<Ranked>&),
                    double otherwise) {
  double sum = 0, classes = 0;
  const auto& ranked = w.data->ranked;
  for (std::size_t k = ranked.size() == 2 ? 1 : 0; k < ranked.size(); ++k) {
    const double value = one(w, ranked[k]);
    if (value < 0) continue;
    sum += value;
    classes += 1;
  }
  return ratio(sum, classes, otherwise);
}
double auroc(const Weighted& w) { return over_classes(w, ranked_auroc, 0.5); }
double average_precision(const Weighted& w) { return over_classes(w, ranked_precision, 0); }

}  // namespace

const base::Registry<Metric>& classification_metrics() {
  static const double kWorstLoss = log_loss_of(0);
  constexpr bool kSmaller = true;
  using enum Needs;
  const auto of = [](double (*function)(const Weighted&)) { return metric_of<Weighted>(function); };
  static const base::Registry<Metric> list(
      "metric",
      {{"accuracy",
        "share of samples whose class is right",
        {{}, of(accuracy), kDecisions, {}, accuracy_interval}},
       {"balanced_accuracy", "mean recall of the classes that occur", {{}, of(balanced_accuracy)}},
       {"macro_f1", "F1 averaged over the classes", {{}, of(macro_f1)}},
       {"weighted_f1", "F1 averaged with the classes' sizes as weights", {{}, of(weighted_f1)}},
       {"log_loss",
        "mean of -log(probability of the true class); smaller is better",
        {{0, kWorstLoss, kSmaller}, of(log_loss), kNumbers}},
       {"brier",
        "squared error of the probabilities, summed over the classes (two: halved); smaller is "
        "better",
        {{0, 2, kSmaller}, of(brier), kNumbers}},
       {"auroc",
        "area under the ROC curve; of many classes the mean of each against the rest",
        {{}, of(auroc), kOrder}},
       {"average_precision",
        "area under precision and recall; of many classes the mean of each against the rest",
        {{}, of(average_precision), kOrder}},
       {"matthews", "Matthews correlation: 0 by chance, 1 if perfect", {{-1, 1}, of(matthews)}},
       {"kappa", "Cohen's kappa: agreement beyond chance, 1 if perfect", {{-1, 1}, of(kappa)}},
       {"calibration_error",
        "how far confidence is from accuracy, in 15 bins; smaller is better; the value is too high "
        "with few samples, the interval allows for that",
        {{0, 1, kSmaller}, of(calibration_error), kNumbers, of(calibration_noise)}}});
  return list;
}

NamedMetrics usable_metrics(bool has_probability) {
  NamedMetrics out;
  for (const auto& item : classification_metrics().items()) {
    if (has_probability || !item.value.needs_numbers()) out.push_back(item);
  }
  return out;
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

NamedMetrics class_metrics(int k) {
  const auto precision = [k](const Weighted& w) {
    return ratio(w.hits[index(k)], w.predicteds[index(k)]);
  };
  const auto recall = [k](const Weighted& w) {
    return ratio(w.hits[index(k)], w.truths[index(k)]);
  };
  const auto f1_of = [k](const Weighted& w) {
    return ratio(2 * w.hits[index(k)], w.truths[index(k)] + w.predicteds[index(k)]);
  };
  return {{"precision",
           "share of the answers of this class that are right",
           {{}, metric_of<Weighted>(precision)}},
          {"recall",
           "share of the samples of this class that are found",
           {{}, metric_of<Weighted>(recall)}},
          {"f1", "harmonic mean of precision and recall", {{}, metric_of<Weighted>(f1_of)}}};
}

std::vector<ClassRow> per_class(const Classification& c) {
  const Weighted w{Prepared(c)};
  std::vector<ClassRow> rows(index(c.classes));
  for (int k = 0; k < c.classes; ++k) {
    ClassRow& row = rows[index(k)];
    row.support = w.truths[index(k)];
    row.predicted = w.predicteds[index(k)];
    const auto metrics = class_metrics(k);
    row.precision = metrics[0].value.of(w);
    row.recall = metrics[1].value.of(w);
    row.f1 = metrics[2].value.of(w);
    if (!w.data->has_probability) continue;
    const double area = ranked_auroc(w, w.data->ranked[index(k)]);
    if (area >= 0) row.auroc = area;
  }
  return rows;
}

}  // namespace refrain::score
