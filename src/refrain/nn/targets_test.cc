#include "refrain/nn/targets.h"

#include <gtest/gtest.h>

namespace refrain::nn {
namespace {

// A batch of two samples of classes 0 and 1, in a context.
class Targets : public testing::Test {
 protected:
  Targets() {
    batch_.B = 2;
    batch_.targets = {0, 1};
    tape_.reset(true);
  }

  void mix() {
    batch_.partner = {1, 0};
    batch_.own = {real{0.75}, real{0.5}};
  }
  std::vector<real> weights() const {
    const real* w = target_weights(context_);
    return w == nullptr ? std::vector<real>() : std::vector<real>(w, w + 2);
  }
  std::vector<real> shares() const {
    const real* s = target_shares(context_, 2);
    return s == nullptr ? std::vector<real>() : std::vector<real>(s, s + 4);
  }
  void expect_shares(const std::vector<double>& expected) const {
    const auto found = shares();
    ASSERT_EQ(found.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
      EXPECT_NEAR(static_cast<double>(found[i]), expected[i], 1e-6) << i;
    }
  }

  tape::Tape tape_;
  ParamSet params_;
  data::Batch batch_;
  Context context_{tape_, params_, nullptr, true, base::Rng(1), batch_};
};

TEST_F(Targets, of_labels_alone_are_none) {
  EXPECT_TRUE(shares().empty());
  EXPECT_TRUE(weights().empty());
  batch_.weights = {3, 1};
  EXPECT_EQ(weights(), (std::vector<real>{3, 1}));
}

TEST_F(Targets, of_a_mix_are_its_parts) {
  mix();
  expect_shares({0.75, 0.25, 0.5, 0.5});
}

TEST_F(Targets, of_a_mix_count_by_the_weights_of_its_samples) {
  mix();
  batch_.weights = {3, 1};
  EXPECT_EQ(weights(), (std::vector<real>{2.5, 2}));
  expect_shares({0.9, 0.1, 0.75, 0.25});  // 0.75 * 3 of 2.5, 0.5 * 1 of 2
}

TEST_F(Targets, of_a_mix_that_weighs_nothing_are_its_parts) {
  mix();
  batch_.weights = {0, 0};
  EXPECT_EQ(weights(), (std::vector<real>{0, 0}));
  expect_shares({0.75, 0.25, 0.5, 0.5});
}

TEST_F(Targets, of_shares_are_mixed_class_by_class) {
  batch_.shares = {1, 0, real{0.2}, real{0.8}};
  EXPECT_EQ(shares(), batch_.shares);
  mix();
  expect_shares({0.75 + 0.25 * 0.2, 0.25 * 0.8, 0.5 + 0.5 * 0.2, 0.5 * 0.8});
}

}  // namespace
}  // namespace refrain::nn
