#include "refrain/nn/word_helper.h"

#include "refrain/base/error.h"
#include "refrain/tape/activation.h"
#include "refrain/tape/linear.h"
#include "refrain/tape/neighbours.h"
#include "refrain/tape/word_loss.h"

namespace refrain::nn {

using tape::Var;

WordHelper WordHelper::make(double weight, int words, const RecurrentStack& stack,
                            const std::string& name, ParamSet& params) {
  if (stack.layers.empty() || (stack.layers.size() > 1 && stack.features() != stack.units())) {
    throw Error(Code::kUsage,
                stack.layers.empty()
                    ? "--lm-loss is of recurrent layers, and there are none"
                    : "--lm-loss cannot be told by several layers of two directions: the second "
                      "one has seen all words",
                "use --layers 1 or --no-bidirectional, or leave --lm-loss out");
  }
  const tensor::Shape table = params.params()[static_cast<std::size_t>(words)].shape;
  WordHelper helper{words, -1, -1, weight};
  if (stack.units() != table[1]) {
    helper.project = params.add({name + ".project", {stack.units(), table[1]}, Start::kGlorot});
  }
  helper.bias = params.add({name + ".bias", {table[0]}, Start::kZero, 1, false});
  return helper;
}

void WordHelper::forward(Context& context, Var states, const int* ids, const RecurrentStack& stack,
                         const tensor::Steps& steps) const {
  const int count = tape::neighbour_count(steps);
  if (context.share == nullptr || count == 0) return;
  tape::Tape& tape = context.tape;
  double share = 0;
  for (int b = 0; b < steps.B; ++b) share += static_cast<double>(context.share[b]);
  if (share <= 0) return;
  const int directions = stack.features() / stack.units();
  tape::WordTable table;
  table.words = context.param(words);
  table.bias = context.param(bias);
  tape::WordLoss loss;
  loss.total_weight = count * directions / (weight * share);
  for (int d = 0; d < directions; ++d) {
    int* target = tape.arena().array<int>(static_cast<std::size_t>(count));
    Var x;
    if (d == 0) {
      tape::later_ids(ids, steps, target);
      x = tape::earlier_steps(tape, states, 0, stack.units(), steps);
    } else {
      tape::earlier_ids(ids, steps, target);
      x = tape::later_steps(tape, states, stack.units(), stack.units(), steps);
    }
    if (project >= 0) x = tape::linear(tape, x, context.param(project), {});
    loss.target = target;
    const Var own = tape::word_loss(tape, x, table, loss);
    context.activity = context.activity.present() ? tape::add(tape, context.activity, own) : own;
  }
}

}  // namespace refrain::nn
