#include "refrain/forecast/start.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "refrain/base/error.h"
#include "refrain/forecast/fit.h"
#include "refrain/forecast/made_up_histories.h"

namespace refrain::forecast {
namespace {

NetworkForm source_form() {
  NetworkForm form;
  form.window.horizon = 3;
  form.window.window = 8;
  form.window.segment = 2;
  form.window.skip = 4;
  form.encoder.hidden = 5;
  form.encoder.bidirectional = false;
  form.quantiles = {0.1, 0.5};
  return form;
}

// All its values are different ones.
ForecastNetwork numbered_network(const NetworkForm& form) {
  ForecastNetwork out(form);
  out.params().initialise(base::Rng(3));
  for (std::size_t i = 0; i < out.params().values().size(); ++i) {
    out.params().values()[i] = static_cast<real>(i + 1);
  }
  return out;
}

ForecastNetwork zero_network(const NetworkForm& form) {
  ForecastNetwork out(form);
  out.params().initialise(base::Rng(4));
  std::fill(out.params().values().begin(), out.params().values().end(), real{0});
  return out;
}

tensor::Tensor tensor_of(const ForecastNetwork& network, const std::string& name) {
  const auto& all = network.params().params();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].name == name) return network.params().value(static_cast<int>(i));
  }
  throw Error(Code::kInternal, "no parameter " + name);
}

TEST(Start, a_network_of_the_same_form_is_taken_over_whole) {
  const auto source = numbered_network(source_form());
  auto network = zero_network(source_form());
  const auto taken = take_over(source, network);
  EXPECT_TRUE(taken.anew.empty());
  for (std::size_t i = 0; i < taken.taken.size(); ++i) {
    const auto a = source.params().value(static_cast<int>(i)).span();
    const auto b = network.params().value(static_cast<int>(i)).span();
    EXPECT_TRUE(std::equal(a.begin(), a.end(), b.begin(), b.end())) << taken.taken[i];
  }
}

TEST(Start, of_another_horizon_the_steps_in_common_are_taken_over) {
  const auto source = numbered_network(source_form());
  NetworkForm shorter = source_form();
  shorter.window.horizon = 2;
  shorter.window.skip = 6;
  auto network = zero_network(shorter);
  EXPECT_TRUE(take_over(source, network).anew.empty());
  const auto w = tensor_of(network, "horizon.w"), from = tensor_of(source, "horizon.w");
  for (int r = 0; r < w.rows(); ++r) {
    for (int c = 0; c < 4; ++c) EXPECT_EQ(w.row(r)[c], from.row(r)[c]);
  }
  // The last four steps of both linear paths; what only one reads begins anew.
  const auto side = tensor_of(network, "horizon.side"), old = tensor_of(source, "horizon.side");
  EXPECT_EQ(side.row(1)[0], 0);
  EXPECT_EQ(side.row(2)[0], old.row(0)[0]);
  EXPECT_EQ(side.row(5)[3], old.row(3)[3]);
}

TEST(Start, what_has_another_shape_begins_anew) {
  const auto source = numbered_network(source_form());
  NetworkForm other = source_form();
  other.window.segment = 4;
  other.quantiles = {0.5};
  auto network = zero_network(other);
  const auto taken = take_over(source, network);
  const auto is_anew = [&](const std::string& end) {
    return std::any_of(taken.anew.begin(), taken.anew.end(),
                       [&](const std::string& name) { return name.ends_with(end); });
  };
  EXPECT_TRUE(is_anew(".w_x"));
  EXPECT_TRUE(is_anew("horizon.w"));
  EXPECT_FALSE(is_anew(".w_h"));
  EXPECT_EQ(tensor_of(network, "horizon.w").row(0)[0], 0);
}

TEST(Start, coefficients_of_series_go_to_the_same_series_alone) {
  NetworkForm smoothing = source_form(), others = source_form();
  smoothing.window.level = others.window.level = Level::kSmoothing;
  smoothing.series = {"a", "b"};
  others.series = {"a", "c"};
  const auto source = numbered_network(smoothing);
  auto same = zero_network(smoothing), different = zero_network(others);
  EXPECT_TRUE(take_over(source, same).anew.empty());
  EXPECT_EQ(take_over(source, different).anew, std::vector<std::string>{"smoothing.series"});
}

TEST(Start, a_source_of_which_nothing_fits_is_refused) {
  const auto source = numbered_network(source_form());
  NetworkForm larger = source_form();
  larger.encoder.hidden = 7;
  larger.quantiles = {0.5};
  auto network = zero_network(larger);
  EXPECT_THROW(take_over(source, network), Error);
}

struct StartedRun {
  data::Histories histories = seasonal_histories(4, 60);
  Parts parts = cut_tested(histories, {}, 6);
  Plan plan = make_plan(histories, parts.known_end, {}, 6);

  static Settings settings() {
    Settings s;
    s.ensemble = 1;
    s.train.epochs = 1;
    s.train.threads = 1;
    s.encoder.hidden = 6;
    s.forecast.window = 20;
    s.given = {"epochs", "hidden", "window"};
    return s;
  }
  FittedForecaster fit(const Settings& s, const Forecaster* start) const {
    FitHooks hooks;
    hooks.start = start;
    return fit_forecaster(histories, parts, plan, s, hooks);
  }
};

TEST(Start, a_forecaster_has_the_form_of_its_source_and_begins_with_its_network) {
  const StartedRun run;
  const auto source = run.fit(StartedRun::settings(), nullptr).model;
  Settings plain;
  plain.ensemble = 1;
  plain.train.epochs = 1;
  plain.train.threads = 1;
  plain.given = {"epochs"};
  const auto fitted = run.fit(plain, &source);
  EXPECT_TRUE(fitted.begun.anew.empty());
  const auto &form = fitted.model.networks.front()->form(), &old = source.networks.front()->form();
  EXPECT_EQ(form.encoder.hidden, 6);
  EXPECT_EQ(form.window.window, 20);
  EXPECT_EQ(form.window.segment, old.window.segment);
  EXPECT_NE(fitted.model.networks.front()->params().values(),
            run.fit(StartedRun::settings(), nullptr).model.networks.front()->params().values());
}

TEST(Start, an_option_that_asks_for_other_layers_than_the_source_has_is_refused) {
  const StartedRun run;
  const auto source = run.fit(StartedRun::settings(), nullptr).model;
  Settings larger = StartedRun::settings();
  larger.encoder.hidden = 8;
  EXPECT_THROW(formed_as(source, larger), Error);
  EXPECT_THROW(formed_as(Forecaster(), StartedRun::settings()), Error);
}

}  // namespace
}  // namespace refrain::forecast
