#include "refrain/forecast/parts.h"

#include <gtest/gtest.h>

#include "refrain/base/error.h"
#include "refrain/forecast/blend.h"
#include "refrain/forecast/join.h"
#include "refrain/forecast/made_up_histories.h"
#include "refrain/forecast/plan.h"
#include "refrain/forecast/quantiles.h"

namespace refrain::forecast {
namespace {

TEST(Parts, the_last_horizon_of_each_series_is_scored) {
  const auto h = seasonal_histories(3, 60);
  const Parts p = cut_tested(h, {}, 6);
  ASSERT_EQ(p.test.size(), 3U);
  EXPECT_EQ(p.test[1].at, 54);
  EXPECT_EQ(p.known_end[1], 54);
}

TEST(Parts, no_window_reaches_into_a_later_part) {
  for (const int steps : {4, 7, 13, 24, 60, 200}) {
    for (const int horizon : {1, 3, 6, 12}) {
      for (const int origins : {1, 3}) {
        const auto h = seasonal_histories(2, steps);
        ForecastSpec spec;
        spec.origins = origins;
        if (steps <= horizon) continue;
        const Parts p = cut_tested(h, spec, horizon);
        for (std::size_t s = 0; s < 2; ++s) {
          EXPECT_GE(p.train_end[s], 1);
          EXPECT_LE(p.train_end[s], p.known_end[s]);
        }
        for (const Origin& o : p.inner) {
          EXPECT_GE(o.at, p.train_end[static_cast<std::size_t>(o.series)]);
          EXPECT_LT(o.at, p.known_end[static_cast<std::size_t>(o.series)]);
        }
        for (const Origin& o : p.test) {
          EXPECT_GE(o.at, p.known_end[static_cast<std::size_t>(o.series)]);
          EXPECT_LE(o.at + horizon, steps);
        }
      }
    }
  }
}

TEST(Parts, a_rolling_origin_has_as_many_windows_as_asked_for) {
  const auto h = seasonal_histories(1, 100);
  ForecastSpec spec;
  spec.origins = 5;
  const Parts p = cut_tested(h, spec, 6);
  ASSERT_EQ(p.test.size(), 5U);
  EXPECT_EQ(p.test.front().at, 70);
  EXPECT_EQ(p.test.back().at, 94);
  spec.stride = 1;
  EXPECT_EQ(cut_tested(h, spec, 6).test.front().at, 90);
}

TEST(Parts, fixed_parts_score_every_origin_of_the_last_one) {
  const auto h = seasonal_histories(2, 100);
  ForecastSpec spec;
  spec.split = "60,20,15";
  spec.origins = 0;
  const Parts p = cut_tested(h, spec, 5);
  EXPECT_TRUE(p.fixed);
  EXPECT_EQ(p.train_end[0], 60);
  EXPECT_EQ(p.known_end[0], 80);
  EXPECT_EQ(p.test.size(), 2U * 11);
  EXPECT_EQ(p.inner.size(), 2U * 16);
  spec.split = "90,20,15";
  EXPECT_THROW(cut_tested(h, spec, 5), Error);
}

TEST(Parts, a_horizon_longer_than_every_series_is_refused) {
  EXPECT_THROW(cut_tested(seasonal_histories(2, 10), {}, 10), Error);
}

TEST(Join, a_test_file_goes_on_where_the_training_ends) {
  auto training = seasonal_histories(2, 20), test = seasonal_histories(2, 26);
  for (auto& s : test.series) s.value.erase(s.value.begin(), s.value.begin() + 20);
  const auto joined = join(training, test);
  EXPECT_EQ(joined.horizon, 6);
  EXPECT_EQ(joined.histories.series[1].value, seasonal_histories(2, 26).series[1].value);
  EXPECT_EQ(joined.known[0], 20);
}

TEST(Join, a_test_file_may_hold_the_whole_history) {
  const auto joined = join(seasonal_histories(2, 20), seasonal_histories(2, 26));
  EXPECT_EQ(joined.histories.series[0].steps(), 26U);
  EXPECT_EQ(joined.horizon, 6);
}

TEST(Join, values_stand_at_their_times) {
  auto training = seasonal_histories(1, 20), test = seasonal_histories(1, 3);
  training.calendar = {data::Calendar::Unit::kMonth, 1, "%Y-%m"};
  test.calendar = training.calendar;
  training.series[0].start = 24'000;
  test.series[0].start = 24'022;
  const auto joined = join(training, test);
  EXPECT_EQ(joined.histories.series[0].steps(), 25U);
  EXPECT_TRUE(std::isnan(joined.histories.series[0].value[21]));
  EXPECT_EQ(joined.histories.series[0].value[22], test.series[0].value[0]);
}

TEST(Join, refuses_series_that_training_does_not_have) {
  auto test = seasonal_histories(1, 26);
  test.series[0].id = "stranger";
  EXPECT_THROW(join(seasonal_histories(2, 20), test), Error);
  EXPECT_THROW(join(seasonal_histories(2, 20), seasonal_histories(2, 20)), Error);
}

TEST(Seasons, are_found_where_series_repeat_themselves) {
  const auto h = seasonal_histories(5, 120);
  const std::vector<int> ends(5, 120);
  EXPECT_EQ(find_seasons(h, ends), std::vector<int>{12});
  data::Histories noise;
  for (int s = 0; s < 5; ++s) {
    data::History one;
    base::Rng rng(static_cast<std::uint64_t>(s) + 50);
    for (int t = 0; t < 120; ++t) one.value.push_back(rng.normal());
    noise.series.push_back(one);
  }
  EXPECT_TRUE(find_seasons(noise, ends).empty());
}

TEST(Blend, the_better_forecast_weighs_more_and_few_windows_keep_to_the_prior) {
  std::vector<BlendWindow> windows;
  base::Rng rng(3);
  for (int i = 0; i < 200; ++i) {
    BlendWindow w;
    w.truth = {10 + rng.normal()};
    w.forecasts = {{w.truth[0] + 0.1 * rng.normal()}, {w.truth[0] + 3 * rng.normal()}};
    windows.push_back(w);
  }
  const auto many = blend_weights(windows, {0.5, 0.5});
  EXPECT_GT(many[0], 0.9);
  EXPECT_NEAR(many[0] + many[1], 1, 1e-9);
  windows.resize(1);
  const auto few = blend_weights(windows, {0.5, 0.5});
  EXPECT_LT(few[0], 0.8);
  EXPECT_EQ(blend_weights({}, {0.3, 0.7}), (std::vector<double>{0.3, 0.7}));
  const auto errors = errors_alone(windows, 2);
  EXPECT_NEAR(errors[0], std::fabs(windows[0].truth[0] - windows[0].forecasts[0][0]), 1e-12);
}

TEST(Quantiles, hold_the_share_that_they_say) {
  base::Rng rng(5);
  const auto draw = [&](int n) {
    std::vector<Spoken> out;
    for (int i = 0; i < n; ++i) {
      Spoken s;
      s.series = i;
      s.unit = 2;
      for (int h = 0; h < 3; ++h) {
        s.point.push_back(100);
        s.truth.push_back(100 + (h + 1) * rng.normal());
      }
      out.push_back(s);
    }
    return out;
  };
  for (const bool logs : {false, true}) {
    QuantileRule form;
    form.levels = {0.05, 0.5, 0.95};
    form.logs = logs;
    const auto rule = fit_quantiles(draw(400), form, 3);
    double inside = 0, all = 0;
    for (const auto& s : draw(400)) {
      const auto q = quantiles_of(rule, s);
      for (std::size_t h = 0; h < 3; ++h) {
        inside += s.truth[h] >= q[h * 3] && s.truth[h] <= q[h * 3 + 2] ? 1 : 0;
        all += 1;
        EXPECT_EQ(q[h * 3 + 1], 100);
      }
    }
    EXPECT_NEAR(inside / all, 0.9, 0.03);
  }
}

TEST(Quantiles, of_positive_values_are_positive) {
  QuantileRule rule{{0.05, 0.5, 0.95}, {3, 0, 3}, {2.0}, true};
  const auto q = quantiles_of(rule, {{5}, {}, 1, {}, 0});
  EXPECT_GT(q[0], 0);
  EXPECT_EQ(q[1], 5);
  EXPECT_LT(q[1], q[2]);
}

}  // namespace
}  // namespace refrain::forecast
