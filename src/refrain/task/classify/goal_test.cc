#include "refrain/task/classify/goal.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/score/temperature.h"
#include "refrain/task/classify/cost.h"
#include "refrain/task/fit.h"
#include "refrain/task/made_up_data.h"
#include "refrain/task/model_file.h"
#include "refrain/task/preset.h"

namespace refrain::task {
namespace {

using testing::HasSubstr;

data::EncodedTarget target(int number, double weight = 1) {
  data::EncodedTarget out;
  out.target = number;
  out.weight = weight;
  return out;
}

TEST(ClassifyGoal, heavier_samples_count_more_in_what_early_stopping_sees) {
  const ClassifyGoal goal({"a", "b"});
  const auto got = goal.judge().score({target(0, 3), target(0, 1)}, {0.9, 0.1, 0.2, 0.8});
  EXPECT_NEAR(got.score, 0.75, 1e-12);
  EXPECT_NEAR(got.loss, -(3 * std::log(0.9) + std::log(0.2)) / 4, 1e-12);
}

TEST(ClassifyGoal, weights_of_samples_and_classes_multiply_and_the_training_part_counts) {
  auto d = trends(8);
  for (int i = 0; i < 8; ++i) d.samples[static_cast<std::size_t>(i)].label = i < 3 ? "a" : "b";
  Spec spec = small_spec();
  spec.classify.class_weight = "balanced";
  const Network network = make_network(spec, d);
  const auto samples = network.encode(d, all_of(d));
  const auto problem = network.goal().problem(network, samples, 4);  // three of a, one of b
  data::EncodedSample one = samples[0];
  EXPECT_NEAR(problem->weight(one), 4.0 / (2 * 3), 1e-6);
  one.weight = 2.5;
  EXPECT_NEAR(problem->weight(one), 2.5 * 4.0 / (2 * 3), 1e-6);
  EXPECT_NEAR(problem->weight(samples[7]), 4.0 / (2 * 1), 1e-6);
}

TEST(ClassifyGoal, damaged_parts_of_a_file_are_refused) {
  const base::Json good = {{"labels", {"a", "b"}}, {"class_weight", {1, 2}}};
  EXPECT_EQ(read_classify(good)->to_json(), good);
  for (const char* bad : {R"({"labels": ["a"]})", R"({"labels": ["a", "a"]})",
                          R"({"labels": ["a", "b"], "class_weight": [1, 2, 3]})",
                          R"({"labels": ["a", "b"], "class_weight": [1, 0]})",
                          R"({"labels": ["a", "b"], "cost": [[0, 1]]})"}) {
    EXPECT_THROW(read_classify(base::Json::parse(bad)), Error) << bad;
  }
}

TEST(ClassifyGoal, an_equal_sign_before_the_arrow_is_no_cost) {
  EXPECT_THROW(parse_cost("a=1>b", {"a", "a=1", "b"}), Error);
}

TEST(Model, members_are_weighed_by_their_share_and_the_mean_has_the_temperature) {
  const auto d = opinions(40);
  Spec spec = small_spec();
  spec.train.epochs = 1;
  spec.model.blend = "tfidf_logistic";
  Model model = fit_model(spec, {&d, all_of(d), &d, {}}, {}).model;
  ASSERT_EQ(model.members.size(), 2U);
  const std::vector<int> numbers = all_of(d);
  const auto plain = model.predict({d, numbers}, 1);
  const auto network = model.predict_by("network", {d, numbers}, 1);
  const auto method = model.predict_by("tfidf_logistic", {d, numbers}, 1);
  for (std::size_t i = 0; i < plain.size(); ++i) {
    EXPECT_NEAR(plain[i], (network[i] + method[i]) / 2, 1e-12);
  }
  for (auto& member : model.members) member.weight *= 3;
  const auto heavier = model.predict({d, numbers}, 1);
  for (std::size_t i = 0; i < plain.size(); ++i) EXPECT_NEAR(heavier[i], plain[i], 1e-12);
  model.temperature = 2;
  EXPECT_EQ(model.predict({d, numbers}, 1), score::apply_temperature(heavier, 3, 2));
}

TEST(Model, members_without_a_share_are_not_kept_and_the_file_is_read_again) {
  const auto d = opinions(40);
  Spec spec = small_spec();
  spec.train.epochs = 1;
  spec.model.blend = "tfidf_logistic,majority";
  Model model = fit_model(spec, {&d, all_of(d), &d, {}}, {}).model;
  model.members[1].weight = 0;
  const std::vector<int> numbers = all_of(d);
  const auto before = model.predict({d, numbers}, 1);
  model.leave_silent_out();
  ASSERT_EQ(model.members.size(), 2U);
  EXPECT_EQ(model.members[1].method, "majority");
  EXPECT_EQ(parse_model(model_bytes(model), "m.refrain").predict({d, numbers}, 1), before);
}

TEST(FitModel, a_method_learns_from_a_heavier_sample_as_from_several) {
  auto weighed = opinions(20), repeated = opinions(20);
  for (int i : {3, 8}) {
    repeated.samples.push_back(repeated.samples[static_cast<std::size_t>(i)]);
    repeated.samples.back().source = i;
    weighed.samples[static_cast<std::size_t>(i)].weight = 2;
  }
  Spec spec = small_spec();
  spec.model.model = "tfidf_logistic";
  const auto predicted = [&](const data::Dataset& d) {
    const auto asked = opinions(20);
    return fit_model(spec, {&d, all_of(d), &d, {}}, {}).model.predict({asked, all_of(asked)}, 1);
  };
  const auto plain = predicted(opinions(20)), heavy = predicted(weighed);
  EXPECT_NE(heavy, plain);
  double moved = 0;
  const std::vector<double> copies = predicted(repeated);
  for (std::size_t i = 0; i < heavy.size(); ++i) moved += std::abs(heavy[i] - copies[i]);
  double apart = 0;
  for (std::size_t i = 0; i < heavy.size(); ++i) apart += std::abs(heavy[i] - plain[i]);
  EXPECT_LT(moved, 0.5 * apart);
}

TEST(FitModel, some_methods_take_no_weights_that_differ) {
  auto d = trends(20);
  d.samples[3].weight = 2;
  Spec spec = small_spec();
  spec.model.model = "nn_dtw";
  try {
    fit_model(spec, {&d, all_of(d), &d, {}}, {});
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Code::kUnsupported);
    EXPECT_THAT(e.what(), HasSubstr("takes no sample weights"));
  }
}

TEST(FitModel, repeats_of_methods_that_are_not_there_are_refused) {
  const auto d = trends(20);
  Spec spec = small_spec();
  spec.model.blend_repeats = 2;
  EXPECT_THROW(fit_model(spec, {&d, all_of(d), &d, {}}, {}), Error);
}

TrainingData fifty_series() {
  TrainingData out;
  out.samples = 50;
  return out;
}

TEST(Preset, options_of_training_change_what_the_preset_trains_and_not_its_kind) {
  Spec spec;
  spec.given = {"class_weight", "cost", "seed", "lr", "epochs", "ensemble", "label_smoothing"};
  spec.optim.lr = 0.01;
  spec.train.epochs = 7;
  spec.model.ensemble = 2;
  EXPECT_EQ(other_kind(spec, fifty_series()), "");
  apply_preset(spec, fifty_series());
  EXPECT_EQ(spec.preset, "good");
  EXPECT_EQ(spec.train.epochs, 7);
  EXPECT_EQ(spec.model.ensemble, 2);
  EXPECT_EQ(spec.model.blend, "minirocket,hydra");
}

TEST(Preset, a_value_that_the_preset_has_anyway_changes_nothing) {
  Spec named;
  named.given = {"hidden", "cell", "layers", "lr", "bidirectional"};
  named.encoder.hidden = 48;
  Spec plain;
  for (Spec* spec : {&named, &plain}) resolve(*spec, fifty_series());
  const auto fields = spec_fields().list();
  EXPECT_EQ(base::fields_to_json(fields, &named), base::fields_to_json(fields, &plain));
}

TEST(Preset, a_network_of_another_form_is_trained_alone_and_the_reason_is_told) {
  Spec spec;
  spec.given = {"hidden", "cell", "lr"};
  spec.encoder.hidden = 16;
  EXPECT_EQ(preset_of(spec, fifty_series()), "none");
  EXPECT_THAT(
      other_kind(spec, fifty_series()),
      HasSubstr("one network alone, since --hidden says which; the usual model is 4 networks "
                "with minirocket,hydra"));
  spec.preset = "good";
  EXPECT_EQ(preset_of(spec, fifty_series()), "good");
  EXPECT_EQ(other_kind(spec, fifty_series()), "");
}

TEST(Preset, patience_holds_samples_out_by_which_to_stop) {
  const auto d = trends(400);
  Spec spec = small_spec();
  spec.preset = "auto";
  spec.given = {};
  EXPECT_TRUE(split_valid(d, all_of(d), spec, base::Rng(1), nullptr).valid.empty());
  spec.given = {"patience"};
  spec.train.patience = 5;
  EXPECT_FALSE(split_valid(d, all_of(d), spec, base::Rng(1), nullptr).valid.empty());
}

}  // namespace
}  // namespace refrain::task
