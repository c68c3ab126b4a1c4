// Convolution over time and shorter sequences: the sums written out, gradients against finite
// differences, a sequence alone against the same one in a ragged batch.
#include "refrain/tape/convolution.h"

#include <gtest/gtest.h>

#include <numeric>

#include "refrain/base/error.h"
#include "refrain/kernels/isa.h"
#include "refrain/tape/activation.h"
#include "refrain/tape/gradient_check.h"
#include "refrain/tape/time_pooling.h"

namespace refrain::tape {
namespace {

using tensor::Steps;
using tensor::StepTable;

std::vector<real> random_numbers(std::size_t n, std::uint64_t seed) {
  base::Rng rng(seed);
  std::vector<real> out(n);
  for (real& x : out) x = static_cast<real>(rng.uniform(-1, 1));
  return out;
}

// A filter's size and where it looks.
struct Form {
  int K, dilation, C, O;
  bool depthwise() const { return O == 0; }
  int columns() const { return depthwise() ? C : O; }
  Shape shape() const { return depthwise() ? Shape{K, C} : Shape{K * C, O}; }
};

const Form kForms[] = {{1, 1, 3, 2},  {2, 1, 1, 5},  {3, 1, 2, 4},  {5, 2, 2, 3}, {4, 3, 3, 17},
                       {9, 1, 5, 48}, {39, 1, 1, 3}, {1, 1, 3, 0},  {2, 1, 1, 0}, {3, 1, 5, 0},
                       {5, 2, 2, 0},  {6, 3, 48, 0}, {9, 1, 53, 0}, {39, 1, 7, 0}};

std::string text(const Form& f) {
  return "K " + std::to_string(f.K) + " dilation " + std::to_string(f.dilation) + " C " +
         std::to_string(f.C) + " O " + std::to_string(f.O);
}

Var apply(Tape& tape, Var x, const Form& form, const Filters* filters, int count,
          const Steps& steps) {
  return form.depthwise() ? depthwise_convolution(tape, x, filters, count, steps)
                          : convolution(tape, x, filters, count, steps);
}

// y of one output as the header has it.
double expected(const Form& f, const Tensor& x, const real* w, const Steps& s, int t, int b,
                int o) {
  double sum = 0;
  for (int k = 0; k < f.K; ++k) {
    const int at = t + (k - (f.K - 1) / 2) * f.dilation;
    if (at < 0 || at >= s.length[b]) continue;
    const real* row = x.row(s.row(at, b));
    for (int c = 0; c < f.C; ++c) {
      if (f.depthwise() && c != o) continue;
      const int place = f.depthwise() ? k * f.C + c : (k * f.C + c) * f.O + o;
      sum += static_cast<double>(row[c]) * static_cast<double>(w[place]);
    }
  }
  return sum;
}

class Convolution : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { kernels::choose_isa(GetParam()); }
  void TearDown() override { kernels::choose_isa("auto"); }
};
INSTANTIATE_TEST_SUITE_P(AllIsas, Convolution, testing::ValuesIn(kernels::available_isas()),
                         [](const auto& p) { return p.param; });

TEST_P(Convolution, is_the_sum_over_taps_and_channels_with_zeros_beyond_the_ends) {
  StepTable table;
  table.assign({7, 30, 1, 12, 30, 2, 29, 29, 3});
  const Steps& s = table.steps();
  for (const Form& f : kForms) {
    SCOPED_TRACE(text(f));
    auto x = random_numbers(static_cast<std::size_t>(s.N * f.C), 1);
    auto w = random_numbers(f.shape().count(), 2);
    auto bias = random_numbers(static_cast<std::size_t>(f.columns()), 3);
    Tape tape;
    tape.reset(false);
    const Var xv = tape.constant({{s.N, f.C}, x.data()});
    const Filters filters[] = {{tape.constant({f.shape(), w.data()}),
                                tape.constant({{f.columns()}, bias.data()}), f.K, f.dilation}};
    const Tensor y = tape.value(apply(tape, xv, f, filters, 1, s));
    ASSERT_EQ(y.shape, (Shape{s.N, f.columns()}));
    for (int b = 0; b < s.B; ++b) {
      for (int t = 0; t < s.length[b]; ++t) {
        for (int o = 0; o < f.columns(); ++o) {
          const double want = expected(f, tape.value(xv), w.data(), s, t, b, o);
          const double shift = static_cast<double>(bias[static_cast<std::size_t>(o)]);
          ASSERT_NEAR(static_cast<double>(y.row(s.row(t, b))[o]), want + shift, 2e-5)
              << "t " << t << " b " << b << " o " << o;
        }
      }
    }
  }
}

struct Outcome {
  std::vector<std::vector<real>> y, d_x;  // a sequence each
};

std::vector<std::vector<real>> by_sequence(const Tensor& m, const Steps& s) {
  std::vector<std::vector<real>> out(static_cast<std::size_t>(s.B));
  for (int b = 0; b < s.B; ++b) {
    auto& to = out[static_cast<std::size_t>(s.position[b])];
    for (int t = 0; t < s.length[b]; ++t) {
      to.insert(to.end(), m.row(s.row(t, b)), m.row(s.row(t, b)) + m.columns());
    }
  }
  return out;
}

// Sequence i of `lengths` is made from numbers[i].
Outcome run(const Form& f, const std::vector<int>& lengths,
            const std::vector<std::uint64_t>& numbers) {
  StepTable table;
  table.assign(lengths);
  const Steps& s = table.steps();
  Tape tape;
  tape.reset(true);
  const Tensor x = tape.arena().tensor({s.N, f.C}), d_x = tape.arena().zeros({s.N, f.C});
  auto w = random_numbers(f.shape().count(), 2);
  std::vector<real> d_w(w.size());
  const Var xv = tape.variable(x, d_x);
  const Var wv = tape.variable({f.shape(), w.data()}, {f.shape(), d_w.data()});
  const auto fill = [&](const Tensor& m, std::uint64_t salt) {
    for (int b = 0; b < s.B; ++b) {
      const auto of = numbers[static_cast<std::size_t>(s.position[b])];
      const auto from =
          random_numbers(static_cast<std::size_t>(s.length[b] * m.columns()), of + salt);
      for (int t = 0; t < s.length[b]; ++t) {
        std::copy_n(from.begin() + t * m.columns(), m.columns(), m.row(s.row(t, b)));
      }
    }
  };
  fill(x, 0);
  const Filters filters[] = {{wv, {}, f.K, f.dilation}, {wv, {}, f.K, f.dilation + 1}};
  const Var y = apply(tape, xv, f, filters, 2, s);
  fill(tape.gradient(y), 100);
  tape.backward();
  return {by_sequence(tape.value(y), s), by_sequence(d_x, s)};
}

TEST_P(Convolution, a_sequence_in_a_ragged_batch_is_as_alone_to_the_bit) {
  const std::vector<int> lengths = {7, 30, 1, 12, 30, 2, 29, 3};
  std::vector<std::uint64_t> numbers(lengths.size());
  std::iota(numbers.begin(), numbers.end(), 10);
  for (const Form& f : kForms) {
    SCOPED_TRACE(text(f));
    const Outcome together = run(f, lengths, numbers);
    for (std::size_t i = 0; i < lengths.size(); ++i) {
      const Outcome alone = run(f, {lengths[i]}, {numbers[i]});
      ASSERT_EQ(alone.y[0], together.y[i]) << i;
      ASSERT_EQ(alone.d_x[0], together.d_x[i]) << i;
    }
  }
}

TEST(ConvolutionGradient, agrees_with_finite_differences) {
  StepTable table;
  table.assign({3, 7, 1, 3, 6});
  const Steps& s = table.steps();
  for (const Form& f : kForms) {
    if (f.K * f.C * f.columns() > 1000) continue;
    SCOPED_TRACE(text(f));
    GradientCheck check;
    check.leaf("x", {s.N, f.C});
    check.leaf("w", f.shape());
    check.leaf("b", {f.columns()});
    check.leaf("w2", {f.depthwise() ? 3 : 3 * f.C, f.columns()});
    const auto net = [&](Tape& t, const Var* v) {
      const Filters filters[] = {{v[1], v[2], f.K, f.dilation}, {v[3], {}, 3, 1}};
      return tanh(t, apply(t, tanh(t, v[0]), f, filters, 2, s));
    };
    EXPECT_LT(check.worst(net), GradientCheck::kTolerance) << "at " << check.where();
  }
}

TEST(ConvolutionGradient, of_long_sequences_over_several_segments) {
  StepTable table;
  table.assign({150, 40, 151});
  const Steps& s = table.steps();
  constexpr int kChannels = 600;  // segments of 64 steps
  std::vector<real> w(3 * kChannels);
  Tape tape;
  tape.reset(true);
  std::fill(w.begin(), w.end(), real{1});
  const Tensor x = tape.arena().tensor({s.N, kChannels}), d_x = tape.arena().zeros(x.shape);
  std::fill_n(x.data, x.count(), real{1});
  std::vector<real> d_w(w.size());
  const Shape shape{3 * kChannels, 1};
  const Filters filters[] = {{tape.variable({shape, w.data()}, {shape, d_w.data()}), {}, 3, 1}};
  const Var y = convolution(tape, tape.variable(x, d_x), filters, 1, s);
  for (int n = 0; n < s.N; ++n) tape.gradient(y).data[n] = 1;
  tape.backward();
  for (int b = 0; b < s.B; ++b) {
    for (int t = 0; t < s.length[b]; ++t) {
      const int taps = 3 - (t == 0 ? 1 : 0) - (t + 1 == s.length[b] ? 1 : 0);
      ASSERT_EQ(tape.value(y).data[s.row(t, b)], static_cast<real>(taps * kChannels));
      ASSERT_EQ(d_x.row(s.row(t, b))[7], static_cast<real>(taps));
    }
  }
  EXPECT_EQ(d_w[0], static_cast<real>(s.N - 3));  // the first steps have nothing before them
  EXPECT_EQ(d_w[kChannels], static_cast<real>(s.N));
}

TEST(Convolution, weights_that_do_not_fit_are_refused) {
  StepTable table;
  table.assign({3, 2});
  Tape tape;
  tape.reset(false);
  const Var x = tape.result({5, 2}, true), w = tape.result({6, 4}, true);
  Filters f{w, {}, 2, 1};
  EXPECT_THROW(convolution(tape, x, &f, 1, table.steps()), Error);
  EXPECT_THROW(depthwise_convolution(tape, x, &f, 1, table.steps()), Error);
  f.width = 3;
  EXPECT_NO_THROW(convolution(tape, x, &f, 1, table.steps()));
  EXPECT_THROW(convolution(tape, x, &f, 0, table.steps()), Error);
  f.dilation = 0;
  EXPECT_THROW(convolution(tape, x, &f, 1, table.steps()), Error);
}

TEST(TimePooling, shortened_steps_are_those_of_a_table_of_the_short_lengths) {
  const std::vector<int> lengths = {7, 30, 1, 12, 30, 2, 9};
  for (const int window : {1, 2, 3, 7, 40}) {
    StepTable table, want;
    table.assign(lengths);
    std::vector<int> shorter;
    for (const int length : lengths) shorter.push_back((length + window - 1) / window);
    want.assign(shorter);
    Tape tape;
    tape.reset(false);
    const Steps &a = shortened(tape, table.steps(), window), &b = want.steps();
    ASSERT_EQ(a.N, b.N);
    ASSERT_EQ(a.T, b.T);
    for (int t = 0; t < a.T; ++t) EXPECT_EQ(a.live[t], b.live[t]);
    for (int t = 0; t < a.T; ++t) EXPECT_EQ(a.offset[t], b.offset[t]);
    for (int n = 0; n < a.N; ++n) EXPECT_EQ(a.before[n], b.before[n]);
    for (int n = 0; n < a.N; ++n) EXPECT_EQ(a.sequence[n], b.sequence[n]);
    for (int i = 0; i < a.B; ++i)
      EXPECT_EQ(a.length[i], (table.steps().length[i] - 1) / window + 1);
  }
}

TEST(TimePooling, the_last_window_averages_what_exists_and_repeats_its_last_step_side_by_side) {
  StepTable table;
  table.assign({5, 3});
  const Steps& s = table.steps();
  Tape tape;
  tape.reset(false);
  const Var x = tape.result({s.N, 1}, true);
  for (int b = 0; b < 2; ++b) {
    for (int t = 0; t < s.length[b]; ++t) {
      tape.value(x).data[s.row(t, b)] = static_cast<real>(10 * b + t);
    }
  }
  const Steps& r = shortened(tape, s, 2);
  const Tensor mean = tape.value(average_pool(tape, x, 2, s, r));
  EXPECT_EQ(mean.data[r.row(0, 0)], real{0.5f});
  EXPECT_EQ(mean.data[r.row(2, 0)], 4);
  EXPECT_EQ(mean.data[r.row(1, 1)], 12);
  const Tensor beside = tape.value(side_by_side(tape, x, 2, s, r));
  EXPECT_EQ(beside.row(r.row(2, 0))[1], 4);
  EXPECT_EQ(beside.row(r.row(0, 1))[1], 11);
}

TEST(TimePooling, gradients_agree_with_finite_differences) {
  StepTable table;
  table.assign({3, 7, 1, 3, 6});
  const Steps& s = table.steps();
  GradientCheck check;
  check.leaf("x", {s.N, 4});
  for (const int window : {1, 2, 3, 9}) {
    const auto mean = [&](Tape& t, const Var* v) {
      return average_pool(t, v[0], window, s, shortened(t, s, window));
    };
    EXPECT_LT(check.worst(mean), GradientCheck::kTolerance);
    const auto beside = [&](Tape& t, const Var* v) {
      return side_by_side(t, v[0], window, s, shortened(t, s, window));
    };
    EXPECT_LT(check.worst(beside), GradientCheck::kTolerance);
  }
}

}  // namespace
}  // namespace refrain::tape
