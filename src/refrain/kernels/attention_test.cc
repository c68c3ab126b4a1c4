// Loops of transformers against plain ones in double, on every instruction set, at every length.
#include "refrain/kernels/attention.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <numbers>
#include <vector>

#include "refrain/base/rng.h"
#include "refrain/kernels/isa.h"

namespace refrain::kernels {
namespace {

using Reals = std::vector<real>;
constexpr real kNoNumber = std::numeric_limits<real>::quiet_NaN();

class AttentionOnIsa : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { choose_isa(GetParam()); }
  void TearDown() override { choose_isa("auto"); }
};
INSTANTIATE_TEST_SUITE_P(AllIsas, AttentionOnIsa, testing::ValuesIn(available_isas()),
                         [](const auto& p) { return p.param; });

// From -9 to 9, and one NaN behind them that nothing may touch.
Reals spread(std::size_t count) {
  Reals x(count + 1, kNoNumber);
  base::Rng rng(5);
  for (std::size_t i = 0; i < count; ++i) x[i] = static_cast<real>(rng.uniform(-9, 9));
  return x;
}

TEST_P(AttentionOnIsa, gelu_is_x_times_the_normal_distribution) {
  for (std::size_t n = 0; n < 300; n += n < 40 ? 1 : 37) {
    const Reals x = spread(n);
    Reals y = x;
    gelu(n, y.data());
    for (std::size_t i = 0; i < n; ++i) {
      const auto v = static_cast<double>(x[i]);
      const double expected = v * std::erfc(-v / std::numbers::sqrt2) / 2;
      EXPECT_NEAR(static_cast<double>(y[i]), expected, 2e-7 * (1 + std::abs(v))) << v;
    }
    EXPECT_TRUE(std::isnan(y[n])) << n;
  }
}

TEST_P(AttentionOnIsa, the_other_gelu_is_its_formula) {
  const std::size_t n = 83;
  const Reals x = spread(n);
  Reals y = x;
  gelu_tanh(n, y.data());
  for (std::size_t i = 0; i < n; ++i) {
    const auto v = static_cast<double>(x[i]);
    const double inner = std::sqrt(2 / std::numbers::pi) * (v + 0.044715 * v * v * v);
    EXPECT_NEAR(static_cast<double>(y[i]), v * (1 + std::tanh(inner)) / 2, 2e-6) << v;
  }
  EXPECT_TRUE(std::isnan(y[n]));
}

TEST_P(AttentionOnIsa, gelu_backward_adds_the_slope_and_touches_nothing_behind) {
  using Forward = void (*)(std::size_t, real*);
  using Backward = void (*)(const real*, const real*, std::size_t, real*);
  const std::vector<std::pair<Forward, Backward>> both = {{gelu, gelu_backward},
                                                          {gelu_tanh, gelu_tanh_backward}};
  for (const auto& [forward, backward] : both) {
    for (const std::size_t n : {0, 1, 7, 83}) {
      const Reals x = spread(n);
      const Reals d_y(n + 1, 2);
      Reals d_x(n + 1, 1), above = x, below = x;
      d_x[n] = kNoNumber;
      constexpr double kStep = sizeof(real) == 8 ? 1e-5 : 1e-2;
      for (std::size_t i = 0; i < n; ++i) above[i] += static_cast<real>(kStep);
      for (std::size_t i = 0; i < n; ++i) below[i] -= static_cast<real>(kStep);
      const Reals high = above, low = below;
      forward(n, above.data());
      forward(n, below.data());
      backward(x.data(), d_y.data(), n, d_x.data());
      for (std::size_t i = 0; i < n; ++i) {
        const double slope =
            static_cast<double>(above[i] - below[i]) / static_cast<double>(high[i] - low[i]);
        EXPECT_NEAR(static_cast<double>(d_x[i]), 1 + 2 * slope, sizeof(real) == 8 ? 1e-8 : 2e-3)
            << x[i];
      }
      EXPECT_TRUE(std::isnan(d_x[n])) << n;
    }
  }
}

TEST_P(AttentionOnIsa, gelu_keeps_what_is_no_number) {
  Reals x = {kNoNumber, 0, 1};
  gelu(3, x.data());
  EXPECT_TRUE(std::isnan(x[0]));
  EXPECT_EQ(x[1], 0);
}

TEST_P(AttentionOnIsa, softmax_goes_row_by_row) {
  for (int columns = 1; columns < 40; ++columns) {
    const int rows = 3;
    const std::ptrdiff_t stride = columns + 2;
    Reals x = spread(static_cast<std::size_t>(rows * stride));
    x[0] = 300;  // would overflow without the shift
    const Reals old = x;
    softmax_rows({x.data(), stride, rows, columns, static_cast<real>(0.5)});
    for (int r = 0; r < rows; ++r) {
      double total = 0;
      const auto power = [&](int c) {
        const auto v = static_cast<double>(old[static_cast<std::size_t>(r * stride + c)]);
        return std::exp(0.5 * v - (r == 0 ? 150 : 0));
      };
      for (int c = 0; c < columns; ++c) total += power(c);
      for (int c = 0; c < columns; ++c) {
        const auto got = static_cast<double>(x[static_cast<std::size_t>(r * stride + c)]);
        EXPECT_NEAR(got, power(c) / total, 1e-6) << columns << " " << r << " " << c;
      }
      for (auto c = static_cast<std::ptrdiff_t>(columns); c < stride; ++c) {
        const auto i = static_cast<std::size_t>(r * stride + c);
        EXPECT_EQ(x[i], old[i]) << "the gap between rows was written to";
      }
    }
  }
}

TEST_P(AttentionOnIsa, additive_scores_and_their_gradients_are_their_formulae) {
  for (const int columns : {1, 3, 8, 16, 37}) {
    const int rows = 5;
    const auto C = static_cast<std::size_t>(columns);
    const Reals query = spread(C), keys = spread(5 * C), energy = spread(C);
    const Reals d_score = {1, real{-0.5}, 2, 0, real{0.25}};
    const AdditiveScores a{query.data(), keys.data(), energy.data(), rows, columns};
    Reals score(6, kNoNumber), d_query(C + 1, 1), d_keys(5 * C + 1, 2), d_energy(C + 1, 3);
    additive_scores(a, score.data());
    additive_scores_backward(a, {d_score.data(), d_query.data(), d_keys.data(), d_energy.data()});
    std::vector<double> of_query(C, 1), of_energy(C, 3);
    for (std::size_t u = 0; u < 5; ++u) {
      const auto ds = static_cast<double>(d_score[u]);
      double sum = 0;
      for (std::size_t i = 0; i < C; ++i) {
        const auto e = static_cast<double>(energy[i]);
        const double met = std::tanh(static_cast<double>(query[i] + keys[u * C + i]));
        const double d_met = ds * e * (1 - met * met);
        sum += e * met;
        of_query[i] += d_met;
        of_energy[i] += ds * met;
        EXPECT_NEAR(static_cast<double>(d_keys[u * C + i]), 2 + d_met, 1e-5);
      }
      EXPECT_NEAR(static_cast<double>(score[u]), sum, 1e-4) << columns;
    }
    for (std::size_t i = 0; i < C; ++i) {
      EXPECT_NEAR(static_cast<double>(d_query[i]), of_query[i], 1e-5);
      EXPECT_NEAR(static_cast<double>(d_energy[i]), of_energy[i], 1e-5);
    }
    EXPECT_TRUE(std::isnan(score[5]));
    EXPECT_TRUE(d_query[C] == 1 && d_keys[5 * C] == 2 && d_energy[C] == 3) << columns;
  }
}

}  // namespace
}  // namespace refrain::kernels
