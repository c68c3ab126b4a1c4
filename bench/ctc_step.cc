#include "bench/ctc_step.h"

#include <algorithm>

#include "refrain/base/rng.h"

namespace refrain::bench {

CtcStep::CtcStep(const CtcCase& c) : case_(c) {
  steps_.assign(std::vector<int>(static_cast<std::size_t>(c.B), c.T));
  base::Rng rng(1);
  scores_.resize(static_cast<std::size_t>(c.B * c.T) * static_cast<std::size_t>(c.symbols));
  for (real& x : scores_) x = static_cast<real>(rng.normal());
  gradients_.resize(scores_.size());
  begin_ = {0};
  for (int b = 0; b < c.B; ++b) {
    for (int i = 0; i < c.written; ++i) {
      symbol_.push_back(1 + static_cast<int>(rng.below(static_cast<std::uint64_t>(c.symbols - 1))));
    }
    begin_.push_back(static_cast<int>(symbol_.size()));
  }
}

double CtcStep::run() {
  tape_.reset(true);
  std::fill(gradients_.begin(), gradients_.end(), real{0});
  const tensor::Shape shape{steps_.steps().N, case_.symbols};
  const tape::Var scores = tape_.variable({shape, scores_.data()}, {shape, gradients_.data()});
  tape::CtcLoss options;
  options.symbol = symbol_.data();
  options.begin = begin_.data();
  options.total_weight = steps_.steps().N;
  const tape::Var loss = tape::ctc_loss(tape_, scores, options, steps_.steps());
  const auto value = static_cast<double>(tape_.value(loss).data[0]);
  tape_.backward(loss);
  return value;
}

}  // namespace refrain::bench
