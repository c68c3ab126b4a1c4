#include "refrain/api/inside/baselines.h"

#include <gtest/gtest.h>

namespace refrain::api {
namespace {

// n samples of two classes by turns.
score::Classification made(int n) {
  score::Classification c;
  c.classes = 2;
  for (int i = 0; i < n; ++i) c.truth.push_back(i % 2);
  return c;
}

// All right but the first `wrong`.
std::vector<int> with_wrong(const score::Classification& c, int wrong) {
  auto out = c.truth;
  for (int i = 0; i < wrong; ++i) out[static_cast<std::size_t>(i)] ^= 1;
  return out;
}

BaselineAnswers baseline(const std::string& name, const score::Classification& like, int wrong) {
  BaselineAnswers out{name, {}, 0};
  auto answers = std::make_unique<score::Classification>(like);
  answers->predicted = with_wrong(like, wrong);
  out.repeats.push_back(std::move(answers));
  return out;
}

Report judged(int n, int network_wrong, const std::vector<int>& baselines_wrong) {
  auto network = made(n);
  network.predicted = with_wrong(network, network_wrong);
  std::vector<BaselineAnswers> answers;
  for (const int wrong : baselines_wrong) {
    answers.push_back(baseline("b" + std::to_string(wrong), network, wrong));
  }
  Report report;
  put_baselines({network, {}, 1}, answers, report);
  return report;
}

TEST(Baselines, the_best_one_is_set_against_the_network) {
  const Report r = judged(100, 30, {50, 10, 20});
  ASSERT_EQ(r.baselines.size(), 3u);
  EXPECT_NEAR(r.baselines[1].score.value, 0.9, 1e-12);
  EXPECT_NEAR(r.baselines[1].score.low, 0.826, 1e-3);  // Wilson
  ASSERT_TRUE(r.against_baseline);
  EXPECT_EQ(r.against_baseline->baseline, "b10");
  EXPECT_NEAR(r.against_baseline->difference.value, -0.2, 1e-12);
  EXPECT_TRUE(r.against_baseline->distinguishable);
  EXPECT_EQ(r.against_baseline->verdict.find("the baseline 'b10' is better by 20.0 points"), 0u);
  EXPECT_NE(r.json().find("\"against_baseline\":{\"baseline\":\"b10\""), std::string::npos);
}

// Seven samples that only one of them has right: p = 2 / 2^7 = 0.016, times five 0.08.
TEST(Baselines, the_best_of_many_is_held_to_a_stricter_level) {
  const Report one = judged(100, 7, {0});
  const Report many = judged(100, 7, {0, 30, 31, 32, 33});
  EXPECT_TRUE(one.against_baseline->distinguishable);
  EXPECT_FALSE(many.against_baseline->distinguishable);
  EXPECT_NEAR(many.against_baseline->p, 5 * one.against_baseline->p, 1e-12);
  EXPECT_LT(one.against_baseline->difference.high, 0);
  EXPECT_GE(many.against_baseline->difference.high, 0);
  EXPECT_NE(many.against_baseline->verdict.find("as the best of 5"), std::string::npos);
}

TEST(Baselines, without_any_nothing_is_compared) {
  const Report r = judged(10, 1, {});
  EXPECT_FALSE(r.against_baseline);
  EXPECT_NE(r.json().find("\"against_baseline\":null"), std::string::npos);
}

TEST(Baselines, folds_are_judged_by_the_resampled_t_test) {
  auto network = made(40);
  network.predicted = with_wrong(network, 8);
  std::vector<int> fold;
  for (int i = 0; i < 40; ++i) fold.push_back(i % 4);
  Report r;
  std::vector<BaselineAnswers> answers;
  answers.push_back(baseline("b", network, 4));
  put_baselines({network, {fold}, 1}, answers, r);
  EXPECT_EQ(r.against_baseline->test, "corrected resampled t-test over 4 folds");
}

}  // namespace
}  // namespace refrain::api
