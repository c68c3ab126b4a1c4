// Every registered cell: gradients against finite differences, over directions, ragged lengths,
// recurrent dropout and sizes around the vector width. A cell added to the list is tested here by
// itself.
#include <gtest/gtest.h>

#include "refrain/tape/gradient_check.h"
#include "tests/suites/cell_net.h"

namespace refrain::suites {
namespace {

using tape::GradientCheck;
using tape::Tape;
using tape::Var;

class CellGradients : public testing::TestWithParam<std::string> {
 protected:
  const kernels::Cell& cell() const { return kernels::cells().at(GetParam()); }
};
INSTANTIATE_TEST_SUITE_P(AllCells, CellGradients, testing::ValuesIn(kernels::cells().names()),
                         [](const auto& p) { return p.param; });

// What is dropped: bits, so that they combine.
constexpr int kNothing = 0, kRecurrent = 1, kZoneout = 2, kExpectedZoneout = 4;

struct Sizes {
  int I, H;
  Way way;
  int drops;
};

void add_layer(GradientCheck& check, const kernels::Cell& cell, int I, int H, Way way) {
  const char* names[] = {"w_x", "w_h", "b", "b_h"};
  for (int d = 0; d < directions(way); ++d) {
    std::size_t i = 0;
    for (const auto& shape : parameter_shapes(cell, I, H)) {
      check.leaf(std::to_string(d) + names[i++], shape, 0.5);
    }
  }
}

// The largest relative error of any gradient of one layer.
double layer_error(const kernels::Cell& cell, const Sizes& s, const std::vector<int>& lengths,
                   std::string* where) {
  tensor::StepTable table;
  table.assign(lengths);
  const tensor::Steps& steps = table.steps();
  GradientCheck check(17);
  check.leaf("x", {steps.N, s.I});
  add_layer(check, cell, s.I, s.H, s.way);
  base::Rng rng(3);
  Numbers mask(static_cast<std::size_t>(steps.B * s.H));
  for (real& m : mask) m = rng.uniform() < 0.5 ? real{0} : real{2};
  std::vector<std::uint64_t> keys(static_cast<std::size_t>(steps.B));
  for (std::size_t b = 0; b < keys.size(); ++b) keys[b] = rng.fork(b).key();
  Numbers expected(static_cast<std::size_t>(s.H), real{0.3});
  const double worst = check.worst([&](Tape& tape, const Var* v) {
    tape::RecurrentLayer layer = make_layer(cell, s.H, s.way, v + 1);
    for (auto& part : layer.direction) {
      if ((s.drops & kRecurrent) != 0) part.mask = {{steps.B, s.H}, mask.data()};
      if ((s.drops & kZoneout) != 0) part.zoneout = {real{0.3f}, keys.data()};
      if ((s.drops & kExpectedZoneout) != 0) part.share = {{1, s.H}, expected.data()};
    }
    return recurrent(tape, v[0], layer, steps);
  });
  *where = check.where();
  return worst;
}

TEST_P(CellGradients, of_parameters_and_input_agree_with_finite_differences) {
  for (const int H : {1, 3, 16, 17}) {
    for (const Way way : {Way::kForward, Way::kReverse, Way::kBoth}) {
      for (const int drops :
           {kNothing, kRecurrent, kZoneout, kRecurrent | kZoneout, kRecurrent | kExpectedZoneout}) {
        // In float the kinks of relu hide among the rounding; the double build checks all of them.
        if (!GradientCheck::kDouble && drops >= kZoneout) continue;
        std::string where;
        EXPECT_LT(layer_error(cell(), {3, H, way, drops}, {3, 5, 1, 3}, &where),
                  GradientCheck::kTolerance)
            << "H = " << H << ", " << text(way) << ", drops " << drops << ", at " << where;
      }
    }
  }
}

TEST_P(CellGradients, agree_for_more_sequences_than_a_tile_has_rows) {
  const std::vector<int> lengths = {1, 4, 2, 2, 3, 1, 1, 2, 4, 3, 2, 1, 4, 2, 3, 1, 2};
  for (const Way way : {Way::kForward, Way::kReverse}) {
    std::string where;
    EXPECT_LT(layer_error(cell(), {2, 5, way, kRecurrent}, lengths, &where),
              GradientCheck::kTolerance)
        << text(way) << " at " << where;
  }
}

TEST_P(CellGradients, agree_for_a_single_step_and_a_single_input) {
  for (const auto& lengths :
       {std::vector<int>{1}, std::vector<int>{1, 1, 1}, std::vector<int>{6}}) {
    std::string where;
    EXPECT_LT(layer_error(cell(), {1, 4, Way::kBoth, kNothing}, lengths, &where),
              GradientCheck::kTolerance)
        << lengths.size() << " sequences, at " << where;
  }
}

TEST_P(CellGradients, agree_through_two_layers) {
  constexpr int kInputs = 3, kUnits = 4;
  for (const Way way : {Way::kForward, Way::kReverse, Way::kBoth}) {
    tensor::StepTable table;
    table.assign({2, 5, 1, 3});
    const tensor::Steps& steps = table.steps();
    GradientCheck check(5);
    check.leaf("x", {steps.N, kInputs});
    add_layer(check, cell(), kInputs, kUnits, way);
    add_layer(check, cell(), kUnits * directions(way), kUnits, way);
    const std::size_t parts = parameter_shapes(cell(), 1, 1).size();
    const auto second = 1 + parts * static_cast<std::size_t>(directions(way));
    const double worst = check.worst([&](Tape& tape, const Var* v) {
      const Var h = recurrent(tape, v[0], make_layer(cell(), kUnits, way, v + 1), steps);
      return recurrent(tape, h, make_layer(cell(), kUnits, way, v + second), steps);
    });
    EXPECT_LT(worst, GradientCheck::kTolerance) << text(way) << " at " << check.where();
  }
}

// A cell whose backward step is the registered one, and then one block of its gradients is a
// thousandth too large.
struct Spoiled {
  const kernels::Cell* healthy = nullptr;
  int block = 0;
} spoiled;

void spoiled_backward(const kernels::CellStep& s) {
  spoiled.healthy->backward(s);
  for (int row = 0; row < s.rows; ++row) {
    real* gate = s.z.data + row * s.z.stride + spoiled.block * s.units;
    for (int unit = 0; unit < s.units; ++unit) gate[unit] *= real{1.001};
  }
}

TEST_P(CellGradients, an_error_of_a_thousandth_in_any_one_gate_is_seen) {
  if (!GradientCheck::kDouble) GTEST_SKIP() << "float hides it: build with REFRAIN_DOUBLE";
  kernels::Cell cell_with_error = cell();
  cell_with_error.backward = spoiled_backward;
  spoiled.healthy = &cell();
  for (spoiled.block = 0; spoiled.block < cell().z_width; ++spoiled.block) {
    std::string where;
    const double error =
        layer_error(cell_with_error, {3, 4, Way::kForward, kNothing}, {3, 5, 1, 3}, &where);
    EXPECT_GT(error, 1e-4) << "block " << spoiled.block;
    EXPECT_LT(error, 1e-1) << "block " << spoiled.block;  // no other error hides it
  }
}

}  // namespace
}  // namespace refrain::suites
