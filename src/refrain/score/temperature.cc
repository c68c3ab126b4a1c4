#include "refrain/score/temperature.h"

#include <algorithm>
#include <cmath>

#include "refrain/base/error.h"
#include "refrain/score/weighted.h"

namespace refrain::score {
namespace {

// Sharpens in place: a row of log p becomes p^b, adding up to 1.
void sharpen(double* row, int classes, double b) {
  const double top = *std::max_element(row, row + classes);
  double sum = 0;
  for (int k = 0; k < classes; ++k) sum += row[k] = std::exp(b * (row[k] - top));
  for (int k = 0; k < classes; ++k) row[k] /= sum;
}

void take_logs(std::vector<double>& p) {
  for (double& x : p) x = std::log(std::clamp(x, kLeastProbability, 1.0));
}

// The sums for the derivative of the loss in b.
struct Slope {
  int classes;
  double prior;
  std::vector<double> logs;               // [n,C]
  std::vector<double> weight, true_logs;  // [n]: log p of the truth
  std::vector<double> own_mean;           // [n]: mean of log p under p itself
  double total = 0;

  Slope(const Classification& c, double prior_samples)
      : classes(c.classes), prior(prior_samples), logs(c.probability) {
    take_logs(logs);
    const auto C = static_cast<std::size_t>(classes);
    for (std::size_t i = 0; i < c.size(); ++i) {
      const bool known = c.truth[i] >= 0;
      weight.push_back(known ? (c.weight.empty() ? 1 : c.weight[i]) : 0);
      true_logs.push_back(known ? logs[i * C + static_cast<std::size_t>(c.truth[i])] : 0);
      own_mean.push_back(mean(i, 1));
      total += weight.back();
    }
  }

  // Mean of log p under p^b.
  double mean(std::size_t i, double b) const {
    const double* log = &logs[i * static_cast<std::size_t>(classes)];
    const double top = *std::max_element(log, log + classes);
    double sum = 0, moment = 0;
    for (int k = 0; k < classes; ++k) {
      const double p = std::exp(b * (log[k] - top));
      sum += p;
      moment += p * log[k];
    }
    return moment / sum;
  }

  double operator()(double b) const {
    double slope = 0;
    for (std::size_t i = 0; i < weight.size(); ++i) {
      if (weight[i] == 0) continue;
      const double m = mean(i, b);
      slope += weight[i] * (m - true_logs[i] + prior / total * (m - own_mean[i]));
    }
    return slope;
  }
};

}  // namespace

double fit_temperature(const Classification& c, double prior) {
  c.check();
  if (c.probability.empty() && c.size() > 0) {
    throw Error(Code::kData, "a temperature needs probabilities, not labels alone");
  }
  const Slope slope(c, prior);
  if (slope.total <= 0) return 1;
  double low = std::log(1 / kMostTemperature), high = std::log(1 / kLeastTemperature);
  if (slope(std::exp(low)) >= 0) return slope(1) == 0 ? 1 : kMostTemperature;
  if (slope(std::exp(high)) <= 0) return slope(1) == 0 ? 1 : kLeastTemperature;
  for (int i = 0; i < 50; ++i) {
    const double middle = (low + high) / 2;
    (slope(std::exp(middle)) < 0 ? low : high) = middle;
  }
  return std::exp(-(low + high) / 2);
}

std::vector<double> apply_temperature(std::vector<double> probability, int classes,
                                      double temperature) {
  if (!(temperature > 0)) throw Error(Code::kUsage, "a temperature is above 0");
  take_logs(probability);
  const auto C = static_cast<std::size_t>(classes);
  for (std::size_t i = 0; C > 0 && i + C <= probability.size(); i += C) {
    sharpen(&probability[i], classes, 1 / temperature);
  }
  return probability;
}

}  // namespace refrain::score
