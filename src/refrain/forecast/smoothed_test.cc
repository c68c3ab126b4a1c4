#include "refrain/forecast/smoothed.h"

#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "refrain/base/test_folder.h"
#include "refrain/forecast/answers.h"
#include "refrain/forecast/fit.h"
#include "refrain/forecast/made_up_histories.h"
#include "refrain/forecast/model_file.h"
#include "refrain/forecast/window_rule.h"

namespace refrain::forecast {
namespace {

NetworkForm smoothing_form() {
  NetworkForm form;
  form.window.horizon = 3;
  form.window.window = 24;
  form.window.segment = 5;
  form.window.skip = 7;
  form.window.season = 6;
  form.window.level = Level::kSmoothing;
  form.encoder.hidden = 5;
  form.encoder.bidirectional = false;
  form.encoder.dropout = 0;
  form.quantiles = {0.1, 0.5, 0.9};
  form.series = {"s0", "s1", "s2"};
  return form;
}

Settings smoothing_settings() {
  Settings s;
  s.ensemble = 1;
  s.blend = "";
  s.train.epochs = 4;
  s.train.batch_size = 16;
  s.train.threads = 1;
  s.encoder.hidden = 8;
  s.forecast.level = "smoothing";
  s.given = {"epochs", "batch_size", "hidden"};
  return s;
}

struct SmoothedRun {
  data::Histories histories;
  Parts parts;
  Plan plan;

