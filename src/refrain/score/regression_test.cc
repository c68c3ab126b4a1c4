#include "refrain/score/regression.h"

#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "refrain/base/fields.h"
#include "refrain/base/rng.h"
#include "refrain/score/metrics.h"

namespace refrain::score {
namespace {

using base::Json;

Json reference_regressions() {
  std::ifstream file(REFRAIN_SOURCE_DIR "/tests/golden/regression_scores.json");
  return Json::parse(file)["cases"];
}

std::vector<double> flat(const Json& rows) {
  std::vector<double> out;
  for (const auto& row : rows) {
    for (const double x : row) out.push_back(x);
  }
  return out;
}

Regression regression_of(const Json& item) {
  Regression r;
  r.width = item["width"];
  r.truth = flat(item["truth"]);
  r.predicted = flat(item["predicted"]);
  r.low = flat(item["low"]);
  r.high = flat(item["high"]);
  r.weight = item["weight"].get<std::vector<double>>();
  return r;
}

double value_of(const std::string& name, const Answers& answers) {
  return regression_metrics().at(name)(answers);
}

// Sample i once more.
void repeat(Regression& r, std::size_t i) {
  const auto width = static_cast<std::size_t>(r.width);
  for (auto* list : {&r.truth, &r.predicted, &r.low, &r.high}) {
    for (std::size_t k = 0; k < width; ++k) list->push_back((*list)[i * width + k]);
  }
}

TEST(RegressionMetrics, weighted_tied_constant_and_of_several_columns_are_those_of_scikit_learn) {
  const Json cases = reference_regressions();
  EXPECT_EQ(cases.size(), 18u);
  for (const Json& item : cases) {
    const Regression r = regression_of(item);
    EXPECT_EQ(item["values"].size(), regression_metrics().items().size());
    for (const auto& [name, expected] : item["values"].items()) {
      EXPECT_NEAR(value_of(name, r), expected.get<double>(), 1e-12) << name << ": " << item["name"];
    }
  }
}

TEST(RegressionMetrics, small_cases_by_hand) {
  Regression r;
  r.truth = {1, 2, 4, 5};
  r.predicted = {2, 2, 2, 8};
  r.low = {1, 0, 0, 6};
  r.high = {4, 2, 3, 8};
  EXPECT_NEAR(value_of("rmse", r), std::sqrt(14.0 / 4), 1e-12);
  EXPECT_NEAR(value_of("mae", r), 1.5, 1e-12);
  EXPECT_NEAR(value_of("r2", r), 1 - 14.0 / 10, 1e-12);
  EXPECT_NEAR(value_of("median_absolute_error", r), 1.5, 1e-12);
  EXPECT_NEAR(value_of("spearman", r), std::sqrt(0.6), 1e-12);
  EXPECT_NEAR(value_of("coverage", r), 0.5, 1e-12) << "both ends belong to the interval";
  EXPECT_NEAR(value_of("interval_width", r), 2.5, 1e-12);
}

TEST(RegressionMetrics, a_weight_of_two_is_the_sample_twice_and_of_zero_its_absence) {
  for (const Json& item : reference_regressions()) {
    Regression r = regression_of(item), twice = r;
    twice.weight.clear();
    repeat(twice, 0);
    r.weight.assign(r.size(), 1);
    Regression absent = twice, plain = r;
    r.weight[0] = 2;
    absent.weight.assign(absent.size(), 1);
    absent.weight.back() = 0;
    for (const auto& [name, about, m] : regression_metrics().items()) {
      EXPECT_NEAR(m(r), m(twice), 1e-12) << name << ": " << item["name"];
      EXPECT_NEAR(m(plain), m(absent), 1e-12) << name << ": " << item["name"];
    }
  }
}

TEST(RegressionMetrics, of_no_samples_and_of_no_weight_are_zero) {
  Regression r;
  for (const auto& item : regression_metrics().items()) EXPECT_EQ(item.value(r), 0) << item.name;
  r.truth = r.low = {1, 2};
  r.predicted = r.high = {2, 3};
  r.weight = {0, 0};
  for (const auto& item : regression_metrics().items()) EXPECT_EQ(item.value(r), 0) << item.name;
}

TEST(RegressionMetrics, are_in_units_of_the_target_or_without_unit) {
  Regression r = regression_of(reference_regressions()[1]), other = r;
  for (auto* list : {&other.truth, &other.predicted, &other.low, &other.high}) {
    for (double& x : *list) x = 1000 * x + 5;
  }
  for (const auto& [name, about, m] : regression_metrics().items()) {
    const bool has_unit = m.low == 0 && !std::isfinite(m.high);
    EXPECT_NEAR(m(other), m(r) * (has_unit ? 1000 : 1), 1e-9) << name;
    EXPECT_EQ(m.smaller_is_better, has_unit) << name;
    EXPECT_EQ(m.is_share(), name == "coverage") << name;
  }
}

TEST(RegressionMetrics, without_prediction_intervals_leave_out_what_needs_them) {
  Regression r = regression_of(reference_regressions()[0]);
  EXPECT_EQ(r.metrics().size(), 7u);
  EXPECT_EQ(r.metrics().front().name, "rmse");
  r.low.clear(), r.high.clear();
  EXPECT_EQ(r.metrics().size(), 5u);
  EXPECT_EQ(r.metrics().back().name, "spearman");
}

TEST(RegressionMetrics, of_classes_are_refused) {
  Classification c;
  c.classes = 2;
  c.truth = c.predicted = {0, 1};
  EXPECT_THROW(value_of("rmse", c), Error);
  EXPECT_THROW(classification_metrics().at("accuracy")(Regression()), Error);
}

// Every way to spoil a sound regression, and a word of what is said of it.
TEST(Regression, wrong_input_is_named) {
  using Spoil = void (*)(Regression&);
  const std::vector<std::pair<Spoil, std::string>> cases = {
      {[](Regression& r) { r.width = 0; }, "at least one column"},
      {[](Regression& r) { r.width = 4; }, "a truth in each column"},
      {[](Regression& r) { r.predicted.pop_back(); }, "as many predictions"},
      {[](Regression& r) { r.low.clear(); }, "both ends"},
      {[](Regression& r) { r.columns = {"x"}; }, "needs a name"},
      {[](Regression& r) {
         r.weight = {1, 2};
       },
       "as many weights"},
      {[](Regression& r) {
         r.weight = {1, 2, -1};
       },
       "a weight is negative"},
      {[](Regression& r) { r.group = {1}; }, "as many groups"},
      {[](Regression& r) { r.truth[1] = std::nan(""); }, "a truth is not finite"},
      {[](Regression& r) { r.predicted[1] = INFINITY; }, "a prediction is not finite"},
      {[](Regression& r) { r.high[1] = INFINITY; }, "an end of a prediction interval"},
      {[](Regression& r) { r.low[1] = r.high[1] + 1; }, "ends before it begins"}};
  Regression sound;
  sound.width = 2;
  sound.truth = sound.predicted = sound.low = sound.high = {1, 2, 3, 4, 5, 6};
  sound.columns = {"x", "y"};
  EXPECT_NO_THROW(sound.check());
  for (const auto& [spoil, word] : cases) {
    Regression r = sound;
    spoil(r);
    try {
      value_of("mae", r);
      ADD_FAILURE() << word;
    } catch (const Error& error) {
      EXPECT_NE(std::string(error.what()).find(word), std::string::npos) << error.what();
      EXPECT_EQ(error.code(), Code::kData);
    }
  }
}

TEST(Regression, one_followed_by_another_is_both) {
  const auto cases = reference_regressions();
  const Regression a = regression_of(cases[7]), b = regression_of(cases[8]);
  const auto both = a.followed_by(b);
  ASSERT_EQ(both->size(), a.size() + b.size());
  std::vector<double> first(both->size()), second(both->size(), 1);
  std::fill_n(first.begin(), a.size(), 1);
  std::fill_n(second.begin(), a.size(), 0);
  const auto weigher = both->weigher(true);
  for (const auto& [name, about, m] : both->metrics()) {
    weigher->reweigh(first);
    EXPECT_NEAR(m.of(*weigher), m(a), 1e-12) << name;
    weigher->reweigh(second);
    EXPECT_NEAR(m.of(*weigher), m(b), 1e-12) << name;
  }
}

TEST(Answers, repeats_are_given_as_lists_of_one_kind_or_by_pointers) {
  std::vector<Regression> list(3);
  for (std::size_t r = 0; r < 3; ++r) list[r].truth = list[r].predicted = {double(r), 0};
  std::vector<std::unique_ptr<Answers>> owned;
  std::vector<const Answers*> pointers;
  for (const auto& r : list) owned.push_back(r.clone()), pointers.push_back(&r);
  const std::span<const Regression> view(list);
  for (const Repeats& repeats : {Repeats(list), Repeats(view), Repeats(owned), Repeats(pointers)}) {
    ASSERT_EQ(repeats.size(), 3u);
    EXPECT_TRUE(repeats[2].same_samples(list[2]));
    EXPECT_FALSE(repeats[2].same_samples(list[1]));
  }
  EXPECT_EQ(Repeats(list[1]).size(), 1u);
}

}  // namespace
}  // namespace refrain::score
