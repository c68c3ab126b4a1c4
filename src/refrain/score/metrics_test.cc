#include "refrain/score/metrics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>

#include "refrain/base/fields.h"
#include "refrain/base/rng.h"

namespace refrain::score {
namespace {

using base::Json;

constexpr double kDigits = 1e-9;  // the reference numbers are written with ten digits

Json golden() {
  std::ifstream file(REFRAIN_SOURCE_DIR "/tests/golden/metrics.json");
  return Json::parse(file);
}

Classification from(const Json& item) {
  Classification c;
  c.classes = item["classes"];
  c.truth = item["truth"].get<std::vector<int>>();
  c.predicted = item["predicted"].get<std::vector<int>>();
  for (const auto& row : item["probabilities"]) {
    for (const double p : row) c.probability.push_back(p);
  }
  return c;
}

double metric(const std::string& name, const Classification& c) {
  return classification_metrics().at(name)(c);
}

TEST(Metrics, are_those_of_scikit_learn) {
  int cases = 0;
  const Json file = golden();
  for (const Json& item : file["cases"]) {
    const Classification c = from(item);
    const std::string name = item["name"];
    for (const char* key :
         {"accuracy", "balanced_accuracy", "macro_f1", "weighted_f1", "log_loss"}) {
      EXPECT_NEAR(metric(key, c), item[key].get<double>(), kDigits) << key << ": " << name;
    }
    EXPECT_NEAR(metric("matthews", c), item["mcc"].get<double>(), kDigits) << name;
    EXPECT_EQ(confusion_matrix(c), item["confusion"].get<std::vector<std::vector<int>>>()) << name;
    ++cases;
  }
  EXPECT_EQ(cases, 9);
}

TEST(Wilson, is_the_published_interval) {
  int cases = 0;
  const Json file = golden();
  for (const Json& item : file["wilson"]) {
    const Interval i = wilson(item["k"], item["n"]);
    EXPECT_NEAR(i.value, item["value"].get<double>(), kDigits);
    EXPECT_NEAR(i.low, item["low"].get<double>(), kDigits);
    EXPECT_NEAR(i.high, item["high"].get<double>(), kDigits);
    EXPECT_LE(i.low, i.value);
    EXPECT_GE(i.high, i.value);
    ++cases;
  }
  EXPECT_EQ(cases, 6);
}

TEST(Wilson, of_nothing_says_nothing) {
  const Interval i = wilson(0, 0);
  EXPECT_EQ(i.low, 0);
  EXPECT_EQ(i.high, 1);
}

// Exact to 1e-12 where a number can be worked out by hand.
TEST(Metrics, small_cases_by_hand) {
  Classification c;
  c.classes = 2;
  c.truth = {0, 0, 0, 1};
  c.predicted = {0, 0, 1, 1};
  c.probability = {0.75, 0.25, 0.5, 0.5, 0.25, 0.75, 0.5, 0.5};
  EXPECT_NEAR(metric("accuracy", c), 0.75, 1e-12);
  EXPECT_NEAR(metric("balanced_accuracy", c), 5.0 / 6, 1e-12);
  EXPECT_NEAR(metric("macro_f1", c), (0.8 + 2.0 / 3) / 2, 1e-12);
  EXPECT_NEAR(metric("weighted_f1", c), (3 * 0.8 + 2.0 / 3) / 4, 1e-12);
  EXPECT_NEAR(metric("matthews", c), 1 / std::sqrt(3.0), 1e-12);
  EXPECT_NEAR(metric("log_loss", c), (std::log(4 / 3.0) + 2 * std::log(2.0) + std::log(4.0)) / 4,
              1e-12);
}

TEST(Metrics, a_class_that_was_never_trained_counts_as_wrong) {
  Classification c;
  c.classes = 2;
  c.truth = {0, -1};
  c.predicted = {0, 1};
  c.probability = {1, 0, 0, 1};
  EXPECT_EQ(metric("accuracy", c), 0.5);
  EXPECT_NEAR(metric("log_loss", c), -std::log(2.220446049250313e-16) / 2, 1e-9);
  EXPECT_EQ(confusion_matrix(c), (std::vector<std::vector<int>>{{1, 0}, {0, 0}}));
  for (const auto& item : classification_metrics().items()) {
    EXPECT_TRUE(std::isfinite(item.value(c))) << item.name;
  }
}

TEST(Metrics, nothing_gives_finite_numbers) {
  Classification c;
  c.classes = 3;
  for (const auto& [name, s] : score_all(c, 1)) {
    EXPECT_TRUE(std::isfinite(s.value)) << name;
    EXPECT_TRUE(std::isfinite(s.low)) << name;
    EXPECT_TRUE(std::isfinite(s.high)) << name;
  }
}

// n samples of three classes, four of five right.
Classification made_up(int n) {
  base::Rng rng(3);
  Classification c;
  c.classes = 3;
  for (int i = 0; i < n; ++i) {
    const int truth = static_cast<int>(rng.below(3));
    const int guess = rng.uniform() < 0.8 ? truth : static_cast<int>(rng.below(3));
    c.truth.push_back(truth);
    c.predicted.push_back(guess);
    for (int k = 0; k < 3; ++k) c.probability.push_back(k == guess ? 0.8 : 0.1);
  }
  return c;
}

TEST(ScoreAll, lists_every_metric_with_an_interval_around_its_value) {
  const Classification c = made_up(200);
  const auto scores = score_all(c, 1);
  ASSERT_EQ(scores.size(), classification_metrics().items().size());
  EXPECT_EQ(scores.front().name, "accuracy");
  for (const auto& [name, s] : scores) {
    EXPECT_EQ(s.value, metric(name, c));
    EXPECT_LT(s.low, s.value) << name;
    EXPECT_GT(s.high, s.value) << name;
  }
  // with classes of equal size the bootstrap of macro F1 is about as wide as Wilson's interval
  const double wilson_width = scores[0].score.high - scores[0].score.low;
  const double f1_width = scores[2].score.high - scores[2].score.low;
  EXPECT_NEAR(f1_width / wilson_width, 1, 0.25);
}

TEST(ScoreAll, more_samples_give_a_narrower_interval) {
  const auto few = score_all(made_up(50), 1), many = score_all(made_up(2000), 1);
  for (std::size_t m = 0; m < few.size(); ++m) {
    const auto &a = few[m].score, &b = many[m].score;
    EXPECT_LT(b.high - b.low, 0.5 * (a.high - a.low)) << few[m].name;
  }
}

TEST(ScoreAll, is_repeatable_and_keyed_by_the_seed) {
  const Classification c = made_up(100);
  const auto first = score_all(c, 1), again = score_all(c, 1), other = score_all(c, 2);
  bool differs = false;
  for (std::size_t m = 0; m < first.size(); ++m) {
    EXPECT_EQ(first[m].score.low, again[m].score.low);
    EXPECT_EQ(first[m].score.high, again[m].score.high);
    differs = differs || first[m].score.low != other[m].score.low;
  }
  EXPECT_TRUE(differs);
}

}  // namespace
}  // namespace refrain::score
