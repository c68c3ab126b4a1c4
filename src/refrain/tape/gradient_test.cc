// Gradients of every operation but the recurrent one (tests/suites has it) against finite
// differences, for every parameter and the input.
#include <gtest/gtest.h>
#include <limits>

#include "refrain/tape/activation.h"
#include "refrain/tape/activity.h"
#include "refrain/tape/attention.h"
#include "refrain/tape/dropout.h"
#include "refrain/tape/embedding.h"
#include "refrain/tape/gradient_check.h"
#include "refrain/tape/layer_norm.h"
#include "refrain/tape/likelihood_loss.h"
#include "refrain/tape/linear.h"
#include "refrain/tape/loss.h"
#include "refrain/tape/mixing.h"
#include "refrain/tape/neighbours.h"
#include "refrain/tape/number_loss.h"
#include "refrain/tape/part_pooling.h"
#include "refrain/tape/pooling.h"
#include "refrain/tape/smoothing.h"
#include "refrain/tape/word_loss.h"

namespace refrain::tape {
namespace {

class Gradient : public testing::Test {
 protected:
  Gradient() { table_.assign({3, 5, 1, 3}); }

  const tensor::Steps& steps() const { return table_.steps(); }
  void expect_right(const GradientCheck::Function& f) {
    EXPECT_LT(check.worst(f), GradientCheck::kTolerance) << "at " << check.where();
  }

  GradientCheck check;
  const std::vector<std::uint64_t> keys = {11, 22, 33, 44};  // one a sequence

