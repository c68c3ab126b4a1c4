#include "refrain/explain/question.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace refrain::explain {
namespace {

constexpr std::size_t kAtOnce = 256;        // samples
constexpr double kLeastProbability = 1e-6;  // floats tell no smaller difference from 1

// All of a dataset but its samples.
data::Dataset without_samples(const data::Dataset& d) {
  data::Dataset out;
  out.path = d.path;
  out.format = d.format;
  out.front = d.front;
  out.encoder = d.encoder;
  out.columns = d.columns;
  out.offset = d.offset;
  out.streams = d.streams;
  out.lives = d.lives;
  out.settings = d.settings;
  return out;
}

}  // namespace

double log_odds(double p) {
  p = std::clamp(p, kLeastProbability, 1 - kLeastProbability);
  return std::log(p) - std::log1p(-p);
}

ModelQuestion::ModelQuestion(const task::Model& model, const data::Dataset& form, Prepare prepare,
                             int threads)
    : model_(model),
      form_(without_samples(form)),
      prepare_(std::move(prepare)),
      threads_(threads) {}

data::Dataset ModelQuestion::dataset(std::vector<data::Sample> samples) const {
  data::Dataset d = form_;
  d.samples = std::move(samples);
  if (prepare_) prepare_(d);
  return d;
}

std::vector<double> ModelQuestion::answers(std::vector<data::Sample> samples) const {
  const data::Dataset d = dataset(std::move(samples));
  std::vector<int> all(d.samples.size());
  std::iota(all.begin(), all.end(), 0);
  return model_.predict({d, all}, threads_);
}

std::vector<double> ModelQuestion::in_portions(std::vector<data::Sample> samples,
                                               const ValuesOf& of) {
  std::vector<double> out;
  for (std::size_t from = 0; from < samples.size(); from += kAtOnce) {
    const std::size_t to = std::min(samples.size(), from + kAtOnce);
    const auto at = [&](std::size_t i) { return samples.begin() + static_cast<std::ptrdiff_t>(i); };
    const auto found = of({std::make_move_iterator(at(from)), std::make_move_iterator(at(to))});
    out.insert(out.end(), found.begin(), found.end());
  }
  return out;
}

std::vector<double> ModelQuestion::values(std::vector<data::Sample> samples, int column) const {
  const bool odds = !model_.goal->classes().empty();
  const auto width = static_cast<std::size_t>(model_.goal->width());
  return in_portions(std::move(samples), [&](std::vector<data::Sample> some) {
    const auto numbers = answers(std::move(some));
    std::vector<double> out;
    for (std::size_t i = 0; i < numbers.size(); i += width) {
      const double value = numbers[i + static_cast<std::size_t>(column)];
      out.push_back(odds ? log_odds(value) : value);
    }
    return out;
  });
}

std::vector<std::pair<std::size_t, double>> ModelQuestion::outputs(int column) const {
  return {{static_cast<std::size_t>(column), 1.0}};
}

int ModelQuestion::decided(const data::Sample& sample) const {
  if (model_.goal->classes().empty()) return 0;
  const auto answer = answers({sample});
  return std::max(0, model_.goal->choice(model_.goal->complete(answer).data()));
}

}  // namespace refrain::explain
