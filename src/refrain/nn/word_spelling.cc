#include "refrain/nn/word_spelling.h"

#include <fmt/format.h>

#include <algorithm>

#include "refrain/tape/activation.h"
#include "refrain/tape/convolution.h"
#include "refrain/tape/embedding.h"
#include "refrain/tape/pooling.h"

namespace refrain::nn {
namespace {

using tape::Var;

constexpr int kLetterSize = 30, kShapeSize = 8;
constexpr int kLetterWidths[] = {2, 3, 4};  // of the filters, in characters

}  // namespace

WordSpelling::WordSpelling(const SpellingSpec& spec, const std::string& name, ParamSet& params) {
  letters_ = params.add({name + ".letters", {spec.letters, kLetterSize}, Start::kSmallNormal});
  shapes_ = params.add({name + ".shapes", {data::kWordShapes, kShapeSize}, Start::kSmallNormal});
  if (spec.recurrent) {
    EncoderSpec own;
    own.cell = spec.cell;
    own.hidden = std::max(1, spec.features / 2);
    own.dropout = 0;
    stack_ = RecurrentStack::make(own, kLetterSize, name, params);
    features_ = stack_.features() + kShapeSize;
    return;
  }
  const int O = std::max(1, (spec.features + 2) / 3);
  for (int f = 0; f < 3; ++f) {
    filters_[f] = params.add({fmt::format("{}.filters_{}", name, kLetterWidths[f]),
                              {kLetterWidths[f] * kLetterSize, O},
                              Start::kGlorot});
    biases_[f] =
        params.add({fmt::format("{}.b_{}", name, kLetterWidths[f]), {O}, Start::kZero, 1, false});
  }
  features_ = 3 * O + kShapeSize;
}

Var WordSpelling::of_letters(Context& context, Var x, const tensor::Steps& steps) const {
  tape::Tape& tape = context.tape;
  if (filters_[0] < 0) {
    return tape::pool_last(tape, stack_.forward(context, x, steps), stack_.units(), steps);
  }
  tape::Filters filters[3];
  for (int f = 0; f < 3; ++f) {
    filters[f] = {context.param(filters_[f]), context.param(biases_[f]), kLetterWidths[f], 1};
  }
  const Var y = tape::convolution(tape, x, filters, 3, steps);
  return tape::tanh(tape, tape::pool_max(tape, y, steps));
}

Var WordSpelling::forward(Context& context, const data::StreamBatch& stream) const {
  tape::Tape& tape = context.tape;
  const tensor::Steps& letters = stream.letters.steps();
  const Var x = tape::embedding(tape, context.param(letters_), stream.letter_ids.data(), letters.N);
  const int words = stream.table.steps().N;
  const Var parts[] = {of_letters(context, x, letters),
                       tape::embedding(tape, context.param(shapes_), stream.shapes.data(), words)};
  return tape::concatenate(tape, parts, 2);
}

}  // namespace refrain::nn
