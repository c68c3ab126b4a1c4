// Every registered cell: states that a layer starts from and ends with.
#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "refrain/tape/gradient_check.h"
#include "tests/suites/cell_net.h"

namespace refrain::suites {
namespace {

using tape::GradientCheck;
using tape::Tape;
using tape::Var;

class CellStates : public testing::TestWithParam<std::string> {
 protected:
  const kernels::Cell& cell() const { return kernels::cells().at(GetParam()); }
  bool has_c() const { return cell().states > 0; }
};
INSTANTIATE_TEST_SUITE_P(AllCells, CellStates, testing::ValuesIn(kernels::cells().names()),
                         [](const auto& p) { return p.param; });

struct Case {
  Way way;
  bool dropped;    // recurrent dropout and zoneout
  bool in_groups;  // several segments, computed again in backward
};

// The largest relative error of any gradient of a layer that starts from states.
double error_with_start(const kernels::Cell& cell, const Case& c, std::string* where) {
  constexpr int kInputs = 2, kUnits = 5;
  tensor::StepTable table;
  table.assign({3, 5, 1, 3});
  const tensor::Steps& steps = table.steps();
  GradientCheck check(23);
  check.leaf("x", {steps.N, kInputs});
  const auto shapes = parameter_shapes(cell, kInputs, kUnits);
  for (int d = 0; d < directions(c.way); ++d) {
    for (const auto& shape : shapes) check.leaf("parameter", shape, 0.5);
  }
  for (int d = 0; d < directions(c.way); ++d) {
    check.leaf("start_h", {steps.B, kUnits});
    if (cell.states == 0) continue;
    // A normaliser is positive.
    auto& further = check.leaf("start_c", {steps.B, cell.states * kUnits});
    for (real& value : further) value = std::fabs(value) + real{0.5f};
  }
  const auto first_start = 1 + shapes.size() * static_cast<std::size_t>(directions(c.way));
  Numbers mask(static_cast<std::size_t>(steps.B * kUnits), real{2});
  for (std::size_t i = 0; i < mask.size(); i += 3) mask[i] = 0;
  const std::uint64_t keys[] = {5, 6, 7, 8};
  const double worst = check.worst([&](Tape& tape, const Var* v) {
    tape::RecurrentLayer layer = make_layer(cell, kUnits, c.way, v + 1);
    const Var* start = v + first_start;
    for (int d = 0; d < layer.directions; ++d) {
      tape::Direction& part = layer.direction[d];
      part.start_h = *start++;
      if (cell.states > 0) part.start_c = *start++;
      if (c.dropped) part.mask = {{steps.B, kUnits}, mask.data()};
      if (c.dropped) part.zoneout = {real{0.3f}, keys};
    }
    if (c.in_groups) {
      layer.segment_rows = 2;
      layer.recompute = tape::Recompute::kAlways;
    }
    return recurrent(tape, v[0], layer, steps);
  });
  *where = check.where();
  return worst;
}

TEST_P(CellStates, a_start_has_right_gradients) {
  for (const Way way : {Way::kForward, Way::kReverse, Way::kBoth}) {
    for (const bool dropped : {false, true}) {
      if (!GradientCheck::kDouble && dropped) continue;  // kinks of relu hide among the rounding
      for (const bool in_groups : {false, true}) {
        std::string where;
        EXPECT_LT(error_with_start(cell(), {way, dropped, in_groups}, &where),
                  GradientCheck::kTolerance)
            << text(way) << (dropped ? ", dropped" : "") << (in_groups ? ", in groups" : "")
            << ", at " << where;
      }
    }
  }
}

// A layer over two sequences of `steps` steps each, from states to states.
struct Piece {
  Numbers x, h, c, end_h, end_c, y;  // c, end_c only where the cell has it
};
void read(Net& net, int first, int end, Piece& p) {
  tensor::StepTable table;
  table.assign({end - first, end - first});
  Tape tape;
  tape.reset(false);
  std::vector<Var> vars;
  for (std::size_t i = 0; i < net.parameters.size(); ++i) {
    vars.push_back(tape.constant({net.shapes[i], net.parameters[i].data()}));
  }
  tape::RecurrentLayer layer = make_layer(*net.cell, net.H, net.way, vars.data());
  tape::Direction& part = layer.direction[0];
  const tensor::Shape states{2, net.H};
  p.end_h.resize(states.count());
  part.end_h = {states, p.end_h.data()};
  if (!p.h.empty()) part.start_h = tape.constant({states, p.h.data()});
  if (net.cell->states > 0) {
    const tensor::Shape further{2, net.cell->states * net.H};
    p.end_c.resize(further.count());
    part.end_c = {further, p.end_c.data()};
    if (!p.c.empty()) part.start_c = tape.constant({further, p.c.data()});
  }
  real* x = p.x.data() + first * 2 * net.I;
  const Var y =
      recurrent(tape, tape.constant({{2 * (end - first), net.I}, x}), layer, table.steps());
  p.y.insert(p.y.end(), tape.value(y).span().begin(), tape.value(y).span().end());
}

TEST_P(CellStates, a_text_read_in_pieces_gives_the_bits_of_one_reading) {
  Net net(GetParam(), 3, 17, Way::kForward);
  base::Rng rng(4);
  Piece whole;
  for (int i = 0; i < 9 * 2 * net.I; ++i) whole.x.push_back(static_cast<real>(rng.normal()));
  Piece pieces = whole;
  read(net, 0, 9, whole);
  for (const auto& [first, end] : {std::pair{0, 4}, {4, 5}, {5, 9}}) {
    read(net, first, end, pieces);
    pieces.h = pieces.end_h;
    pieces.c = pieces.end_c;
  }
  EXPECT_EQ(whole.y, pieces.y);
  EXPECT_EQ(whole.end_h, pieces.end_h);
  EXPECT_EQ(whole.end_c, pieces.end_c);
  EXPECT_TRUE(std::equal(whole.end_h.begin(), whole.end_h.end(), whole.y.end() - 2 * net.H));
}

TEST_P(CellStates, zeros_to_start_from_are_no_start) {
  Net net(GetParam(), 3, 5, Way::kReverse);
  Piece none, zeros;
  none.x.assign(std::size_t{6} * 2 * 3, real{0.5});
  zeros.x = none.x;
  zeros.h.assign(2 * 5, 0);
  if (has_c()) zeros.c.assign(static_cast<std::size_t>(2 * 5 * cell().states), 0);
  read(net, 0, 6, none);
  read(net, 0, 6, zeros);
  EXPECT_EQ(none.y, zeros.y);
  EXPECT_EQ(none.end_h, zeros.end_h);
  EXPECT_TRUE(std::equal(none.end_h.begin(), none.end_h.end(), none.y.begin()));
}

TEST_P(CellStates, a_second_state_is_refused_where_the_cell_has_none) {
  if (has_c()) GTEST_SKIP() << "it has one";
  Net net(GetParam(), 3, 5, Way::kForward);
  Numbers c(2 * 5);
  tensor::StepTable table;
  table.assign({1, 1});
  Tape tape;
  tape.reset(false);
  std::vector<Var> vars;
  for (std::size_t i = 0; i < net.parameters.size(); ++i) {
    vars.push_back(tape.constant({net.shapes[i], net.parameters[i].data()}));
  }
  tape::RecurrentLayer layer = make_layer(*net.cell, net.H, net.way, vars.data());
  layer.direction[0].start_c = tape.constant({{2, 5}, c.data()});
  Numbers x(6);
  EXPECT_THROW(recurrent(tape, tape.constant({{2, 3}, x.data()}), layer, table.steps()), Error);
}

}  // namespace
}  // namespace refrain::suites
