#include "refrain/train/averaging.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace refrain::train {

Averaging::Averaging(const TrainSpec& spec, std::int64_t updates)
    : kind_(spec.average), decay_(spec.ema_decay), window_(spec.nt_window) {
  const auto share =
      static_cast<std::int64_t>(std::ceil(spec.swa_share * static_cast<double>(updates)));
  from_ = updates - std::max<std::int64_t>(1, share);
}

bool Averaging::begun(const State& state) const {
  if (kind_ == "ema") return true;
  if (kind_ == "swa") return state.step > from_;
  return state.averaging;
}

void Averaging::add(const std::vector<real>& values, State& state) const {
  if (kind_ == "none" || !begun(state)) return;
  if (state.average.empty()) state.average.resize(values.size());
  ++state.averaged;
  const double share = kind_ == "ema" ? 1 - decay_ : 1 / static_cast<double>(state.averaged);
  const real part = static_cast<real>(share);
  for (std::size_t i = 0; i < values.size(); ++i) {
    state.average[i] += part * (values[i] - state.average[i]);
  }
}

void Averaging::end_epoch(bool has_valid, State& state) const {
  if (kind_ != "nt_asgd" || state.averaging) return;
  const auto loss = [&](const EpochRecord& r) { return has_valid ? r.valid.loss : r.loss; };
  const auto& history = state.history;
  const std::size_t before = history.size() - 1, window = static_cast<std::size_t>(window_);
  if (before <= window) return;
  double best = std::numeric_limits<double>::infinity();
  for (std::size_t i = 0; i < before - window; ++i) best = std::min(best, loss(history[i]));
  state.averaging = loss(history.back()) > best;
}

void Averaging::mean(const State& state, std::vector<real>& out) const {
  out = state.average;
  if (kind_ != "ema") return;
  const double taken = 1 - std::pow(decay_, static_cast<double>(state.averaged));
  const real whole = static_cast<real>(1 / taken);
  for (real& x : out) x *= whole;
}

}  // namespace refrain::train
