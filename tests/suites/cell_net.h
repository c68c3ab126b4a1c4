// One recurrent layer of any registered cell with random parameters, and a run of it forward and
// backward over sequences in batch order. Every suite about cells is made from this.
#pragma once

#include <string>
#include <vector>

#include "refrain/kernels/cells.h"
#include "refrain/tape/recurrent.h"
#include "tests/suites/ragged.h"

namespace refrain::suites {

enum class Way { kForward, kReverse, kBoth };

inline const char* text(Way way) {
  return way == Way::kForward ? "forward" : way == Way::kReverse ? "reverse" : "both";
}

inline int directions(Way way) { return way == Way::kBoth ? 2 : 1; }

// The shapes of one direction's parameters, in the order w_x, w_h, b and, where the cell has it,
// b_h.
inline std::vector<tensor::Shape> parameter_shapes(const kernels::Cell& cell, int I, int H) {
  const int G = cell.gates * H;
  std::vector<tensor::Shape> shapes = {{I, G}, {H, G}, {G}};
  if (cell.extra_bias > 0) shapes.push_back({cell.extra_bias * H});
  return shapes;
}

// `parameters`: those of the first direction, then those of the second.
inline tape::RecurrentLayer make_layer(const kernels::Cell& cell, int H, Way way,
                                       const tape::Var* parameters) {
  tape::RecurrentLayer layer;
  layer.cell = &cell;
  layer.units = H;
  layer.directions = directions(way);
  for (int d = 0; d < layer.directions; ++d) {
    tape::Direction& part = layer.direction[d];
    part.w_x = *parameters++;
    part.w_h = *parameters++;
    part.b = *parameters++;
    if (cell.extra_bias > 0) part.b_h = *parameters++;
    part.reverse = way == Way::kReverse || d == 1;
  }
  return layer;
}

struct Net {
  const kernels::Cell* cell;
  int I, H;
  Way way;
  std::vector<tensor::Shape> shapes;
  std::vector<Numbers> parameters;

  Net(const std::string& name, int inputs, int units, Way w, std::uint64_t seed = 1)
      : cell(&kernels::cells().at(name)), I(inputs), H(units), way(w) {
    base::Rng rng(seed);
    for (int d = 0; d < directions(way); ++d) {
      for (const auto& shape : parameter_shapes(*cell, I, H)) {
        shapes.push_back(shape);
        parameters.emplace_back(shape.count());
        for (real& x : parameters.back()) x = static_cast<real>(rng.uniform(-0.5, 0.5));
      }
    }
  }
  int outputs() const { return directions(way) * H; }
};

struct Given {
  Sequences x, d_y;
  Sequences masks;  // [B] of [H], batch order; empty = no recurrent dropout
};

struct Outcome {
  Sequences y, d_x;
  std::vector<Numbers> d_parameters;
};

// [B,H] in row order.
inline Numbers mask_rows(const Sequences& masks, const tensor::Steps& steps) {
  Numbers rows;
  for (int b = 0; b < steps.B; ++b) {
    const Numbers& mask = masks[static_cast<std::size_t>(steps.position[b])];
    rows.insert(rows.end(), mask.begin(), mask.end());
  }
  return rows;
}

inline Outcome run(const Net& net, const Given& r) {
  tensor::StepTable table;
  table.assign(lengths_of(r.x, net.I));
  const tensor::Steps& steps = table.steps();
  Numbers x = to_rows(r.x, steps, net.I), d_x(x.size());
  std::vector<Numbers> values = net.parameters;
  Outcome out;
  tape::Tape tape;
  tape.reset(true);
  std::vector<tape::Var> vars;
  for (const auto& p : net.parameters) out.d_parameters.emplace_back(p.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    vars.push_back(tape.variable({net.shapes[i], values[i].data()},
                                 {net.shapes[i], out.d_parameters[i].data()}));
  }
  tape::RecurrentLayer layer = make_layer(*net.cell, net.H, net.way, vars.data());
  Numbers mask = r.masks.empty() ? Numbers{} : mask_rows(r.masks, steps);
  if (!mask.empty()) {
    for (auto& part : layer.direction) part.mask = {{steps.B, net.H}, mask.data()};
  }
  const tensor::Shape shape{steps.N, net.I};
  const tape::Var in = tape.variable({shape, x.data()}, {shape, d_x.data()});
  const tape::Var y = tape::recurrent(tape, in, layer, steps);
  out.y = from_rows(tape.value(y).data, steps, net.outputs());
  const Numbers d_y = to_rows(r.d_y, steps, net.outputs());
  std::copy(d_y.begin(), d_y.end(), tape.gradient(y).data);
  tape.backward();
  out.d_x = from_rows(d_x.data(), steps, net.I);
  return out;
}

inline Given random_run(const Net& net, const std::vector<int>& lengths, bool masked,
                        std::uint64_t seed = 2) {
  base::Rng rng(seed);
  Given r{random_sequences(lengths, net.I, rng), random_sequences(lengths, net.outputs(), rng), {}};
  if (masked) {
    for (std::size_t b = 0; b < lengths.size(); ++b) {
      r.masks.emplace_back(static_cast<std::size_t>(net.H));
      for (real& m : r.masks.back()) m = rng.uniform() < 0.5 ? real{0} : real{2};
    }
  }
  return r;
}

}  // namespace refrain::suites
