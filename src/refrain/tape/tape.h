// Reverse-mode differentiation. A Tape records results in the order they are made; each operation
// puts down, right after its value, a closure that adds to its inputs' gradients. backward() runs
// the closures in reverse. Values, gradients and closures live in the tape's arena: reset() forgets
// all of them, and a steady step allocates nothing. One tape belongs to one thread.
//
//   Var y = linear(tape, x, w, b);   Var loss = softmax_cross_entropy(...);   tape.backward(loss);
#pragma once

#include <initializer_list>
#include <new>
#include <type_traits>
#include <vector>

#include "refrain/tensor/arena.h"
#include "refrain/tensor/tensor.h"

namespace refrain::tape {

using tensor::Shape;
using tensor::Tensor;

// A result on a tape; an index. Default-made: "absent" (an operation without a bias).
struct Var {
  int index = -1;
  bool present() const { return index >= 0; }
};

class Tape {
 public:
  // recording = false: values only, for prediction.
  void reset(bool recording);
  bool recording() const { return recording_; }

  Var constant(const Tensor& value);                          // no gradient
  Var variable(const Tensor& value, const Tensor& gradient);  // the caller owns both
  // Uninitialised value. Its gradient is zero while recording where an input wants one; where none
  // does, what leads here stands still (constants, frozen parameters), and it has none either.
  Var result(const Shape& shape, std::initializer_list<Var> inputs);
  Var result(const Shape& shape, bool wanted);

  const Tensor& value(Var v) const { return nodes_[static_cast<std::size_t>(v.index)].value; }
  // data is null where no gradient is wanted (constants, and everything while not recording).
  const Tensor& gradient(Var v) const { return nodes_[static_cast<std::size_t>(v.index)].gradient; }
  bool wants_gradient(Var v) const { return v.present() && gradient(v).data != nullptr; }

  tensor::Arena& arena() { return arena_; }
  std::size_t capacity() const { return arena_.capacity(); }  // bytes

  // Puts down the backward rule of y, a callable without arguments, where y has a gradient. It is
  // copied into the arena and never destroyed, so it may hold views and numbers only.
  template <class Rule>
  void on_backward(Var y, const Rule& rule) {
    static_assert(std::is_trivially_copyable_v<Rule> && std::is_trivially_destructible_v<Rule>);
    if (!wants_gradient(y)) return;
    void* place = arena_.bytes(sizeof(Rule));
    rules_.push_back(
        {[](const void* r) { (*static_cast<const Rule*>(r))(); }, new (place) Rule(rule)});
  }

  // Sets the gradient of `loss` (one element) to 1 and runs all rules, last first. Does nothing
  // where the loss depends on nothing that wants a gradient.
  void backward(Var loss);
  // Runs backward from a result whose gradient the caller has filled.
  void backward();

 private:
  struct Node {
    Tensor value, gradient;
  };
  struct BackwardRule {
    void (*call)(const void*);
    const void* rule;
  };
  Var add(const Node& node);

  tensor::Arena arena_;
  std::vector<Node> nodes_;
  std::vector<BackwardRule> rules_;
  bool recording_ = false;
};

// Throws Error(shape) "[what] ..." with both shapes where `t` is not a matrix with that many
// columns.
void require_columns(const char* what, const Tensor& t, int columns);
void require_shape(const char* what, const Tensor& t, const Shape& shape);

}  // namespace refrain::tape