  explicit SmoothedRun(data::Histories h) : histories(std::move(h)) {
    parts = cut_tested(histories, {}, 6);
    ForecastSpec spec;
    spec.season = "12";
    plan = make_plan(histories, parts.known_end, spec, 6);
  }
  FittedForecaster fit(const Settings& settings, const FitHooks& hooks = {}) const {
    return fit_forecaster(histories, parts, plan, settings, hooks);
  }
};

// The network's numbers are zero, so that the answer is the smoothing's.
TEST(Smoothed, a_network_that_says_nothing_goes_on_with_level_and_season) {
  data::Histories h = seasonal_histories(1, 60, 0);
  for (std::size_t t = 0; t < 60; ++t) h.series[0].value[t] = 10 + 3.0 * static_cast<double>(t % 6);
  ForecastNetwork network(smoothing_form());
  network.params().initialise(base::Rng(1));
  for (real& x : network.params().values()) x = 0;
  const auto said = predict(network, Windows(h, network.form().window, {}), {{0, 50}}, 1).front();
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_NEAR(said[3 * i + 1], h.series[0].value[50 + i], 1e-3);
  }
}

TEST(Smoothed, learned_offsets_belong_to_their_series_and_an_unseen_one_has_none) {
  auto h = seasonal_histories(2, 60);
  ForecastNetwork network(smoothing_form());
  network.params().initialise(base::Rng(1));
  const Windows windows(h, network.form().window, {});
  const auto before = predict(network, windows, {{0, 50}, {1, 50}}, 1);
  for (const auto& p : network.params().params()) {
    if (p.name != "smoothing.series") continue;
    network.params().values()[p.offset] = 2;  // of s0
  }
  const auto after = predict(network, windows, {{0, 50}, {1, 50}}, 1);
  EXPECT_NE(after[0], before[0]);
  EXPECT_EQ(after[1], before[1]);
  h.series[0].id = "never seen";
  EXPECT_EQ(predict(network, Windows(h, network.form().window, {}), {{0, 50}}, 1)[0], before[0]);
}

TEST(Smoothed, gives_the_gradient_of_its_loss) {
  if (sizeof(real) < sizeof(double)) GTEST_SKIP() << "gradients are checked in double";
  auto h = seasonal_histories(3, 60);
  h.series[1].value[30] = std::nan("");
  for (const char* head : {"quantile", "student_t"}) {
    NetworkForm form = smoothing_form();
    form.head = head;
    form.window.mask = true;
    ForecastNetwork network(form);
    network.params().initialise(base::Rng(1));
    const Windows windows(h, form.window, {});
    WindowRule rule({&network, &windows, {6, 12, 12}, {60, 60, 60}, {1, 1, 1}, 8, 1, 1});
    const int update = 0;
    rule.take({&update, 1}, base::Rng(0));
    rule.evaluate(base::Rng(0), 1);
    const auto gradient = rule.gradient();
    for (std::size_t i = 0; i < network.params().count(); i += i < 40 ? 1 : 5) {
      real& x = network.params().values()[i];
      const real kept = x;
      const double step = 1e-6;
      x = kept + static_cast<real>(step);
      const double above = rule.evaluate(base::Rng(0), 1);
      x = kept - static_cast<real>(step);
      const double below = rule.evaluate(base::Rng(0), 1);
      x = kept;
      EXPECT_NEAR((above - below) / (2 * step), static_cast<double>(gradient[i]), 1e-5) << i;
    }
  }
}

TEST(Smoothed, is_learned_kept_and_the_same_to_the_bit_on_two_threads) {
  const SmoothedRun run(seasonal_histories(5, 150));
  Settings one = smoothing_settings(), two = one;
  two.train.threads = 2;
  const Forecaster f = run.fit(one).model;
  const std::string bytes = forecaster_bytes(f);
  EXPECT_EQ(bytes, forecaster_bytes(run.fit(two).model));
  EXPECT_EQ(forecaster_bytes(forecaster_from(bytes, "model")), bytes);
  const auto& params = f.networks.front()->params();
  for (const auto& p : params.params()) {
    if (!p.name.starts_with("smoothing.")) continue;
    const std::size_t size = p.shape.count();
    for (std::size_t i = 0; i < size; ++i) EXPECT_NE(params.values()[p.offset + i], 0) << p.name;
  }
  const auto scored = frame_of(run.histories, run.parts.test, run.parts.known_end, run.plan, 1);
  const auto answers =
      answers_of(scored, forecast(f, run.histories, scored.origins, 1), run.plan.quantiles);
  EXPECT_LT(answers.metrics().front().value.of(*answers.weigher(false)), 0.9);
}

TEST(Smoothed, continues_a_training_that_was_stopped_with_the_same_bits) {
  const base::TestFolder folder;
  const SmoothedRun run(seasonal_histories(4, 60));
  const std::string whole = forecaster_bytes(run.fit(smoothing_settings()).model);
  std::atomic<bool> stop = false;
  FitHooks hooks;
  hooks.checkpoint = folder.path("checkpoint");
  hooks.train.stop = &stop;
  int rounds = 0;
  hooks.train.progress = [&](const train::Progress& p) {
    if (p.epoch_done && ++rounds == 2) stop = true;
  };
  ASSERT_TRUE(run.fit(smoothing_settings(), hooks).interrupted);
  FitHooks resumed;
  resumed.checkpoint = hooks.checkpoint;
  resumed.resume = true;
  EXPECT_EQ(forecaster_bytes(run.fit(smoothing_settings(), resumed).model), whole);
}

TEST(Smoothed, values_of_any_sign_gaps_and_short_histories_have_finite_forecasts) {
  data::Histories h = seasonal_histories(4, 50);
  h.series[0].value.assign(50, 0);
  for (double& x : h.series[1].value) x = -x;
  for (std::size_t t = 3; t < 40; t += 3) h.series[2].value[t] = std::nan("");
  h.series[3].value.resize(4);
  const SmoothedRun run(h);
  Settings s = smoothing_settings();
  s.forecast.decoding = "recursive";
  for (const auto& point :
       forecast(run.fit(s).model, h, {{0, 50}, {1, 3}, {2, 44}, {3, 4}}, 1).point) {
    for (const double x : point) EXPECT_TRUE(std::isfinite(x));
  }
}

}  // namespace
}  // namespace refrain::forecast
