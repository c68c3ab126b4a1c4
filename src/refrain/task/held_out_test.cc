#include "refrain/task/held_out.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "refrain/base/error.h"
#include "refrain/score/metrics.h"
#include "refrain/task/made_up_data.h"

namespace refrain::task {
namespace {

using testing::HasSubstr;

// Sample i is of group i mod `groups`.
data::Dataset in_groups(int count, int groups) {
  auto d = trends(count);
  for (int i = 0; i < count; ++i) {
    d.samples[static_cast<std::size_t>(i)].group = "g" + std::to_string(i % groups);
  }
  return d;
}

data::Dataset each_class_a_group() {
  auto d = trends(30);
  for (auto& sample : d.samples) sample.group = sample.label;
  return d;
}

std::size_t folds_of(const data::Dataset& d) {
  return cut_inner_folds(d, all_of(d), tasks().at("classify"), base::Rng(1)).size();
}

Spec two_methods() {
  Spec spec = small_spec();
  spec.train.epochs = 2;
  spec.model.blend = "summary_logistic";
  return spec;
}

std::string said_while_fitting(const Spec& spec, const data::Dataset& d) {
  std::string said;
  FitHooks hooks;
  hooks.log = base::Log([&](base::Level, const std::string& s) { said += s + "\n"; });
  const Model model = fit_model(spec, {&d, all_of(d), &d, {}}, hooks).model;
  EXPECT_EQ(model.members.size(), 2U);
  return said;
}

TEST(ClassifyJudge, has_the_log_loss_that_scores_have_with_the_same_floor) {
  const ClassifyGoal goal({"a", "b"});
  const std::vector<double> p = {0.7, 0.3, 1, 0, 1e-9, 1 - 1e-9, 1e-5, 1 - 1e-5};
  score::Classification c;
  c.classes = 2;
  c.truth = {0, 1, 1, 0};
  c.predicted = {0, 0, 1, 1};
  c.probability = p;
  std::vector<double> losses;
  for (std::size_t i = 0; i < 4; ++i) {
    data::EncodedTarget truth;
    truth.target = c.truth[i];
    losses.push_back(goal.judge().loss(&p[2 * i], truth));
  }
  EXPECT_EQ(losses, score::Prepared(c).log_loss);
  EXPECT_EQ(losses[1], -std::log(score::kLeastProbability)) << "not the loss of one in a million";
  EXPECT_EQ(losses[1], score::classification_metrics().at("log_loss").high);
}

TEST(CutInnerFolds, are_five_or_as_many_as_there_are_groups) {
  EXPECT_EQ(folds_of(trends(30)), 5U);
  EXPECT_EQ(folds_of(in_groups(30, 9)), 5U);
  EXPECT_EQ(folds_of(in_groups(30, 3)), 3U);
}

TEST(CutInnerFolds, leave_out_those_that_learn_from_one_class) {
  EXPECT_EQ(folds_of(in_groups(30, 1)), 0U);
  auto d = each_class_a_group();
  EXPECT_EQ(folds_of(d), 0U);
  for (std::size_t i = 0; i < d.samples.size(); i += 2) {
    if (d.samples[i].label == "up") d.samples[i].group = "further up";
  }
  EXPECT_EQ(folds_of(d), 2U) << "of three, but the one without \"down\"";
}

TEST(CutInnerFolds, of_few_groups_serve_all_that_is_chosen_by_them) {
  const auto d = in_groups(36, 3);
  Spec spec = two_methods();
  spec.model.blend_weight = kAutoWeight;
  spec.model.calibrate = true;
  spec.augment.augment = "auto";
  const auto said = said_while_fitting(spec, d);
  EXPECT_THAT(said, HasSubstr("search: taken is"));
  EXPECT_THAT(said, HasSubstr("of 3 inner folds"));
}

TEST(CutInnerFolds, where_there_are_none_nothing_is_chosen_by_them) {
  const auto d = in_groups(30, 1);
  Spec spec = two_methods();
  spec.model.blend_weight = kAutoWeight;
  spec.augment.augment = "auto";
  const auto said = said_while_fitting(spec, d);
  EXPECT_THAT(said, HasSubstr("search: left out, there are no inner folds"));
  EXPECT_THAT(said, HasSubstr("--blend-weight auto: equal weights"));
}

TEST(CutInnerFolds, where_there_are_none_calibration_is_refused) {
  const auto d = each_class_a_group();
  Spec spec = two_methods();
  spec.model.calibrate = true;
  try {
    fit_model(spec, {&d, all_of(d), &d, {}}, {});
    FAIL() << "it was done";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kUsage);
    EXPECT_THAT(error.what(), HasSubstr("--calibrate cannot be done"));
  }
}

}  // namespace
}  // namespace refrain::task
