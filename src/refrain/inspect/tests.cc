#include "refrain/inspect/tests.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "refrain/score/distributions.h"

namespace refrain::inspect {
namespace {

constexpr double kExact = 1e4;        // products of sizes up to which p-values are exact
constexpr double kLeastExpected = 5;  // of a name in each sample, for the chi-squared distribution

// P(K > x) of Kolmogorov's distribution.
double kolmogorov_above(double x) {
  if (x < 0.2) return 1;
  double sum = 0;
  for (int k = 1; k <= 100; ++k) {
    const double term = std::exp(-2.0 * k * k * x * x);
    sum += k % 2 == 1 ? term : -term;
    if (term < 1e-12) break;
  }
  return std::clamp(2 * sum, 0.0, 1.0);
}

// P(distance >= d) of samples of n and m from one distribution without ties: the share of lattice
// paths from (0, 0) to (n, m) that leave the band of distances below d.
double exact_above(double d, int n, int m) {
  constexpr double kRounding = 1e-9;
  const auto inside = [&](int i, int j) {
    return std::abs(static_cast<double>(i) / n - static_cast<double>(j) / m) < d - kRounding;
  };
  std::vector<double> share(static_cast<std::size_t>(m) + 1, 0);
  for (int i = 0; i <= n; ++i) {
    for (int j = 0; j <= m; ++j) {
      double& at = share[static_cast<std::size_t>(j)];
      if (i + j == 0) {
        at = 1;
      } else if (!inside(i, j)) {
        at = 0;
      } else {
        const double left = j > 0 ? share[static_cast<std::size_t>(j - 1)] * j : 0;
        at = ((i > 0 ? at * i : 0) + left) / (i + j);
      }
    }
  }
  return 1 - share[static_cast<std::size_t>(m)];
}

std::vector<double> in_grains(const std::vector<double>& values, double grain) {
  std::vector<double> out;
  for (const double v : values) out.push_back(grain > 0 ? std::round(v / grain) : v);
  std::sort(out.begin(), out.end());
  return out;
}

// The largest distance between the two distribution functions, both samples sorted.
double largest_distance(const std::vector<double>& a, const std::vector<double>& b) {
  double distance = 0;
  std::size_t i = 0, j = 0;
  while (i < a.size() && j < b.size()) {
    const double at = std::min(a[i], b[j]);
    while (i < a.size() && a[i] <= at) ++i;
    while (j < b.size() && b[j] <= at) ++j;
    const double low = static_cast<double>(i) / static_cast<double>(a.size());
    const double high = static_cast<double>(j) / static_cast<double>(b.size());
    distance = std::max(distance, std::abs(low - high));
  }
  return distance;
}

double total(const std::map<std::string, double>& counts) {
  return std::accumulate(counts.begin(), counts.end(), 0.0,
                         [](double sum, const auto& item) { return sum + item.second; });
}

// Columns of both counts, the rare ones in one.
std::vector<std::pair<double, double>> columns_of(const std::map<std::string, double>& first,
                                                  const std::map<std::string, double>& second) {
  std::map<std::string, std::pair<double, double>> all;
  for (const auto& [name, count] : first) all[name].first = count;
  for (const auto& [name, count] : second) all[name].second = count;
  const double a = total(first), b = total(second);
  const double least = kLeastExpected * (a + b) / std::max(1.0, std::min(a, b));
  std::pair<double, double> rare;
  std::vector<std::pair<double, double>> out;
  for (const auto& [name, pair] : all) {
    if (pair.first + pair.second >= least) {
      out.push_back(pair);
    } else {
      rare.first += pair.first, rare.second += pair.second;
    }
  }
  if (rare.first + rare.second >= least) out.push_back(rare);
  return out;
}

}  // namespace

Comparison compare_numbers(const Sides& sides, double grain) {
  if (sides.first.empty() || sides.second.empty()) return {};
  Comparison out;
  out.distance = largest_distance(in_grains(sides.first, grain), in_grains(sides.second, grain));
  const double n = sides.first_units * sides.second_units /
                   std::max(1.0, sides.first_units + sides.second_units);
  if (sides.first_units * sides.second_units <= kExact && out.distance > 0) {
    out.p = exact_above(out.distance, static_cast<int>(std::lround(sides.first_units)),
                        static_cast<int>(std::lround(sides.second_units)));
    return out;
  }
  const double root = std::sqrt(n);
  out.p = kolmogorov_above((root + 0.12 + 0.11 / std::max(root, 1e-9)) * out.distance);
  return out;
}

Comparison compare_counts(const std::map<std::string, double>& first,
                          const std::map<std::string, double>& second) {
  const auto columns = columns_of(first, second);
  if (columns.size() < 2) return {};
  double a = 0, b = 0;
  for (const auto& [x, y] : columns) a += x, b += y;
  if (a <= 0 || b <= 0) return {};
  double squares = 0;
  for (const auto& [x, y] : columns) {
    const double in_a = (x + y) * a / (a + b), in_b = (x + y) * b / (a + b);
    squares += (x - in_a) * (x - in_a) / in_a + (y - in_b) * (y - in_b) / in_b;
  }
  return {std::sqrt(squares / (a + b)),
          score::chi_square_above(squares, static_cast<double>(columns.size() - 1))};
}

std::vector<bool> below_together(const std::vector<double>& p, double level) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<bool> out(p.size(), false);
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    if (p[order[rank]] * static_cast<double>(p.size() - rank) > level) break;
    out[order[rank]] = true;
  }
  return out;
}

}  // namespace refrain::inspect
