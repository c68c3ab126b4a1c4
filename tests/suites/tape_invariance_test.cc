// Operations over the steps of a ragged batch: a sequence gives the same bits in any batch as
// alone, forward and backward, on every instruction set.
#include <gtest/gtest.h>

#include "refrain/kernels/isa.h"
#include "refrain/tape/activation.h"
#include "refrain/tape/attention.h"
#include "refrain/tape/dropout.h"
#include "refrain/tape/layer_norm.h"
#include "refrain/tape/linear.h"
#include "refrain/tape/part_pooling.h"
#include "refrain/tape/pooling.h"
#include "tests/suites/ragged.h"

namespace refrain::suites {
namespace {

using tape::Tape;
using tape::Var;
using tensor::Steps;

constexpr int kColumns = 6;

struct Parameters {
  Var square, wide, narrow, column, three;  // [F,F] [F,3F] [F] [F] [3F]
};

using Operation = Var (*)(Tape&, Var x, const Parameters&, const Steps&);

struct Item {
  const char* name;
  Operation apply;
  bool pools;  // the result is [B,F] in batch order
};

const Item kItems[] = {
    {"linear",
     [](Tape& t, Var x, const Parameters& p, const Steps&) {
       return linear(t, x, p.square, p.narrow);
     },
     false},
    {"layer_norm",
     [](Tape& t, Var x, const Parameters& p, const Steps&) {
       return layer_norm(t, x, p.narrow, p.column);
     },
     false},
    {"self_attention",
     [](Tape& t, Var x, const Parameters& p, const Steps& s) {
       return self_attention(t, x, {p.wide, p.three, p.square, p.narrow, 2}, s);
     },
     false},
    {"pool_last",
     [](Tape& t, Var x, const Parameters&, const Steps& s) { return pool_last(t, x, 2, s); }, true},
    {"pool_mean",
     [](Tape& t, Var x, const Parameters&, const Steps& s) { return pool_mean(t, x, s); }, true},
    {"pool_max",
     [](Tape& t, Var x, const Parameters&, const Steps& s) { return pool_max(t, x, s); }, true},
    {"pool_attention",
     [](Tape& t, Var x, const Parameters& p, const Steps& s) {
       return pool_attention(t, x, {p.square, p.narrow, p.column}, s);
     },
     true},
    {"pool_dot_attention",
     [](Tape& t, Var x, const Parameters& p, const Steps& s) {
       return pool_dot_attention(t, x, reshape(t, p.narrow, {kColumns, 1}), s);
     },
     true},
    {"pool_parts",
     [](Tape& t, Var x, const Parameters&, const Steps& s) { return pool_parts(t, x, 1, s); },
     true},
    {"scale_sequences",
     [](Tape& t, Var x, const Parameters&, const Steps& s) {
       return scale_sequences(t, x, pool_mean(t, x, s), s);
     },
     false},
};

struct Outcome {
  Sequences y, d_x;
};

Var parameter(Tape& tape, const tensor::Shape& shape, base::Rng& rng) {
  const tensor::Tensor value = tape.arena().tensor(shape);
  for (real& x : value.span()) x = static_cast<real>(rng.uniform(-1, 1));
  return tape.variable(value, tape.arena().zeros(shape));
}

Outcome run(const Item& item, const Sequences& sequences, const Sequences& d_y) {
  tensor::StepTable table;
  table.assign(lengths_of(sequences, kColumns));
  const Steps& steps = table.steps();
  Tape tape;
  tape.reset(true);
  base::Rng rng(5);
  Parameters p;
  p.square = parameter(tape, {kColumns, kColumns}, rng);
  p.wide = parameter(tape, {kColumns, 3 * kColumns}, rng);
  p.narrow = parameter(tape, {kColumns}, rng);
  p.column = parameter(tape, {kColumns}, rng);
  p.three = parameter(tape, {3 * kColumns}, rng);
  Numbers rows = to_rows(sequences, steps, kColumns), d_rows(rows.size());
  const tensor::Shape shape{steps.N, kColumns};
  const Var x = tape.variable({shape, rows.data()}, {shape, d_rows.data()});
  const Var y = item.apply(tape, x, p, steps);
  Outcome out;
  real* d = tape.gradient(y).data;
  const tensor::Tensor value = tape.value(y);
  for (std::size_t b = 0; item.pools && b < sequences.size(); ++b) {
    const real* row = value.row(static_cast<int>(b));
    out.y.emplace_back(row, row + kColumns);
    d = std::copy_n(d_y[b].begin(), kColumns, d);
  }
  if (!item.pools) {
    out.y = from_rows(value.data, steps, kColumns);
    const Numbers upstream = to_rows(d_y, steps, kColumns);
    std::copy(upstream.begin(), upstream.end(), d);
  }
  tape.backward();
  out.d_x = from_rows(d_rows.data(), steps, kColumns);
  return out;
}

class TapeInvariance : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { kernels::choose_isa(GetParam()); }
  void TearDown() override { kernels::choose_isa("auto"); }
};
INSTANTIATE_TEST_SUITE_P(AllIsas, TapeInvariance, testing::ValuesIn(kernels::available_isas()),
                         [](const auto& p) { return p.param; });

TEST_P(TapeInvariance, a_sequence_in_a_ragged_batch_is_as_alone) {
  base::Rng rng(6);
  const std::vector<int> lengths = {3, 1, 7, 20, 3, 5, 1, 2, 8, 33, 4, 6, 2, 9, 1};
  const Sequences x = random_sequences(lengths, kColumns, rng);
  const Sequences d_y = random_sequences(lengths, kColumns, rng);
  for (const Item& item : kItems) {
    SCOPED_TRACE(item.name);
    const Outcome together = run(item, x, d_y);
    for (std::size_t b = 0; b < x.size(); ++b) {
      const Outcome alone = run(item, {x[b]}, {d_y[b]});
      ASSERT_EQ(alone.y[0], together.y[b]) << "sequence " << b;
      ASSERT_EQ(alone.d_x[0], together.d_x[b]) << "sequence " << b;
    }
  }
}

TEST_P(TapeInvariance, the_order_of_the_steps_changes_a_mean_by_rounding_only) {
  base::Rng rng(7);
  const Sequences x = random_sequences({9, 4}, kColumns, rng);
  const Sequences d_y = random_sequences({9, 4}, kColumns, rng);
  for (const Item& item : kItems) {
    if (!item.pools || std::string(item.name) == "pool_last") continue;
    SCOPED_TRACE(item.name);
    const Outcome a = run(item, x, d_y);
    const Outcome b = run(item, {reversed(x[0], kColumns), reversed(x[1], kColumns)}, d_y);
    for (std::size_t s = 0; s < 2; ++s) {
      for (std::size_t i = 0; i < a.y[s].size(); ++i) {
        EXPECT_NEAR(static_cast<double>(a.y[s][i]), static_cast<double>(b.y[s][i]), 1e-6);
      }
    }
  }
}

}  // namespace
}  // namespace refrain::suites
