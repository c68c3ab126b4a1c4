#include "refrain/task/fit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <map>
#include <mutex>
#include <nlohmann/json.hpp>
#include <numeric>

#include "refrain/base/duration.h"
#include "refrain/task/augmenting.h"
#include "refrain/task/classify/cost.h"
#include "refrain/task/classify/labels.h"
#include "refrain/task/distil.h"
#include "refrain/task/made_up_data.h"
#include "refrain/task/model_file.h"

namespace refrain::task {
namespace {

using testing::HasSubstr;

Fitted fitted(const Spec& spec, const data::Dataset& d) {
  return fit_model(spec, {&d, all_of(d), &d, {}}, {});
}

std::vector<std::string> decided(const Model& model, const data::Dataset& d) {
  const auto answers = model.predict({d, all_of(d)}, 1);
  std::vector<std::string> out;
  for (std::size_t i = 0; i < d.samples.size(); ++i) {
    out.push_back(model.goal->decide(&answers[i * static_cast<std::size_t>(model.goal->width())]));
  }
  return out;
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
  const auto samples = both.members[0].learner->network()->encode(d, all_of(d));
  const auto a = both.members[0].learner->network()->predict(samples, 1);
  const auto b = both.members[1].learner->network()->predict(samples, 1);
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
  EXPECT_EQ(one.single_network()->params().values(),
            three.members[0].learner->network()->params().values());
}

TEST(FitModel, augmentation_is_another_training_and_the_same_for_one_and_two_threads) {
  const auto d = trends(60);
  Spec spec = small_spec();
  spec.encoder.hidden = 24;
  spec.train.batch_size = 60;
  const auto values = [&](const char* augment, int threads) {
    spec.augment.augment = augment;
    spec.train.threads = threads;
    return fitted(spec, d).model.single_network()->params().values();
  };
  const auto none = values("", 1), one = values("crop | jitter | mixup", 1);
  EXPECT_NE(none, one);
  EXPECT_EQ(one, values("crop | jitter | mixup", 2));
  EXPECT_EQ(none, values("jitter(p=0)", 1));
}

TEST(FitModel, the_validation_part_and_what_is_fitted_see_the_samples_themselves) {
  const auto d = trends(40);
  Spec spec = small_spec();
  spec.augment.augment = "offset(sigma=1000, p=1)";
  const Model with = fitted(spec, d).model;
  spec.augment.augment.clear();
  const Model without = fitted(spec, d).model;
  EXPECT_EQ(with.features.to_json(), without.features.to_json());
}

// Slips on the keyboard make words that are in no text: were they kept, a few samples would teach
// the network what the unknown words of new texts mean.
TEST(Augmenting, words_that_only_variants_have_are_left_out_unless_a_step_hides_words) {
  const auto d = opinions(20);
  const auto unknown = [&](const char* specification) {
    Spec spec = small_spec();
    spec.augment.augment = specification;
    const Network network = make_network(spec, d);
    const auto encoded = network.encode(d, all_of(d));
    const Augmenting augmenting(network, d, all_of(d), encoded);
    int count = 0;
    for (int i = 0; i < 20; ++i) {
      data::EncodedSample out;
      augmenting.vary(i, base::Rng(5), out);
      const auto& ids = out.streams.front().ids;
      EXPECT_EQ(out.streams.front().length, static_cast<int>(ids.size()));
      EXPECT_FALSE(ids.empty());
      if (ids.size() > 1) count += static_cast<int>(std::count(ids.begin(), ids.end(), 0));
    }
    return count;
  };
  EXPECT_EQ(unknown("typo(share=0.3, p=1)"), 0);
  EXPECT_GT(unknown("typo(share=0.3, p=1) | word_dropout(rate=0.3, p=1)"), 5);
}

TEST(Augmenting, a_mix_is_given_the_shares_of_both_labels) {
  const auto d = trends(30);
  Spec spec = small_spec();
  spec.augment.augment = "mixup(alpha=5, p=1)";
  const Network network = make_network(spec, d);
  const auto encoded = network.encode(d, all_of(d));
  const Augmenting augmenting(network, d, all_of(d), encoded);
  int mixed = 0;
  for (int i = 0; i < 30; ++i) {
    data::EncodedSample out;
    augmenting.vary(i, base::Rng(5), out);
    ASSERT_EQ(out.shares.size(), 2U);
    EXPECT_NEAR(static_cast<double>(out.shares[0] + out.shares[1]), 1, 1e-6);
    EXPECT_GE(out.shares[static_cast<std::size_t>(out.target)], real{0.5});
    EXPECT_EQ(out.target, encoded[static_cast<std::size_t>(i)].target);
    mixed += out.shares[0] > 0 && out.shares[1] > 0 ? 1 : 0;
  }
  EXPECT_GT(mixed, 5);
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

TEST(FitModel, a_chosen_size_is_the_same_for_one_and_two_threads_and_stays_chosen) {
  const auto d = trends(40);
  Spec spec = small_spec();
  spec.encoder.hidden = nn::kAutoHidden;
  const Model one = fitted(spec, d).model;
  EXPECT_NE(one.spec.encoder.hidden, nn::kAutoHidden);
  spec.train.threads = 2;
  EXPECT_EQ(predicted(one, d), predicted(fitted(spec, d).model, d));
  spec.encoder.hidden = one.spec.encoder.hidden;
  spec.encoder.layers = one.spec.encoder.layers;
  EXPECT_EQ(predicted(one, d), predicted(fitted(spec, d).model, d)) << "as if it had been named";
}

TEST(FitModel, stopped_in_a_search_there_is_no_network) {
  const auto d = trends(40);
  Spec spec = small_spec();
  spec.encoder.hidden = nn::kAutoHidden;
  const std::atomic<bool> stop{true};
  FitHooks hooks;
  hooks.stop = &stop;
  const Fitted found = fit_model(spec, {&d, all_of(d), &d, {}}, hooks);
  EXPECT_TRUE(found.interrupted());
  EXPECT_TRUE(found.model.members.empty());
}

TEST(FitModel, a_deadline_leaves_fewer_networks_and_epochs_but_one_at_least) {
  const auto d = trends(40);
  Spec spec = small_spec();
  spec.model.ensemble = 3;
  spec.train.epochs = 5'000'000;  // hours on any machine
  spec.model.blend = "minirocket";
  FitHooks hooks;
  hooks.deadline = base::steady_seconds() + 0.5;
  const Fitted found = fit_model(spec, {&d, all_of(d), &d, {}}, hooks);
  ASSERT_GE(found.model.members.size(), 2U);
  EXPECT_LE(found.model.members.size(), 3U);
  EXPECT_EQ(found.model.members.front().method, "network");
  EXPECT_EQ(found.model.members.back().method, "minirocket");
  EXPECT_LT(found.model.spec.train.epochs, 5'000'000);
  for (const double p : predicted(found.model, d)) EXPECT_TRUE(std::isfinite(p));
}

// The first `train` samples to learn from, the rest to validate on.
FitParts cut(const data::Dataset& d, int train) {
  FitParts parts{&d, {}, &d, {}};
  for (const int i : all_of(d)) (i < train ? parts.train : parts.valid).push_back(i);
  return parts;
}

Error refusal(const Spec& spec, const data::Dataset& d) {
  try {
    fitted(spec, d);
  } catch (const Error& e) {
    return e;
  }
  return Error(Code::kInternal, "trained");
}

TEST(Refit, is_a_training_from_the_start_on_all_samples_for_the_updates_that_were_best) {
  const auto d = trends(50);
  Spec spec = small_spec();
  spec.train.epochs = 6;
  spec.split.refit = true;
  const Fitted got = fit_model(spec, cut(d, 40), {});
  ASSERT_EQ(got.refits.size(), 1U);
  EXPECT_EQ(got.refits[0].samples, 50);
  EXPECT_EQ(got.refits[0].updates, got.outcomes[0].best_updates);
  Network network = make_network(got.model.spec, {&d, all_of(d), &d, {}});
  network.fit_again(network.encode(d, all_of(d)), got.outcomes[0], {}, nullptr);
  EXPECT_EQ(network.params().values(), got.model.single_network()->params().values());
  spec.split.refit = false;
  const Fitted first = fit_model(spec, cut(d, 40), {});
  EXPECT_EQ(first.outcomes[0].best_updates, got.outcomes[0].best_updates);
  EXPECT_NE(network.params().values(), first.model.single_network()->params().values());
}

TEST(Refit, learns_from_a_validation_file_too) {
  const auto d = trends(40);
  auto other = trends(60);
  other.samples.erase(other.samples.begin(), other.samples.begin() + 40);
  Spec spec = small_spec();
  spec.split.refit = true;
  const Fitted got = fit_model(spec, {&d, all_of(d), &other, all_of(other)}, {});
  EXPECT_EQ(got.refits.at(0).samples, 60);
}

TEST(Refit, of_an_ensemble_is_the_same_for_one_and_two_threads) {
  const auto d = trends(50);
  Spec spec = small_spec();
  spec.split.refit = true;
  spec.model.ensemble = 3;
  const Fitted one = fit_model(spec, cut(d, 40), {});
  spec.train.threads = 2;
  const Fitted two = fit_model(spec, cut(d, 40), {});
  EXPECT_EQ(one.refits.size(), 3U);
  EXPECT_EQ(predicted(one.model, d), predicted(two.model, d));
}

// The states that each training left when it was interrupted in this stage, after this many epochs.
using States = std::map<std::pair<std::string, int>, train::State>;
States states_after(const Spec& spec, const FitParts& parts, const std::string& stage, int epochs) {
  States states;
  std::mutex mutex;
  std::atomic<bool> stop{false};
  FitHooks hooks;
  hooks.stop = &stop;
  hooks.watch = [&](const NetworkRun& run) {
    train::Hooks out;
    out.stop = &stop;
    out.checkpoint = [&, key = std::pair(run.stage, run.number)](const train::State& s) {
      const std::lock_guard lock(mutex);
      states[key] = s;
      if (key.first == stage && s.epoch == epochs) stop = true;
    };
    return out;
  };
  EXPECT_TRUE(fit_model(spec, parts, hooks).interrupted()) << stage;
  return states;
}

void expect_goes_on(const Spec& spec, const FitParts& parts, const std::string& stage) {
  const auto& d = *parts.train_data;
  const auto whole = predicted(fit_model(spec, parts, {}).model, d);
  const auto states = states_after(spec, parts, stage, 1);
  FitHooks hooks;
  hooks.resume = [&](const NetworkRun& run) -> std::optional<train::State> {
    const auto found = states.find({run.stage, run.number});
    if (found == states.end()) return std::nullopt;
    return found->second;
  };
  EXPECT_EQ(whole, predicted(fit_model(spec, parts, hooks).model, d)) << stage;
}

TEST(FitModel, goes_on_in_whatever_stage_it_was_stopped) {
  const auto d = trends(60);
  Spec spec = small_spec();
  spec.train.epochs = 8;
  spec.split.refit = true;
  spec.model.ensemble = 2;
  spec.model.distil = true;
  for (const char* stage : {"", "refit", "distilled", "distilled.refit"}) {
    expect_goes_on(spec, cut(d, 45), stage);
  }
}

TEST(Refit, without_a_validation_part_is_refused) {
  Spec spec = small_spec();
  spec.split.refit = true;
  const Error error = refusal(spec, trends(30));
  EXPECT_EQ(error.code(), Code::kUsage);
  EXPECT_THAT(error.hint(), HasSubstr("--valid-fraction"));
  spec.model.model = "minirocket";
  EXPECT_THAT(refusal(spec, trends(30)).what(), HasSubstr("--model minirocket"));
}

TEST(Refit, holds_a_validation_part_out_of_few_samples_too) {
  const auto d = trends(50);
  Spec spec = small_spec();
  EXPECT_TRUE(split_valid(d, all_of(d), spec, base::Rng(1), nullptr).valid.empty());
  spec.split.refit = true;
  EXPECT_EQ(split_valid(d, all_of(d), spec, base::Rng(1), nullptr).valid.size(), 10U);
}

TEST(TestTimeAugmentation, changes_what_is_predicted_and_nothing_that_is_fitted) {
  const auto d = trends(40);
  Spec spec = small_spec();
  spec.augment.augment = "scale(p=1)";
  const auto plain = fitted(spec, d);
  spec.augment.tta = 3;
  const auto varied = fitted(spec, d);
  const auto weights = [](const Fitted& f) {
    return f.model.members[0].learner->network()->params().values();
  };
  EXPECT_TRUE(std::ranges::equal(weights(plain), weights(varied)));
  EXPECT_NE(predicted(plain.model, d), predicted(varied.model, d));
  EXPECT_EQ(varied.model.predict({d, all_of(d)}, 1), varied.model.predict({d, all_of(d)}, 2));
}

TEST(TestTimeAugmentation, that_cannot_be_done_is_refused) {
  Spec spec = small_spec();
  spec.augment.tta = 3;
  const auto d = trends(20);
  EXPECT_THAT(refusal(spec, d).what(), testing::HasSubstr("there are none"));
  spec.augment.augment = "jitter | smote";
  EXPECT_THAT(refusal(spec, d).what(), testing::HasSubstr("wants other training samples"));
  spec.augment.augment = "typo";
  EXPECT_THAT(refusal(spec, opinions(20)).what(), testing::HasSubstr("--tta is for series"));
}

TEST(BlendRepeats, averages_random_methods_with_other_features_at_the_weight_of_one) {
  const auto d = trends(40);
  Spec spec = small_spec();
  spec.train.epochs = 1;
  spec.model.blend = "minirocket,majority";
  spec.model.blend_weight = 2;
  const Model one = fitted(spec, d).model;
  spec.model.blend_repeats = 3;
  const Model three = fitted(spec, d).model;
  ASSERT_EQ(three.members.size(), 5U) << "the majority draws nothing: once";
  const data::Subset view{d, all_of(d)};
  const auto first = one.members[1].learner->answer(view, 1);
  EXPECT_EQ(three.members[1].learner->answer(view, 1), first) << "the seed of one";
  EXPECT_NE(three.members[2].learner->answer(view, 1), first);
  EXPECT_NE(three.members[3].learner->answer(view, 1), three.members[2].learner->answer(view, 1));
  for (int k = 1; k <= 3; ++k) {
    EXPECT_NEAR(three.members[static_cast<std::size_t>(k)].weight, 2.0 / 3, 1e-12);
  }
  EXPECT_EQ(three.members[4].weight, 2);
}

TEST(BlendWeightAuto, gives_weights_that_add_up_to_one_and_favour_what_is_better) {
  const auto d = trends(60);
  Spec spec = small_spec();
  spec.train.epochs = 1;  // hardly trained
  spec.train.threads = 2;
  spec.model.ensemble = 2;
  spec.model.blend = "minirocket,majority";
  spec.model.blend_weight = kAutoWeight;
  std::string said;
  FitHooks hooks;
  hooks.log = base::Log([&](base::Level, const std::string& s) { said += s; });
  const Fitted found = fit_model(spec, {&d, all_of(d), &d, {}}, hooks);
  const Model& model = found.model;
  ASSERT_EQ(model.members.size(), 4U);
  ASSERT_EQ(found.members.size(), 3U);
  EXPECT_EQ(found.members[1].kind, "minirocket");
  EXPECT_GT(found.members[1].score.score, found.members[2].score.score);
  EXPECT_THAT(said, HasSubstr("accuracy on 60 samples of inner folds: the networks "));
  double sum = 0;
  for (const Member& member : model.members) {
    EXPECT_GT(member.weight, 0);
    sum += member.weight;
  }
  EXPECT_NEAR(sum, 1, 1e-9);
  EXPECT_EQ(model.members[0].weight, model.members[1].weight);
  EXPECT_GT(model.members[2].weight, model.members[3].weight) << "minirocket against majority";
  EXPECT_THAT(said, HasSubstr("--blend-weight auto: the networks 0."));
  spec.train.threads = 1;
  EXPECT_EQ(predicted(model, d), predicted(fitted(spec, d).model, d));
}

TEST(FitModel, the_members_but_for_networks_answer_by_themselves) {
  const auto d = trends(40);
  Spec spec = small_spec();
  spec.train.epochs = 1;
  spec.model.blend = "minirocket,majority";
  const Model model = fitted(spec, d).model;
  const data::Subset view{d, all_of(d)};
  const auto rocket = model.predict_by("minirocket", view, 1);
  const auto majority = model.predict_by("majority", view, 1);
  const auto found = model.predict_without("network", view, 2);
  EXPECT_EQ(found.all, model.predict(view, 1));
  ASSERT_EQ(found.others.size(), rocket.size());
  for (std::size_t i = 0; i < rocket.size(); ++i) {
    EXPECT_NEAR(found.others[i], (rocket[i] + majority[i]) / 2, 1e-12);
  }
  spec.model.blend = "";
  EXPECT_TRUE(fitted(spec, d).model.predict_without("network", view, 1).others.empty());
}

TEST(BlendWeightAuto, with_calibration_takes_the_same_inner_folds) {
  const auto d = trends(60);
  Spec spec = small_spec();
  spec.model.blend = "summary_logistic";
  spec.model.blend_weight = kAutoWeight;
  const Model plain = fitted(spec, d).model;
  spec.model.calibrate = true;
  const Model calibrated = fitted(spec, d).model;
  EXPECT_NE(calibrated.temperature, 1);
  EXPECT_EQ(calibrated.members[0].weight, plain.members[0].weight);
}

TEST(BlendWeightAuto, without_anything_to_weigh_is_refused) {
  Spec spec = small_spec();
  spec.model.blend_weight = kAutoWeight;
  const Error error = refusal(spec, trends(30));
  EXPECT_EQ(error.code(), Code::kUsage);
  EXPECT_THAT(error.hint(), HasSubstr("--blend"));
}

TEST(Distil, leaves_one_network_and_tells_what_all_and_it_have_on_the_validation_part) {
  const auto d = trends(80);
  Spec spec = small_spec();
  spec.train.epochs = 20;
  spec.model.ensemble = 2;
  spec.model.blend = "minirocket";
  spec.model.distil = true;
  const Fitted got = fit_model(spec, cut(d, 60), {});
  ASSERT_NE(got.model.single_network(), nullptr);
  ASSERT_TRUE(got.distilled);
  EXPECT_EQ(got.distilled->members, 3);
  EXPECT_EQ(got.distilled->samples, 20);
  EXPECT_TRUE(got.distilled->has_valid && got.distilled->held_out);
  EXPECT_GT(got.distilled->of_members.score, 0.6);
  EXPECT_GT(got.distilled->of_network.score, 0.6);
  EXPECT_GT(got.distilled->of_network.loss, 0);
  spec.model.distil = false;
  spec.model.ensemble = 1;
  spec.model.blend = "";
  const Fitted plain = fit_model(spec, cut(d, 60), {});
  EXPECT_NE(predicted(plain.model, d), predicted(got.model, d)) << "it was taught something else";
}

TEST(Distil, is_the_same_for_one_and_two_threads_with_everything_else_on) {
  const auto d = opinions(80);
  Spec spec = small_spec();
  spec.train.epochs = 2;
  spec.train.mixup = 0.2;
  spec.classify.class_weight = "balanced";
  spec.model.ensemble = 2;
  spec.model.blend = "tfidf_logistic";
  spec.model.blend_weight = kAutoWeight;
  spec.model.distil = spec.split.refit = true;
  const Model one = fit_model(spec, cut(d, 60), {}).model;
  spec.train.threads = 2;
  const Model two = fit_model(spec, cut(d, 60), {}).model;
  EXPECT_EQ(predicted(one, d), predicted(two, d));
}

TEST(ClassWeight, methods_that_know_none_answer_times_the_weight_of_the_class) {
  const auto d = opinions(60);
  Spec spec = small_spec();
  spec.model.model = "tfidf_logistic";
  const Model plain = fit_model(spec, cut(d, 60), {}).model;
  spec.classify.class_weight = plain.goal->columns()[0] + "=3";
  const Model weighed = fit_model(spec, cut(d, 60), {}).model;
  const Model stored = parse_model(model_bytes(weighed), "m.refrain");
  const auto before = predicted(plain, d), after = predicted(weighed, d);
  ASSERT_EQ(plain.goal->width(), 3);
  for (std::size_t i = 0; i < before.size(); i += 3) {
    const double odds = after[i] / after[i + 1];
    EXPECT_NEAR(odds, 3 * before[i] / before[i + 1], 1e-9 * odds);
    EXPECT_NEAR(after[i + 1] / after[i + 2], before[i + 1] / before[i + 2], 1e-9 * odds + 1e-9);
  }
  EXPECT_EQ(predicted(stored, d), after);
  spec.classify.class_weight = "elsewhere=3";
  const Error error = refusal(spec, d);
  EXPECT_EQ(error.code(), Code::kUsage);
  EXPECT_THAT(error.what(), HasSubstr("there is no class 'elsewhere'"));
}

TEST(Distil, of_one_member_is_refused) {
  Spec spec = small_spec();
  spec.model.distil = true;
  const Error error = refusal(spec, trends(30));
  EXPECT_EQ(error.code(), Code::kUsage);
  EXPECT_THAT(error.hint(), HasSubstr("--ensemble"));
}

TEST(Distil, targets_are_the_mean_of_label_and_teacher) {
  HeldOut held;
  held.sample = {7, 3};
  const auto soft = soft_targets(held, {0.8, 0.2, 0.6, 0.4});
  const ClassifyGoal goal({"a", "b"});
  data::EncodedTarget one, two;
  one.target = 1;
  two.target = 0;
  goal.soften(one, soft.at(7).data());
  goal.soften(two, soft.at(3).data());
  EXPECT_NEAR(static_cast<double>(one.shares[0]), 0.4, 1e-6);
  EXPECT_NEAR(static_cast<double>(one.shares[1]), 0.6, 1e-6);
  EXPECT_NEAR(static_cast<double>(two.shares[0]), 0.8, 1e-6);
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
  EXPECT_EQ(decided(plain, d), decided(calibrated, d));
}

TEST(FitModel, dear_mistakes_are_made_less_often) {
  const auto d = trends(80);
  Spec spec = small_spec();
  const Model plain = fitted(spec, d).model;
  const auto& labels = plain.goal->columns();
  spec.model.cost = labels[0] + ">" + labels[1] + "=1000";
  const Model careful = fitted(spec, d).model;
  const auto p = predicted(careful, d);
  EXPECT_EQ(p, predicted(plain, d));
  for (const auto& answer : decided(careful, d)) EXPECT_EQ(answer, labels[0]);
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
