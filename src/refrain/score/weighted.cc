#include "refrain/score/weighted.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace refrain::score {
namespace {

// Ranks by one probability, from the largest down; equal ones by sample.
std::vector<Ranked> rank(const Classification& c, int k) {
  const auto C = static_cast<std::size_t>(c.classes);
  const auto p = [&](int i) {
    return c.probability[static_cast<std::size_t>(i) * C + static_cast<std::size_t>(k)];
  };
  std::vector<int> order(c.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) { return p(a) > p(b); });
  std::vector<Ranked> out(c.size());
  for (std::size_t at = 0; at < order.size(); ++at) {
    const int i = order[at];
    out[at].sample = static_cast<std::uint32_t>(i) & 0x3fffffffu;
    out[at].positive = c.truth[static_cast<std::size_t>(i)] == k;
    out[at].last_tied = at + 1 == order.size() || p(order[at + 1]) < p(i);
  }
  return out;
}

// Sum over the classes (the unseen one included) of (p - truth)^2; halved for two classes, which
// makes it the squared error of one probability, as usual there.
double brier(const double* row, int classes, int truth) {
  double sum = truth < 0 ? 1 : 0;
  for (int k = 0; k < classes; ++k) sum += std::pow(row[k] - (k == truth ? 1 : 0), 2);
  return classes == 2 ? sum / 2 : sum;
}

int bin_of(double confidence) {  // bin m is ((m-1)/15, m/15]
  const int bin = static_cast<int>(std::ceil(confidence * kCalibrationBins)) - 1;
  return std::clamp(bin, 0, kCalibrationBins - 1);
}

}  // namespace

double log_loss_of(double probability) {
  return -std::log(std::clamp(probability, kLeastProbability, 1.0));
}

Prepared::Prepared(const Classification& c, bool order) : classes(c.classes), truth(c.truth) {
  c.check();
  std::replace(truth.begin(), truth.end(), -1, c.classes);
  predicted = c.predicted;
  weight = c.weight.empty() ? std::vector<double>(c.size(), 1) : c.weight;
  has_probability = !c.probability.empty();
  if (!has_probability) return;
  const auto C = static_cast<std::size_t>(classes);
  for (std::size_t i = 0; i < c.size(); ++i) {
    const double* row = &c.probability[i * C];
    const double p = c.truth[i] < 0 ? 0 : row[c.truth[i]];
    log_loss.push_back(log_loss_of(p));
    brier.push_back(score::brier(row, classes, c.truth[i]));
    confidence.push_back(row[c.predicted[i]]);
    bin.push_back(bin_of(confidence.back()));
  }
  for (int k = 0; order && k < classes; ++k) ranked.push_back(rank(c, k));
}

Weighted::Weighted(Prepared prepared)
    : data(std::make_shared<const Prepared>(std::move(prepared))),
      weight(data->weight),
      predicted(data->predicted) {
  count();
}

void Weighted::reweigh(const std::vector<double>& factor) {
  for (std::size_t i = 0; i < factor.size(); ++i) weight[i] = factor[i] * data->weight[i];
  count();
}

void Weighted::predict(std::size_t i, int k) {
  add(i, -weight[i]);
  predicted[i] = k;
  add(i, weight[i]);
}

double Weighted::mean(const std::vector<double>& values) const {
  double sum = 0;
  for (std::size_t i = 0; i < values.size(); ++i) sum += weight[i] * values[i];
  return total > 0 ? sum / total : 0;
}

void Weighted::count() {
  const auto C = static_cast<std::size_t>(data->classes);
  table.assign(has_table() ? (C + 1) * C : 0, 0);
  truths.assign(C + 1, 0);
  predicteds.assign(C + 1, 0);
  hits.assign(C, 0);
  for (std::size_t i = 0; i < weight.size(); ++i) add(i, weight[i]);
  total = std::accumulate(truths.begin(), truths.end(), 0.0);
}

void Weighted::add(std::size_t i, double of) {
  const auto t = static_cast<std::size_t>(data->truth[i]),
             p = static_cast<std::size_t>(predicted[i]);
  if (has_table()) table[t * static_cast<std::size_t>(data->classes) + p] += of;
  truths[t] += of;
  predicteds[p] += of;
  if (t == p) hits[t] += of;
}

}  // namespace refrain::score
