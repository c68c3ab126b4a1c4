#include <algorithm>

#include "refrain/forecast/heads/list.h"
#include "refrain/tape/number_loss.h"

namespace refrain::forecast {
namespace {

int one_number(int) { return 1; }

tape::Var absolute_loss(tape::Tape& tape, tape::Var y, const HeadTargets& t) {
  tape::NumberTarget target;
  target.target = t.target;
  target.sample_weight = t.weight;
  target.total_weight = t.total_weight;
  return tape::number_loss(tape, y, tape::NumberLoss::kAbsolute, target);
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
