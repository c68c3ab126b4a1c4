#include "refrain/task/fit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "refrain/task/cost.h"
#include "refrain/task/labels.h"
#include "refrain/task/made_up_data.h"

namespace refrain::task {
namespace {

using testing::HasSubstr;

Fitted fitted(const Spec& spec, const data::Dataset& d) {
  return fit_model(spec, {&d, all_of(d), &d, {}}, {});
}

std::vector<double> predicted(const Model& model, const data::Dataset& d) {
  const auto all = all_of(d);
  return model.predict({d, all}, 1);
}

TEST(FitModel, an_ensemble_averages_networks_of_different_seeds) {
  const auto d = trends(40);
  Spec spec = small_spec();
  spec.model.ensemble = 2;
  const Model both = fitted(spec, d).model;
  ASSERT_EQ(both.members.size(), 2U);
  const auto samples = both.members[0].network->encode(d, all_of(d));
  const auto a = both.members[0].network->predict(samples, 1);
  const auto b = both.members[1].network->predict(samples, 1);
  const auto mean = predicted(both, d);
  EXPECT_NE(a, b);
  for (std::size_t i = 0; i < mean.size(); ++i) EXPECT_NEAR(mean[i], (a[i] + b[i]) / 2, 1e-12);
}

TEST(FitModel, the_first_network_of_an_ensemble_is_the_one_without_it) {
  const auto d = trends(40);
  Spec spec = small_spec();
  const Model one = fitted(spec, d).model;
  spec.model.ensemble = 3;
  const Model three = fitted(spec, d).model;
  EXPECT_EQ(one.single_network()->params().values(), three.members[0].network->params().values());
}

TEST(FitModel, an_ensemble_is_the_same_for_one_and_two_threads) {
  const auto d = opinions(60);
  Spec spec = small_spec();
  spec.model.ensemble = 3;
  spec.model.blend = "tfidf_logistic";
  spec.model.calibrate = true;
  const Model one = fitted(spec, d).model;
  spec.train.threads = 2;
  const Model two = fitted(spec, d).model;
  EXPECT_EQ(predicted(one, d), predicted(two, d));
}

TEST(FitModel, a_method_that_cannot_read_the_samples_is_refused) {
  Spec spec = small_spec();
  spec.model.model = "minirocket";
  try {
    fitted(spec, opinions(20));
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Code::kUsage);
    EXPECT_THAT(e.what(), HasSubstr("minirocket cannot read these samples"));
  }
}

TEST(FitModel, an_unknown_method_to_blend_is_refused_with_the_nearest_name) {
  Spec spec = small_spec();
  spec.model.blend = "minirockt";
  try {
    fitted(spec, trends(20));
    FAIL();
  } catch (const Error& e) {
    EXPECT_THAT(std::string(e.what()) + e.hint(), HasSubstr("minirocket"));
  }
}

TEST(FitModel, a_calibrated_model_keeps_its_answers) {
  const auto d = trends(60);
  Spec spec = small_spec();
  const Model plain = fitted(spec, d).model;
  spec.model.calibrate = true;
  const Model calibrated = fitted(spec, d).model;
  EXPECT_NE(calibrated.temperature, 1);
  EXPECT_EQ(plain.decide(predicted(plain, d)), calibrated.decide(predicted(calibrated, d)));
}

TEST(FitModel, dear_mistakes_are_made_less_often) {
  const auto d = trends(80);
  Spec spec = small_spec();
  const Model plain = fitted(spec, d).model;
  const auto& labels = plain.labels;
  spec.model.cost = labels[0] + ">" + labels[1] + "=1000";
  const Model careful = fitted(spec, d).model;
  const auto p = predicted(careful, d);
  EXPECT_EQ(p, predicted(plain, d));
  for (const int answer : careful.decide(p)) EXPECT_EQ(answer, 0);
}

TEST(Cost, is_a_table_of_true_class_and_answer) {
  const std::vector<std::string> labels = {"a", "b c"};
  EXPECT_TRUE(parse_cost(" ", labels).empty());
  EXPECT_EQ(parse_cost("a>b c=2.5", labels), (score::Cost{{0, 2.5}, {1, 0}}));
  EXPECT_EQ(parse_cost(" b c > a = 7 , a>a=0.5", labels), (score::Cost{{0.5, 1}, {7, 0}}));
}

TEST(Cost, anything_else_is_refused) {
  for (const char* text :
       {"a", "a>b", "a>x=1", "a>b=-1", "a>b=nan", "a>b=", "a>b=1,", "=>", "a=1>b"}) {
    EXPECT_THROW(parse_cost(text, {"a", "b"}), Error) << text;
  }
}

TEST(Labels, probabilities_of_labels_a_model_lacks_are_zero) {
  EXPECT_EQ(widen({0.25, 0.75, 1, 0}, {"a", "c"}, {"a", "b", "c"}),
            (std::vector<double>{0.25, 0, 0.75, 1, 0, 0}));
}

}  // namespace
}  // namespace refrain::task
