#include "refrain/optim/schedule.h"

#include <gtest/gtest.h>

namespace refrain::optim {
namespace {

class EverySchedule : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(All, EverySchedule, testing::ValuesIn(schedules().names()),
                         [](const auto& p) { return p.param; });

TEST_P(EverySchedule, is_a_factor_between_zero_and_one_that_reaches_one) {
  const Schedule schedule = schedules().at(GetParam());
  double most = 0;
  for (int i = 0; i <= 1000; ++i) {
    const double factor = schedule(i / 1000.0);
    EXPECT_GE(factor, 0) << i;
    EXPECT_LE(factor, 1 + 1e-12) << i;
    most = std::max(most, factor);
  }
  EXPECT_NEAR(most, 1, 1e-6);
}

TEST_P(EverySchedule, makes_no_jumps) {
  const Schedule schedule = schedules().at(GetParam());
  for (int i = 0; i < 1000; ++i) {
    EXPECT_NEAR(schedule(i / 1000.0), schedule((i + 1) / 1000.0), 0.006) << i;
  }
}

TEST(OneCycle, rises_for_thirty_percent_and_falls_to_nearly_nothing) {
  const Schedule schedule = schedules().at("one_cycle");
  EXPECT_NEAR(schedule(0), 0.04, 1e-12);
  EXPECT_NEAR(schedule(0.3), 1, 1e-12);
  EXPECT_NEAR(schedule(0.15), 0.52, 1e-12);  // half way up
  EXPECT_NEAR(schedule(0.65), 0.5, 1e-3);    // half way down
  EXPECT_NEAR(schedule(1), 1e-4, 1e-12);
  for (int i = 0; i < 300; ++i) EXPECT_LT(schedule(i / 1000.0), schedule((i + 1) / 1000.0)) << i;
  for (int i = 300; i < 1000; ++i) EXPECT_GT(schedule(i / 1000.0), schedule((i + 1) / 1000.0)) << i;
}

TEST(Cosine, falls_from_one_to_zero_through_a_half) {
  const Schedule schedule = schedules().at("cosine");
  EXPECT_NEAR(schedule(0), 1, 1e-12);
  EXPECT_NEAR(schedule(0.5), 0.5, 1e-12);
  EXPECT_NEAR(schedule(1), 0, 1e-12);
}

TEST(Constant, stays) {
  EXPECT_EQ(schedules().at("constant")(0), 1);
  EXPECT_EQ(schedules().at("constant")(1), 1);
}

}  // namespace
}  // namespace refrain::optim
