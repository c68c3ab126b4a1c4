#include "refrain/optim/optimiser.h"

#include <gtest/gtest.h>

#include <cmath>

namespace refrain::optim {
namespace {

// f(x) = 1/2 sum_i c_i (x_i - i)^2, curvatures from 0.1 to 1.
class Quadratic {
 public:
  explicit Quadratic(std::size_t n) : n_(n) {}
  double curvature(std::size_t i) const {
    return 0.1 + 0.9 * static_cast<double>(i) / static_cast<double>(n_);
  }
  std::vector<real> gradient(const std::vector<real>& x) const {
    std::vector<real> d(n_);
    for (std::size_t i = 0; i < n_; ++i) {
      d[i] = static_cast<real>(curvature(i)) * (x[i] - static_cast<real>(i));
    }
    return d;
  }
  double worst(const std::vector<real>& x) const {
    double most = 0;
    for (std::size_t i = 0; i < n_; ++i) {
      most = std::max(most, std::abs(static_cast<double>(x[i]) - static_cast<double>(i)));
    }
    return most;
  }

 private:
  std::size_t n_;
};

constexpr std::size_t kCount = 21;  // no multiple of a vector's width

std::unique_ptr<Optimiser> make(const std::string& name, OptimSpec spec = {}) {
  spec.optimiser = name;
  return optimisers().at(name)(spec, kCount);
}

OptimSpec without_decay() {
  OptimSpec spec;
  spec.weight_decay = 0;
  return spec;
}

void descend(Optimiser& optimiser, const std::vector<Range>& ranges, int from, int to,
             std::vector<real>& x) {
  const Quadratic f(kCount);
  for (int step = from; step <= to; ++step) {
    const double lr = 0.3 * std::pow(0.998, step);
    const auto d = f.gradient(x);
    optimiser.update(ranges, step, lr, d.data(), x.data());
  }
}

class EveryOptimiser : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(All, EveryOptimiser, testing::ValuesIn(optimisers().names()),
                         [](const auto& p) { return p.param; });

TEST_P(EveryOptimiser, reaches_the_minimum_of_a_quadratic) {
  const auto optimiser = make(GetParam(), without_decay());
  std::vector<real> x(kCount, real{-3});
  const Quadratic f(kCount);
  ASSERT_GT(f.worst(x), 20);
  descend(*optimiser, {{0, kCount, true}}, 1, 6000, x);
  EXPECT_LT(f.worst(x), 1e-3);
}

TEST_P(EveryOptimiser, leaves_parameters_outside_the_ranges_alone) {
  const auto optimiser = make(GetParam());
  std::vector<real> x(kCount, real{-3});
  descend(*optimiser, {{2, 5, true}, {7, 19, false}}, 1, 10, x);
  for (std::size_t i = 0; i < kCount; ++i) {
    const bool moving = (i >= 2 && i < 5) || (i >= 7 && i < 19);
    EXPECT_EQ(x[i] != real{-3}, moving) << i;
    for (const auto& slot : optimiser->slots()) {
      if (!moving) {
        EXPECT_EQ(slot[i], real{0}) << i;
      }
    }
  }
}

TEST_P(EveryOptimiser, continues_bit_for_bit_from_its_slots) {
  const std::vector<Range> all = {{0, kCount, true}};
  const auto whole = make(GetParam());
  std::vector<real> x(kCount, real{-3});
  descend(*whole, all, 1, 20, x);

  const auto first = make(GetParam());
  std::vector<real> y(kCount, real{-3});
  descend(*first, all, 1, 7, y);
  const auto second = make(GetParam());
  second->slots() = first->slots();
  descend(*second, all, 8, 20, y);
  EXPECT_EQ(x, y);
  EXPECT_EQ(whole->slots(), second->slots());

  const auto forgetful = make(GetParam());
  std::vector<real> z(kCount, real{-3});
  descend(*first, all, 8, 8, z);
  std::vector<real> fresh(kCount, real{-3});
  descend(*forgetful, all, 8, 8, fresh);
  EXPECT_NE(z, fresh) << "the slots have no influence: the test shows nothing";
}

TEST_P(EveryOptimiser, cuts_of_the_range_do_not_change_the_result) {
  const auto whole = make(GetParam()), cut = make(GetParam());
  std::vector<real> x(kCount, real{-3}), y = x;
  descend(*whole, {{0, kCount, true}}, 1, 5, x);
  descend(*cut, {{0, 1, true}, {1, 10, true}, {10, kCount, true}}, 1, 5, y);
  for (std::size_t i = 0; i < kCount; ++i) {
    EXPECT_NEAR(static_cast<double>(x[i]), static_cast<double>(y[i]), 1e-5) << i;
  }
}

TEST(Optimisers, only_adamw_shrinks_and_only_where_decay_applies) {
  OptimSpec spec;
  spec.weight_decay = 0.5;
  const std::vector<real> zero(kCount);
  for (const auto& name : optimisers().names()) {
    const auto optimiser = make(name, spec);
    std::vector<real> x(kCount, real{2});
    optimiser->update({{0, 4, true}, {4, kCount, false}}, 1, 0.1, zero.data(), x.data());
    const double expected = name == "adamw" ? 2 * (1 - 0.1 * 0.5) : 2;
    EXPECT_NEAR(static_cast<double>(x[0]), expected, 1e-6) << name;
    EXPECT_EQ(x[4], real{2}) << name;
  }
}

TEST(UpdateRanges, hold_all_that_is_not_frozen_and_know_what_is_a_weight) {
  nn::ParamSet params;
  params.add({"w", {3, 5}});
  const int frozen = params.add({"frozen", {4}});
  params.add({"b", {7}, nn::Start::kZero, 1, false});
  params.at(frozen).frozen = true;
  const auto ranges = update_ranges(params);
  ASSERT_EQ(ranges.size(), 2u);
  EXPECT_EQ(ranges[0].begin, 0u);
  EXPECT_EQ(ranges[0].end, 15u);
  EXPECT_TRUE(ranges[0].decay);
  EXPECT_EQ(ranges[1].begin, params.params()[2].offset);
  EXPECT_EQ(ranges[1].end - ranges[1].begin, 7u);
  EXPECT_FALSE(ranges[1].decay);
}

}  // namespace
}  // namespace refrain::optim
