#include "refrain/task/budget.h"

#include <gtest/gtest.h>

namespace refrain::task {
namespace {

TEST(PlanWithin, enough_time_changes_nothing) {
  const Plan plan = plan_within(1000, 0.1, {10, 100}, 2);
  EXPECT_EQ(plan.networks, 10);
  EXPECT_EQ(plan.epochs, 100);
}

TEST(PlanWithin, too_little_time_means_fewer_networks_first) {
  const Plan plan = plan_within(25, 0.1, {10, 100}, 2);  // 10 s a round of two
  EXPECT_EQ(plan.networks, 4);
  EXPECT_EQ(plan.epochs, 100);
}

TEST(PlanWithin, then_fewer_epochs_of_one_round) {
  const Plan plan = plan_within(5, 0.1, {10, 100}, 2);
  EXPECT_EQ(plan.networks, 2);
  EXPECT_EQ(plan.epochs, 50);
}

TEST(PlanWithin, one_epoch_of_one_network_is_the_least) {
  for (const double seconds : {0.0, -5.0, 1e-6}) {
    const Plan plan = plan_within(seconds, 10, {1, 100}, 8);
    EXPECT_EQ(plan.networks, 1);
    EXPECT_EQ(plan.epochs, 1);
  }
}

}  // namespace
}  // namespace refrain::task
