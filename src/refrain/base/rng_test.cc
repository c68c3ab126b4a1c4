#include "refrain/base/rng.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <set>

namespace refrain::base {
namespace {

TEST(Rng, the_same_key_gives_the_same_numbers) {
  Rng a(7), b(7), c(8);
  EXPECT_EQ(a.next(), b.next());
  EXPECT_EQ(a.next(), b.next());
  EXPECT_NE(Rng(7).next(), c.next());
}

// Worked out from the formulas by another program.
TEST(Rng, the_numbers_of_a_key_never_change) {
  Rng rng(42);
  const std::uint64_t first = rng.next();
  const std::uint64_t second = rng.fork("dropout").fork(3).next();
  EXPECT_EQ(first, 6332618229526065668ULL);
  EXPECT_EQ(second, 4201554630360362963ULL);
}

TEST(Rng, a_fork_depends_on_its_name_and_not_on_what_was_drawn) {
  Rng used(1);
  for (int i = 0; i < 10; ++i) used.next();
  EXPECT_EQ(used.fork("a").key(), Rng(1).fork("a").key());
  std::set<std::uint64_t> keys = {Rng(1).key()};
  for (const char* name : {"", "a", "b", "ab", "ba"}) keys.insert(Rng(1).fork(name).key());
  for (std::uint64_t number = 0; number < 1000; ++number) keys.insert(Rng(1).fork(number).key());
  EXPECT_EQ(keys.size(), 1006U);
}

TEST(Rng, uniform_numbers_fill_their_interval_evenly) {
  Rng rng(3);
  constexpr int kDraws = 100000;
  double sum = 0, squares = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double x = rng.uniform();
    ASSERT_GE(x, 0);
    ASSERT_LT(x, 1);
    sum += x;
    squares += x * x;
  }
  EXPECT_NEAR(sum / kDraws, 0.5, 0.005);
  EXPECT_NEAR(squares / kDraws, 1.0 / 3, 0.005);
  const double moved = rng.uniform(-2, 4);
  EXPECT_GE(moved, -2);
  EXPECT_LT(moved, 4);
}

TEST(Rng, normal_numbers_have_mean_zero_and_variance_one) {
  Rng rng(4);
  constexpr int kDraws = 100000;
  double sum = 0, squares = 0;
  int beyond_two = 0;
  for (int i = 0; i < kDraws; ++i) {
    const double x = rng.normal();
    ASSERT_TRUE(std::isfinite(x));
    sum += x;
    squares += x * x;
    beyond_two += std::fabs(x) > 2 ? 1 : 0;
  }
  EXPECT_NEAR(sum / kDraws, 0, 0.015);
  EXPECT_NEAR(squares / kDraws, 1, 0.02);
  EXPECT_NEAR(static_cast<double>(beyond_two) / kDraws, 0.0455, 0.004);
}

TEST(Rng, below_reaches_every_number_about_equally_often) {
  Rng rng(5);
  std::vector<int> count(7);
  for (int i = 0; i < 70000; ++i) ++count[rng.below(7)];
  EXPECT_THAT(count, testing::Each(testing::AllOf(testing::Gt(9600), testing::Lt(10400))));
  EXPECT_EQ(rng.below(1), 0U);
}

TEST(Rng, below_has_no_bias_where_the_bound_is_large) {
  Rng rng(6);
  constexpr int kDraws = 20000;
  constexpr std::uint64_t kThird = std::uint64_t{1} << 62;  // of the bound; 2^64 is four of them
  int first = 0;
  for (int i = 0; i < kDraws; ++i) first += rng.below(3 * kThird) < kThird ? 1 : 0;
  EXPECT_NEAR(static_cast<double>(first) / kDraws, 1.0 / 3, 0.015);
}

TEST(Rng, shuffle_keeps_all_items_and_places_each_anywhere) {
  std::vector<int> first(5);
  for (std::uint64_t seed = 0; seed < 5000; ++seed) {
    std::vector<int> items(5);
    std::iota(items.begin(), items.end(), 0);
    Rng(seed).shuffle(items);
    ++first[static_cast<std::size_t>(items[0])];
    std::sort(items.begin(), items.end());
    ASSERT_THAT(items, testing::ElementsAre(0, 1, 2, 3, 4));
  }
  EXPECT_THAT(first, testing::Each(testing::AllOf(testing::Gt(880), testing::Lt(1120))));
}

}  // namespace
}  // namespace refrain::base
