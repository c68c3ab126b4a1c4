#include "refrain/forecast/fit.h"

#include <gtest/gtest.h>

#include "refrain/base/error.h"
#include "refrain/base/test_folder.h"
#include "refrain/forecast/answers.h"
#include "refrain/forecast/made_up_histories.h"
#include "refrain/forecast/model_file.h"
#include "refrain/forecast/window_rule.h"

namespace refrain::forecast {
namespace {

Settings small_settings() {
  Settings s;
  s.ensemble = 2;
  s.blend = "theta,seasonal_naive";
  s.train.epochs = 4;
  s.train.batch_size = 16;
  s.train.threads = 1;
  s.encoder.hidden = 8;
  s.given = {"epochs", "batch_size", "hidden"};
  return s;
}

struct MadeUpRun {
  data::Histories histories;
  Parts parts;
  Plan plan;

  explicit MadeUpRun(data::Histories h) : histories(std::move(h)) {
    parts = cut_tested(histories, {}, 6);
    plan = make_plan(histories, parts.known_end, {}, 6);
  }
  FittedForecaster fit(const Settings& settings, const FitHooks& hooks = {}) const {
    return fit_forecaster(histories, parts, plan, settings, hooks);
  }
};

double mase_of(const MadeUpRun& run, const Forecaster& f) {
  const auto scored = frame_of(run.histories, run.parts.test, run.parts.known_end, run.plan, 1);
  const auto said = forecast(f, run.histories, scored.origins, 1);
  const auto answers = answers_of(scored, said, run.plan.quantiles);
  const auto weigher = answers.weigher(false);
  return answers.metrics().front().value.of(*weigher);
}

TEST(Forecaster, learns_a_season_with_a_trend_better_than_the_seasonal_naive_method) {
  const MadeUpRun run(seasonal_histories(6, 96));
  const auto fitted = run.fit(small_settings());
  Settings naive = small_settings();
  naive.model = "seasonal_naive";
  EXPECT_LT(mase_of(run, fitted.model), 0.9 * mase_of(run, run.fit(naive).model));
}

TEST(Forecaster, is_the_same_to_the_bit_on_any_number_of_threads) {
  const MadeUpRun run(seasonal_histories(5, 60));
  Settings one = small_settings(), two = one;
  two.train.threads = 2;
  EXPECT_EQ(forecaster_bytes(run.fit(one).model), forecaster_bytes(run.fit(two).model));
}

TEST(Forecaster, no_scored_value_has_a_part_in_the_model) {
  const MadeUpRun run(seasonal_histories(5, 60));
  MadeUpRun planted = run;
  for (auto& s : planted.histories.series) {
    for (std::size_t t = 54; t < 60; ++t) s.value[t] = -1000;
  }
  EXPECT_EQ(forecaster_bytes(run.fit(small_settings()).model),
            forecaster_bytes(planted.fit(small_settings()).model));
}

TEST(Forecaster, is_read_back_from_its_file) {
  const MadeUpRun run(seasonal_histories(4, 60));
  const auto fitted = run.fit(small_settings());
  const std::string bytes = forecaster_bytes(fitted.model);
  const Forecaster again = forecaster_from(bytes, "model");
  EXPECT_EQ(forecaster_bytes(again), bytes);
  const std::vector<Origin> origins = {{0, 60}, {3, 41}};
  EXPECT_EQ(forecast(again, run.histories, origins, 1).quantiles,
            forecast(fitted.model, run.histories, origins, 2).quantiles);
  EXPECT_THROW(forecaster_from(bytes.substr(0, bytes.size() - 9), "model"), Error);
  EXPECT_THROW(forecaster_from("nothing", "model"), Error);
}

TEST(Forecaster, keeps_what_a_simple_method_learned_from_all_series) {
  const MadeUpRun run(seasonal_histories(4, 90));
  Settings s = small_settings();
  s.model = "linear_window";
  s.blend = "";
  const auto fitted = run.fit(s);
  EXPECT_FALSE(fitted.model.shared.at("linear_window").weights.empty());
  const std::string bytes = forecaster_bytes(fitted.model);
  const Forecaster again = forecaster_from(bytes, "model");
  EXPECT_EQ(forecaster_bytes(again), bytes);
  EXPECT_EQ(forecast(again, run.histories, {{1, 84}}, 1).point,
            forecast(fitted.model, run.histories, {{1, 84}}, 1).point);
  Forecaster cut = forecaster_from(bytes, "model");
  cut.shared.at("linear_window").window += 1;
  EXPECT_THROW(forecaster_from(forecaster_bytes(cut), "model"), Error);
  cut.shared.clear();
  EXPECT_THROW(forecaster_from(forecaster_bytes(cut), "model"), Error);
}

TEST(Forecaster, continues_a_training_that_was_stopped_with_the_same_bits) {
  const base::TestFolder folder;
  const MadeUpRun run(seasonal_histories(4, 60));
  const std::string whole = forecaster_bytes(run.fit(small_settings()).model);
  std::atomic<bool> stop = false;
  FitHooks hooks;
  hooks.checkpoint = folder.path("checkpoint");
  hooks.train.stop = &stop;
  int rounds = 0;
  hooks.train.progress = [&](const train::Progress& p) {
    if (p.epoch_done && ++rounds == 6) stop = true;  // in the second network
  };
  ASSERT_TRUE(run.fit(small_settings(), hooks).interrupted);
  FitHooks resumed;
  resumed.checkpoint = hooks.checkpoint;
  resumed.resume = true;
  EXPECT_EQ(forecaster_bytes(run.fit(small_settings(), resumed).model), whole);
}

TEST(Forecaster, says_something_of_the_shortest_histories) {
  for (const int steps : {2, 3, 5, 8}) {
    data::Histories h = seasonal_histories(1, steps);
    const Parts parts = cut_inner({steps}, 6);
    const Plan plan = make_plan(h, {steps}, {}, 6);
    const auto fitted = fit_forecaster(h, parts, plan, small_settings(), {});
    const auto said = forecast(fitted.model, h, {{0, steps}}, 1);
    for (const double x : said.point[0]) EXPECT_TRUE(std::isfinite(x));
    for (const double x : said.quantiles[0]) EXPECT_TRUE(std::isfinite(x));
  }
}

TEST(Forecaster, constant_zero_negative_and_gappy_histories_have_finite_forecasts) {
  data::Histories h = seasonal_histories(5, 50);
  h.series[0].value.assign(50, 7);
  h.series[1].value.assign(50, 0);
  for (double& x : h.series[2].value) x = -x;
  for (std::size_t t = 3; t < 40; t += 3) h.series[3].value[t] = std::nan("");
  for (double& x : h.series[4].value) x *= 1e15;
  const MadeUpRun run(h);
  const auto fitted = run.fit(small_settings());
  for (const auto& point : forecast(fitted.model, h, run.parts.test, 1).point) {
    for (const double x : point) EXPECT_TRUE(std::isfinite(x));
  }
}

TEST(WindowRule, gives_the_gradient_of_its_loss) {
  if (sizeof(real) < sizeof(double)) GTEST_SKIP() << "gradients are checked in double";
  const auto h = seasonal_histories(3, 60);
  NetworkForm form;
  form.window.horizon = 3;
  form.window.window = 12;
  form.window.segment = 2;
  form.window.skip = 5;
  form.encoder.hidden = 5;
  form.encoder.bidirectional = false;
  form.encoder.dropout = 0;
  form.embed = true;
  form.quantiles = {0.1, 0.5, 0.9};
  ForecastNetwork network(form);
  network.params().initialise(base::Rng(1));
  const Windows windows(h, form.window, {});
  WindowRule rule({&network, &windows, {12, 12, 12}, {60, 60, 60}, {1, 1, 1}, 8, 1, 1});
  const int update = 0;
  rule.take({&update, 1}, base::Rng(0));
  rule.evaluate(base::Rng(0), 1);
  const auto gradient = rule.gradient();
  for (std::size_t i = 0; i < network.params().count(); i += 7) {
    real& x = network.params().values()[i];
    const real kept = x;
    const double step = 1e-6;
    x = kept + static_cast<real>(step);
    const double above = rule.evaluate(base::Rng(0), 1);
    x = kept - static_cast<real>(step);
    const double below = rule.evaluate(base::Rng(0), 1);
    x = kept;
    EXPECT_NEAR((above - below) / (2 * step), static_cast<double>(gradient[i]), 1e-5);
  }
}

}  // namespace
}  // namespace refrain::forecast
