#include "refrain/forecast/window.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/forecast/made_up_histories.h"

namespace refrain::forecast {
namespace {

data::Histories counting(int steps) {
  data::Histories out;
  data::History h;
  for (int t = 0; t < steps; ++t) h.value.push_back(t + 1);
  out.series.push_back(std::move(h));
  return out;
}

WindowForm small_form() {
  WindowForm f;
  f.horizon = 2;
  f.window = 4;
  f.segment = 2;
  f.skip = 3;
  f.level = Level::kLast;
  f.spread = Spread::kNone;
  return f;
}

TEST(Windows, cut_the_last_steps_into_segments_oldest_first) {
  const auto h = counting(10);
  const Windows windows(h, small_form(), {});
  const Scaling s = windows.scaling(0, 6);
  EXPECT_EQ(windows.rows(6), 2);
  std::vector<real> rows(4), side(3), targets(2);
  windows.cut_rows(0, 6, s, rows.data());
  windows.cut_side(0, 6, s, side.data());
  windows.cut_targets(0, 6, 10, s, targets.data());
  EXPECT_EQ(rows, (std::vector<real>{-3, -2, -1, 0}));  // 3 4 | 5 6, less the last value
  EXPECT_EQ(side, (std::vector<real>{-2, -1, 0}));
  EXPECT_EQ(targets, (std::vector<real>{1, 2}));
}

TEST(Windows, a_short_past_has_fewer_rows_and_level_in_front) {
  const auto h = counting(10);
  const Windows windows(h, small_form(), {});
  EXPECT_EQ(windows.rows(3), 2);
  EXPECT_EQ(windows.rows(1), 1);
  std::vector<real> rows(4);
  windows.cut_rows(0, 3, windows.scaling(0, 3), rows.data());
  EXPECT_EQ(rows, (std::vector<real>{0, -2, -1, 0}));  // . 1 | 2 3
}

TEST(Windows, targets_end_where_the_part_ends) {
  const auto h = counting(10);
  const Windows windows(h, small_form(), {});
  std::vector<real> targets(2);
  windows.cut_targets(0, 6, 7, windows.scaling(0, 6), targets.data());
  EXPECT_EQ(targets[0], 1);
  EXPECT_TRUE(std::isnan(targets[1]));
}

TEST(Windows, nothing_behind_an_origin_changes_what_is_read_there) {
  for (const Level level : {Level::kNone, Level::kLast, Level::kSeason, Level::kWindow}) {
    for (const Spread spread : {Spread::kNone, Spread::kRatio, Spread::kWindow, Spread::kSeries}) {
      auto before = seasonal_histories(1, 60), after = before;
      for (std::size_t t = 40; t < 60; ++t) after.series[0].value[t] = 1e6 + static_cast<double>(t);
      WindowForm form = small_form();
      form.window = 24;
      form.season = 12;
      form.level = level;
      form.spread = spread;
      const Windows a(before, form, {}), b(after, form, {});
      const Scaling s = a.scaling(0, 40), r = b.scaling(0, 40);
      EXPECT_EQ(s.level, r.level);
      EXPECT_EQ(s.spread, r.spread);
      std::vector<real> of_a(24), of_b(24);
      a.cut_rows(0, 40, s, of_a.data());
      b.cut_rows(0, 40, r, of_b.data());
      EXPECT_EQ(of_a, of_b);
    }
  }
}

TEST(Windows, missing_values_are_marked) {
  auto h = counting(10);
  h.series[0].value[4] = std::nan("");
  WindowForm form = small_form();
  form.mask = true;
  const Windows windows(h, form, {});
  std::vector<real> rows(8);
  windows.cut_rows(0, 6, windows.scaling(0, 6), rows.data());
  EXPECT_EQ(rows, (std::vector<real>{-3, 0, -2, 0, 0, 1, 0, 0}));
}

TEST(Windows, a_constant_series_has_a_finite_scale) {
  data::Histories h;
  data::History one;
  one.value.assign(20, 0);
  h.series.push_back(one);
  for (const Spread spread : {Spread::kRatio, Spread::kWindow, Spread::kSeries}) {
    WindowForm form = small_form();
    form.spread = spread;
    const Windows windows(h, form, {});
    const Scaling s = windows.scaling(0, 20);
    EXPECT_GT(s.spread, 0);
    EXPECT_TRUE(std::isfinite(s.forward(3)));
  }
}

TEST(Windows, covariates_of_the_horizon_are_read_where_they_are_known) {
  auto h = counting(6);
  h.known = {"price"};
  for (int t = 0; t < 8; ++t) h.series[0].known.push_back(t);
  WindowForm form = small_form();
  form.known = 1;
  const CovariateScale scale{{0}, {1}, {}, {}, {}, {}};
  const Windows windows(h, form, scale);
  std::vector<real> side(static_cast<std::size_t>(form.side_width()));
  windows.cut_side(0, 6, windows.scaling(0, 6), side.data());
  EXPECT_EQ(side[3], 6);
  EXPECT_EQ(side[4], 7);
  windows.cut_side(0, 5, windows.scaling(0, 5), side.data());
  EXPECT_EQ(side[3], 5);
}

TEST(Windows, logarithms_lead_back_to_values) {
  Scaling s;
  s.transform = Transform::kLog;
  s.level = std::log(50.0);
  s.spread = 0.3;
  EXPECT_NEAR(s.back(s.forward(70)), 70, 1e-9);
  EXPECT_TRUE(std::isnan(s.forward(-1)));
}

TEST(Windows, a_form_is_read_back_from_json) {
  WindowForm f = small_form();
  f.calendar = {"hour"};
  f.transform = Transform::kLog;
  EXPECT_EQ(to_json(window_form_from(to_json(f))), to_json(f));
  auto damaged = to_json(f);
  damaged["level"] = 17;
  EXPECT_THROW(window_form_from(damaged), Error);
}

TEST(Covariates, are_scaled_by_the_values_before_the_end) {
  data::Histories h = counting(4);
  h.past = {"load"};
  h.series[0].past = {1, 3, 100, 200};
  const auto scale = fit_covariates(h, {2});
  EXPECT_DOUBLE_EQ(scale.past_mean[0], 2);
  EXPECT_DOUBLE_EQ(scale.past_spread[0], 1);
}

}  // namespace
}  // namespace refrain::forecast
