#include "refrain/task/search.h"

#include <gtest/gtest.h>

namespace refrain::task {
namespace {

Tried tried(std::vector<double> loss) { return {{}, std::move(loss), 0}; }

TEST(Choose, keeps_the_first_unless_another_is_clearly_better) {
  const auto first = tried({0.5, 0.6, 0.4, 0.5});
  EXPECT_EQ(choose({first, tried({0.49, 0.62, 0.38, 0.5})}), 0U) << "within the noise";
  EXPECT_EQ(choose({first, tried({0.4, 0.5, 0.31, 0.4})}), 1U);
  EXPECT_EQ(choose({first, tried({0.9, 0.9, 0.9, 0.9})}), 0U);
}

TEST(Choose, takes_the_lowest_loss_of_the_clearly_better_ones) {
  EXPECT_EQ(choose({tried({0.5, 0.6, 0.4, 0.5}), tried({0.4, 0.5, 0.31, 0.4}),
                    tried({0.3, 0.4, 0.21, 0.3})}),
            2U);
}

TEST(Choose, equal_losses_are_no_advantage) {
  EXPECT_EQ(choose({tried({0.5, 0.5}), tried({0.5, 0.5})}), 0U);
}

TEST(Choose, without_a_threshold_any_lower_loss_is_enough) {
  const Choice choice{0, false, false, true};
  const auto none = tried({0.5, 0.6, 0.4, 0.5});
  EXPECT_EQ(choose({none, none}, choice), 0U);
  EXPECT_EQ(choose({none, tried({0.5, 0.6, 0.41, 0.5})}, choice), 0U);
  EXPECT_EQ(choose({none, tried({0.51, 0.58, 0.4, 0.5})}, choice), 1U);
}

TEST(Choose, what_is_expected_to_be_better_needs_evidence_against_it) {
  const Choice choice{2, true, true, false};
  const auto none = tried({0.5, 0.6, 0.4, 0.5});
  const auto alike = tried({0.51, 0.58, 0.41, 0.49}), worse = tried({0.51, 0.6, 0.4, 0.5});
  auto more = none;
  more.right = 1;
  EXPECT_EQ(choose({more, alike}, choice), 0U) << "fewer right";
  EXPECT_EQ(choose({none, alike}, choice), 1U);
  EXPECT_EQ(choose({none, worse}, choice), 0U);
  EXPECT_EQ(choose({none, alike, tried({0.3, 0.4, 0.21, 0.3})}, choice), 2U);
  EXPECT_EQ(choose({none, worse, alike}, choice), 0U) << "others need evidence for them";
  EXPECT_EQ(choose({none, alike}, {2, true, false, false}), 0U);
}

TEST(Choose, strictly_no_fewer_may_be_right) {
  Tried first = tried({0.5, 0.6, 0.4, 0.5}), better = tried({0.4, 0.5, 0.31, 0.4});
  first.right = 3;
  better.right = 2;
  EXPECT_EQ(choose({first, better}, {1, true}), 0U);
  better.right = 3;
  EXPECT_EQ(choose({first, better}, {1, true}), 1U);
}

// Gains of 1 and 3: mean 2, standard error sqrt(2 / 1 / 2) = 1.
TEST(Choose, standard_errors_are_those_of_a_sample) {
  EXPECT_EQ(choose({tried({4, 4}), tried({3, 1})}, {1.9}), 1U);
  EXPECT_EQ(choose({tried({4, 4}), tried({3, 1})}, {2.1}), 0U);
}

TEST(CandidatesOf, are_there_for_hidden_auto_and_for_the_preset_best) {
  Spec spec;
  EXPECT_TRUE(candidates_of(spec, {}).empty());
  spec.encoder.hidden = nn::kAutoHidden;
  EXPECT_GT(candidates_of(spec, {}).size(), 3U);
  spec.model.model = "majority";
  EXPECT_TRUE(candidates_of(spec, {}).empty()) << "no network";
  Spec best;
  best.preset = "best";
  EXPECT_GT(candidates_of(best, {}).size(), 1U);
  Spec carried = best;
  carried.model.blend = "minirocket,hydra";
  carried.model.blend_weight = 4;
  EXPECT_TRUE(candidates_of(carried, {}).empty()) << "the simple methods decide";
  best.given.insert("views");
  EXPECT_TRUE(candidates_of(best, {}).empty()) << "named by the user";
}

TEST(SettleOn, leaves_nothing_to_search_for) {
  Spec spec;
  spec.encoder.hidden = nn::kAutoHidden;
  const auto candidates = candidates_of(spec, {});
  settle_on(spec, candidates, candidates[1]);
  EXPECT_NE(spec.encoder.hidden, nn::kAutoHidden);
  EXPECT_TRUE(candidates_of(spec, {}).empty());
  EXPECT_TRUE(spec.given.contains("hidden"));
}

}  // namespace
}  // namespace refrain::task
