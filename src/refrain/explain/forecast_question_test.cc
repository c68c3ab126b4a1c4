#include "refrain/explain/forecast_question.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "refrain/explain/methods/list.h"
#include "refrain/forecast/fit.h"
#include "refrain/forecast/made_up_histories.h"

namespace refrain::explain {
namespace {

// What comes is what came a season ago.
forecast::Forecaster naive(int horizon, int season) {
  forecast::Forecaster f;
  f.plan.horizon = horizon;
  f.plan.seasons = {season};
  f.plan.quantiles = {0.5};
  f.simple = {"seasonal_naive"};
  f.weights = {1};
  return f;
}

// Noise that a known covariate moves by ten times its value, at the same step.
data::Histories moved(int steps, int ahead) {
  data::Histories out;
  out.path = "made up";
  out.known = {"promotion"};
  data::History h;
  h.id = "shop";
  base::Rng rng(5);
  for (int t = 0; t < steps + ahead; ++t) {
    h.known.push_back(rng.uniform() < 0.3 ? 1 : 0);
    if (t < steps) h.value.push_back(10 * h.known.back() + 0.3 * rng.normal());
  }
  out.series.push_back(std::move(h));
  return out;
}

TEST(ForecastQuestion, the_steps_of_the_last_season_are_what_a_naive_forecast_rests_on) {
  const auto h = forecast::seasonal_histories(1, 60);
  const auto f = naive(2, 12);
  const ForecastQuestion question(f, h, 0, 24, 1);
  const data::Sample sample = question.sample();
  Cut cut;
  cut.skip_missing = true;
  const Subject subject(sample, cut);
  ASSERT_EQ(subject.size(), 24);
  const auto second = occlusion({question, subject, 2, 1, 0}).score;
  for (std::size_t p = 0; p < second.size(); ++p) EXPECT_EQ(second[p] != 0, p == 13) << p;
  const auto mean = shapley({question, subject, 0, 1, 0});
  EXPECT_NEAR(mean.sum, mean.promised, 1e-6);
  for (std::size_t p = 0; p < 24; ++p) EXPECT_EQ(mean.score[p] != 0, p == 12 || p == 13) << p;
}

TEST(ForecastQuestion, a_known_covariate_of_the_step_itself_moves_its_forecast) {
  const auto h = moved(160, 4);
  forecast::Settings settings;
  settings.ensemble = 1;
  settings.blend = "";
  settings.train.epochs = 60;
  settings.train.threads = 1;
  settings.encoder.hidden = 8;
  settings.given = {"epochs", "hidden"};
  const auto parts = forecast::cut_tested(h, {}, 4);
  const auto plan = forecast::make_plan(h, parts.known_end, {}, 4);
  const auto f = forecast::fit_forecaster(h, parts, plan, settings, {}).model;
  const ForecastQuestion question(f, h, 0, 12, 1), two(f, h, 0, 12, 2);
  const data::Sample sample = question.sample();
  EXPECT_EQ(question.channels(), (std::vector<std::string>{"value", "promotion"}));
  EXPECT_EQ(question.times().size(), 16U);
  Cut cut;
  cut.skip_missing = true;
  const Subject subject(sample, cut);
  EXPECT_EQ(subject.size(), 12 + 16);  // no part where the value is still to come
  for (int step = 1; step <= 4; ++step) {
    const auto score = occlusion({question, subject, step, 1, 0}).score;
    EXPECT_EQ(score, occlusion({two, subject, step, 1, 0}).score);
    const auto size = [&](std::size_t a, std::size_t b) {
      return std::abs(score[a]) < std::abs(score[b]);
    };
    std::size_t best = 0;
    for (std::size_t p = 1; p < score.size(); ++p) best = size(best, p) ? p : best;
    EXPECT_EQ(subject.parts()[best].channel, 1) << step;
    EXPECT_EQ(subject.parts()[best].begin, 11 + step) << step;
  }
}

TEST(ForecastQuestion, gradients_of_forecasts_are_refused) {
  const auto h = forecast::seasonal_histories(1, 60);
  const auto f = naive(2, 12);
  const ForecastQuestion question(f, h, 0, 12, 1);
  const data::Sample sample = question.sample();
  const Subject subject(sample, {});
  EXPECT_THROW(saliency({question, subject, 0, 1, 0}), Error);
}

}  // namespace
}  // namespace refrain::explain
