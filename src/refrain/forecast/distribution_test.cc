// Fits with each head: what they share, and counts.
#include <gtest/gtest.h>

#include <cmath>

#include "refrain/base/error.h"
#include "refrain/forecast/answers.h"
#include "refrain/forecast/fit.h"
#include "refrain/forecast/made_up_histories.h"
#include "refrain/forecast/model_file.h"

namespace refrain::forecast {
namespace {

Settings settings_with(const std::string& distribution) {
  Settings s;
  s.ensemble = 1;
  s.blend = "";
  s.train.epochs = 5;
  s.train.batch_size = 16;
  s.train.threads = 1;
  s.encoder.hidden = 8;
  s.forecast.distribution = distribution;
  s.given = {"epochs", "batch_size", "hidden"};
  return s;
}

data::Histories counts(int series, int steps) {
  data::Histories out = seasonal_histories(series, steps);
  for (auto& h : out.series) {
    for (double& x : h.value) x = std::max(0.0, std::round(x));
  }
  return out;
}

struct HeadRun {
  data::Histories histories;
  Parts parts;
  Plan plan;

  explicit HeadRun(data::Histories h) : histories(std::move(h)) {
    parts = cut_tested(histories, {}, 6);
    plan = make_plan(histories, parts.known_end, {}, 6);
  }
  Forecaster fit(const Settings& settings) const {
    return fit_forecaster(histories, parts, plan, settings, {}).model;
  }
  double score(const Forecaster& f, const std::string& metric) const {
    const auto scored = frame_of(histories, parts.test, parts.known_end, plan, 1);
    const auto answers =
        answers_of(scored, forecast(f, histories, scored.origins, 1), plan.quantiles);
    const auto weigher = answers.weigher(false);
    for (const auto& m : answers.metrics()) {
      if (m.name == metric) return m.value.of(*weigher);
    }
    return std::nan("");
  }
};

TEST(Distribution, every_head_learns_a_season_and_how_sure_it_is) {
  for (const auto& head : heads().names()) {
    const HeadRun run(head == "negative_binomial" ? counts(6, 96) : seasonal_histories(6, 96));
    const Forecaster f = run.fit(settings_with(head));
    EXPECT_LT(run.score(f, "mase"), 0.9) << head;
    EXPECT_GT(run.score(f, "coverage"), 0.6) << head;
  }
}

TEST(Distribution, a_model_file_keeps_the_head) {
  const HeadRun run(seasonal_histories(3, 60));
  for (const auto& head : {"point", "gaussian", "student_t"}) {
    const Forecaster f = run.fit(settings_with(head));
    const Forecaster again = forecaster_from(forecaster_bytes(f), "model");
    EXPECT_EQ(again.networks.front()->form().head, head);
    EXPECT_EQ(forecast(again, run.histories, {{0, 60}}, 1).quantiles,
              forecast(f, run.histories, {{0, 60}}, 1).quantiles);
  }
}

TEST(Distribution, counts_are_never_below_zero_and_have_the_same_bits_on_two_threads) {
  const HeadRun run(counts(4, 60));
  Settings one = settings_with("negative_binomial"), two = one;
  two.train.threads = 2;
  const Forecaster f = run.fit(one);
  EXPECT_EQ(forecaster_bytes(f), forecaster_bytes(run.fit(two)));
  const auto said =
      predict(*f.networks.front(), Windows(run.histories, f.networks.front()->form().window, {}),
              run.parts.test, 1);
  for (const auto& window : said) {
    for (const double x : window) {
      EXPECT_GE(x, 0);
      EXPECT_NEAR(x, std::round(x), 1e-6);
    }
  }
}

TEST(Distribution, numbers_that_are_no_counts_are_refused_with_their_series) {
  HeadRun run(counts(3, 60));
  run.histories.series[1].value[4] = -2;
  EXPECT_THROW(run.fit(settings_with("negative_binomial")), Error);
  run.histories.series[1].value[4] = 2.5;
  EXPECT_THROW(run.fit(settings_with("negative_binomial")), Error);
  run.histories.series[1].value[4] = 2;
  run.histories.series[1].value[58] = 2.5;  // is scored, and not looked at
  EXPECT_NO_THROW(run.fit(settings_with("negative_binomial")));
  Settings logs = settings_with("negative_binomial");
  logs.forecast.transform = "log";
  EXPECT_THROW(run.fit(logs), Error);
}

}  // namespace
}  // namespace refrain::forecast
