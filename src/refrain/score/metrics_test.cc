#include "refrain/score/metrics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <fstream>
#include <nlohmann/json.hpp>

#include "refrain/base/fields.h"

namespace refrain::score {
namespace {

using base::Json;

constexpr double kTenDigits = 1e-9;  // the reference numbers are written with ten digits

Json golden_metrics() {
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
  const Json file = golden_metrics();
  for (const Json& item : file["cases"]) {
    const Classification c = from(item);
    const std::string name = item["name"];
    for (const char* key :
         {"accuracy", "balanced_accuracy", "macro_f1", "weighted_f1", "log_loss"}) {
      EXPECT_NEAR(metric(key, c), item[key].get<double>(), kTenDigits) << key << ": " << name;
    }
    EXPECT_NEAR(metric("matthews", c), item["mcc"].get<double>(), kTenDigits) << name;
    EXPECT_EQ(confusion_matrix(c), item["confusion"].get<std::vector<std::vector<int>>>()) << name;
    ++cases;
  }
  EXPECT_EQ(cases, 9);
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

Json scores() {
  std::ifstream file(REFRAIN_SOURCE_DIR "/tests/golden/scores.json");
  return Json::parse(file)["cases"];
}

Classification with_weights(const Json& item) {
  Classification c;
  c.classes = item["classes"];
  c.truth = item["truth"].get<std::vector<int>>();
  c.predicted = item["predicted"].get<std::vector<int>>();
  c.weight = item["weight"].get<std::vector<double>>();
  for (const auto& row : item["probability"]) {
    for (const double p : row) c.probability.push_back(p);
  }
  return c;
}

TEST(Metrics, weighted_tied_absent_and_unseen_are_those_of_scikit_learn) {
  const Json cases = scores();
  EXPECT_EQ(cases.size(), 17u);
  for (const Json& item : cases) {
    const Classification c = with_weights(item);
    EXPECT_EQ(item["values"].size(), classification_metrics().items().size());
    for (const auto& [name, expected] : item["values"].items()) {
      EXPECT_NEAR(metric(name, c), expected.get<double>(), 1e-12) << name << ": " << item["name"];
    }
  }
}

TEST(PerClass, is_that_of_scikit_learn) {
  for (const Json& item : scores()) {
    const auto rows = per_class(with_weights(item));
    ASSERT_EQ(rows.size(), item["per_class"].size());
    for (std::size_t k = 0; k < rows.size(); ++k) {
      const auto expected = item["per_class"][k].get<std::vector<double>>();
      const auto& r = rows[k];
      const std::vector<double> got = {r.precision, r.recall, r.f1, r.support, r.auroc};
      for (std::size_t j = 0; j < got.size(); ++j) {
        EXPECT_NEAR(got[j], expected[j], 1e-12) << item["name"] << " " << k << " " << j;
      }
    }
  }
}

TEST(Metrics, a_weight_of_two_is_the_sample_twice_and_of_zero_its_absence) {
  for (const Json& item : scores()) {
    Classification c = with_weights(item), copied = c;
    c.weight.assign(c.size(), 1);
    copied.weight.clear();
    c.weight[0] = 2;
    copied.truth.push_back(c.truth[0]);
    copied.predicted.push_back(c.predicted[0]);
    for (int k = 0; k < c.classes; ++k) {
      copied.probability.push_back(c.probability[static_cast<std::size_t>(k)]);
    }
    Classification absent = copied;
    absent.weight.assign(absent.size(), 1);
    absent.weight.back() = 0;
    Classification plain = c;
    plain.weight.clear();
    for (const auto& [name, about, m] : classification_metrics().items()) {
      EXPECT_NEAR(m(c), m(copied), 1e-12) << name << ": " << item["name"];
      EXPECT_NEAR(m(plain), m(absent), 1e-12) << name << ": " << item["name"];
    }
  }
}

TEST(Metrics, wrong_input_is_named) {
  Classification c;
  c.classes = 2;
  c.truth = {0, 1};
  c.predicted = {0, 2};
  EXPECT_THROW(metric("accuracy", c), Error);
  c.predicted = {0};
  EXPECT_THROW(metric("accuracy", c), Error);
  c.predicted = {0, 1};
  EXPECT_EQ(metric("accuracy", c), 1);
  c.weight = {1, -1};
  EXPECT_THROW(metric("accuracy", c), Error);
  c.weight.clear();
  c.probability = {0.5, 0.5, std::nan(""), 1};
  EXPECT_THROW(metric("log_loss", c), Error);
}

}  // namespace
}  // namespace refrain::score
