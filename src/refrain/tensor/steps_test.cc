#include "refrain/tensor/steps.h"

#include <gmock/gmock.h>

#include <numeric>
#include <utility>

#include "refrain/base/error.h"
#include "refrain/base/rng.h"

namespace refrain::tensor {
namespace {

using testing::ElementsAre;

std::vector<int> list(const int* first, int count) { return {first, first + count}; }

TEST(Steps, rows_alive_at_a_step_are_the_first_ones) {
  StepTable table;
  table.assign({2, 1, 3});
  const Steps& s = table.steps();
  EXPECT_EQ(s.T, 3);
  EXPECT_EQ(s.B, 3);
  EXPECT_EQ(s.N, 6);
  EXPECT_THAT(list(s.length, 3), ElementsAre(3, 2, 1));
  EXPECT_THAT(list(s.live, 3), ElementsAre(3, 2, 1));
  EXPECT_THAT(list(s.offset, 3), ElementsAre(0, 3, 5));
  EXPECT_THAT(list(s.position, 3), ElementsAre(2, 0, 1));
  EXPECT_EQ(s.row(1, 1), 4);
  EXPECT_THAT(list(s.before, 6), ElementsAre(-1, -1, -1, 0, 1, 3));
  EXPECT_THAT(list(s.sequence, 6), ElementsAre(0, 1, 2, 0, 1, 0));
}

TEST(Steps, equal_lengths_lie_as_a_dense_block_in_batch_order) {
  StepTable table;
  table.assign({4, 4, 4});
  const Steps& s = table.steps();
  EXPECT_THAT(list(s.position, 3), ElementsAre(0, 1, 2));
  for (int t = 0; t < 4; ++t) {
    for (int b = 0; b < 3; ++b) EXPECT_EQ(s.row(t, b), 3 * t + b);
  }
}

TEST(Steps, a_single_sequence_is_its_own_batch) {
  StepTable table;
  table.assign({5});
  EXPECT_EQ(table.steps().N, 5);
  EXPECT_EQ(table.steps().row(4, 0), 4);
}

TEST(Steps, any_lengths_fill_every_row_exactly_once) {
  base::Rng rng(1);
  StepTable table;
  for (int round = 0; round < 200; ++round) {
    std::vector<int> lengths(1 + rng.below(20));
    for (int& n : lengths) n = 1 + static_cast<int>(rng.below(15));
    table.assign(lengths);
    const Steps& s = table.steps();
    ASSERT_EQ(s.N, std::accumulate(lengths.begin(), lengths.end(), 0));
    std::vector<int> seen(static_cast<std::size_t>(s.N), 0), place(lengths.size(), 0);
    for (int b = 0; b < s.B; ++b) {
      const auto p = static_cast<std::size_t>(s.position[b]);
      ++place.at(p);
      ASSERT_EQ(s.length[b], lengths[p]);
      if (b > 0 && s.length[b] == s.length[b - 1]) {
        ASSERT_GT(s.position[b], s.position[b - 1]);
      }
      for (int t = 0; t < s.length[b]; ++t) {
        ASSERT_LT(b, s.live[t]);
        ++seen.at(static_cast<std::size_t>(s.row(t, b)));
        ASSERT_EQ(s.sequence[s.row(t, b)], b);
        ASSERT_EQ(s.before[s.row(t, b)], t == 0 ? -1 : s.row(t - 1, b));
      }
    }
    ASSERT_THAT(seen, testing::Each(1));
    ASSERT_THAT(place, testing::Each(1));
  }
}

TEST(Steps, a_smaller_batch_after_a_larger_one_reuses_the_memory) {
  StepTable table;
  table.assign({9, 8, 7, 6});
  const Steps before = table.steps();
  table.assign({1, 2});
  const Steps& s = table.steps();
  EXPECT_EQ(s.T, 2);
  EXPECT_EQ(s.N, 3);
  EXPECT_THAT(list(s.live, 2), ElementsAre(2, 1));
  EXPECT_EQ(s.length, before.length);
  EXPECT_EQ(s.live, before.live);
  EXPECT_EQ(s.position, before.position);
}

TEST(Steps, a_moved_table_still_points_at_its_arrays) {
  StepTable first;
  first.assign({3, 1});
  const StepTable second = std::move(first);
  EXPECT_THAT(list(second.steps().length, 2), ElementsAre(3, 1));
}

TEST(Steps, no_sequence_or_one_without_steps_is_refused) {
  StepTable table;
  for (const std::vector<int>& lengths : {std::vector<int>{}, {3, 0}, {-1}}) {
    try {
      table.assign(lengths);
      ADD_FAILURE() << "nothing was thrown";
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), Code::kShape);
    }
  }
}

}  // namespace
}  // namespace refrain::tensor
