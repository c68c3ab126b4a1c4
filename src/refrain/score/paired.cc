#include "refrain/score/paired.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <set>

#include "refrain/score/bootstrap.h"
#include "refrain/score/distributions.h"

namespace refrain::score {
namespace {

constexpr int kExchanges = 1999;

void demand(bool good, const std::string& message) {
  if (!good) throw Error(Code::kData, "comparison: " + message);
}

double sign(const Metric& metric) { return metric.smaller_is_better ? -1 : 1; }

// One metric of one repeat, under changing weights.
class Scored {
 public:
  Scored(const Answers& answers, const Metric& metric)
      : metric_(&metric), weigher_(answers.weigher(metric.needs == Needs::kOrder)) {}

  double operator()(const std::vector<double>& factor) {
    weigher_->reweigh(factor);
    return metric_->of(*weigher_);
  }

 private:
  const Metric* metric_;
  std::unique_ptr<Weigher> weigher_;
};

// The difference when some groups' predictions are exchanged: samples are the rows of A and then
// those of B, and each side is a weighting by 0 and 1.
class Exchange {
 public:
  Exchange(const Pair& pair, const Metric& metric)
      : n_(pair.a[0].size()), sign_(sign(metric)), groups_(members(pair.a[0])) {
    for (std::size_t r = 0; r < pair.a.size(); ++r) {
      both_.emplace_back(*pair.a[r].followed_by(pair.b[r]), metric);
    }
    first_.resize(2 * n_);
    second_.resize(2 * n_);
  }

  double plain() {
    for (std::size_t i = 0; i < n_; ++i) give(i, false);
    return difference();
  }

  // The size of the largest value seen.
  double largest() const { return largest_; }

  double exchanged(base::Rng& rng) {
    for (const auto& group : groups_) {
      const bool swap = (rng.next() >> 63) != 0;
      for (const int i : group) give(static_cast<std::size_t>(i), swap);
    }
    return difference();
  }

 private:
  void give(std::size_t i, bool swap) {
    first_[i] = second_[n_ + i] = swap ? 0 : 1;
    second_[i] = first_[n_ + i] = swap ? 1 : 0;
  }

  double difference() {
    double sum = 0;
    for (auto& scored : both_) {
      const double a = scored(first_), b = scored(second_);
      sum += b - a;
      largest_ = std::max({largest_, std::abs(a), std::abs(b)});
    }
    return sign_ * sum / static_cast<double>(both_.size());
  }

  std::size_t n_;
  double sign_, largest_ = 0;
  Groups groups_;
  std::vector<Scored> both_;
  std::vector<double> first_, second_;
};

}  // namespace

void check(const Pair& pair) {
  demand(!pair.a.empty() && pair.a.size() == pair.b.size(), "as many repeats of both are needed");
  for (const auto* side : {&pair.a, &pair.b}) {
    for (const Answers* answers : side->list()) {
      answers->check();
      demand(answers->same_samples(pair.a[0]),
             "not of the same samples in the same order and form (with probabilities or without)");
    }
  }
}

Mcnemar mcnemar(const Answers& a, const Answers& b) {
  check(Pair{a, b});
  const auto of_a = a.right(), of_b = b.right();
  if (!of_a || !of_b) throw Error(Code::kInternal, "McNemar of what is not right or wrong");
  Mcnemar m;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const bool in_a = (*of_a)[i], in_b = (*of_b)[i];
    m.only_a += in_a && !in_b ? 1 : 0;
    m.only_b += in_b && !in_a ? 1 : 0;
  }
  m.p = fair_coin_two_sided(m.only_a, m.only_a + m.only_b);
  return m;
}

Tested corrected_resampled_t(const std::vector<double>& differences, double test_to_train,
                             double level) {
  const double k = static_cast<double>(differences.size());
  demand(k >= 2, "at least two folds are needed");
  Tested out;
  for (const double d : differences) out.difference += d / k;
  double squares = 0;
  for (const double d : differences) squares += (d - out.difference) * (d - out.difference);
  out.df = k - 1;
  out.error = std::sqrt(squares / (k - 1) * (1 / k + test_to_train));
  const double t = out.error > 0 ? out.difference / out.error : 0;
  // All folds differ by the same: no scatter to judge by, so no evidence either.
  out.p = out.error > 0 ? t_two_sided(t, out.df) : 1;
  const double half = t_quantile(1 - level / 2, out.df) * out.error;
  out.low = out.difference - half;
  out.high = out.difference + half;
  return out;
}

