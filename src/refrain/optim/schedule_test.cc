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
  if (GetParam() == "step") return;
  const Schedule schedule = schedules().at(GetParam());
  for (int i = 0; i < 1000; ++i) {
    EXPECT_NEAR(schedule(i / 1000.0), schedule((i + 1) / 1000.0), 0.01) << i;
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

TEST(Step, falls_to_a_tenth_twice) {
  const Schedule schedule = schedules().at("step");
  EXPECT_EQ(schedule(0.49), 1);
  EXPECT_EQ(schedule(0.5), 0.1);
  EXPECT_EQ(schedule(0.75), 0.01);
  EXPECT_EQ(schedule(1), 0.01);
}

TEST(SlantedTriangle, rises_for_a_tenth_and_falls_to_a_thirty_second) {
  const Schedule schedule = schedules().at("slanted_triangle");
  EXPECT_NEAR(schedule(0), 1.0 / 32, 1e-12);
  EXPECT_NEAR(schedule(0.05), 0.5 + 1.0 / 64, 1e-12);
  EXPECT_NEAR(schedule(0.1), 1, 1e-12);
  EXPECT_NEAR(schedule(0.55), 0.5 + 1.0 / 64, 1e-12);
  EXPECT_NEAR(schedule(1), 1.0 / 32, 1e-12);
}

TEST(WarmUp, rises_before_the_schedule_which_has_the_rest) {
  const Schedule cosine = schedules().at("cosine");
  for (int i = 0; i < 20; ++i) {
    EXPECT_NEAR(factor_at(cosine, 0.2, {i * 1.0, 100}), (i + 1) / 21.0, 1e-12) << i;
  }
  EXPECT_NEAR(factor_at(cosine, 0.2, {20, 100}), 1, 1e-12);
  EXPECT_NEAR(factor_at(cosine, 0.2, {60, 100}), 0.5, 1e-12);
  EXPECT_NEAR(factor_at(cosine, 0.2, {100, 100}), 0, 1e-12);
  EXPECT_NEAR(factor_at(cosine, 0.2, {120, 100}), 0, 1e-12) << "stays at its end";
  for (int i = 0; i <= 10; ++i) {
    EXPECT_EQ(factor_at(cosine, 0, {i * 1.0, 10}), cosine(i / 10.0)) << "without, as ever";
  }
}

TEST(Constant, stays) {
  EXPECT_EQ(schedules().at("constant")(0), 1);
  EXPECT_EQ(schedules().at("constant")(1), 1);
}

}  // namespace
}  // namespace refrain::optim
