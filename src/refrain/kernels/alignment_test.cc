#include "refrain/kernels/alignment.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <stdexcept>
#include <tuple>
#include <utility>
#include <vector>

#include "refrain/base/at.h"
#include "refrain/base/rng.h"
#include "refrain/kernels/isa.h"

namespace refrain::kernels {
namespace {

using base::at;

std::vector<float> random_numbers(std::size_t n, std::uint64_t seed) {
  base::Rng rng(seed);
  std::vector<float> out(n);
  for (float& v : out) v = static_cast<float>(rng.normal());
  return out;
}

// Two series [C,n] and [C,m] and all cells of their matrix.
struct AlignmentCase {
  int n, m, channels;
  std::vector<float> a, b, scratch;
  std::vector<int> begin, end;
  std::vector<std::int32_t> from;

  AlignmentCase(int rows, int columns, int C) : n(rows), m(columns), channels(C) {
    a = random_numbers(at(n * C) + 16, at(100 * n + m));
    b = random_numbers(at(m * C) + 16, at(100 * n + m + 7));
    scratch.resize(alignment_scratch(n));
    std::size_t cells = 0;
    for (int s = 0; s < n + m - 1; ++s) {
      begin.push_back(std::max(0, s - m + 1));
      end.push_back(std::min(n, s + 1));
      cells += at(end.back() - begin.back());
    }
    from.resize(cells + 16);
  }

  void run() {
    align({a.data(), b.data(), n, m, channels, begin.data(), end.data(), scratch.data(),
           from.data()});
  }

  double cost(int i, int j) const {
    double sum = 0;
    for (int c = 0; c < channels; ++c) {
      const double d =
          static_cast<double>(a[at(c * n + i)]) - static_cast<double>(b[at(c * m + m - 1 - j)]);
      if (std::isfinite(d)) sum += d * d;
    }
    return sum;
  }

  // The cells that `from` leads through, the last one first.
  std::vector<std::pair<int, int>> way() const {
    std::vector<std::size_t> row = {0};
    for (std::size_t s = 0; s < begin.size(); ++s)
      row.push_back(row.back() + at(end[s] - begin[s]));
    std::vector<std::pair<int, int>> cells = {{n - 1, m - 1}};
    while (cells.back() != std::pair(0, 0)) {
      auto [i, j] = cells.back();
      const auto step = from[row[at(i + j)] + at(i - begin[at(i + j)])];
      if (step != kFromB) --i;
      if (step != kFromA) --j;
      if (i < 0 || j < 0) throw std::out_of_range("the way leaves the matrix");
      cells.emplace_back(i, j);
    }
    return cells;
  }

  double cost_of_way() const {
    double sum = 0;
    for (const auto& [i, j] : way()) sum += cost(i, j);
    return sum;
  }

  // The definition.
  double least_cost() const {
    std::vector<double> d(at((n + 1) * (m + 1)), HUGE_VAL);
    d[0] = 0;
    for (int i = 1; i <= n; ++i) {
      for (int j = 1; j <= m; ++j) {
        const auto cell = [&](int k, int l) { return d[at(k * (m + 1) + l)]; };
        d[at(i * (m + 1) + j)] =
            cost(i - 1, j - 1) + std::min({cell(i - 1, j - 1), cell(i - 1, j), cell(i, j - 1)});
      }
    }
    return d.back();
  }
};

TEST(Alignment, TheWayIsTheCheapestOne) {
  for (const auto& [n, m, C] : {std::tuple{1, 1, 1},
                                {1, 9, 2},
                                {9, 1, 1},
                                {17, 17, 3},
                                {30, 11, 1},
                                {11, 30, 2},
                                {40, 41, 1}}) {
    AlignmentCase c(n, m, C);
    c.run();
    EXPECT_NEAR(c.cost_of_way(), c.least_cost(), 1e-4 * (1 + c.least_cost())) << n << " " << m;
  }
}

TEST(Alignment, TheDiagonalIsTakenWhereAllWaysCostTheSame) {
  AlignmentCase c(9, 9, 1);
  std::fill(c.a.begin(), c.a.end(), 0.5F);
  std::fill(c.b.begin(), c.b.end(), 0.5F);
  c.run();
  for (const auto& [i, j] : c.way()) EXPECT_EQ(i, j);
}

TEST(Alignment, MissingValuesCostNothing) {
  AlignmentCase c(20, 20, 2);
  c.a[5] = std::numeric_limits<float>::quiet_NaN();
  c.b[30] = std::numeric_limits<float>::infinity();
  c.run();
  EXPECT_NEAR(c.cost_of_way(), c.least_cost(), 1e-4 * c.least_cost());
}

TEST(Alignment, CellsOutsideTheBandAreNotTaken) {
  AlignmentCase c(25, 25, 1);
  for (int s = 0; s < 49; ++s) {  // the diagonal and its neighbours
    c.begin[at(s)] = s / 2;
    c.end[at(s)] = std::min(25, (s + 1) / 2 + 1);
  }
  c.run();
  for (const auto& [i, j] : c.way()) EXPECT_LE(std::abs(i - j), 1);
  EXPECT_GE(c.cost_of_way(), c.least_cost() - 1e-4);
}

TEST(Alignment, EveryInstructionSetTellsTheSameWay) {
  AlignmentCase first(60, 55, 3);
  first.run();
  for (const auto& isa : available_isas()) {
    choose_isa(isa);
    AlignmentCase c(60, 55, 3);
    c.run();
    c.from.resize(c.from.size() - 16);
    EXPECT_TRUE(std::equal(c.from.begin(), c.from.end(), first.from.begin())) << isa;
  }
  choose_isa("auto");
}

TEST(MeanSquareDifference, CountsWhatIsFinite) {
  for (const std::size_t n : {0, 1, 3, 8, 31, 100}) {
    auto a = random_numbers(n, n + 1), b = random_numbers(n, n + 2);
    std::vector<float> weight(n, 0.5F);
    if (n > 2) a[2] = std::numeric_limits<float>::quiet_NaN();
    double sum = 0, count = 0;
    for (std::size_t i = 0; i < n; ++i) {
      const double d = 0.5 * (static_cast<double>(a[i]) - static_cast<double>(b[i]));
      if (std::isfinite(d)) sum += d * d, ++count;
    }
    EXPECT_NEAR(mean_square_difference(a.data(), b.data(), weight.data(), n),
                count > 0 ? sum / count : 0, 1e-5 * (1 + sum));
  }
}

}  // namespace
}  // namespace refrain::kernels