Tested permutation_test(const Pair& pair, const Metric& metric, int seed, double level) {
  check(pair);
  Exchange exchange(pair, metric);
  Tested out;
  out.difference = exchange.plain();
  const base::Rng rng = base::Rng(static_cast<std::uint64_t>(seed)).fork("permutation");
  std::vector<double> sizes;
  double squares = 0;
  for (int d = 0; d < kExchanges; ++d) {
    look_at(pair.stop);
    base::Rng own = rng.fork(static_cast<std::uint64_t>(d));
    const double drawn = exchange.exchanged(own);
    sizes.push_back(std::abs(drawn));
    squares += drawn * drawn;
  }
  // Sums in another order differ by rounding: what is equal but for that counts as equal.
  const double width = metric.high - metric.low;
  const double seen =
      std::abs(out.difference) - 1e-12 * (std::isfinite(width) ? 1 : exchange.largest());
  const auto as_large =
      std::count_if(sizes.begin(), sizes.end(), [&](double s) { return s >= seen; });
  out.p = (1 + static_cast<double>(as_large)) / (1 + kExchanges);
  out.error = std::sqrt(squares / kExchanges);
  // p <= level exactly if the difference is larger than this one.
  const auto rank = static_cast<std::size_t>(std::max(1.0, level * (1 + kExchanges))) - 1;
  std::sort(sizes.rbegin(), sizes.rend());
  out.low = std::max(-width, out.difference - sizes[rank]);
  out.high = std::min(width, out.difference + sizes[rank]);
  return out;
}

Tested bootstrap_difference(const Pair& pair, const Metric& metric, int seed) {
  check(pair);
  std::vector<Scored> a, b;
  for (std::size_t r = 0; r < pair.a.size(); ++r) {
    a.emplace_back(pair.a[r], metric);
    b.emplace_back(pair.b[r], metric);
  }
  const std::size_t n = pair.a[0].size(), R = a.size();
  const Groups groups = members(pair.a[0]);
  std::vector<double> factor(n, 1);
  const auto difference = [&](const std::vector<double>& times) {
    double sum = 0;
    for (std::size_t r = 0; r < R; ++r) {
      if (times[r] > 0) sum += times[r] * (b[r](factor) - a[r](factor));
    }
    return sign(metric) * sum / static_cast<double>(R);
  };
  const double value = difference(std::vector<double>(R, 1)), width = metric.high - metric.low;
  if (groups.size() < 2) return {value, -width, width, 1, width, 0};
  const base::Rng rng = base::Rng(static_cast<std::uint64_t>(seed)).fork("paired bootstrap");
  std::vector<double> drawn;
  const int draws = draw_count(pair.a[0].work() * static_cast<double>(2 * R));
  double squares = 0, beyond[2] = {1, 1};
  for (int d = 0; d < draws; ++d) {
    look_at(pair.stop);
    base::Rng own = rng.fork(static_cast<std::uint64_t>(d));
    draw_groups(groups, own, factor);
    const auto times = draw_counts(R, own);
    drawn.push_back(difference(times));
    squares += std::pow(drawn.back() - value, 2);
    beyond[0] += drawn.back() <= 0 ? 1 : 0;
    beyond[1] += drawn.back() >= 0 ? 1 : 0;
  }
  const double p = 2 * std::min(beyond[0], beyond[1]) / (draws + 1);
  const Interval i = percentiles(drawn, value, lower_share(groups.size()));
  return {value, i.low, i.high, std::min(1.0, p), std::sqrt(squares / draws), 0};
}

std::vector<double> fold_differences(const Pair& pair, const Metric& metric,
                                     const std::vector<std::vector<int>>& fold) {
  check(pair);
  demand(fold.size() == pair.a.size(), "each repeat needs its folds");
  std::vector<double> out;
  for (std::size_t r = 0; r < fold.size(); ++r) {
    demand(fold[r].size() == pair.a[r].size(), "each sample needs its fold");
    Scored a(pair.a[r], metric), b(pair.b[r], metric);
    for (const int f : std::set<int>(fold[r].begin(), fold[r].end())) {
      std::vector<double> factor;
      for (const int of : fold[r]) factor.push_back(of == f ? 1 : 0);
      out.push_back(sign(metric) * (b(factor) - a(factor)));
    }
  }
  return out;
}

}  // namespace refrain::score
