#include "refrain/task/regress/goal.h"

#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/score/regression.h"
#include "refrain/task/fit.h"
#include "refrain/task/made_up_data.h"
#include "refrain/task/model_file.h"
#include "refrain/task/task.h"

namespace refrain::task {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;

// Noise whose slope is the target, in units of hundreds about a thousand.
data::Dataset slopes(int n, double noise = 0.1) {
  data::Dataset d = empty_set({"series", data::StreamKind::kSeries, 1, {}});
  for (int i = 0; i < n; ++i) {
    base::Rng rng = base::Rng(31).fork(static_cast<std::uint64_t>(i));
    const double slope = rng.uniform(-1, 1);
    data::Series series{8, 1, {}};
    for (int t = 0; t < 8; ++t) {
      series.values.push_back(static_cast<float>(slope * t + noise * rng.normal()));
    }
    add_sample(d, std::move(series), std::to_string(1000 + 100 * slope));
    d.samples.back().numbers = {1000 + 100 * slope};
  }
  return d;
}

Spec regress_spec() {
  Spec spec = small_spec();
  spec.task = "regress";
  spec.train.epochs = 60;
  return spec;
}

FitParts parts_of(const data::Dataset& d, int train) {
  FitParts parts{&d, {}, &d, {}};
  for (int i = 0; i < train; ++i) parts.train.push_back(i);
  return parts;
}

// Returns the predictions of the samples from `first` on.
Predictions said_of(const Model& model, const data::Dataset& d, int first) {
  std::vector<int> rest;
  for (int i = first; i < static_cast<int>(d.samples.size()); ++i) rest.push_back(i);
  return model.answer({d, rest}, 1);
}

double rmse(const Predictions& said, const data::Dataset& d, int first, std::size_t width) {
  double sum = 0;
  const std::size_t n = d.samples.size() - static_cast<std::size_t>(first);
  for (std::size_t i = 0; i < n; ++i) {
    const double truth = d.samples[i + static_cast<std::size_t>(first)].numbers[0];
    sum += std::pow(said.numbers[i * width] - truth, 2);
  }
  return std::sqrt(sum / static_cast<double>(n));
}

TEST(Regress, learns_a_slope_in_units_of_the_target_with_every_loss) {
  const auto d = slopes(120);
  for (const char* loss : {"squared", "absolute", "huber", "quantile"}) {
    Spec spec = regress_spec();
    spec.regress.loss = loss;
    spec.regress.interval = loss == std::string("quantile") ? 0.8 : 0;
    FitHooks hooks;
    hooks.inner = true;
    const Model model = fit_model(spec, parts_of(d, 80), hooks).model;
    const std::size_t width = model.goal->answer_columns().size();
    EXPECT_EQ(width, loss == std::string("quantile") ? 3u : 1u);
    EXPECT_LT(rmse(said_of(model, d, 80), d, 80, width), 20) << loss << "; deviation 58";
  }
}

TEST(Regress, intervals_hold_about_what_they_say_and_are_stored) {
  const auto d = slopes(200, 1);
  Spec spec = regress_spec();
  spec.train.epochs = 20;
  spec.regress.interval = 0.8;
  const Model model = fit_model(spec, parts_of(d, 80), {}).model;
  ASSERT_THAT(model.goal->answer_columns(), ElementsAre("prediction", "low", "high"));
  const Predictions said = said_of(model, d, 80);
  int inside = 0;
  for (std::size_t i = 0; i < 120; ++i) {
    const double truth = d.samples[i + 80].numbers[0];
    EXPECT_LT(said.numbers[3 * i + 1], said.numbers[3 * i]);
    inside += said.numbers[3 * i + 1] <= truth && truth <= said.numbers[3 * i + 2] ? 1 : 0;
  }
  EXPECT_NEAR(inside / 120.0, 0.8, 0.12);
  const Model stored = parse_model(model_bytes(model), "m.refrain");
  EXPECT_EQ(said_of(stored, d, 80).numbers, said.numbers);
  spec.train.threads = 2;
  EXPECT_EQ(said_of(fit_model(spec, parts_of(d, 80), {}).model, d, 80).numbers, said.numbers);
}

TEST(Regress, simple_methods_join_the_average_by_what_was_held_out) {
  const auto d = slopes(60);
  Spec spec = regress_spec();
  spec.train.epochs = 2;
  spec.model.blend = "summary_ridge,mean";
  spec.model.blend_weight = kAutoWeight;
  const Model model = fit_model(spec, parts_of(d, 40), {}).model;
  ASSERT_EQ(model.members.size(), 3u);
  EXPECT_EQ(model.members[1].method, "summary_ridge");
  EXPECT_GT(model.members[1].weight, 0.6) << "the network has not learned yet, the mean never will";
  EXPECT_LT(rmse(said_of(model, d, 40), d, 40, 3), 25);
}

TEST(Regress, methods_that_predict_classes_are_refused) {
  Spec spec = regress_spec();
  spec.model.model = "minirocket";
  try {
    fit_model(spec, parts_of(slopes(20), 20), {});
    FAIL();
  } catch (const Error& e) {
    EXPECT_THAT(e.what(), HasSubstr("--model minirocket does not predict numbers"));
    EXPECT_THAT(e.hint(), HasSubstr("rocket_ridge"));
  }
}

TEST(Regress, targets_that_are_all_the_same_are_refused) {
  auto d = slopes(20);
  for (auto& sample : d.samples) sample.numbers = {5};
  EXPECT_FALSE(can_learn(tasks().at("regress"), {d, all_of(d)}));
}

RegressGoal goal_of(std::vector<double> radii, const char* loss = "squared") {
  return RegressGoal({{"a", "b"}, {{10, 2}, {0, 1}}, loss, 1, 0.8, std::move(radii)});
}

TEST(RegressGoal, answers_are_in_units_and_completed_by_the_radii) {
  const RegressGoal goal = goal_of({1, 0.5});
  double numbers[] = {1.5, -2};
  goal.finish(numbers);
  EXPECT_EQ(numbers[0], 13);
  EXPECT_EQ(numbers[1], -2);
  EXPECT_THAT(goal.answer_columns(), ElementsAre("a", "b", "a_low", "b_low", "a_high", "b_high"));
  EXPECT_THAT(goal.complete({13, -2}), ElementsAre(13, -2, 12, -2.5, 14, -1.5));
  EXPECT_THAT(goal_of({}).complete({13, -2}), ElementsAre(13, -2));
}

TEST(RegressGoal, radii_are_quantiles_of_what_was_missed) {
  data::EncodedTarget zero;
  zero.values = {0, 0};  // 10 and 0 in units
  const std::vector<data::EncodedTarget> truth(9, zero);
  std::vector<double> answers;
  for (int i = 1; i <= 9; ++i) answers.insert(answers.end(), {10.0 + i, -0.1 * i});
  const auto known = goal_of({}).calibrated(truth, answers, {});
  EXPECT_THAT(dynamic_cast<const RegressGoal&>(*known).parts().radii,
              ElementsAre(DoubleNear(8, 1e-9), DoubleNear(0.8, 1e-9)));
}

TEST(RegressGoal, bounds_of_quantiles_stay_on_their_sides) {
  const RegressGoal goal = goal_of({}, "quantile");
  double numbers[] = {1, 0, 2, -1, 0, 1};  // points, lower, upper
  goal.finish(numbers);
  EXPECT_THAT(std::vector<double>(numbers, numbers + 6), ElementsAre(12, 0, 12, -1, 12, 1));
}

TEST(RegressGoal, damaged_parts_of_a_file_are_refused) {
  const base::Json good = goal_of({1, 2}).to_json();
  EXPECT_EQ(read_regress(good)->to_json(), good);
  for (const auto& [key, value] :
       std::vector<std::pair<std::string, base::Json>>{{"scales", {{1, 0}, {1, 1}}},
                                                       {"scales", {{1, 1}}},
                                                       {"radii", {1}},
                                                       {"targets", base::Json::array()}}) {
    base::Json bad = good;
    bad[key] = value;
    EXPECT_THROW(read_regress(bad), Error) << key << " " << value.dump();
  }
}

}  // namespace
}  // namespace refrain::task
