#include "refrain/cli/console.h"

#include <gmock/gmock.h>

#include <vector>

namespace refrain::cli {
namespace {

using testing::ElementsAre;
using testing::Le;

std::vector<int> lines(LineBudget& budget, int epochs, double seconds_each) {
  std::vector<int> out;
  for (int e = 1; e <= epochs; ++e) {
    api::TrainProgress p;
    p.epoch = e;
    p.epochs = epochs;
    p.epoch_done = true;
    if (budget.take(p, e * seconds_each)) out.push_back(e);
  }
  return out;
}

TEST(Lines, a_short_training_has_a_line_an_epoch) {
  LineBudget budget;
  EXPECT_EQ(lines(budget, 12, 0).size(), 12U);
}

TEST(Lines, a_long_training_has_its_first_epochs_and_every_eighth_of_it) {
  LineBudget budget;
  EXPECT_THAT(lines(budget, 1200, 0),
              ElementsAre(1, 2, 3, 4, 150, 300, 450, 600, 750, 900, 1050, 1200));
}

TEST(Lines, all_phases_together_have_sixteen) {
  LineBudget budget;
  std::size_t all = 0;
  for (int phase = 0; phase < 30; ++phase) all += lines(budget, 400, 0).size();
  EXPECT_THAT(all, Le(16U));
}

TEST(Lines, a_slow_training_shows_that_it_lives) {
  LineBudget budget;
  EXPECT_THAT(lines(budget, 1'000'000, 1), testing::Contains(60));
  LineBudget fast;
  EXPECT_THAT(lines(fast, 1000, 0.001), testing::Not(testing::Contains(60)));
}

}  // namespace
}  // namespace refrain::cli