 private:
  tensor::StepTable table_;
};

TEST_F(Gradient, of_linear) {
  check.leaf("x", {6, 5});
  check.leaf("w", {5, 19});
  check.leaf("b", {19});
  expect_right([](Tape& t, const Var* v) { return linear(t, v[0], v[1], v[2]); });
  expect_right([](Tape& t, const Var* v) { return linear(t, v[0], v[1], {}); });
}

TEST_F(Gradient, of_activity_penalties) {
  check.leaf("states", {12, 5});
  const std::vector<real> share = {real{0.5}, real{0.2}, 1, real{0.3}};
  for (const auto& [ar, tar] : {std::pair{0.7, 0.0}, {0.0, 0.4}, {0.7, 0.4}}) {
    const Activity a{ar, tar, share.data()};
    expect_right([&](Tape& t, const Var* v) { return activity(t, v[0], a, steps()); });
  }
}

TEST_F(Gradient, of_embedding_with_repeated_ids) {
  check.leaf("table", {7, 5});
  const int ids[] = {3, 0, 3, 6, 3, 1};
  expect_right([&](Tape& t, const Var* v) { return embedding(t, v[0], ids, 6); });
}

TEST_F(Gradient, of_tanh) {
  check.leaf("x", {5, 7}, 2);
  expect_right([](Tape& t, const Var* v) { return tanh(t, v[0]); });
}

TEST_F(Gradient, of_sigmoid) {
  check.leaf("x", {5, 7}, 2);
  expect_right([](Tape& t, const Var* v) { return sigmoid(t, v[0]); });
}

TEST_F(Gradient, of_relu) {
  check.leaf("x", {5, 7}, 2);
  expect_right([](Tape& t, const Var* v) { return relu(t, v[0]); });
}

TEST_F(Gradient, of_gelu_in_both_forms) {
  check.leaf("x", {5, 17}, 4);
  expect_right([](Tape& t, const Var* v) { return gelu(t, v[0]); });
  expect_right([](Tape& t, const Var* v) { return gelu_tanh(t, v[0]); });
}

TEST_F(Gradient, of_add_also_of_a_result_to_itself) {
  check.leaf("a", {5, 7});
  check.leaf("b", {5, 7});
  expect_right([](Tape& t, const Var* v) { return add(t, v[0], v[1]); });
  expect_right([](Tape& t, const Var* v) { return add(t, tanh(t, v[0]), tanh(t, v[0])); });
  expect_right([](Tape& t, const Var* v) {
    const Var y = tanh(t, v[0]);
    return add(t, y, y);
  });
}

TEST_F(Gradient, of_concatenate_with_a_part_used_twice) {
  check.leaf("a", {4, 3});
  check.leaf("b", {4, 17});
  check.leaf("c", {4, 1});
  expect_right([](Tape& t, const Var* v) {
    const Var parts[] = {v[0], tanh(t, v[1]), v[2], v[0]};
    return concatenate(t, parts, 4);
  });
}

TEST_F(Gradient, of_stacked_rows_with_a_part_used_twice) {
  check.leaf("a", {4, 3});
  check.leaf("b", {2, 3});
  expect_right([](Tape& t, const Var* v) {
    const Var parts[] = {v[0], tanh(t, v[1]), v[0]};
    return stack(t, parts, 3);
  });
}

TEST_F(Gradient, of_reshape) {
  check.leaf("x", {4, 6});
  expect_right([](Tape& t, const Var* v) { return tanh(t, reshape(t, tanh(t, v[0]), {2, 3, 4})); });
}

TEST_F(Gradient, of_layer_norm) {
  check.leaf("x", {6, 9}, 3);
  check.leaf("gain", {9});
  check.leaf("bias", {9});
  expect_right([](Tape& t, const Var* v) { return layer_norm(t, v[0], v[1], v[2]); });
  expect_right([](Tape& t, const Var* v) { return layer_norm(t, v[0], v[1], v[2], real{0.5}); });
}

TEST_F(Gradient, of_pooling) {
  check.leaf("x", {steps().N, 6}, 2);
  expect_right([&](Tape& t, const Var* v) { return pool_last(t, v[0], 6, steps()); });
  expect_right([&](Tape& t, const Var* v) { return pool_last(t, v[0], 4, steps()); });
  expect_right([&](Tape& t, const Var* v) { return pool_mean(t, v[0], steps()); });
  expect_right([&](Tape& t, const Var* v) { return pool_max(t, v[0], steps()); });
}

TEST_F(Gradient, of_means_of_parts) {
  check.leaf("x", {steps().N, 6}, 2);
  for (const int parts : {1, 2, 3, 7}) {
    expect_right([&](Tape& t, const Var* v) { return pool_parts(t, v[0], parts, steps()); });
  }
}

TEST_F(Gradient, of_steps_that_have_a_neighbour) {
  check.leaf("x", {steps().N, 6}, 2);
  expect_right([&](Tape& t, const Var* v) { return earlier_steps(t, v[0], 0, 4, steps()); });
  expect_right([&](Tape& t, const Var* v) { return later_steps(t, v[0], 2, 4, steps()); });
}

TEST_F(Gradient, of_attention_pooling) {
  check.leaf("x", {steps().N, 6}, 2);
  check.leaf("w", {6, 5});
  check.leaf("b", {5});
  check.leaf("v", {5});
  expect_right([&](Tape& t, const Var* v) {
    return pool_attention(t, v[0], {v[1], v[2], v[3]}, steps());
  });
}

TEST_F(Gradient, of_dot_attention_pooling_with_one_and_three_heads) {
  check.leaf("x", {steps().N, 6}, 2);
  check.leaf("one", {6, 1}, 3);
  check.leaf("three", {6, 3}, 3);
  for (const int which : {1, 2}) {
    expect_right(
        [&](Tape& t, const Var* v) { return pool_dot_attention(t, v[0], v[which], steps()); });
  }
}

TEST_F(Gradient, of_scaling_sequences) {
  check.leaf("x", {steps().N, 6}, 2);
  check.leaf("s", {steps().B, 6}, 2);
  expect_right([&](Tape& t, const Var* v) { return scale_sequences(t, v[0], v[1], steps()); });
}

TEST_F(Gradient, of_self_attention_with_one_two_and_three_heads) {
  check.leaf("x", {steps().N, 6}, 2);
  check.leaf("w_in", {6, 18});
  check.leaf("b_in", {18});
  check.leaf("w_out", {6, 6});
  check.leaf("b_out", {6});
  for (const int heads : {1, 2, 3}) {
    expect_right([&](Tape& t, const Var* v) {
      return self_attention(t, v[0], {v[1], v[2], v[3], v[4], heads}, steps());
    });
  }
}

TEST_F(Gradient, of_dropout_with_fixed_masks) {
  check.leaf("x", {steps().N, 6});
  const Dropout half{real{0.5f}, keys.data()};
  expect_right([&](Tape& t, const Var* v) { return dropout_elements(t, v[0], half, steps()); });
  expect_right([&](Tape& t, const Var* v) { return dropout_variational(t, v[0], half, steps()); });
  std::vector<int> ids;
  for (int n = 0; n < steps().N; ++n) ids.push_back(n % 4);
  expect_right(
      [&](Tape& t, const Var* v) { return dropout_words(t, v[0], ids.data(), half, steps()); });
}

TEST_F(Gradient, of_dropout_of_whole_rows) {
  check.leaf("x", {steps().B, 9});
  const Dropout half{real{0.5f}, keys.data()};
  expect_right([&](Tape& t, const Var* v) { return dropout_rows(t, v[0], half, steps()); });
}

TEST_F(Gradient, of_cross_entropy_with_weights_and_smoothing) {
  check.leaf("logits", {5, 4}, 3);
  const int target[] = {0, 3, 1, 1, 2};
  const real weight[] = {real{0.5f}, 2, 1, real{1.5f}};
  for (const real smoothing : {real{0}, real{0.1f}, real{0.7f}}) {
    for (const real* w : {static_cast<const real*>(nullptr), weight}) {
      const CrossEntropy options{target, w, smoothing, 3.5};
      expect_right([&](Tape& t, const Var* v) { return softmax_cross_entropy(t, v[0], options); });
    }
  }
}

TEST_F(Gradient, of_cross_entropy_with_shares_of_classes) {
  check.leaf("logits", {2, 3}, 3);
  const real share[] = {real{0.7f}, 0, real{0.3f}, real{0.2f}, real{0.2f}, real{0.6f}};
  const real weight[] = {real{0.5f}, 2, 1};
  for (const real smoothing : {real{0}, real{0.1f}}) {
    for (const real* w : {static_cast<const real*>(nullptr), weight}) {
      const CrossEntropy options{nullptr, w, smoothing, 3.5, share};
      expect_right([&](Tape& t, const Var* v) { return softmax_cross_entropy(t, v[0], options); });
    }
  }
}

TEST_F(Gradient, of_the_surprise_of_words_kept_and_computed_again) {
  check.leaf("x", {40, 5});
  check.leaf("words", {9, 5});
  check.leaf("bias", {9});
  std::vector<int> target;
  for (int n = 0; n < 40; ++n) target.push_back(n * n % 9);
  for (const std::size_t kept : {std::size_t{1} << 20, std::size_t{1}}) {
    WordLoss o;
    o.target = target.data();
    o.total_weight = 40;
    o.kept_bytes = kept;
    expect_right([&](Tape& t, const Var* v) {
      return word_loss(t, v[0], {v[1], v[2], {}, {}}, o);
    });
  }
}

TEST_F(Gradient, of_the_surprise_of_words_in_clusters_with_tied_vectors) {
  check.leaf("words", {9, 5});
  check.leaf("bias", {9});
  check.leaf("clusters", {2, 5});
  check.leaf("clusters_bias", {2});
  const int ids[] = {1, 8, 3, 4, 4, 0, 2, 7}, target[] = {8, 3, 4, 4, 0, 2, 7, 5};
  WordLoss o;
  o.target = target;
  o.total_weight = 8;
  o.clusters = 2;
  o.begin[0] = 3;
  o.begin[1] = 5;
  expect_right([&](Tape& t, const Var* v) {
    const Var x = tanh(t, embedding(t, v[0], ids, 8));
    return word_loss(t, x, {v[0], v[1], v[2], v[3]}, o);
  });
}

TEST_F(Gradient, of_mixing_sequences) {
  check.leaf("x", {steps().N, 6}, 2);
  const int partner[] = {1, 3, 0, 2};
  const real own[] = {real{0.3f}, 1, real{0.6f}, 0};
  tensor::StepTable mixed;
  mixed.assign({5, 5, 3, 3});
  expect_right([&](Tape& t, const Var* v) {
    return mix(t, v[0], {partner, own}, steps(), mixed.steps());
  });
}

TEST_F(Gradient, of_mean_squared_error) {
  check.leaf("y", {5, 4}, 3);
  std::vector<real> target(20);
  base::Rng rng(4);
  for (real& x : target) x = static_cast<real>(rng.uniform(-1, 1));
  expect_right(
      [&](Tape& t, const Var* v) { return mean_squared_error(t, v[0], target.data(), 7); });
}

TEST_F(Gradient, of_the_losses_of_numbers) {
  check.leaf("y", {5, 2}, 3);
  std::vector<real> target(10);
  base::Rng rng(4);
  for (real& x : target) x = static_cast<real>(3 * rng.uniform(-1, 1));
  target[3] = std::numeric_limits<real>::quiet_NaN();
  const real weight[] = {1, 2, real{0.5f}, 0, 3}, quantile[] = {real{0.2f}, real{0.9f}};
  for (const NumberLoss kind :
       {NumberLoss::kSquared, NumberLoss::kAbsolute, NumberLoss::kHuber, NumberLoss::kQuantile}) {
    const NumberTarget options{target.data(), weight, quantile, real{0.7f}, 6.5};
    expect_right([&](Tape& t, const Var* v) { return number_loss(t, v[0], kind, options); });
  }
}

TEST_F(Gradient, of_likelihoods) {
  check.leaf("y", {4, 12}, 2);
  std::vector<real> target(24);
  base::Rng rng(4);
  for (real& x : target) x = static_cast<real>(rng.below(9)) / 3;
  target[3] = std::numeric_limits<real>::quiet_NaN();
  const real weight[] = {1, 2, real{0.5f}, 0}, unit[] = {3, 30, real{0.75f}, 3};
  for (const Likelihood kind :
       {Likelihood::kGaussian, Likelihood::kStudentT, Likelihood::kNegativeBinomial}) {
    const LikelihoodTarget options{target.data(), weight, unit, 6.5};
    expect_right([&](Tape& t, const Var* v) { return likelihood_loss(t, v[0], kind, options); });
  }
}

TEST_F(Gradient, of_exponential_smoothing) {
  check.leaf("coefficients", {3, 2}, 2);
  std::vector<real> values(33);
  base::Rng rng(4);
  for (real& x : values) x = static_cast<real>(rng.uniform(-1, 1));
  for (const std::size_t missing : {0, 1, 7, 16, 22, 23, 24, 25, 26}) {
    values[missing] = std::numeric_limits<real>::quiet_NaN();
  }
  for (const int season : {1, 3, 4, 12}) {
    const Smoothing options{values.data(), 11, 6, season};
    expect_right([&](Tape& t, const Var* v) { return smooth(t, v[0], options); });
  }
}

TEST_F(Gradient, of_adding_chosen_numbers) {
  check.leaf("x", {2, 3});
  check.leaf("from", {4, 2});
  const int index[] = {3, -1, 0, 3, 7, -1};
  expect_right([&](Tape& t, const Var* v) { return add_chosen(t, v[0], v[1], index, -2); });
}

TEST_F(Gradient, of_a_whole_classifier) {
  check.leaf("table", {5, 6});
  for (const Shape& s : {Shape{6, 6}, {6}, {6}, {6, 3}, {3}}) check.leaf("p", s);
  const int ids[] = {0, 1, 2, 3, 4, 0, 2, 2, 1, 3, 4, 4}, target[] = {2, 0, 1, 1};
  const CrossEntropy options{target, nullptr, real{0.1f}, 4};
  expect_right([&](Tape& t, const Var* v) {
    const Var x = embedding(t, v[0], ids, steps().N);
    const Var h = add(t, x, layer_norm(t, tanh(t, linear(t, x, v[1], v[2])), v[2], v[3]));
    return softmax_cross_entropy(t, linear(t, pool_mean(t, h, steps()), v[4], v[5]), options);
  });
}

}  // namespace
}  // namespace refrain::tape
