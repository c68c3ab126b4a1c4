// Recurrent layers one upon the other, with dropout between them and, on request, layer norm after
// each.
#pragma once

#include <string>
#include <vector>

#include "refrain/nn/encoder.h"
#include "refrain/tape/recurrent.h"

namespace refrain::nn {

// The states that a stack of one direction starts from and ends with: for each layer h [B,H] and,
// where the cell has further states, those [B,states*H]. Null = zeros, unwanted.
struct CarriedStates {
  const real* start = nullptr;
  real* end = nullptr;
};

struct RecurrentStack {
  struct Direction {
    int w_x, w_h, b, b_h;  // b_h is -1 where the cell has none
  };
  struct Layer {
    std::string name;
    std::vector<Direction> directions;
    int gain = -1, bias = -1;  // layer norm
  };

  const kernels::Cell* cell = nullptr;
  int hidden = 0;
  double dropout = 0, recurrent_dropout = 0, zoneout = 0, weight_drop = 0;
  tape::Recompute recompute = tape::Recompute::kAuto;
  int truncate = 0;
  bool residual = false;  // layers from the second on are added to what they read
  int inputs = 0;
  std::vector<Layer> layers;  // may be none: what is read is what comes out

  static RecurrentStack make(const EncoderSpec& spec, int inputs, const std::string& name,
                             ParamSet& params);
  // One direction whose parameters have the names that the reversed one of make() has.
  static RecurrentStack make_reversed(const EncoderSpec& spec, int inputs, const std::string& name,
                                      ParamSet& params);
  int features() const {
    return layers.empty() ? inputs : units() * static_cast<int>(layers.front().directions.size());
  }
  int units() const { return layers.empty() ? inputs : hidden; }  // of a direction
  // x [N,I] -> [N, features()]
  tape::Var forward(Context& context, tape::Var x, const tensor::Steps& steps) const {
    return forward(context, x, steps, {});
  }
  tape::Var forward(Context& context, tape::Var x, const tensor::Steps& steps,
                    const CarriedStates& carried) const;
  std::size_t carried_count(int sequences) const;  // numbers in a block of CarriedStates
  // The top layer's states pooled while they are computed: they need not be kept.
  bool can_pool() const {
    return !layers.empty() && layers.back().gain < 0 && !(residual && layers.size() > 1);
  }
  tape::Var pooled(Context& context, tape::Var x, tape::Pooled wanted,
                   const tensor::Steps& steps) const;

 private:
  struct Reading {
    const tensor::Steps& steps;
    const CarriedStates& carried;
  };
  static RecurrentStack empty(const EncoderSpec& spec);
  void add_layer(const EncoderSpec& spec, int inputs, std::vector<Direction> directions,
                 ParamSet& params);
  tape::RecurrentLayer on_tape(Context& context, std::size_t i, const Reading& reading) const;
  void carry(Context& context, std::size_t i, const Reading& reading, tape::Direction& on) const;
  tape::Var below(Context& context, std::size_t i, tape::Var x, const Reading& reading) const;
  tape::Var run(Context& context, std::size_t i, tape::Var x, const Reading& reading) const;
  void regularise(Context& context, std::size_t place, const tensor::Steps& steps,
                  tape::Direction& on) const;
};

}  // namespace refrain::nn
