#include "refrain/method/forest.h"

#include <gmock/gmock.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <numeric>

#include "refrain/base/error.h"
#include "refrain/base/rng.h"

namespace refrain::method {
namespace {

using Size = std::size_t;

// Rows of three columns: the second one tells the number, the others are noise.
struct Steps {
  ForestRows x{{}, 3};
  ForestGoal goal;

  explicit Steps(int n, double noise = 0) {
    base::Rng rng(11);
    for (int i = 0; i < n; ++i) {
      const double v = rng.uniform(0, 0.4) + (i % 2 == 0 ? 0.6 : 0);
      x.x.insert(x.x.end(), {static_cast<float>(rng.uniform()), static_cast<float>(v), 7.0F});
      goal.y.push_back((i % 2 == 0 ? 1 : -1) + noise * rng.normal());
      goal.units.push_back(i);
    }
  }
};

Forest grown(const Steps& steps, const ForestOptions& options) {
  Forest forest;
  forest.fit(steps.x, steps.goal, options);
  return forest;
}

TEST(Forest, a_tree_splits_between_the_values_where_the_number_changes) {
  ForestRows x{{0, 0, 1, 1}, 1};
  Forest forest;
  forest.fit(x, {{-1, -1, 1, 1}, 1, {0, 0, 1, 1}, 1, 1}, {});
  for (const auto& tree : forest.trees()) EXPECT_EQ(tree.nodes.size(), 1U) << "it saw one value";
  x = {{0, 0, 0, 0, 1, 1, 1, 1}, 1};
  std::vector<int> units(8);
  std::iota(units.begin(), units.end(), 0);
  forest.fit(x, {{-1, -1, -1, -1, 1, 1, 1, 1}, 1, units, 1, 1}, {});
  for (const auto& tree : forest.trees()) {
    ASSERT_EQ(tree.nodes.size(), 3U);
    EXPECT_EQ(tree.nodes[0].column, 0);
    EXPECT_GE(tree.nodes[0].threshold, 0);
    EXPECT_LT(tree.nodes[0].threshold, 1);
  }
  EXPECT_EQ(forest.shrinkage(), 0);
  const auto said = forest.predict({{-5, 5}, 1}, 1);
  EXPECT_NEAR(said[0], -1, 1e-6);
  EXPECT_NEAR(said[1], 1, 1e-6);
}

TEST(Forest, the_column_that_tells_is_found_among_noise_and_a_constant_one_is_never_split) {
  ForestOptions options;
  options.tried = 3;
  const auto forest = grown(Steps(60), options);
  for (const auto& tree : forest.trees()) {
    for (const auto& node : tree.nodes) EXPECT_NE(node.column, 2);
  }
  const auto said = forest.predict({{0.5F, 0.1F, 7, 0.5F, 0.9F, 7}, 3}, 1);
  EXPECT_LT(said[0], -0.9);
  EXPECT_GT(said[1], 0.9);
}

TEST(Forest, leaves_have_the_least_number_of_samples) {
  ForestOptions options;
  options.least = 10;
  options.trees = 20;
  const Steps steps(60, 1);
  const auto forest = grown(steps, options);
  for (const auto& tree : forest.trees()) EXPECT_LE(tree.nodes.size(), 7U) << "42 samples";
}

TEST(Forest, on_noise_it_says_the_mean_and_on_what_can_be_told_it_does_not_shrink_much) {
  Steps noise(100);
  base::Rng rng(4);
  for (double& v : noise.goal.y) v = rng.normal();
  const auto flat = grown(noise, {});
  EXPECT_GT(flat.shrinkage(), 20);
  EXPECT_LT(grown(Steps(100), {}).shrinkage(), 3);
}

// Copies of a sample would tell each other's noise.
TEST(Forest, samples_of_one_unit_do_not_judge_each_other) {
  Steps once(40);
  base::Rng rng(5);
  for (double& v : once.goal.y) v = rng.normal();
  Steps twice = once;
  twice.x.x.insert(twice.x.x.end(), once.x.x.begin(), once.x.x.end());
  twice.goal.y.insert(twice.goal.y.end(), once.goal.y.begin(), once.goal.y.end());
  twice.goal.units.resize(80);
  std::iota(twice.goal.units.begin(), twice.goal.units.end(), 0);
  EXPECT_LT(grown(twice, {}).shrinkage(), 3) << "as if they were strangers";
  for (Size i = 0; i < 80; ++i) twice.goal.units[i] = static_cast<int>(i % 40);
  EXPECT_GT(grown(twice, {}).shrinkage(), 20);
}

TEST(Forest, classes_as_ones_give_shares_that_sum_to_one) {
  Steps steps(60);
  const auto numbers = steps.goal.y;
  steps.goal.y.clear();
  for (const double v : numbers)
    steps.goal.y.insert(steps.goal.y.end(), {v > 0 ? 1.0 : 0.0, v > 0 ? 0.0 : 1.0});
  steps.goal.width = 2;
  const auto said = grown(steps, {}).predict({{0.5F, 0.1F, 7, 0.5F, 0.9F, 7}, 3}, 1);
  ASSERT_EQ(said.size(), 4U);
  EXPECT_LT(said[0], 0.2);
  EXPECT_GT(said[2], 0.8);
  EXPECT_NEAR(said[0] + said[1], 1, 1e-5);
  EXPECT_NEAR(said[2] + said[3], 1, 1e-5);
}

TEST(Forest, it_is_the_same_on_one_and_two_threads) {
  Steps steps(50, 0.5);
  const auto one = grown(steps, {}).predict(steps.x, 1);
  steps.goal.threads = 2;
  EXPECT_EQ(grown(steps, {}).predict(steps.x, 2), one);
}

Code forest_code(const tensor::TensorFile& file, const base::Json& head) {
  try {
    Archive archive(file, "", 1, head);
    Forest().archive(archive);
  } catch (const Error& error) {
    return error.code();
  }
  return Code::kInternal;
}

TEST(Forest, a_file_whose_nodes_lead_back_or_outside_is_a_data_error) {
  ForestOptions options;
  options.trees = 2;
  auto forest = grown(Steps(30), options);
  tensor::TensorFile whole;
  Archive archive(whole, "", 1);
  forest.archive(archive);
  EXPECT_EQ(forest_code(whole, archive.head()), Code::kInternal) << "it is whole";
  const std::vector<std::pair<std::string, float>> damages = {
      {"right", 0},  {"right", 1e6F}, {"right", 1e30F}, {"right", -3},
      {"column", 3}, {"column", -2},  {"column", 1e30F}};
  for (const auto& [name, value] : damages) {
    auto file = whole;
    for (auto& tensor : file.tensors) {
      if (tensor.name == name) tensor.values[0] = static_cast<real>(value);
    }
    EXPECT_EQ(forest_code(file, archive.head()), Code::kData) << name << " " << value;
  }
  for (const int size : {0, -1, 1 << 30}) {
    auto head = archive.head();
    head["sizes"][0] = size;
    EXPECT_EQ(forest_code(whole, head), Code::kData) << size;
  }
}

}  // namespace
}  // namespace refrain::method
