// Checks the promises of operations beside their gradients: values, refused shapes, constants,
// predictions.
#include <gmock/gmock.h>

#include <cmath>

#include "refrain/base/error.h"
#include "refrain/base/rng.h"
#include "refrain/tape/activation.h"
#include "refrain/tape/activity.h"
#include "refrain/tape/attention.h"
#include "refrain/tape/embedding.h"
#include "refrain/tape/layer_norm.h"
#include "refrain/tape/linear.h"
#include "refrain/tape/loss.h"
#include "refrain/tape/mixing.h"
#include "refrain/tape/part_pooling.h"
#include "refrain/tape/pooling.h"
#include "refrain/tape/recurrent.h"

namespace refrain::tape {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Numbers = std::vector<real>;

Numbers numbers(const Tensor& t) { return {t.data, t.data + t.count()}; }

Code code_of(const std::function<void()>& f, std::string* message = nullptr) {
  try {
    f();
  } catch (const Error& e) {
    if (message != nullptr) *message = e.what();
    return e.code();
  }
  ADD_FAILURE() << "accepted";
  return Code::kInternal;
}

double activity_of(const std::vector<std::vector<real>>& sequences, const Activity& a) {
  tensor::StepTable table;
  std::vector<int> lengths;
  for (const auto& s : sequences) lengths.push_back(static_cast<int>(s.size()));
  table.assign(lengths);
  const auto& steps = table.steps();
  std::vector<real> x(static_cast<std::size_t>(steps.N));
  for (int b = 0; b < steps.B; ++b) {
    for (int t = 0; t < steps.length[b]; ++t) {
      x[static_cast<std::size_t>(steps.row(t, b))] =
          sequences[static_cast<std::size_t>(steps.position[b])][static_cast<std::size_t>(t)];
    }
  }
  Tape tape;
  tape.reset(false);
  const Var y = activity(tape, tape.constant({{steps.N, 1}, x.data()}), a, steps);
  return static_cast<double>(tape.value(y).data[0]);
}

TEST(Activity, is_each_sequences_own_mean_whatever_stands_beside_it) {
  const std::vector<real> share = {1, real{0.5}, 2};
  const std::vector<std::vector<real>> sequences = {{3}, {1, 2, 4}, {0, 2}};
  EXPECT_NEAR(activity_of(sequences, {1, 0, share.data()}), 9 + 0.5 * 7 + 2 * 2, 1e-5);
  EXPECT_NEAR(activity_of(sequences, {0, 1, share.data()}), 0 + 0.5 * 2.5 + 2 * 4, 1e-5);
  double alone = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    alone += activity_of({sequences[i]}, {0.3, 0.7, share.data() + i});
  }
  EXPECT_NEAR(activity_of(sequences, {0.3, 0.7, share.data()}), alone, 1e-5);
}

// A tape with tensors that live as long as it does.
class Operations : public testing::Test {
 protected:
  Operations() { tape.reset(true); }

  Var constant(const Shape& shape, const Numbers& values) {
    return tape.constant(copy(shape, values));
  }
  Var variable(const Shape& shape, const Numbers& values) {
    return tape.variable(copy(shape, values), tape.arena().zeros(shape));
  }
  Var random(const Shape& shape, bool wants_gradient) {
    Numbers values(shape.count());
    for (real& x : values) x = static_cast<real>(rng.uniform(-1, 1));
    return wants_gradient ? variable(shape, values) : constant(shape, values);
  }
  void run_backward(Var y) {
    for (real& g : tape.gradient(y).span()) g = 1;
    tape.backward();
  }

  Tape tape;
  base::Rng rng{1};

 private:
  Tensor copy(const Shape& shape, const Numbers& values) {
    const Tensor t = tape.arena().tensor(shape);
    std::copy(values.begin(), values.end(), t.data);
    return t;
  }
};

