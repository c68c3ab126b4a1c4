#include "refrain/forecast/rolling.h"

#include <gtest/gtest.h>

#include <cmath>

#include "refrain/forecast/fit.h"
#include "refrain/forecast/made_up_histories.h"
#include "refrain/forecast/model_file.h"

namespace refrain::forecast {
namespace {

NetworkForm rolling_form() {
  NetworkForm form;
  form.window.horizon = 2;
  form.window.window = 12;
  form.window.segment = 2;
  form.window.skip = 5;
  form.encoder.hidden = 5;
  form.encoder.bidirectional = false;
  form.quantiles = {0.1, 0.5, 0.9};
  form.horizon = 5;
  return form;
}

ForecastNetwork network_of(const NetworkForm& form) {
  ForecastNetwork out(form);
  out.params().initialise(base::Rng(1));
  return out;
}

TEST(Rolling, a_forecast_goes_on_as_if_it_had_come) {
  auto h = seasonal_histories(1, 60);
  const auto network = network_of(rolling_form());
  const Windows windows(h, network.form().window, {});
  const auto whole = predict(network, windows, {{0, 40}}, 1).front();
  ASSERT_EQ(whole.size(), 15U);
  for (std::size_t i = 0; i < 2; ++i) h.series[0].value[40 + i] = whole[3 * i + 1];
  const Windows gone_on(h, network.form().window, {});
  const auto said = say(network, gone_on, {{0, 42}}).front();
  for (std::size_t i = 0; i < 6; ++i) EXPECT_EQ(said.quantiles[i], whole[6 + i]);
}

TEST(Rolling, nothing_behind_the_origin_is_looked_at_but_known_covariates) {
  auto h = seasonal_histories(40, 60);
  h.known = {"price"};
  h.past = {"load"};
  for (auto& s : h.series) {
    for (int t = 0; t < 60; ++t) {
      s.known.push_back(t % 5);
      s.past.push_back(t % 7);
    }
  }
  auto form = rolling_form();
  form.window.known = form.window.past = 1;
  auto network = network_of(form);
  // The linear path, through which covariates of the horizon are read, starts with zeros.
  for (real& x : network.params().values()) x += real{0.01f};
  const CovariateScale scale{{2}, {1}, {3}, {2}, {}, {}};
  std::vector<Origin> origins;
  for (int s = 0; s < 40; ++s) origins.push_back({s, 40 + s % 3});
  const auto before = predict(network, Windows(h, form.window, scale), origins, 1);
  auto later = h;
  for (auto& s : later.series) {
    for (std::size_t t = 42; t < 60; ++t) s.value[t] = s.past[t] = -1e6;
  }
  EXPECT_EQ(predict(network, Windows(later, form.window, scale), origins, 2), before);
  for (auto& s : later.series) s.known[45] = 50;
  EXPECT_NE(predict(network, Windows(later, form.window, scale), origins, 1), before);
  for (auto& s : later.series) s.known.resize(44);  // less than the horizon is known
  for (const auto& said : predict(network, Windows(later, form.window, scale), origins, 1)) {
    for (const double x : said) EXPECT_TRUE(std::isfinite(x));
  }
}

TEST(Rolling, a_forecaster_is_trained_kept_and_wider_further_on) {
  const auto h = seasonal_histories(6, 90);
  Settings s;
  s.ensemble = 1;
  s.blend = "";
  s.train.epochs = 3;
  s.train.batch_size = 16;
  s.train.threads = 1;
  s.encoder.hidden = 8;
  s.encoder.segment = 4;
  s.forecast.decoding = "recursive";
  s.given = {"epochs", "batch_size", "hidden", "segment"};
  const Parts parts = cut_tested(h, {}, 10);
  const Plan plan = make_plan(h, parts.known_end, {}, 10);
  const auto fitted = fit_forecaster(h, parts, plan, s, {});
  const NetworkForm& form = fitted.model.networks.front()->form();
  EXPECT_EQ(form.window.horizon, 4);
  EXPECT_EQ(form.steps(), 10);
  const Forecaster again = forecaster_from(forecaster_bytes(fitted.model), "model");
  const auto said = forecast(fitted.model, h, {{0, 90}, {2, 90}}, 1);
  EXPECT_EQ(forecast(again, h, {{0, 90}, {2, 90}}, 2).quantiles, said.quantiles);
  const std::size_t Q = plan.quantiles.size();
  const auto width = [&](std::size_t step) {
    return said.quantiles[0][step * Q + Q - 1] - said.quantiles[0][step * Q];
  };
  EXPECT_GE(width(9) / said.point[0][9], width(0) / said.point[0][0]);
}

}  // namespace
}  // namespace refrain::forecast
