#include "refrain/tape/number_loss.h"

#include <cmath>

namespace refrain::tape {
namespace {

struct ValueAndSlope {
  double value = 0, slope = 0;  // of the loss of one number by y
};

double sign_of(double x) { return x > 0 ? 1 : x < 0 ? -1 : 0; }

ValueAndSlope loss_of(NumberLoss kind, double gap, double quantile, double delta) {
  switch (kind) {
    case NumberLoss::kSquared:
      return {gap * gap, 2 * gap};
    case NumberLoss::kAbsolute:
      return {std::fabs(gap), sign_of(gap)};
    case NumberLoss::kHuber:
      if (std::fabs(gap) <= delta) return {gap * gap / 2, gap};
      return {delta * (std::fabs(gap) - delta / 2), delta * sign_of(gap)};
    case NumberLoss::kQuantile:
      return gap > 0 ? ValueAndSlope{(1 - quantile) * gap, 1 - quantile}
                     : ValueAndSlope{-quantile * gap, gap < 0 ? -quantile : 0};
  }
  return {};
}

}  // namespace

Var number_loss(Tape& tape, Var x, NumberLoss kind, const NumberTarget& o) {
  const Tensor y = tape.value(x);
  const int B = y.rows(), O = y.columns();
  const Var out = tape.result({1}, {x});
  const Tensor slope = tape.arena().tensor({B, O});  // of the batch's loss
  double loss = 0;
  for (int b = 0; b < B; ++b) {
    const double weight = o.sample_weight == nullptr ? 1 : static_cast<double>(o.sample_weight[b]);
    const real* target = o.target + static_cast<std::ptrdiff_t>(b) * O;
    for (int c = 0; c < O; ++c) {
      const double gap = static_cast<double>(y.row(b)[c]) - static_cast<double>(target[c]);
      const double q = o.quantile == nullptr ? 0.5 : static_cast<double>(o.quantile[c]);
      const double factor = weight / O / o.total_weight;
      const bool missing = std::isnan(static_cast<double>(target[c]));
      const auto one =
          missing ? ValueAndSlope{} : loss_of(kind, gap, q, static_cast<double>(o.delta));
      loss += factor * one.value;
      slope.row(b)[c] = static_cast<real>(factor * one.slope);
    }
  }
  tape.value(out).data[0] = static_cast<real>(loss);

  tape.on_backward(out, [slope, dy = tape.gradient(out), dx = tape.gradient(x)] {
    for (std::size_t i = 0; i < slope.count(); ++i) dx.data[i] += dy.data[0] * slope.data[i];
  });
  return out;
}

}  // namespace refrain::tape
