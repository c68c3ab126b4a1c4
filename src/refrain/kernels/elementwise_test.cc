// Loops over flat arrays against plain ones, on every instruction set, at every length.
#include "refrain/kernels/elementwise.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "refrain/base/rng.h"
#include "refrain/kernels/isa.h"

namespace refrain::kernels {
namespace {

using Limits = std::numeric_limits<real>;
using Numbers = std::vector<real>;
constexpr std::size_t kMostNumbers = 70;
constexpr double kEpsilon = Limits::epsilon();

class ElementwiseOnIsa : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { choose_isa(GetParam()); }
  void TearDown() override { choose_isa("auto"); }
};
INSTANTIATE_TEST_SUITE_P(AllIsas, ElementwiseOnIsa, testing::ValuesIn(available_isas()),
                         [](const auto& p) { return p.param; });

// `count` numbers and one NaN behind them, which no function may read or overwrite.
Numbers random_numbers(std::size_t count, base::Rng& rng) {
  Numbers x(count + 1, Limits::quiet_NaN());
  for (std::size_t i = 0; i < count; ++i) x[i] = static_cast<real>(rng.uniform(-1, 1));
  return x;
}

// Calls body(count, x, m, y) with fresh numbers for every count.
template <class Body>
void for_counts(const Body& body) {
  base::Rng rng(3);
  for (std::size_t n = 0; n <= kMostNumbers; ++n) {
    const Numbers x = random_numbers(n, rng), m = random_numbers(n, rng);
    Numbers y = random_numbers(n, rng);
    body(n, x, m, y);
    ASSERT_TRUE(std::isnan(y[n])) << n;
  }
}

void expect_near(real got, double expected, std::size_t i, std::size_t n) {
  EXPECT_NEAR(static_cast<double>(got), expected, 4 * kEpsilon) << i << " of " << n;
}

TEST_P(ElementwiseOnIsa, sums_and_multiples_agree_with_plain_loops) {
  const real a = real{0.75};
  for_counts([&](std::size_t n, const Numbers& x, const Numbers& m, Numbers& y) {
    const Numbers old = y;
    const auto number = [](const Numbers& v, std::size_t i) { return static_cast<double>(v[i]); };
    add(x.data(), n, y.data());
    for (std::size_t i = 0; i < n; ++i) expect_near(y[i], number(old, i) + number(x, i), i, n);
    y = old;
    add_scaled(x.data(), a, n, y.data());
    for (std::size_t i = 0; i < n; ++i)
      expect_near(y[i], number(old, i) + 0.75 * number(x, i), i, n);
    y = old;
    scale(a, n, y.data());
    for (std::size_t i = 0; i < n; ++i) expect_near(y[i], 0.75 * number(old, i), i, n);
    y = old;
    multiply_add(x.data(), m.data(), n, y.data());
    for (std::size_t i = 0; i < n; ++i)
      expect_near(y[i], number(old, i) + number(x, i) * number(m, i), i, n);
    multiply(x.data(), m.data(), n, y.data());
    for (std::size_t i = 0; i < n; ++i) expect_near(y[i], number(x, i) * number(m, i), i, n);
  });
}

TEST_P(ElementwiseOnIsa, every_length_of_a_function_is_filled_and_no_more) {
  for_counts([](std::size_t n, const Numbers& x, const Numbers&, Numbers& y) {
    tanh(x.data(), n, y.data());
    for (std::size_t i = 0; i < n; ++i)
      expect_near(y[i], std::tanh(static_cast<double>(x[i])), i, n);
    exp(x.data(), n, y.data());
    for (std::size_t i = 0; i < n; ++i)
      EXPECT_NEAR(static_cast<double>(y[i]), std::exp(static_cast<double>(x[i])), 8 * kEpsilon);
    sigmoid(x.data(), n, y.data());
    for (std::size_t i = 0; i < n; ++i)
      expect_near(y[i], 1 / (1 + std::exp(-static_cast<double>(x[i]))), i, n);
  });
}

TEST_P(ElementwiseOnIsa, a_sum_of_squares_has_the_same_bits_on_every_instruction_set) {
  base::Rng rng(5);
  for (std::size_t n = 0; n < 100; ++n) {
    const Numbers x = random_numbers(n, rng);
    choose_isa(GetParam());
    const double here = sum_of_squares(x.data(), n);
    choose_isa("auto");
    EXPECT_EQ(sum_of_squares(x.data(), n), here) << n;
    double expected = 0;
    for (std::size_t i = 0; i < n; ++i) expected += std::pow(static_cast<double>(x[i]), 2);
    EXPECT_NEAR(here, expected, 1e-13) << n;
  }
}

TEST_P(ElementwiseOnIsa, softmax_agrees_with_its_definition_whatever_is_added_to_all) {
  base::Rng rng(7);
  for (std::size_t n = 1; n <= kMostNumbers; ++n) {
    for (const real shift : {real{0}, real{1024}, real{-1024}}) {
      Numbers x = random_numbers(n, rng);
      for (std::size_t i = 0; i < n; ++i) x[i] = std::round(x[i] * 512) / 128 + shift;  // exact
      double total = 0;
      for (std::size_t i = 0; i < n; ++i) total += std::exp(static_cast<double>(x[i] - shift));
      Numbers y = x;
      softmax(n, y.data());
      for (std::size_t i = 0; i < n; ++i) {
        const double expected = std::exp(static_cast<double>(x[i] - shift)) / total;
        EXPECT_NEAR(static_cast<double>(y[i]), expected, 8 * kEpsilon * expected) << n;
      }
      EXPECT_TRUE(std::isnan(y[n]));
    }
  }
}

TEST_P(ElementwiseOnIsa, softmax_of_many_agrees_with_its_definition_and_gives_the_log_of_the_sum) {
  base::Rng rng(8);
  for (const std::size_t n :
       {std::size_t{1}, std::size_t{15}, std::size_t{16}, std::size_t{3001}}) {
    Numbers x(n);
    for (real& value : x) value = static_cast<real>(rng.uniform(-20, 20));
    Numbers y = x;
    double total = 0;
    for (const real value : x) total += std::exp(static_cast<double>(value));
    EXPECT_NEAR(softmax_of_many(n, y.data()), std::log(total), 40 * kEpsilon) << n;
    for (std::size_t i = 0; i < n; ++i) {
      EXPECT_NEAR(static_cast<double>(y[i]), std::exp(static_cast<double>(x[i])) / total,
                  40 * kEpsilon)
          << n;
    }
  }
  Numbers x(40, 1);
  x[3] = Limits::quiet_NaN();
  EXPECT_TRUE(std::isnan(softmax_of_many(40, x.data())));
}

TEST_P(ElementwiseOnIsa, softmax_of_far_apart_numbers_is_a_choice_and_nan_is_not_hidden) {
  Numbers x = {real{-1e30f}, real{1e30f}, real{0}};
  softmax(3, x.data());
  EXPECT_EQ(x[1], 1);
  EXPECT_LT(x[0] + x[2], 4 * Limits::min());
  for (std::size_t place = 0; place < 3; ++place) {
    x = {1, 2, 3};
    x[place] = Limits::quiet_NaN();
    softmax(3, x.data());
    for (const real y : x) EXPECT_TRUE(std::isnan(y));
  }
}

TEST_P(ElementwiseOnIsa, the_largest_is_kept_with_its_place_and_ties_go_as_asked) {
  for (const bool ties : {false, true}) {
    for_counts([ties](std::size_t n, const Numbers& random, const Numbers&, Numbers& best) {
      Numbers x = random, where(n + 1, real{3});
      for (std::size_t i = 0; i < n; i += 3) x[i] = best[i];
      for (std::size_t i = 1; i < n; i += 7) x[i] = Limits::quiet_NaN();
      for (std::size_t i = 2; i < n; i += 7) best[i] = Limits::quiet_NaN();
      const Numbers old = best;
      keep_largest({x.data(), 5, ties}, n, best.data(), where.data());
      Numbers chosen(n + 1, Limits::quiet_NaN());
      select_place(x.data(), where.data(), 5, n, chosen.data());
      for (std::size_t i = 0; i < n; ++i) {
        const bool larger = std::isnan(x[i]) || x[i] > old[i] || (ties && x[i] == old[i]);
        const bool takes = larger && !std::isnan(old[i]);
        const real kept = takes ? x[i] : old[i];
        EXPECT_TRUE(best[i] == kept || (std::isnan(best[i]) && std::isnan(kept))) << i;
        EXPECT_EQ(where[i], takes ? 5 : 3) << i;
        const real expected = takes ? x[i] : real{0};
        EXPECT_TRUE(chosen[i] == expected || (std::isnan(chosen[i]) && std::isnan(expected))) << i;
      }
    });
  }
}

Numbers mask(std::uint64_t key, real p, std::size_t count, std::uint32_t first = 0) {
  Numbers m(count);
  dropout_mask(key, first, p, count, m.data());
  return m;
}

TEST_P(ElementwiseOnIsa, dropout_drops_the_asked_share_and_divides_the_rest) {
  constexpr std::size_t kCount = 400000;
  for (const real p : {real{0.01f}, real{0.1f}, real{0.5f}, real{0.9f}}) {
    for (const std::uint64_t key : {0ull, 1ull, 0x123456789abcdef0ull}) {
      const Numbers m = mask(key, p, kCount);
      std::size_t dropped = 0;
      for (const real x : m) {
        if (x == 0)
          ++dropped;
        else
          ASSERT_EQ(x, 1 / (1 - p));
      }
      const double share = static_cast<double>(dropped) / kCount, wish = static_cast<double>(p);
      EXPECT_NEAR(share, wish, 5 * std::sqrt(wish * (1 - wish) / kCount)) << "key " << key;
    }
  }
  for (const real x : mask(9, 0, 1000)) EXPECT_EQ(x, 1);
}

TEST_P(ElementwiseOnIsa, dropout_does_not_depend_on_cuts_or_on_the_instruction_set) {
  const std::size_t count = 300;
  const Numbers whole = mask(42, real{0.4f}, count);
  for (std::size_t cut = 0; cut <= 70; ++cut) {
    Numbers parts(count);
    dropout_mask(42, 0, real{0.4f}, cut, parts.data());
    dropout_mask(42, static_cast<std::uint32_t>(cut), real{0.4f}, count - cut, parts.data() + cut);
    ASSERT_EQ(parts, whole) << cut;
  }
  choose_isa("auto");
  EXPECT_EQ(mask(42, real{0.4f}, count), whole);
}

// Correlation of two masks of p = 1/2, the second one read at other(i).
template <class Other>
double correlation(const Numbers& a, const Numbers& b, std::size_t count, const Other& other) {
  double sum = 0;
  for (std::size_t i = 0; i < count; ++i)
    sum += static_cast<double>((a[i] - 1) * (b[other(i)] - 1));
  return sum / static_cast<double>(count);
}

TEST_P(ElementwiseOnIsa, masks_of_neighbouring_keys_have_nothing_in_common) {
  constexpr std::size_t kCount = 1 << 16;
  const double limit = 5.5 / std::sqrt(double{kCount});
  const std::uint64_t base = 0x9876543200000010ull;
  const Numbers a = mask(base, real{0.5f}, kCount);
  for (const std::uint64_t step :
       {1ull, 2ull, 3ull, 16ull, 0x10000ull, 1ull << 32, 0x100000001ull, 1ull << 63}) {
    const Numbers b = mask(base ^ step, real{0.5f}, kCount);
    for (std::size_t shift = 0; shift < 20; ++shift) {
      const auto later = [&](std::size_t i) { return (i + shift) % kCount; };
      EXPECT_LT(std::abs(correlation(a, b, kCount, later)), limit) << step << " shift " << shift;
      const auto swapped = [&](std::size_t i) { return i ^ shift; };
      EXPECT_LT(std::abs(correlation(a, b, kCount, swapped)), limit) << step << " xor " << shift;
    }
  }
}

TEST_P(ElementwiseOnIsa, elements_of_one_mask_have_nothing_in_common) {
  constexpr std::size_t kCount = 1 << 16;
  const Numbers a = mask(77, real{0.5f}, 2 * kCount);
  for (std::size_t lag = 1; lag < 70; ++lag) {
    const auto later = [&](std::size_t i) { return i + lag; };
    EXPECT_LT(std::abs(correlation(a, a, kCount, later)), 5.5 / std::sqrt(double{kCount})) << lag;
  }
}

TEST_P(ElementwiseOnIsa, adam_agrees_with_a_plain_loop) {
  const AdamStep s{real{0.9f}, real{0.999f}, real{0.01f}, real{1e-6f}, real{0.003f}};
  const auto wide = [](real x) { return static_cast<double>(x); };
  for_counts([&](std::size_t n, const Numbers& d, const Numbers& start, Numbers& x) {
    Numbers m = start, v = start;
    for (std::size_t i = 0; i < n; ++i) v[i] = std::abs(v[i]);
    const Numbers m0 = m, v0 = v, x0 = x;
    adam(s, d.data(), n, m.data(), v.data(), x.data());
    for (std::size_t i = 0; i < n; ++i) {
      const double b1 = wide(s.beta1), b2 = wide(s.beta2);
      const double first = b1 * wide(m0[i]) + (1 - b1) * wide(d[i]);
      const double second = b2 * wide(v0[i]) + (1 - b2) * wide(d[i]) * wide(d[i]);
      expect_near(m[i], first, i, n);
      expect_near(v[i], second, i, n);
      const double move = wide(s.rate) * first / (std::sqrt(second) + wide(s.epsilon));
      expect_near(x[i], (1 - wide(s.decay)) * wide(x0[i]) - move, i, n);
    }
    ASSERT_TRUE(std::isnan(m[n]) && std::isnan(v[n]));
  });
}

}  // namespace
}  // namespace refrain::kernels
