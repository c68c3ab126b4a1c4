// Shared by the heads whose numbers are parameters of a distribution.
#pragma once

#include "refrain/forecast/heads/list.h"
#include "refrain/tape/likelihood_loss.h"

namespace refrain::forecast {

template <tape::Likelihood kind>
Head likelihood_head() {
  Head out;
  out.width = [](int) { return tape::numbers_of(kind); };
  out.targets = [](int) { return 1; };
  out.loss = [](tape::Tape& tape, tape::Var y, const HeadTargets& t) {
    return tape::likelihood_loss(tape, y, kind, {t.target, t.weight, t.unit, t.total_weight});
  };
  out.likelihood = true;
  return out;
}

}  // namespace refrain::forecast