TEST_F(Operations, concatenate_puts_columns_side_by_side) {
  const Var parts[] = {variable({2, 1}, {1, 2}), variable({2, 2}, {3, 4, 5, 6})};
  const Var y = concatenate(tape, parts, 2);
  EXPECT_EQ(tape.value(y).shape, (Shape{2, 3}));
  EXPECT_THAT(numbers(tape.value(y)), ElementsAre(1, 3, 4, 2, 5, 6));
}

TEST_F(Operations, reshape_shares_value_and_gradient) {
  const Var x = variable({2, 3}, {1, 2, 3, 4, 5, 6});
  const Var y = reshape(tape, x, {3, 2});
  EXPECT_EQ(tape.value(y).data, tape.value(x).data);
  EXPECT_EQ(tape.gradient(y).data, tape.gradient(x).data);
  EXPECT_EQ(tape.value(y).shape, (Shape{3, 2}));
}

TEST_F(Operations, the_last_state_of_a_reversed_half_stands_at_the_first_step) {
  tensor::StepTable table;
  table.assign({1, 3});  // rows: long t0, short t0, long t1, long t2
  const Var x = variable({4, 2}, {1, 2, 3, 4, 5, 6, 7, 8});
  const Var y = pool_last(tape, x, 1, table.steps());
  EXPECT_THAT(numbers(tape.value(y)), ElementsAre(3, 4, 7, 2));
}

TEST_F(Operations, the_largest_of_equal_numbers_is_the_first_and_gets_the_gradient) {
  tensor::StepTable table;
  table.assign({3});
  const Var x = variable({3, 1}, {-5, -2, -2});
  const Var y = pool_max(tape, x, table.steps());
  EXPECT_THAT(numbers(tape.value(y)), ElementsAre(-2));
  run_backward(y);
  EXPECT_THAT(numbers(tape.gradient(x)), ElementsAre(0, 1, 0));
}

TEST_F(Operations, parts_are_the_means_of_equal_shares_of_each_sequence) {
  tensor::StepTable table;
  table.assign({2, 7});  // rows: long t0, short t0, long t1, short t1, long t2 ...
  const Var x = variable({9, 1}, {1, 10, 2, 20, 4, 8, 16, 32, 64});
  const Var y = pool_parts(tape, x, 3, table.steps());
  EXPECT_EQ(tape.value(y).shape, (Shape{2, 3}));
  const Numbers means = numbers(tape.value(y));
  // Seven steps are cut at 2 and 4; of two steps the parts begin at 0, 0 and 1.
  const Numbers expected = {10, 10, 20, real{1.5}, 6, real{112} / 3};
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_NEAR(static_cast<double>(means[i]), static_cast<double>(expected[i]), 1e-5) << i;
  }
}

TEST_F(Operations, scores_of_heads_are_divided_by_the_root_of_all_features) {
  tensor::StepTable table;
  table.assign({2});
  const Var x = variable({2, 2}, {1, 0, 0, 1});
  const Var w = variable({2, 2}, {3, 0, 0, 3});
  const Var y = pool_dot_attention(tape, x, w, table.steps());
  const double share = 1 / (1 + std::exp(-3 / std::sqrt(2.0)));
  for (const real pooled : numbers(tape.value(y))) {
    EXPECT_NEAR(static_cast<double>(pooled), share, 1e-6);
  }
}

TEST_F(Operations, what_zoneout_keeps_in_prediction_is_its_share_of_the_state_before) {
  tensor::StepTable table;
  table.assign({2});
  RecurrentLayer layer;  // h = relu(x)
  layer.cell = &kernels::cells().at("rnn_relu");
  layer.units = 1;
  layer.direction[0].w_x = variable({1, 1}, {1});
  layer.direction[0].w_h = variable({1, 1}, {0});
  layer.direction[0].b = variable({1}, {0});
  layer.direction[0].share = tape.value(variable({1, 1}, {real{0.25}}));
  const Var y = recurrent(tape, variable({2, 1}, {1, 1}), layer, table.steps());
  EXPECT_THAT(numbers(tape.value(y)), ElementsAre(real{0.75}, real{0.9375}));
}

