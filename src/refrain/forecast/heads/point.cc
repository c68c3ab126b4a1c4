#include <algorithm>

#include "refrain/forecast/heads/number.h"

namespace refrain::forecast {
namespace {

int one_number(int) { return 1; }

tape::Var absolute_loss(tape::Tape& tape, tape::Var y, const HeadTargets& t) {
  return tape::number_loss(tape, y, tape::NumberLoss::kAbsolute, number_target(t));
}

void all_the_point(const real* numbers, const std::vector<WantedLevel>& levels, double,
                   double* out) {
  std::fill_n(out, levels.size(), static_cast<double>(*numbers));
}

}  // namespace

Head point_head() {
  Head out;
  out.width = one_number;
  out.targets = one_number;
  out.loss = absolute_loss;
  out.quantiles = all_the_point;
  out.tells_spread = false;
  return out;
}

}  // namespace refrain::forecast
