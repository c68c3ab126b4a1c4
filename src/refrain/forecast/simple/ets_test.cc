#include <gtest/gtest.h>

#include <cmath>

#include "refrain/base/rng.h"
#include "refrain/forecast/simple/ets_model.h"
#include "refrain/forecast/simple/nelder_mead.h"
#include "refrain/forecast/simple/simple.h"

namespace refrain::forecast {
namespace {

TEST(NelderMead, finds_the_floor_of_a_bent_valley) {
  auto banana = [](const std::vector<double>& x) {
    return 100 * std::pow(x[1] - x[0] * x[0], 2) + std::pow(1 - x[0], 2);
  };
  const BoxSearch search{{-5, -5}, {5, 5}, {0.5, 0.5}, 400, 1e-12};
  const FoundMinimum found = nelder_mead(banana, {-1.2, 1}, search);
  EXPECT_NEAR(found.at[0], 1, 1e-4);
  EXPECT_NEAR(found.at[1], 1, 1e-4);
}

TEST(NelderMead, stays_in_its_box) {
  const BoxSearch search{{0}, {1}, {0.2}, 100, 1e-12};
  auto slope = [](const std::vector<double>& x) { return -x[0]; };
  EXPECT_NEAR(nelder_mead(slope, {7}, search).at[0], 1, 1e-9);
}

TEST(EtsModel, the_level_follows_the_errors) {
  EtsState state{10, 0, {}};
  const std::vector<double> values{14, 10};
  // Errors 4 and 10 - 12; level 12, then 11.
  const double answer =
      run_ets({EtsPart::kAdded, EtsPart::kNone, EtsPart::kNone, 1}, {0.5, 0, 0, 1}, values, state);
  EXPECT_DOUBLE_EQ(answer, 2 * std::log(16.0 + 4.0));
  EXPECT_DOUBLE_EQ(state.level, 11);
}

TEST(EtsModel, multiplied_errors_weigh_by_the_mean) {
  EtsState state{10, 0, {}};
  const std::vector<double> values{14, 10};
  const double answer = run_ets({EtsPart::kMultiplied, EtsPart::kNone, EtsPart::kNone, 1},
                                {0.5, 0, 0, 1}, values, state);
  EXPECT_DOUBLE_EQ(answer, 2 * std::log(0.16 + 4.0 / 144) + 2 * std::log(10.0 * 12.0));
  EXPECT_DOUBLE_EQ(state.level, 11);
}

TEST(EtsModel, a_damped_trend_fades_along_the_path) {
  const EtsForm form{EtsPart::kAdded, EtsPart::kDamped, EtsPart::kNone, 1};
  EtsState state{10, 4, {}};
  // mu = 10 + 0.5 * 4 = 12; e = 2; level 13, trend 2 + 0.25 * 2.
  run_ets(form, {0.5, 0.25, 0, 0.5}, std::vector<double>{14}, state);
  EXPECT_DOUBLE_EQ(state.level, 13);
  EXPECT_DOUBLE_EQ(state.trend, 2.5);
  const auto path = ets_path(form, {0.5, 0.25, 0, 0.5}, state, 2);
  EXPECT_DOUBLE_EQ(path[0], 14.25);
  EXPECT_DOUBLE_EQ(path[1], 14.875);
}

TEST(EtsModel, a_season_turns_with_the_values) {
  const EtsForm form{EtsPart::kAdded, EtsPart::kNone, EtsPart::kMultiplied, 3};
  EtsState state{10, 0, {0.5, 1, 1.5}};
  run_ets(form, {0.1, 0, 0.2, 1}, std::vector<double>{5}, state);
  EXPECT_EQ(state.season, (std::vector<double>{1, 1.5, 0.5}));
  const auto path = ets_path(form, {0.1, 0, 0.2, 1}, state, 4);
  EXPECT_EQ(path, (std::vector<double>{10, 15, 5, 10}));
  EtsState added{10, 0, {-2, 2}};
  run_ets({EtsPart::kAdded, EtsPart::kNone, EtsPart::kAdded, 2}, {0, 0, 0.5, 1},
          std::vector<double>{10}, added);
  EXPECT_EQ(added.season, (std::vector<double>{2, -1}));
}

TEST(EtsModel, multiplied_models_refuse_a_mean_that_is_not_positive) {
  EtsState state{-1, 0, {}};
  const std::vector<double> values{1, 2};
  EXPECT_TRUE(std::isinf(
      run_ets({EtsPart::kMultiplied, EtsPart::kNone, EtsPart::kNone, 1}, {}, values, state)));
}

TEST(EtsModel, parameters_count_rates_first_states_and_the_variance) {
  EXPECT_EQ((EtsForm{EtsPart::kAdded, EtsPart::kNone, EtsPart::kNone, 1}).parameters(), 3);
  EXPECT_EQ((EtsForm{EtsPart::kAdded, EtsPart::kAdded, EtsPart::kNone, 1}).parameters(), 5);
  EXPECT_EQ(
      (EtsForm{EtsPart::kMultiplied, EtsPart::kDamped, EtsPart::kMultiplied, 12}).parameters(), 18);
  EXPECT_EQ((EtsForm{EtsPart::kMultiplied, EtsPart::kDamped, EtsPart::kMultiplied, 12}).name(),
            "MAdM");
}

// Normal noise out of a sum of uniform numbers.
std::vector<double> ets_noise(size_t length) {
  base::Rng rng(3);
  std::vector<double> out;
  for (size_t t = 0; t < length; ++t) {
    double sum = -6;
    for (int i = 0; i < 12; ++i) sum += rng.uniform();
    out.push_back(sum);
  }
  return out;
}

TEST(EtsChoice, a_steady_slope_has_a_trend_and_noise_has_none) {
  const auto noise = ets_noise(60);
  std::vector<double> flat, steep;
  for (size_t t = 0; t < noise.size(); ++t) {
    flat.push_back(1 + 0.05 * noise[t]);
    steep.push_back(1 + 0.05 * double(t) + 0.05 * noise[t]);
  }
  const EtsFit of_flat = choose_ets(flat, 1, 6), of_steep = choose_ets(steep, 1, 6);
  EXPECT_EQ(of_flat.form.trend, EtsPart::kNone);
  EXPECT_LT(of_flat.rates.alpha, 0.1);
  EXPECT_EQ(of_steep.form.trend, EtsPart::kAdded);
  EXPECT_NEAR(of_steep.last.trend, 0.05, 0.005);
}

TEST(EtsChoice, a_season_that_grows_with_the_level_is_multiplied) {
  const auto noise = ets_noise(72);
  std::vector<double> values;
  for (size_t t = 0; t < noise.size(); ++t) {
    values.push_back((0.5 + 0.02 * double(t)) * (t % 4 == 0 ? 1.6 : 0.8) * (1 + 0.01 * noise[t]));
  }
  const EtsFit fit = choose_ets(values, 4, 8);
  EXPECT_EQ(fit.form.season, EtsPart::kMultiplied);
  EXPECT_EQ(fit.form.error, EtsPart::kMultiplied);
  EXPECT_NEAR(ets_path(fit.form, fit.rates, fit.last, 1)[0], (0.5 + 0.02 * 72) * 1.6, 0.05);
}

TEST(EtsChoice, few_values_leave_no_form) {
  EXPECT_TRUE(std::isinf(choose_ets(std::vector<double>{1, 2, 3, 4}, 1, 2).aicc));
  EXPECT_FALSE(std::isinf(choose_ets(std::vector<double>{1, 2, 3, 4, 6}, 1, 2).aicc));
}

TEST(Ets, a_season_of_more_than_24_steps_becomes_indices) {
  std::vector<double> past;
  for (int t = 0; t < 30 * 6; ++t) past.push_back(100 + (t % 30 == 7 ? 50 : t % 30));
  const auto got = simple_methods().at("ets").forecast(past, {30, {30}});
  for (int h = 0; h < 30; ++h) EXPECT_NEAR(got[size_t(h)], 100 + (h == 7 ? 50 : h), 1.5) << h;
}

}  // namespace
}  // namespace refrain::forecast
