#include "refrain/optim/optimiser.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"

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
  double value(const std::vector<real>& x) const {
    double sum = 0;
    for (std::size_t i = 0; i < n_; ++i) {
      const double away = static_cast<double>(x[i]) - static_cast<double>(i);
      sum += curvature(i) * away * away / 2;
    }
    return sum;
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

constexpr std::size_t kWeights = 21;  // no multiple of a vector's width

std::unique_ptr<Optimiser> make(const std::string& name, OptimSpec spec = {}) {
  spec.optimiser = name;
  return optimisers().at(name)(spec, kWeights);
}

OptimSpec without_decay() {
  OptimSpec spec;
  spec.weight_decay = 0;
  return spec;
}

struct Steps {
  int from, to;
  double lr = 0.3;  // at first
};

void descend(Optimiser& optimiser, const std::vector<Range>& ranges, Steps steps,
             std::vector<real>& x) {
  const Quadratic f(kWeights);
  for (int step = steps.from; step <= steps.to; ++step) {
    auto d = f.gradient(x);
    const std::function<double()> evaluate = [&] {
      std::ranges::copy(f.gradient(x), d.begin());
      return f.value(x);
    };
    const double rate = steps.lr * std::pow(0.998, step);
    optimiser.update({ranges, step, rate, d.data(), x.data(), f.value(x), &evaluate});
  }
}

class EveryOptimiser : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(All, EveryOptimiser, testing::ValuesIn(optimisers().names()),
                         [](const auto& p) { return p.param; });

TEST_P(EveryOptimiser, reaches_the_minimum_of_a_quadratic) {
  const auto optimiser = make(GetParam(), without_decay());
  std::vector<real> x(kWeights, real{-3});
  const Quadratic f(kWeights);
  ASSERT_GT(f.worst(x), 20);
  descend(*optimiser, {{0, kWeights, 0}}, {1, 6000, GetParam() == "adagrad" ? 3 : 0.3}, x);
  EXPECT_LT(f.worst(x), 1e-3);
}

TEST_P(EveryOptimiser, leaves_parameters_outside_the_ranges_alone) {
  const auto optimiser = make(GetParam());
  std::vector<real> x(kWeights, real{-3});
  descend(*optimiser, {{2, 5, 0.01}, {7, 19, 0}}, {1, 10}, x);
  for (std::size_t i = 0; i < kWeights; ++i) {
    const bool moving = (i >= 2 && i < 5) || (i >= 7 && i < 19);
    EXPECT_EQ(x[i] != real{-3}, moving) << i;
    for (const auto& slot : optimiser->slots()) {
      if (!moving) {
        EXPECT_EQ(slot[i], real{0}) << i;
      }
    }
  }
}

TEST_P(EveryOptimiser, keeps_no_state_for_frozen_parameters) {
  OptimSpec spec;
  spec.optimiser = GetParam();
  const auto whole = make(GetParam()),
             short_of_six = optimisers().at(GetParam())(spec, kWeights - 6);
  std::vector<real> x(kWeights, real{-3}), y = x;
  descend(*whole, {{2, 5, 0.01}, {9, kWeights, 0}}, {1, 10}, x);
  descend(*short_of_six, {{2, 5, 0.01, 2}, {9, kWeights, 0, 6}}, {1, 10}, y);  // 0, 1 and 5 to 8
  EXPECT_EQ(x, y);
  ASSERT_EQ(whole->slots().size(), short_of_six->slots().size());
  for (std::size_t k = 0; k < whole->slots().size(); ++k) {
    auto kept = whole->slots()[k];
    kept.erase(kept.begin() + 5, kept.begin() + 9);
    kept.erase(kept.begin(), kept.begin() + 2);
    EXPECT_EQ(kept, short_of_six->slots()[k]);
  }
}

TEST_P(EveryOptimiser, continues_bit_for_bit_from_its_slots) {
  const std::vector<Range> all = {{0, kWeights, 0.01}};
  const auto whole = make(GetParam());
  std::vector<real> x(kWeights, real{-3});
  descend(*whole, all, {1, 20}, x);

  const auto first = make(GetParam());
  std::vector<real> y(kWeights, real{-3});
  descend(*first, all, {1, 7}, y);
  const auto second = make(GetParam());
  second->slots() = first->slots();
  descend(*second, all, {8, 20}, y);
  EXPECT_EQ(x, y);
  EXPECT_EQ(whole->slots(), second->slots());

  for (auto& slot : second->slots()) std::fill(slot.begin(), slot.end(), real{0});
  std::vector<real> again(kWeights, real{-3});
  descend(*second, all, {1, 20}, again);
  EXPECT_EQ(x, again) << "nothing is remembered but the slots";

  const auto forgetful = make(GetParam());
  std::vector<real> z(kWeights, real{-3});
  descend(*first, all, {8, 8}, z);
  std::vector<real> fresh(kWeights, real{-3});
  descend(*forgetful, all, {8, 8}, fresh);
  EXPECT_TRUE(z != fresh || first->slots() != forgetful->slots())
      << "the slots have no influence: the test shows nothing";
}

TEST_P(EveryOptimiser, cuts_of_the_range_do_not_change_the_result) {
  const auto whole = make(GetParam()), cut = make(GetParam());
  std::vector<real> x(kWeights, real{-3}), y = x;
  descend(*whole, {{0, kWeights, 0.01}}, {1, 5}, x);
  descend(*cut, {{0, 1, 0.01}, {1, 10, 0.01}, {10, kWeights, 0.01}}, {1, 5}, y);
  for (std::size_t i = 0; i < kWeights; ++i) {
    EXPECT_NEAR(static_cast<double>(x[i]), static_cast<double>(y[i]), 1e-5) << i;
  }
}

TEST(Optimisers, those_that_decay_shrink_by_the_decay_of_the_range) {
  std::vector<real> zero(kWeights);
  const std::function<double()> evaluate = [] { return 0.0; };
  for (const auto& name : optimisers().names()) {
    const auto optimiser = make(name);
    std::vector<real> x(kWeights, real{2});
    optimiser->update(
        {{{0, 4, 0.5}, {4, kWeights, 0}}, 1, 0.1, zero.data(), x.data(), 0, &evaluate});
    EXPECT_EQ(optimiser->decays(), name == "adamw" || name == "lion" || name == "sam") << name;
    const double expected = optimiser->decays() ? 2 * (1 - 0.1 * 0.5) : 2;
    EXPECT_NEAR(static_cast<double>(x[0]), expected, 1e-6) << name;
    EXPECT_EQ(x[4], real{2}) << name;
  }
}

TEST(Lion, moves_by_the_rate_towards_the_sign_of_its_momentum) {
  OptimSpec spec;
  spec.beta1 = 0.9;
  spec.beta2 = 0.99;
  const auto lion = optimisers().at("lion")(spec, 3);
  const std::vector<Range> all = {{0, 3, 0.1}};
  std::vector<real> x = {1, 1, 1}, d = {5, real{-0.001}, 0};
  lion->update({all, 1, 0.01, d.data(), x.data()});
  const double kept = 1 - 0.01 * 0.1;
  EXPECT_NEAR(static_cast<double>(x[0]), kept - 0.01, 1e-6);
  EXPECT_NEAR(static_cast<double>(x[1]), kept + 0.01, 1e-6);
  EXPECT_NEAR(static_cast<double>(x[2]), kept, 1e-6);
  d = {real{-0.4}, 0, 0};  // 0.9 * 0.05 - 0.1 * 0.4 > 0: the momentum has the upper hand
  lion->update({all, 2, 0.01, d.data(), x.data()});
  EXPECT_NEAR(static_cast<double>(x[0]), kept * (kept - 0.01) - 0.01, 1e-6);
  EXPECT_NEAR(static_cast<double>(lion->slots()[0][0]), 0.99 * 0.05 - 0.01 * 0.4, 1e-6);
}

TEST(Sam, takes_the_gradient_at_the_worst_place_within_rho) {
  OptimSpec spec;
  spec.sam_base = "sgd";
  spec.momentum = 0;
  spec.sam_rho = 0.5;
  const auto sam = optimisers().at("sam")(spec, 2);
  std::vector<real> x = {3, 4}, d = {3, 4}, seen;  // f = |x|^2 / 2
  const std::function<double()> evaluate = [&] {
    seen = x;
    std::ranges::copy(x, d.begin());
    return 0.0;
  };
  sam->update({{{0, 2, 0}}, 1, 0.1, d.data(), x.data(), 12.5, &evaluate});
  EXPECT_NEAR(static_cast<double>(seen.at(0)), 3.3, 1e-6);
  EXPECT_NEAR(static_cast<double>(seen.at(1)), 4.4, 1e-6);
  EXPECT_NEAR(static_cast<double>(x[0]), 3 - 0.33, 1e-6);
  EXPECT_NEAR(static_cast<double>(x[1]), 4 - 0.44, 1e-6);
}

// Rosenbrock's valley, the classic trial of a line search: the minimum is at (1, 1).
TEST(Lbfgs, follows_a_curved_valley_to_its_end) {
  const auto lbfgs = optimisers().at("lbfgs")({}, 2);
  std::vector<real> x = {real{-1.2}, 1}, d(2);
  const std::function<double()> evaluate = [&] {
    const double a = static_cast<double>(x[0]), b = static_cast<double>(x[1]);
    d[0] = static_cast<real>(-400 * a * (b - a * a) - 2 * (1 - a));
    d[1] = static_cast<real>(200 * (b - a * a));
    return 100 * (b - a * a) * (b - a * a) + (1 - a) * (1 - a);
  };
  double before = 1e9;
  for (int step = 1; step <= 60; ++step) {
    const double loss = evaluate();
    EXPECT_LE(loss, before + 1e-5) << step;
    before = loss;
    lbfgs->update({{{0, 2, 0}}, step, 1, d.data(), x.data(), loss, &evaluate});
  }
  EXPECT_NEAR(static_cast<double>(x[0]), 1, 1e-2);
  EXPECT_NEAR(static_cast<double>(x[1]), 1, 1e-2);
}

TEST(Lbfgs, stays_where_no_step_lowers_the_loss) {
  const auto lbfgs = optimisers().at("lbfgs")({}, 2);
  std::vector<real> x = {0, 0}, d = {-1, -1};
  const std::function<double()> evaluate = [&] {  // rises wherever d promises that it falls
    return static_cast<double>(x[0]) + static_cast<double>(x[1]);
  };
  lbfgs->update({{{0, 2, 0}}, 1, 1, d.data(), x.data(), 0, &evaluate});
  EXPECT_EQ(x, (std::vector<real>{0, 0}));
}

TEST(OptimFields, sam_steps_by_neither_itself_nor_a_line_search) {
  const auto fields = optim_fields().list();
  OptimSpec spec;
  for (const auto& name : optimisers().names()) {
    if (name == "sam" || name == "lbfgs") {
      EXPECT_THROW(base::set_field(fields, &spec, "sam_base", base::Json(name)), Error) << name;
    } else {
      base::set_field(fields, &spec, "sam_base", base::Json(name));
      EXPECT_EQ(spec.sam_base, name);
    }
  }
}

TEST(UpdateRanges, hold_all_that_is_not_frozen_and_know_what_is_a_weight) {
  nn::ParamSet params;
  params.add({"w", {3, 5}});
  const int frozen = params.add({"frozen", {4}});
  params.add({"b", {7}, nn::Start::kZero, 1, 0});
  params.at(frozen).frozen = true;
  const auto ranges = update_ranges(params, 0.3);
  ASSERT_EQ(ranges.size(), 2u);
  EXPECT_EQ(ranges[0].begin, 0u);
  EXPECT_EQ(ranges[0].end, 15u);
  EXPECT_EQ(ranges[0].decay, 0.3);
  EXPECT_EQ(ranges[1].begin, params.params()[2].offset);
  EXPECT_EQ(ranges[1].end - ranges[1].begin, 7u);
  EXPECT_EQ(ranges[1].decay, 0);
  EXPECT_EQ(ranges[0].slot(), 0u);
  EXPECT_EQ(ranges[1].slot(), 16u) << "right after the first, at a full vector";
  EXPECT_EQ(slot_size(params), 32u);
}

}  // namespace
}  // namespace refrain::optim
