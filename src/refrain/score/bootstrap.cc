#include "refrain/score/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "refrain/score/distributions.h"

namespace refrain::score {
namespace {

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

}  // namespace

void check_repeats(const Repeats& repeats) {
  if (repeats.empty()) throw Error(Code::kInternal, "scores of no predictions");
  for (const Answers* answers : repeats.list()) {
    answers->check();
    if (!answers->same_samples(repeats[0])) {
      throw Error(Code::kData, "scores: the repeats are not of the same samples");
    }
  }
}

Scorer::Scorer(const Repeats& repeats, NamedMetrics metrics)
    : n_(repeats[0].size()), metrics_(std::move(metrics)) {
  const bool order = std::any_of(metrics_.begin(), metrics_.end(),
                                 [](const auto& m) { return m.value.needs == Needs::kOrder; });
  for (const Answers* answers : repeats.list()) weighers_.push_back(answers->weigher(order));
}

std::vector<double> Scorer::noise() {
  std::vector<double> mean(metrics_.size());
  for (auto& weigher : weighers_) {
    weigher->reweigh(std::vector<double>(n_, 1));
    for (std::size_t m = 0; m < mean.size(); ++m) {
      const auto& of = metrics_[m].value.noise;
      if (of) mean[m] += of(*weigher) / static_cast<double>(weighers_.size());
    }
  }
  return mean;
}

std::vector<double> Scorer::score(const std::vector<double>& factor,
                                  const std::vector<double>& times) {
  std::vector<double> sum(metrics_.size());
  for (std::size_t r = 0; r < weighers_.size(); ++r) {
    if (times[r] == 0) continue;
    weighers_[r]->reweigh(factor);
    for (std::size_t m = 0; m < sum.size(); ++m) {
      sum[m] += times[r] / static_cast<double>(times.size()) * metrics_[m].value.of(*weighers_[r]);
    }
  }
  return sum;
}

std::vector<std::vector<double>> draw(const Bootstrap& job, Scorer& scorer) {
  const base::Rng rng = base::Rng(static_cast<std::uint64_t>(job.seed)).fork("bootstrap");
  const std::size_t n = job.repeats[0].size(), repeats = job.repeats.size();
  const int draws = draw_count(job.repeats[0].work() * static_cast<double>(repeats));
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

// Where the draws lie beside the value, which shows a bias, the end on the other side starts from
// the value less the bias. Draws that do not scatter where every prediction is right, or all are
// alike, are a sign of too few samples: the interval then gets the width of Wilson's for n of n.
Interval from_draws(const Metric& m, const Drawn& drawn) {
  const double value = drawn.value, n = drawn.n;
  const double t = t_quantile(0.975, n - 1), range = m.high - m.low;
  const Spread s = spread(drawn.draws);
  const bool at_an_end = value <= m.low || value >= m.high;
  if (at_an_end || s.deviation <= 1e-12 * range) {
    const double most = m.needs_numbers() && !at_an_end ? 0 : range * t * t / (n + t * t);
    return {value, std::max(m.low, value - most), std::min(m.high, value + most)};
  }
  const double other = std::clamp(2 * value - s.mean, m.low + 1e-6 * range, m.high - 1e-6 * range);
  const double steps = t * std::sqrt(n / (n - 1));
  if (drawn.noise > 0) {
    const double low = moved(m, value, s.deviation, -steps);
    return {value, without(drawn.noise, s.mean - value, low), moved(m, value, s.deviation, steps)};
  }
  const double low = moved(m, std::min(value, other), s.deviation, -steps);
  return {value, low, moved(m, std::max(value, other), s.deviation, steps)};
}

}  // namespace refrain::score
