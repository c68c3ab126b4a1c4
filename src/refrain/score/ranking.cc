#include "refrain/score/ranking.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "refrain/base/error.h"
#include "refrain/score/distributions.h"

namespace refrain::score {
namespace {

constexpr std::size_t kMostExact = 50;

// Ranks from 1, the smallest first; equal values share their mean. Adds up t^3 - t over the ties.
std::vector<double> ranks(const std::vector<double>& values, double& ties) {
  std::vector<std::size_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::sort(order.begin(), order.end(),
            [&](std::size_t a, std::size_t b) { return values[a] < values[b]; });
  std::vector<double> out(values.size());
  for (std::size_t begin = 0, end; begin < order.size(); begin = end) {
    end = begin;
    while (end < order.size() && values[order[end]] == values[order[begin]]) ++end;
    const double shared = static_cast<double>(begin + end + 1) / 2;
    for (std::size_t i = begin; i < end; ++i) out[order[i]] = shared;
    const double t = static_cast<double>(end - begin);
    ties += t * t * t - t;
  }
  return out;
}

std::vector<double> ranks_from_best(std::vector<double> scores, double& ties) {
  for (double& s : scores) s = -s;
  return ranks(scores, ties);
}

// P(sum of the ranks with a positive sign <= statistic) when each sign is a toss of a coin. Ranks
// are multiples of 1/2: counted in halves.
double signed_rank_cdf(const std::vector<double>& of, double statistic) {
  std::vector<double> ways = {1};
  for (const double rank : of) {
    const auto halves = static_cast<std::size_t>(std::lround(2 * rank));
    std::vector<double> next(ways.size() + halves);
    for (std::size_t s = 0; s < ways.size(); ++s) {
      next[s] += ways[s] / 2;
      next[s + halves] += ways[s] / 2;
    }
    ways = std::move(next);
  }
  const auto end = static_cast<std::ptrdiff_t>(std::lround(2 * statistic)) + 1;
  return std::accumulate(ways.begin(), ways.begin() + end, 0.0);
}

// Runs of methods in order of rank, as long as first and last lie within the critical difference;
// runs inside a longer one are left out.
std::vector<std::vector<int>> find_cliques(const Ranking& r) {
  std::vector<std::vector<int>> out;
  const auto rank = [&](std::size_t i) {
    return r.average_rank[static_cast<std::size_t>(r.order[i])];
  };
  std::size_t reached = 0;
  for (std::size_t first = 0; first < r.order.size(); ++first) {
    std::size_t end = first + 1;
    while (end < r.order.size() && rank(end) - rank(first) <= r.critical_difference) ++end;
    if (end > reached && end - first > 1) {
      out.emplace_back(r.order.begin() + static_cast<std::ptrdiff_t>(first),
                       r.order.begin() + static_cast<std::ptrdiff_t>(end));
    }
    reached = std::max(reached, end);
  }
  return out;
}

ScoreTable pairwise(const ScoreTable& scores) {
  const std::size_t k = scores[0].size();
  std::vector<double> p;
  for (std::size_t a = 0; a < k; ++a) {
    for (std::size_t b = a + 1; b < k; ++b) {
      std::vector<double> differences;
      for (const auto& row : scores) differences.push_back(row[b] - row[a]);
      p.push_back(wilcoxon(differences).p);
    }
  }
  p = holm(p);
  ScoreTable out(k, std::vector<double>(k, 1));
  auto next = p.begin();
  for (std::size_t a = 0; a < k; ++a) {
    for (std::size_t b = a + 1; b < k; ++b) out[a][b] = out[b][a] = *next++;
  }
  return out;
}

void check_table(const ScoreTable& scores) {
  const auto finite = [](double x) { return std::isfinite(x); };
  const auto fits = [&](const std::vector<double>& row) {
    return row.size() == scores[0].size() && std::all_of(row.begin(), row.end(), finite);
  };
  if (scores.size() >= 2 && scores[0].size() >= 2 &&
      std::all_of(scores.begin(), scores.end(), fits)) {
    return;
  }
  throw Error(Code::kData,
              "a ranking needs two data sets, two methods and a score of each on each");
}

}  // namespace

std::vector<double> average_ranks(const ScoreTable& scores) {
  check_table(scores);
  std::vector<double> mean(scores[0].size());
  double ties = 0;
  for (const auto& row : scores) {
    const auto of = ranks_from_best(row, ties);
    for (std::size_t m = 0; m < of.size(); ++m) mean[m] += of[m];
  }
  for (double& m : mean) m /= static_cast<double>(scores.size());
  return mean;
}

Friedman friedman_test(const ScoreTable& scores) {
  check_table(scores);
  const double n = static_cast<double>(scores.size()), k = static_cast<double>(scores[0].size());
  double ties = 0, squares = 0;
  for (const auto& row : scores) ranks_from_best(row, ties);
  for (const double r : average_ranks(scores)) squares += (r - (k + 1) / 2) * (r - (k + 1) / 2);
  const double left = 1 - ties / (k * (k * k - 1) * n);
  Friedman out;
  if (left <= 0) return out;  // every set ties all methods
  out.chi_square = 12 * n / (k * (k + 1)) * squares / left;
  out.p = chi_square_above(out.chi_square, k - 1);
  const double rest = n * (k - 1) - out.chi_square;
  out.f = rest > 1e-12 ? (n - 1) * out.chi_square / rest : HUGE_VAL;
  out.f_p = f_above(out.f, k - 1, (k - 1) * (n - 1));
  return out;
}

SignedRank wilcoxon(const std::vector<double>& differences) {
  std::vector<double> sizes;
  std::vector<bool> positive;
  for (const double d : differences) {
    if (d == 0) continue;
    sizes.push_back(std::abs(d));
    positive.push_back(d > 0);
  }
  if (sizes.empty()) return {};
  double ties = 0, sum = 0;
  const auto of = ranks(sizes, ties);
  for (std::size_t i = 0; i < of.size(); ++i) sum += positive[i] ? of[i] : 0;
  const double n = static_cast<double>(of.size()), all = n * (n + 1) / 2;
  const double statistic = std::min(sum, all - sum);
  if (of.size() <= kMostExact)
    return {statistic, std::min(1.0, 2 * signed_rank_cdf(of, statistic))};
  const double spread = std::sqrt(n * (n + 1) * (2 * n + 1) / 24 - ties / 48);
  return {statistic, std::min(1.0, 2 * normal_cdf((statistic - all / 2) / spread))};
}

std::vector<double> holm(const std::vector<double>& p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<double> out(p.size());
  double largest = 0;
  for (std::size_t i = 0; i < order.size(); ++i) {
    largest = std::max(largest, p[order[i]] * static_cast<double>(p.size() - i));
    out[order[i]] = std::min(1.0, largest);
  }
  return out;
}

Ranking rank_methods(const ScoreTable& scores) {
  Ranking out;
  out.average_rank = average_ranks(scores);
  const double n = static_cast<double>(scores.size()), k = static_cast<double>(scores[0].size());
  out.order.resize(scores[0].size());
  std::iota(out.order.begin(), out.order.end(), 0);
  std::stable_sort(out.order.begin(), out.order.end(), [&](int a, int b) {
    return out.average_rank[static_cast<std::size_t>(a)] <
           out.average_rank[static_cast<std::size_t>(b)];
  });
  out.friedman = friedman_test(scores);
  out.critical_difference = normal_range_quantile(0.95, static_cast<int>(k)) / std::sqrt(2.0) *
                            std::sqrt(k * (k + 1) / (6 * n));
  out.cliques = find_cliques(out);
  out.pair_p = pairwise(scores);
  return out;
}

}  // namespace refrain::score
