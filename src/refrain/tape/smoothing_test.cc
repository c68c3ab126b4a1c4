#include "refrain/tape/smoothing.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

namespace refrain::tape {
namespace {

const real kGap = std::numeric_limits<real>::quiet_NaN();

std::vector<real> smoothed(std::vector<real> values, std::vector<real> numbers, int horizon,
                           int season) {
  Tape tape;
  tape.reset(false);
  const Var c = tape.constant(Tensor{{1, 2}, numbers.data()});
  const Smoothing o{values.data(), static_cast<int>(values.size()), horizon, season};
  const Tensor y = tape.value(smooth(tape, c, o));
  return {y.data, y.data + y.count()};
}

TEST(Smoothing, without_a_season_is_the_level_everywhere) {
  // a = 1/2: 2, then 2 + 4 halved, then 3 + 9 halved.
  for (const real y : smoothed({2, 4, 9}, {0, 0}, 2, 1)) EXPECT_NEAR(y, 6, 1e-6);
}

TEST(Smoothing, a_level_and_a_season_that_repeat_are_found_and_go_on) {
  const auto y = smoothed({3, 5, 10, 3, 5, 10, 3}, {0, 0}, 4, 3);
  const std::vector<real> expected = {3, 5, 10, 3, 5, 10, 3, 5, 10, 3, 5};
  for (std::size_t i = 0; i < y.size(); ++i) EXPECT_NEAR(y[i], expected[i], 1e-5) << i;
}

TEST(Smoothing, follows_the_formula_of_level_and_season) {
  const real big = 50;  // a coefficient of 1, and one of 0
  // a = 1, g = 0: the season stays that of the start, -1 and 1, and the level is 4 - 1.
  const auto y = smoothed({1, 3, 1, 3, 5, 4}, {big, -big}, 2, 2);
  EXPECT_NEAR(y[6], 2, 1e-5);
  EXPECT_NEAR(y[7], 4, 1e-5);
}

TEST(Smoothing, missing_values_leave_level_and_season_as_they_are) {
  const auto whole = smoothed({1, 3, 1, 3}, {1, -1}, 2, 2);
  const auto gaps = smoothed({kGap, 1, 3, 1, 3, kGap, kGap}, {1, -1}, 2, 2);
  EXPECT_NEAR(whole[4], gaps[7], 1e-5) << "a season of gaps later";
  EXPECT_NEAR(whole[5], gaps[8], 1e-5);
  for (const real y : smoothed({kGap, kGap}, {0, 0}, 2, 2)) EXPECT_EQ(y, 0);
}

TEST(Smoothing, chosen_numbers_are_added_where_there_is_an_index) {
  Tape tape;
  tape.reset(false);
  real x[] = {1, 2, 3}, from[] = {10, 20};
  const int index[] = {1, -1, 0};
  const Var y = add_chosen(tape, tape.constant({{1, 3}, x}), tape.constant({{2}, from}), index, -1);
  EXPECT_EQ(tape.value(y).data[0], -19);
  EXPECT_EQ(tape.value(y).data[1], 2);
  EXPECT_EQ(tape.value(y).data[2], -7);
}

}  // namespace
}  // namespace refrain::tape
