#include "refrain/task/further.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>

#include "refrain/base/error.h"
#include "refrain/task/made_up_data.h"

namespace refrain::task {
namespace {

using testing::HasSubstr;

Model further_from(const Spec& spec, const data::Dataset& d) {
  return fit_model(spec, {&d, all_of(d), &d, {}}, {}).model;
}

Model further(const Model& model, const data::Dataset& d, int epochs, int threads = 1) {
  Spec how = model.spec;
  how.train.epochs = epochs;
  how.train.threads = threads;
  return fit_further(model, how, {&d, all_of(d), &d, {}}, {}).model;
}

std::vector<double> predicted_by(const Model& model, const data::Dataset& d) {
  const auto all = all_of(d);
  return model.predict({d, all}, 1);
}

double mean_loss(const Model& model, const data::Dataset& d) {
  const auto p = predicted_by(model, d);
  const auto C = model.goal->columns().size();
  double sum = 0;
  for (std::size_t i = 0; i < d.samples.size(); ++i) {
    const auto at =
        std::find(model.goal->columns().begin(), model.goal->columns().end(), d.samples[i].label);
    sum -= std::log(p[i * C + static_cast<std::size_t>(at - model.goal->columns().begin())]);
  }
  return sum / static_cast<double>(d.samples.size());
}

std::string refusal(const std::function<void()>& call) {
  try {
    call();
  } catch (const Error& error) {
    return error.what();
  }
  return "";
}

TEST(FitFurther, goes_on_from_the_weights_and_leaves_the_model_it_came_from_alone) {
  const auto d = trends(40);
  Spec spec = small_spec();
  spec.train.epochs = 2;
  const Model first = further_from(spec, d);
  const auto before = predicted_by(first, d);
  const Model second = further(first, d, 10);
  EXPECT_EQ(predicted_by(first, d), before);
  EXPECT_LT(mean_loss(second, d), mean_loss(first, d));
  EXPECT_EQ(second.receipt.epochs, first.receipt.epochs + 10);
  EXPECT_EQ(second.receipt.n_train, first.receipt.n_train + 40);
  EXPECT_EQ(second.spec.train.epochs, 2);
}

TEST(FitFurther, is_the_same_again_and_for_one_and_two_threads) {
  const auto d = trends(40);
  Spec spec = small_spec();
  spec.encoder.dropout = 0.2;
  for (const int networks : {1, 3}) {
    spec.model.ensemble = networks;
    const Model first = further_from(spec, d);
    const auto one = predicted_by(further(first, d, 2), d);
    EXPECT_EQ(one, predicted_by(further(first, d, 2), d));
    EXPECT_EQ(one, predicted_by(further(first, d, 2, 2), d));
  }
}

TEST(FitFurther, draws_other_random_numbers_at_each_call) {
  const auto d = trends(40);
  Model model = further_from(small_spec(), d);
  const auto one = predicted_by(further(model, d, 1), d);
  model.receipt.epochs += 1;
  EXPECT_NE(one, predicted_by(further(model, d, 1), d));
}

// How far the weights below the head have gone, and the head's.
std::pair<double, double> distances(const Model& from, const Model& to) {
  const auto &a = from.members[0].learner->network()->params(),
             &b = to.members[0].learner->network()->params();
  double body = 0, head = 0;
  for (const auto& p : a.params()) {
    for (std::size_t i = p.offset; i < p.offset + p.shape.count(); ++i) {
      const double step = static_cast<double>(a.values()[i]) - static_cast<double>(b.values()[i]);
      (p.name.starts_with("head") ? head : body) += step * step;
    }
  }
  return {body, head};
}

TEST(FitFurther, l2_sp_keeps_the_weights_near_those_that_it_begins_with) {
  const auto d = trends(40);
  const Model first = further_from(small_spec(), d);
  Model held = further_from(small_spec(), d);
  held.spec.train.l2_sp = 100;
  const auto [free_body, free_head] = distances(first, further(first, d, 20));
  const auto [held_body, held_head] = distances(first, further(held, d, 20));
  EXPECT_LT(held_body, free_body / 10);
  EXPECT_GT(held_head, free_head / 10);
}

TEST(FitFurther, freezes_as_it_is_told) {
  const auto d = trends(40);
  const Model first = further_from(small_spec(), d);
  Model frozen = further_from(small_spec(), d);
  frozen.spec.train.freeze = "encoder.*";
  const auto [body, head] = distances(first, further(frozen, d, 2));
  EXPECT_EQ(body, 0);
  EXPECT_GT(head, 0);
  frozen.spec.train.freeze = "nothing";
  EXPECT_THAT(refusal([&] { further(frozen, d, 1); }), HasSubstr("no parameter is called"));
}

TEST(FitFurther, refuses_simple_methods_unknown_labels_and_other_channels) {
  const auto d = trends(40);
  Spec spec = small_spec();
  const Model network = further_from(spec, d);
  spec.model.blend = "nn_dtw";
  const Model blend = further_from(spec, d);
  EXPECT_THAT(refusal([&] { further(blend, d, 1); }),
              HasSubstr("the method nn_dtw cannot be trained further"));
  auto other = d;
  other.samples[3].label = "new";
  EXPECT_THAT(refusal([&] { further(network, other, 1); }), HasSubstr("label 'new'"));
  EXPECT_THAT(refusal([&] { further(network, opinions(10), 1); }), HasSubstr("was trained on"));
}

TEST(FitModel, networks_wait_for_classes_without_samples_and_simple_methods_do_not) {
  const auto d = trends(40);
  Spec spec = small_spec();
  FitParts parts{&d, all_of(d), &d, {}};
  parts.classes = {"later"};
  const Model model = fit_model(spec, parts, {}).model;
  EXPECT_THAT(model.goal->columns(), testing::Contains("later"));
  auto more = d;
  for (auto& sample : more.samples) sample.label = "later";
  const auto at = std::find(model.goal->columns().begin(), model.goal->columns().end(), "later");
  const auto column = static_cast<std::size_t>(at - model.goal->columns().begin());
  const double before = predicted_by(model, d)[column];
  EXPECT_GT(predicted_by(further(model, more, 5), d)[column], before);
  spec.model.blend = "nn_dtw";
  spec.given.insert("blend");
  EXPECT_THAT(refusal([&] { fit_model(spec, parts, {}); }), HasSubstr("classes without samples"));
}

}  // namespace
}  // namespace refrain::task
