#include "refrain/score/bootstrap.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "refrain/score/distributions.h"

namespace refrain::score {

std::string counted_samples(const Answers& answers) {
  const std::string samples = std::to_string(answers.size()) + " samples";
  if (answers.group.empty()) return samples;
  const std::size_t groups = members(answers).size();
  std::string name = answers.words.name;
  if (groups == 1 && name.ends_with('s')) name.pop_back();
  return samples + " in " + std::to_string(groups) + " " + name;
}

namespace {

// `value` moved by `steps` deviations on the scale of log((x - low) / (high - x)).
double moved(const Metric& m, double value, double deviation, double steps) {
  const double range = m.high - m.low, share = (value - m.low) / range;
  const double at = std::log(share / (1 - share)) + steps * deviation / range / share / (1 - share);
  return m.low + range / (1 + std::exp(-at));
}

// Removes the noise from a metric that noise can only raise: sizes add in squares. A bootstrap draw
// adds its own noise: around 0 it is sqrt(2) times the noise already in the value.
double without(double noise, double shown_bias, double value) {
  const double raised = std::max(noise, (1 + std::numbers::sqrt2) * shown_bias);
  return std::sqrt(std::max(0.0, value * value - raised * raised));
}

// Degrees of freedom of the variance of values that are each without one group.
double freedom_of(const std::vector<double>& left) {
  const double n = static_cast<double>(left.size()), mean = spread(left).mean;
  double squares = 0, kurtosis = 0;
  for (const double x : left) squares += (x - mean) * (x - mean);
  if (squares <= 0) return n - 1;
  for (const double x : left) kurtosis += n * std::pow((x - mean) * (x - mean) / squares, 2);
  return std::min(n - 1, 2 * n / (kurtosis + 1));
}

bool is_open(const Metric& m) { return !std::isfinite(m.high - m.low); }

// A scale on which the values of a metric with an open range have no ends: logarithms, or log odds
// of an error rate below 1.
class OpenScale {
 public:
  // Draws without any error, which a few groups give, are no infinite distance from the others:
  // they count as a twentieth of the value.
  OpenScale(const Metric& m, double value, const std::vector<double>& draws)
      : from_low_(std::isfinite(m.low)),
        from_high_(std::isfinite(m.high)),
        end_(from_low_ ? m.low : m.high),
        least_(1e-6 * std::abs(value - end_)) {
    const bool reached =
        std::any_of(draws.begin(), draws.end(), [&](double x) { return x == end_; });
    if (reached) least_ = 0.05 * std::abs(value - end_);
    const double most = std::max(value, *std::max_element(draws.begin(), draws.end()));
    if (from_low_ && most < m.usual_high) range_ = m.usual_high - m.low;
  }

  double to(double x) const {
    if (!from_low_) return from_high_ ? -std::log(std::max(end_ - x, least_)) : x;
    const double above = std::max(x - end_, least_);
    return std::log(above / (1 - above / range_));
  }
  double back(double at) const {
    if (!from_low_) return from_high_ ? end_ - std::exp(-at) : at;
    return end_ + (std::isfinite(range_) ? 1 / (std::exp(-at) + 1 / range_) : std::exp(at));
  }

 private:
  bool from_low_, from_high_;
  double end_;                                              // the one that is finite
  double least_;                                            // distance from it that is told apart
  double range_ = std::numeric_limits<double>::infinity();  // of values from the low end
};

Interval open_interval(const Metric& m, const Drawn& drawn) {
  const double value = drawn.value, n = drawn.n;
  const auto [least, most] = std::minmax_element(drawn.draws.begin(), drawn.draws.end());
  const bool at_an_end = value <= m.low || value >= m.high;
  if (at_an_end || *most - *least <= 1e-12 * std::abs(value)) return {value, value, value};
  const OpenScale scale(m, value, drawn.draws);
  std::vector<double> on_scale;
  for (const double x : drawn.draws) on_scale.push_back(scale.to(x));
  const Spread s = spread(on_scale);
  const double at = scale.to(value), other = 2 * at - s.mean;
  const double t = t_quantile(0.975, drawn.df > 0 ? drawn.df : n - 1);
  const double half = t * std::sqrt(n / (n - 1)) * s.deviation;
  return {value, scale.back(std::min(at, other) - half), scale.back(std::max(at, other) + half)};
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

std::vector<double> degrees_of_freedom(const Bootstrap& job, Scorer& scorer) {
  const auto& metrics = scorer.metrics();
  std::vector<double> out(metrics.size());
  const std::size_t n = job.groups.size();
  const bool any =
      std::any_of(metrics.begin(), metrics.end(), [](const auto& m) { return is_open(m.value); });
  if (!any || n < 2 || n > kMostLeftOut) return out;
  std::vector<std::vector<double>> left(metrics.size());  // [metric][group]
  std::vector<double> factor(job.repeats[0].size(), 1);
  const std::vector<double> once(job.repeats.size(), 1);
  for (const auto& group : job.groups) {
    look_at(job.stop);
    for (const int i : group) factor[static_cast<std::size_t>(i)] = 0;
    const auto values = scorer.score(factor, once);
    for (const int i : group) factor[static_cast<std::size_t>(i)] = 1;
    for (std::size_t m = 0; m < values.size(); ++m) left[m].push_back(values[m]);
  }
  for (std::size_t m = 0; m < metrics.size(); ++m) {
    if (is_open(metrics[m].value)) out[m] = freedom_of(left[m]);
  }
  return out;
}

// Where the draws lie beside the value, which shows a bias, the end on the other side starts from
// the value less the bias. Draws that do not scatter where every prediction is right, or all are
// alike, are a sign of too few samples: the interval then gets the width of Wilson's for n of n.
Interval from_draws(const Metric& m, const Drawn& drawn) {
  if (is_open(m)) return open_interval(m, drawn);
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