TEST_F(Operations, numbers_far_from_zero_are_normalised_like_their_distances_from_the_mean) {
  constexpr int kNumbers = 2000;
  Numbers far, near;
  for (int i = 0; i < kNumbers; ++i) {
    near.push_back(static_cast<real>(i % 5 - 2));
    far.push_back(near.back() + 1000001);
  }
  const Var gain = variable({kNumbers}, Numbers(kNumbers, 1));
  const Var bias = variable({kNumbers}, Numbers(kNumbers, 0));
  const auto of = [&](const Numbers& x) {
    return numbers(tape.value(layer_norm(tape, variable({1, kNumbers}, x), gain, bias)));
  };
  const Numbers a = of(far), b = of(near);
  for (std::size_t i = 0; i < a.size(); ++i) {
    ASSERT_NEAR(static_cast<double>(a[i]), static_cast<double>(b[i]), 0.05) << i;
  }
}

TEST_F(Operations, attention_to_a_single_step_is_that_step) {
  tensor::StepTable table;
  table.assign({1, 1});
  const Var x = random({2, 3}, true);
  const AttentionPool p{random({3, 4}, true), random({4}, true), random({4}, true)};
  EXPECT_EQ(numbers(tape.value(pool_attention(tape, x, p, table.steps()))), numbers(tape.value(x)));
}

TEST_F(Operations, cross_entropy_of_shards_adds_up_to_the_batch) {
  const Var logits = random({6, 3}, true);
  const Tensor all = tape.value(logits);
  const int target[] = {0, 2, 1, 1, 0, 2};
  const real weight[] = {1, 2, real{0.5}};
  const CrossEntropy whole{target, weight, real{0.1f}, 7};
  Numbers probability(18);
  const real loss =
      tape.value(softmax_cross_entropy(tape, logits, whole, probability.data())).data[0];
  real sum = 0;
  for (int from = 0; from < 6; from += 2) {
    CrossEntropy shard = whole;
    shard.target += from;
    const Var part = tape.constant({{2, 3}, all.row(from)});
    sum += tape.value(softmax_cross_entropy(tape, part, shard)).data[0];
  }
  EXPECT_NEAR(static_cast<double>(sum), static_cast<double>(loss), 1e-6);
  for (int b = 0; b < 6; ++b) {
    double total = 0;
    for (std::size_t c = 0; c < 3; ++c) {
      const std::size_t at = static_cast<std::size_t>(b) * 3 + c;
      total += static_cast<double>(probability[at]);
      const real gap = all.data[at] - all.row(b)[0];
      EXPECT_NEAR(static_cast<double>(probability[at] / probability[at - c]),
                  std::exp(static_cast<double>(gap)), 1e-5);
    }
    EXPECT_NEAR(total, 1, 1e-6);
  }
}

TEST_F(Operations, cross_entropy_with_shares_is_the_mean_of_those_of_the_classes) {
  const Var logits = random({2, 3}, true);
  const real weight[] = {1, 2, real{0.5}};
  const auto loss = [&](const CrossEntropy& o) {
    return static_cast<double>(tape.value(softmax_cross_entropy(tape, logits, o)).data[0]);
  };
  const int mine[] = {0, 2}, other[] = {1, 2};
  const real share[] = {real{0.25}, real{0.75}, 0, 0, 0, 1};
  for (const real smoothing : {real{0}, real{0.2f}}) {
    const double mixed = loss({nullptr, weight, smoothing, 3, share});
    const real alone[] = {1, 0, 0, 0, 0, 1};
    const double a = loss({mine, weight, smoothing, 3}), b = loss({other, weight, smoothing, 3});
    EXPECT_NEAR(mixed, 0.25 * a + 0.75 * b, 1e-6);
    EXPECT_EQ(loss({nullptr, weight, smoothing, 3, alone}), a);
  }
}

