#include "refrain/train/penalty.h"

#include <gtest/gtest.h>

#include <utility>

#include "refrain/base/error.h"

namespace refrain::train {
namespace {

struct Params {
  nn::ParamSet set;
  int w, b, frozen;
  Params() {
    w = set.add({"w", {2, 3}});
    b = set.add({"b", {3}, nn::Start::kZero, 1, false});
    frozen = set.add({"frozen", {2, 2}});
    set.at(frozen).frozen = true;
    set.initialise(base::Rng(1));
    for (std::size_t i = 0; i < set.count(); ++i) {
      set.values()[i] = real{0.5} - static_cast<real>(i) / real{4};
    }
  }
};

Penalties penalties_of(const nn::ParamSet& set, double l1, double l2, std::string patterns = "") {
  TrainSpec spec;
  spec.l1 = l1;
  spec.l2 = l2;
  spec.penalty = std::move(patterns);
  return {spec, 0.2, set};
}

double value(const Penalties& penalties, const nn::ParamSet& set) {
  std::vector<real> d(set.count());
  return penalties.add(set.values().data(), d.data());
}

Error error_of(const std::string& patterns) {
  try {
    penalties_of(Params().set, 0, 0, patterns);
  } catch (const Error& error) {
    return error;
  }
  return Error(Code::kInternal, "taken");
}

TEST(Penalty, is_the_sum_over_weights_alone) {
  Params p;
  // the six weights: 0.5 0.25 0 -0.25 -0.5 -0.75
  EXPECT_NEAR(value(penalties_of(p.set, 2, 0), p.set), 2 * 2.25, 1e-6);
  EXPECT_NEAR(value(penalties_of(p.set, 0, 3), p.set), 1.5 * 1.1875, 1e-6);
  EXPECT_NEAR(value(penalties_of(p.set, 2, 3), p.set), 2 * 2.25 + 1.5 * 1.1875, 1e-6);
  EXPECT_EQ(value(penalties_of(p.set, 0, 0), p.set), 0);
}

TEST(Penalty, l2_joins_the_gradient_that_is_there) {
  Params p;
  const Penalties penalties = penalties_of(p.set, 0.7, 0.3);
  std::vector<real> d(p.set.count(), real{5});
  penalties.add(p.set.values().data(), d.data());
  for (std::size_t i = 0; i < d.size(); ++i) {
    const double slope = i < 6 ? 0.3 * static_cast<double>(p.set.values()[i]) : 0;
    EXPECT_NEAR(static_cast<double>(d[i]), 5 + slope, 1e-6) << i;
  }
}

TEST(Penalty, l1_pulls_weights_to_zero_and_leaves_them_there) {
  Params p;
  const std::vector<real> before = p.set.values();
  penalties_of(p.set, 3, 0).shrink(0.1, p.set.values().data());
  const std::vector<double> after = {0.2, 0, 0, 0, -0.2, -0.45};
  for (std::size_t i = 0; i < p.set.count(); ++i) {
    if (i < 6) {
      EXPECT_NEAR(static_cast<double>(p.set.values()[i]), after[i], 1e-6) << i;
    } else {
      EXPECT_EQ(p.set.values()[i], before[i]) << i;
    }
  }
  for (const std::size_t i : {1u, 2u, 3u}) EXPECT_EQ(p.set.values()[i], 0) << "a true zero";
}

TEST(Penalty, patterns_win_over_the_options_and_later_ones_over_earlier_ones) {
  Params p;
  const auto penalties = penalties_of(p.set, 2, 0, "*:l1=9,?:l1=1,w:l2=3,w:weight-decay=0.5");
  EXPECT_NEAR(value(penalties, p.set), 2.25 + 1.5 * 1.1875, 1e-6);
  ASSERT_EQ(penalties.ranges().size(), 2u);  // the frozen one is none
  EXPECT_EQ(penalties.ranges()[0].decay, 0.5);
  EXPECT_EQ(penalties.ranges()[1].decay, 0) << "a bias does not decay";
  EXPECT_TRUE(penalties.patterns_decay());
  EXPECT_EQ(penalties_of(p.set, 0, 0).ranges()[0].decay, 0.2);
}

TEST(Penalty, mistakes_are_named_with_what_was_meant) {
  EXPECT_STREQ(error_of("w=3").what(), "--penalty: 'w=3' is not PATTERN:KIND=VALUE");
  EXPECT_STREQ(error_of("w:l3=1").what(), "--penalty: there is no penalty 'l3'");
  EXPECT_STREQ(error_of("w:weight_decy=1").hint().c_str(), "did you mean 'weight_decay'?");
  EXPECT_STREQ(error_of("w:l1=much").what(), "--penalty: 'much' must be a number in [0, 1000]");
  EXPECT_STREQ(error_of("w:l1=-1").what(), "--penalty: '-1' must be a number in [0, 1000]");
  EXPECT_STREQ(error_of("w:l1=1001").what(), "--penalty: '1001' must be a number in [0, 1000]");
  EXPECT_STREQ(error_of("w:l1=1000").what(), "taken");
  const Error unknown = error_of("w:l1=1,v*:l1=1");
  EXPECT_STREQ(unknown.what(), "--penalty: no weight is called 'v*'");
  EXPECT_EQ(unknown.code(), Code::kUsage);
  EXPECT_STREQ(error_of("b:l1=1").what(), "--penalty: no weight is called 'b'") << "a bias";
  EXPECT_STREQ(error_of("frozen:l1=1").what(), "--penalty: no weight is called 'frozen'");
}

}  // namespace
}  // namespace refrain::train
