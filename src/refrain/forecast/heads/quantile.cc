#include "refrain/forecast/heads/number.h"

namespace refrain::forecast {
namespace {

int one_a_level(int levels) { return levels; }

tape::Var quantile_loss(tape::Tape& tape, tape::Var y, const HeadTargets& t) {
  return tape::number_loss(tape, y, tape::NumberLoss::kQuantile, number_target(t));
}

void own_quantiles(const real* numbers, const std::vector<WantedLevel>& levels, double,
                   double* out) {
  for (std::size_t q = 0; q < levels.size(); ++q) out[q] = static_cast<double>(numbers[q]);
}

}  // namespace

Head quantile_head() {
  Head out;
  out.width = one_a_level;
  out.targets = one_a_level;
  out.loss = quantile_loss;
  out.quantiles = own_quantiles;
  return out;
}

}  // namespace refrain::forecast