TEST_F(Operations, mixed_sequences_share_their_steps_and_the_longer_one_keeps_its_tail) {
  tensor::StepTable from, mixed;
  from.assign({1, 3, 2});  // rows: the second, the third, the first
  mixed.assign({3, 3, 2});
  const int partner[] = {1, 2, 0};
  const real own[] = {real{0.25}, real{0.5}, 1};
  Numbers all = {8, 4, 2, 16, 32, 64};  // second: 8 16 64, third: 4 32, first: 2
  const Var x = tape.constant({{6, 1}, all.data()});
  const Var y = mix(tape, x, {partner, own}, from.steps(), mixed.steps());
  EXPECT_FALSE(tape.wants_gradient(y)) << "of a constant";
  EXPECT_THAT(numbers(tape.value(y)), ElementsAre(0.5 + 6, 4 + 2, 4, 12, 8 + 16, 32, 48, 32));
}

TEST_F(Operations, a_mix_of_two_sequences_is_the_same_in_any_order_of_the_batch) {
  const std::vector<Numbers> sequences = {{1, 2}, {3, 5, 7, 9}, {0.1f, 0.2f, 0.3f}};
  const std::vector<int> partner = {1, 2, 0};
  const std::vector<real> own = {real{0.3f}, real{0.45f}, real{0.9f}};
  const auto mixed_in = [&](const std::vector<std::size_t>& order) {  // place -> sequence
    std::vector<int> place(3), partners, lengths, mixed_lengths;
    std::vector<real> weights;
    for (std::size_t i = 0; i < 3; ++i) place[order[i]] = static_cast<int>(i);
    for (const std::size_t s : order) {
      const auto other = static_cast<std::size_t>(partner[s]);
      partners.push_back(place[other]);
      weights.push_back(own[s]);
      lengths.push_back(static_cast<int>(sequences[s].size()));
      mixed_lengths.push_back(
          static_cast<int>(std::max(sequences[s].size(), sequences[other].size())));
    }
    tensor::StepTable from, mixed;
    from.assign(lengths);
    mixed.assign(mixed_lengths);
    const Tensor rows = tape.arena().tensor({from.steps().N, 1});
    for (int n = 0; n < from.steps().N; ++n) rows.row(n)[0] = 0;
    for (int b = 0; b < 3; ++b) {
      const auto& sequence = sequences[order[static_cast<std::size_t>(from.steps().position[b])]];
      for (int t = 0; t < from.steps().length[b]; ++t) {
        rows.row(from.steps().row(t, b))[0] = sequence[static_cast<std::size_t>(t)];
      }
    }
    const Tensor y = tape.value(mix(tape, tape.constant(rows), {partners.data(), weights.data()},
                                    from.steps(), mixed.steps()));
    std::vector<Numbers> out(3);
    for (int n = 0; n < mixed.steps().N; ++n) {
      const int b = mixed.steps().sequence[n];
      out[order[static_cast<std::size_t>(mixed.steps().position[b])]].push_back(y.row(n)[0]);
    }
    return out;
  };
  const auto expected = mixed_in({0, 1, 2});
  EXPECT_EQ(expected, mixed_in({2, 0, 1}));
  EXPECT_EQ(expected, mixed_in({1, 0, 2}));
  EXPECT_EQ(expected[0].size(), 4U);
}

TEST_F(Operations, a_sample_of_weight_three_counts_as_three_samples) {
  const Var once = variable({2, 2}, {1, -1, 0, 2});
  const Var often = variable({4, 2}, {1, -1, 0, 2, 0, 2, 0, 2});
  const int target[] = {0, 0, 0, 0};
  const real weight[] = {1, 3}, class_weight[] = {2, 1};
  const Var a =
      softmax_cross_entropy(tape, once, {target, class_weight, real{0.1f}, 8, nullptr, weight});
  const Var b = softmax_cross_entropy(tape, often, {target, class_weight, real{0.1f}, 8});
  EXPECT_NEAR(static_cast<double>(tape.value(a).data[0]),
              static_cast<double>(tape.value(b).data[0]), 1e-6);
  tape.backward(a);
  const Numbers d = numbers(tape.gradient(once));
  tape.backward(b);
  const Numbers e = numbers(tape.gradient(often));
  EXPECT_NEAR(static_cast<double>(d[0]), static_cast<double>(e[0]), 1e-6);
  EXPECT_NEAR(static_cast<double>(d[2]), static_cast<double>(e[2] + e[4] + e[6]), 1e-6);
}

