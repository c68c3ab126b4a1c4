#include "refrain/score/decision.h"

#include <gtest/gtest.h>

#include "refrain/base/error.h"
#include "refrain/base/rng.h"

namespace refrain::score {
namespace {

Classification two_classes(int n) {
  base::Rng rng(4);
  Classification c;
  c.classes = 2;
  for (int i = 0; i < n; ++i) {
    const double p = static_cast<double>(rng.below(20)) / 20;  // ties
    c.truth.push_back(rng.uniform() < p * p ? 1 : 0);
    c.predicted.push_back(p >= 0.5 ? 1 : 0);
    c.probability.insert(c.probability.end(), {1 - p, p});
  }
  return c;
}

Classification predicted_from(Classification c, double threshold) {
  for (std::size_t i = 0; i < c.size(); ++i) {
    c.predicted[i] = c.probability[2 * i + 1] >= threshold ? 1 : 0;
  }
  return c;
}

TEST(Decide, takes_the_class_of_least_expected_cost) {
  const Cost equal = {{0, 1, 1}, {1, 0, 1}, {1, 1, 0}};
  EXPECT_EQ(decide({0.2, 0.5, 0.3, 0.6, 0.3, 0.1}, equal), (std::vector<int>{1, 0}));
  const Cost dear = {{0, 1, 1}, {1, 0, 1}, {20, 20, 0}};  // class 2 must not be missed
  EXPECT_EQ(decide({0.2, 0.5, 0.3, 0.6, 0.39, 0.01}, dear), (std::vector<int>{2, 0}));
  EXPECT_THROW(decide({1, 0}, {{0, 1}}), Error);
}

TEST(BinaryThreshold, decides_as_the_costs_do) {
  const Cost cost = {{0, 1}, {4, 0}};
  EXPECT_NEAR(binary_threshold(cost), 0.2, 1e-15);
  const auto c = two_classes(100);
  EXPECT_EQ(decide(c.probability, {{0, 1.1}, {4, 0.1}}),
            predicted_from(c, binary_threshold({{0, 1.1}, {4, 0.1}})).predicted);
  EXPECT_THROW(binary_threshold({{0, 1}, {0, 0}}), Error);
}

TEST(MeanCost, counts_mistakes_by_their_price) {
  Classification c;
  c.classes = 2;
  c.truth = {0, 0, 1, -1};
  c.predicted = {0, 1, 0, 1};
  const Metric cost = mean_cost({{0, 1}, {4, 0}});
  EXPECT_NEAR(cost(c), 5.0 / 3, 1e-15);
  EXPECT_EQ(cost.low, 0);
  EXPECT_EQ(cost.high, 4);
  EXPECT_TRUE(cost.smaller_is_better);
  EXPECT_THROW(mean_cost({{0, 1}}), Error);
  c.classes = 3;
  EXPECT_THROW(cost(c), Error) << "the costs of two classes do not fit three";
}

TEST(BestThreshold, no_other_threshold_does_better) {
  const auto c = two_classes(80);
  for (const char* name : {"accuracy", "balanced_accuracy", "macro_f1", "matthews", "kappa"}) {
    const Metric& metric = classification_metrics().at(name);
    const Threshold best = best_threshold(c, metric);
    EXPECT_NEAR(metric(predicted_from(c, best.probability)), best.value, 1e-12) << name;
    for (double t = 0; t < 1.02; t += 0.01) {
      EXPECT_LE(metric(predicted_from(c, t)), best.value + 1e-12) << name << " " << t;
    }
  }
}

TEST(BestThreshold, is_one_half_where_that_is_as_good) {
  Classification c;
  c.classes = 2;
  c.truth = {0, 1};
  c.predicted = {0, 1};
  c.probability = {0.9, 0.1, 0.3, 0.7};
  EXPECT_EQ(best_threshold(c, classification_metrics().at("accuracy")).probability, 0.5);
}

TEST(BestThreshold, wants_two_classes_and_a_metric_of_labels) {
  auto c = two_classes(10);
  EXPECT_THROW(best_threshold(c, classification_metrics().at("auroc")), Error);
  c.probability.clear();
  EXPECT_THROW(best_threshold(c, classification_metrics().at("accuracy")), Error);
}

}  // namespace
}  // namespace refrain::score
