// A training step like an earlier one asks the system for no memory: operator new is counted.
#include <gtest/gtest.h>

#include "refrain/tape/attention.h"
#include "refrain/tape/dropout.h"
#include "refrain/tape/embedding.h"
#include "refrain/tape/layer_norm.h"
#include "refrain/tape/linear.h"
#include "refrain/tape/loss.h"
#include "refrain/tape/pooling.h"
#include "tests/suites/allocation_counter.h"
#include "tests/suites/cell_net.h"

namespace refrain::suites {
namespace {

using tape::Tape;
using tape::Var;
using tensor::Shape;

// A text classifier that uses every kind of operation, and all its memory.
class Step {
 public:
  Step(const std::string& cell, const std::vector<int>& lengths, int H) : H_(H) {
    cell_ = &kernels::cells().at(cell);
    lengths_ = lengths;
    table_.assign(lengths);
    for (int n = 0; n < table_.steps().N; ++n) ids_.push_back(n % 10);
    target_.assign(lengths.size(), 1);
    keys_.assign(lengths.size(), 77);
    shapes_ = {{10, kWidth}, {kWidth}, {kWidth}};
    for (int d = 0; d < 2; ++d) {
      for (const auto& s : parameter_shapes(*cell_, kWidth, H)) shapes_.push_back(s);
    }
    first_after_ = shapes_.size();
    for (const Shape& s : std::vector<Shape>{{2 * H, 6 * H},
                                             {6 * H},
                                             {2 * H, 2 * H},
                                             {2 * H},
                                             {2 * H, 5},
                                             {5},
                                             {5},
                                             {2 * H, 3},
                                             {3}}) {
      shapes_.push_back(s);
    }
    base::Rng rng(1);
    for (const Shape& s : shapes_) {
      values_.emplace_back(s.count());
      gradients_.emplace_back(s.count());
      for (real& x : values_.back()) x = static_cast<real>(rng.uniform(-0.3, 0.3));
    }
    vars_.resize(shapes_.size());
  }

  real run(Tape& tape) {
    table_.assign(lengths_);
    tape.reset(true);
    for (std::size_t i = 0; i < shapes_.size(); ++i) {
      vars_[i] = tape.variable({shapes_[i], values_[i].data()}, {shapes_[i], gradients_[i].data()});
    }
    const Var loss = classify(tape, table_.steps());
    tape.backward(loss);
    return tape.value(loss).data[0];
  }

 private:
  static constexpr int kWidth = 4;

  Var classify(Tape& t, const tensor::Steps& s) {
    const tape::Dropout drop{real{0.2f}, keys_.data()};
    const Var* v = vars_.data();
    Var x = embedding(t, v[0], ids_.data(), s.N);
    x = dropout_variational(t, dropout_words(t, x, ids_.data(), drop, s), drop, s);
    x = layer_norm(t, dropout_elements(t, x, drop, s), v[1], v[2]);
    tape::RecurrentLayer layer = make_layer(*cell_, H_, Way::kBoth, v + 3);
    for (auto& part : layer.direction) part.mask = variational_mask(t, H_, drop, s.B);
    x = recurrent(t, x, layer, s);
    v += first_after_;
    x = self_attention(t, x, {v[0], v[1], v[2], v[3], 2}, s);
    x = pool_attention(t, x, {v[4], v[5], v[6]}, s);
    x = linear(t, dropout_rows(t, x, drop, s), v[7], v[8]);
    const tape::CrossEntropy options{target_.data(), nullptr, real{0.1f}, static_cast<double>(s.B)};
    return softmax_cross_entropy(t, x, options);
  }

  const kernels::Cell* cell_;
  int H_;
  std::vector<int> lengths_, ids_, target_;
  std::vector<std::uint64_t> keys_;
  tensor::StepTable table_;
  std::vector<Shape> shapes_;
  std::vector<Numbers> values_, gradients_;
  std::vector<Var> vars_;
  std::size_t first_after_ = 0;
};

class Allocation : public testing::TestWithParam<std::string> {};
INSTANTIATE_TEST_SUITE_P(AllCells, Allocation, testing::ValuesIn(kernels::cells().names()),
                         [](const auto& p) { return p.param; });

TEST(AllocationCounter, counts) {
  const long before = allocations();
  Tape().reset(true);
  tensor::Arena().bytes(10);
  EXPECT_GE(allocations() - before, 2);
}

TEST_P(Allocation, the_second_of_two_equal_steps_allocates_nothing_and_gives_the_same_bits) {
  Step step(GetParam(), {3, 5, 2, 1, 4}, 6);
  Tape tape;
  const real first = step.run(tape);
  const long before = allocations();
  const real second = step.run(tape);
  EXPECT_EQ(allocations() - before, 0);
  EXPECT_EQ(first, second);
}

TEST_P(Allocation, steps_larger_than_a_block_allocate_nothing_once_the_blocks_are_joined) {
  Step step(GetParam(), std::vector<int>(20, 50), 32);
  Tape tape;
  step.run(tape);
  step.run(tape);
  EXPECT_GT(tape.arena().capacity(), std::size_t{2} << 20);
  const long before = allocations();
  for (int i = 0; i < 3; ++i) step.run(tape);
  EXPECT_EQ(allocations() - before, 0);
}

TEST_P(Allocation, a_smaller_step_after_a_larger_one_allocates_nothing) {
  Step large(GetParam(), {9, 9, 9, 9}, 6), small(GetParam(), {3, 5, 1}, 6);
  Tape tape;
  large.run(tape);
  large.run(tape);
  const long before = allocations();
  small.run(tape);
  large.run(tape);
  EXPECT_EQ(allocations() - before, 0);
}

}  // namespace
}  // namespace refrain::suites