TEST_F(Operations, what_is_not_a_number_shows_in_every_loss) {
  const real nan = std::nanf("");
  const int target[] = {1};
  const real wish[] = {0, 0, 0};
  for (const Numbers& bad : {Numbers{nan, 0, 0}, Numbers{0, 0, nan}}) {
    const Var y = variable({1, 3}, bad);
    EXPECT_TRUE(
        std::isnan(tape.value(softmax_cross_entropy(tape, y, {target, nullptr, 0, 1})).data[0]));
    EXPECT_TRUE(std::isnan(tape.value(mean_squared_error(tape, y, wish, 3)).data[0]));
    EXPECT_TRUE(std::isnan(numbers(tape.value(relu(tape, y)))[std::isnan(bad[0]) ? 0 : 2]));
  }
}

TEST_F(Operations, what_is_not_a_number_survives_the_maximum_over_steps) {
  tensor::StepTable table;
  table.assign({3});
  const real nan = std::nanf("");
  for (const Numbers& bad : {Numbers{nan, 1, 2}, Numbers{1, nan, 2}, Numbers{1, 2, nan}}) {
    const Var y = pool_max(tape, variable({3, 1}, bad), table.steps());
    EXPECT_TRUE(std::isnan(tape.value(y).data[0]));
  }
}

TEST_F(Operations, constants_need_no_gradient_anywhere) {
  tensor::StepTable table;
  table.assign({2, 1});
  const tensor::Steps& s = table.steps();
  const int ids[] = {0, 1, 0};
  Var x = embedding(tape, random({2, 4}, false), ids, 3);
  x = layer_norm(tape, x, random({4}, false), random({4}, false));
  RecurrentLayer layer;
  layer.cell = &kernels::cells().at("gru");
  layer.units = 4;
  layer.direction[0].w_x = random({4, 12}, false);
  layer.direction[0].w_h = random({4, 12}, false);
  layer.direction[0].b = random({12}, false);
  layer.direction[0].b_h = random({4}, false);
  x = recurrent(tape, x, layer, s);
  x = self_attention(
      tape, x,
      {random({4, 12}, false), random({12}, false), random({4, 4}, false), random({4}, false), 2},
      s);
  x = pool_attention(tape, x, {random({4, 3}, false), random({3}, false), random({3}, false)}, s);
  const Var w = random({4, 2}, true);
  run_backward(linear(tape, x, w, random({2}, false)));
  double size = 0;
  for (const real g : tape.gradient(w).span()) size += std::abs(static_cast<double>(g));
  EXPECT_GT(size, 0);
}

TEST_F(Operations, only_the_parameters_that_want_one_get_a_gradient) {
  const Var x = random({3, 4}, false), w = random({4, 2}, false), b = random({2}, true);
  run_backward(linear(tape, x, w, b));
  EXPECT_THAT(numbers(tape.gradient(b)), ElementsAre(3, 3));
}

TEST_F(Operations, without_recording_values_are_the_same_and_there_are_no_gradients) {
  const Numbers xs = {1, 2, 3, 4}, ws = {real{0.5}, -1};
  const auto result = [&] {
    const Var y = tanh(tape, linear(tape, variable({2, 2}, xs), variable({2, 1}, ws), {}));
    return std::pair(numbers(tape.value(y)), tape.wants_gradient(y));
  };
  const auto recorded = result();
  tape.reset(false);
  const auto predicted = result();
  EXPECT_EQ(recorded.first, predicted.first);
  EXPECT_TRUE(recorded.second);
  EXPECT_FALSE(predicted.second);
}

