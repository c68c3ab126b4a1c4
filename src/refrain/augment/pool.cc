#include "refrain/augment/pool.h"

#include <cmath>

namespace refrain::augment {
namespace {

struct Sums {
  double count = 0, sum = 0, squares = 0;

  void add(double x) { ++count, sum += x, squares += x * x; }
  double variance() const {
    if (count < 2) return 0;
    const double mean = sum / count;
    return std::max(0.0, squares / count - mean * mean);
  }
};

// Returns the usual deviation of one channel of one stream.
double usual_deviation(const Pool& pool, std::size_t stream, int channel) {
  Sums all;
  double within = 0, weight = 0;
  for (int i = 0; i < pool.size(); ++i) {
    const auto* series = std::get_if<data::Series>(&pool[i].streams[stream]);
    if (series == nullptr || channel >= series->channels) continue;
    Sums own;
    for (auto at = static_cast<std::size_t>(channel); at < series->values.size();
         at += static_cast<std::size_t>(series->channels)) {
      const double x = static_cast<double>(series->values[at]);
      if (!std::isfinite(x)) continue;
      own.add(x);
      all.add(x);
    }
    within += own.count * own.variance();
    weight += own.count;
  }
  if (within > 0) return std::sqrt(within / weight);
  return all.variance() > 0 ? std::sqrt(all.variance()) : 1;
}

}  // namespace

Pool::Pool(const data::Dataset& dataset, std::vector<int> training)
    : dataset_(dataset), training_(std::move(training)) {
  for (int i = 0; i < size(); ++i) by_label_[(*this)[i].label].push_back(i);
  for (std::size_t s = 0; s < dataset.streams.size(); ++s) {
    auto& deviation = deviation_.emplace_back();
    if (dataset.streams[s].kind != data::StreamKind::kSeries) continue;
    for (int c = 0; c < dataset.streams[s].channels; ++c) {
      deviation.push_back(usual_deviation(*this, s, c));
    }
  }
}

const std::vector<int>& Pool::of_label(const std::string& label) const {
  static const std::vector<int> none;
  const auto found = by_label_.find(label);
  return found == by_label_.end() ? none : found->second;
}

}  // namespace refrain::augment
