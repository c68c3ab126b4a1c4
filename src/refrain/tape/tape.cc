#include "refrain/tape/tape.h"

#include <algorithm>

#include "refrain/base/error.h"

namespace refrain::tape {

void Tape::reset(bool recording) {
  arena_.reset();
  nodes_.clear();
  rules_.clear();
  recording_ = recording;
}

Var Tape::add(const Node& node) {
  nodes_.push_back(node);
  return {static_cast<int>(nodes_.size()) - 1};
}

Var Tape::constant(const Tensor& value) { return add({value, {value.shape, nullptr}}); }

Var Tape::variable(const Tensor& value, const Tensor& gradient) { return add({value, gradient}); }

Var Tape::result(const Shape& shape, std::initializer_list<Var> inputs) {
  const auto wanted = [this](Var v) { return wants_gradient(v); };
  return result(shape, std::any_of(inputs.begin(), inputs.end(), wanted));
}

Var Tape::result(const Shape& shape, bool wanted) {
  const Tensor value = arena_.tensor(shape);
  return add({value, recording_ && wanted ? arena_.zeros(shape) : Tensor{shape, nullptr}});
}

void Tape::backward(Var loss) {
  if (value(loss).count() != 1) throw Error(Code::kShape, "backward needs a loss of one element");
  if (!wants_gradient(loss)) return;
  gradient(loss).data[0] = 1;
  backward();
}

void Tape::backward() {
  for (auto rule = rules_.rbegin(); rule != rules_.rend(); ++rule) rule->call(rule->rule);
}

void require_columns(const char* what, const Tensor& t, int columns) {
  if (t.shape.rank() >= 1 && t.columns() == columns) return;
  throw Error(Code::kShape, std::string("[") + what + "] wants " + std::to_string(columns) +
                                " columns, got " + t.shape.text());
}

void require_shape(const char* what, const Tensor& t, const Shape& shape) {
  if (t.shape == shape) return;
  throw Error(Code::kShape,
              std::string("[") + what + "] wants " + shape.text() + ", got " + t.shape.text());
}

}  // namespace refrain::tape