TEST_F(Operations, shapes_that_do_not_fit_are_refused_with_both_named) {
  const Var a = random({2, 3}, true), b = random({3, 2}, true), bias = random({5}, true);
  tensor::StepTable table;
  table.assign({2});
  std::string message;
  EXPECT_EQ(code_of([&] { add(tape, a, b); }, &message), Code::kShape);
  EXPECT_THAT(message, testing::AllOf(HasSubstr("add"), HasSubstr("[2,3]"), HasSubstr("[3,2]")));
  EXPECT_EQ(code_of([&] { linear(tape, a, a, {}); }, &message), Code::kShape);
  EXPECT_THAT(message, testing::AllOf(HasSubstr("linear"), HasSubstr("[2,3]")));
  EXPECT_EQ(code_of([&] { linear(tape, a, b, bias); }), Code::kShape);
  EXPECT_EQ(code_of([&] { reshape(tape, a, {7}); }), Code::kShape);
  EXPECT_EQ(code_of([&] { layer_norm(tape, a, bias, bias); }), Code::kShape);
  const Var parts[] = {a, b};
  EXPECT_EQ(code_of([&] { concatenate(tape, parts, 2); }), Code::kShape);
  EXPECT_EQ(code_of([&] { concatenate(tape, parts, 0); }), Code::kShape);
  EXPECT_EQ(code_of(
                [&] {
                  self_attention(tape, a, {b, bias, b, bias, 2}, table.steps());
                },
                &message),
            Code::kShape);
  EXPECT_THAT(message, HasSubstr("2 heads"));
  EXPECT_EQ(code_of([&] { tape.backward(a); }), Code::kShape);
}

TEST_F(Operations, a_recurrent_layer_checks_each_of_its_shapes) {
  tensor::StepTable table;
  table.assign({2, 1});
  const auto layer_of = [&](const Shape& w_x, const Shape& w_h, const Shape& b, const Shape& b_h) {
    RecurrentLayer layer;
    layer.cell = &kernels::cells().at("gru");
    layer.units = 2;
    layer.direction[0].w_x = random(w_x, true);
    layer.direction[0].w_h = random(w_h, true);
    layer.direction[0].b = random(b, true);
    layer.direction[0].b_h = random(b_h, true);
    return layer;
  };
  const Var x = random({3, 4}, true), other = random({2, 4}, true);
  const auto refuses = [&](Var in, const RecurrentLayer& layer) {
    return code_of([&] { recurrent(tape, in, layer, table.steps()); }) == Code::kShape;
  };
  RecurrentLayer good = layer_of({4, 6}, {2, 6}, {6}, {2});
  EXPECT_NO_THROW(recurrent(tape, x, good, table.steps()));
  EXPECT_TRUE(refuses(other, good));
  EXPECT_TRUE(refuses(x, layer_of({3, 6}, {2, 6}, {6}, {2})));
  EXPECT_TRUE(refuses(x, layer_of({4, 6}, {6, 2}, {6}, {2})));
  EXPECT_TRUE(refuses(x, layer_of({4, 6}, {2, 6}, {2}, {2})));
  EXPECT_TRUE(refuses(x, layer_of({4, 6}, {2, 6}, {6}, {6})));
  good.direction[0].mask = tape.arena().zeros({3, 2});
  EXPECT_TRUE(refuses(x, good));
}

TEST_F(Operations, softmax_of_logits_that_overflow_stays_finite) {
  const Var logits = variable({1, 3}, {1000, -1000, 0});
  const int target[] = {1};
  const Var loss = softmax_cross_entropy(tape, logits, {target, nullptr, 0, 1});
  EXPECT_EQ(tape.value(loss).data[0], 2000);
  tape.backward(loss);
  EXPECT_THAT(numbers(tape.gradient(logits)), ElementsAre(1, -1, 0));
}

}  // namespace
}  // namespace refrain::tape
