#include "refrain/forecast/network.h"

#include <algorithm>
#include <cmath>

#include "refrain/base/at.h"
#include "refrain/base/threads.h"
#include "refrain/forecast/rolling.h"
#include "refrain/tape/activation.h"
#include "refrain/tape/embedding.h"
#include "refrain/tape/linear.h"
#include "refrain/tape/pooling.h"
#include "refrain/tape/smoothing.h"

namespace refrain::forecast {
namespace {

using base::at;
using tape::Var;

constexpr int kPredictedTogether = 256;

tensor::Tensor as_constant(const std::vector<real>& values, int rows, int columns) {
  return {{rows, columns}, const_cast<real*>(values.data())};  // a constant of the tape
}

}  // namespace

void fill(const Windows& windows, const NetworkForm& form, const std::vector<Origin>& origins,
          const std::vector<int>* ends, WindowBatch& out) {
  const auto B = static_cast<int>(origins.size());
  const auto width = at(form.window.row_width()), side = at(form.window.side_width());
  out.batch.B = B;
  out.batch.key.resize(at(B));
  out.scaling.resize(at(B));
  out.lengths.clear();
  for (const Origin& o : origins) out.lengths.push_back(windows.rows(o.at));
  out.table.assign(out.lengths);
  const auto& steps = out.table.steps();
  out.rows.resize(at(steps.N) * width);
  out.side.resize(at(B) * side);
  for (int row = 0; row < B; ++row) {
    const int b = steps.position[row], R = steps.length[row];
    const Origin& o = origins[at(b)];
    const Scaling s = windows.scaling(o.series, o.at);
    out.scaling[at(b)] = s;
    out.batch.key[at(b)] = base::Rng(static_cast<std::uint64_t>(o.series))
                               .fork(static_cast<std::uint64_t>(o.at))
                               .key();
    out.scratch.resize(at(R) * width);
    windows.cut_rows(o.series, o.at, s, out.scratch.data());
    for (int t = 0; t < R; ++t) {
      std::copy_n(out.scratch.begin() + static_cast<std::ptrdiff_t>(at(t) * width), width,
                  out.rows.begin() + static_cast<std::ptrdiff_t>(at(steps.row(t, row)) * width));
    }
    windows.cut_side(o.series, o.at, s, out.side.data() + at(b) * side);
  }
  if (form.smooths()) fill_smoothed(windows, form, origins, steps, out.smoothed);
  if (ends == nullptr) return;
  const auto H = at(form.window.horizon);
  const auto times = at(heads().at(form.head).targets(form.levels()));
  out.targets.resize(at(B) * H * times);
  out.units.clear();
  for (const Scaling& s : out.scaling) out.units.push_back(static_cast<real>(s.spread));
  out.scratch.resize(H);
  for (int b = 0; b < B; ++b) {
    const Origin& o = origins[at(b)];
    windows.cut_targets(o.series, o.at, (*ends)[at(o.series)], out.scaling[at(b)],
                        out.scratch.data());
    for (std::size_t i = 0; i < H; ++i) {
      std::fill_n(out.targets.begin() + static_cast<std::ptrdiff_t>((at(b) * H + i) * times), times,
                  out.scratch[i]);
    }
  }
}

ForecastNetwork::ForecastNetwork(NetworkForm form)
    : form_(std::move(form)), head_(&heads().at(form_.head)) {
  const WindowForm& w = form_.window;
  const std::string name(nn::kFirstEncoder);
  int inputs = w.row_width();
  if (form_.smooths()) {
    smooth_shared_ = params_.add({"smoothing.shared", {1, 2}, nn::Start::kZero, 1, false});
    // Weights: they decay towards what all series share.
    const auto own = static_cast<int>(std::max<std::size_t>(1, form_.series.size()));
    smooth_series_ = params_.add({"smoothing.series", {own, 2}, nn::Start::kZero});
  }
  if (form_.embed) {
    embed_w_ = params_.add({"segment.w", {inputs, form_.encoder.hidden}, nn::Start::kGlorot});
    embed_b_ = params_.add({"segment.b", {form_.encoder.hidden}, nn::Start::kZero, 1, false});
    inputs = form_.encoder.hidden;
  }
  stack_ = nn::RecurrentStack::make(form_.encoder, inputs, name, params_);
  out_w_ = params_.add({"horizon.w", {stack_.features(), form_.outputs()}, nn::Start::kGlorot});
  out_b_ = params_.add({"horizon.b", {form_.outputs()}, nn::Start::kZero, 1, false});
  if (w.side_width() > 0) {
    side_w_ = params_.add({"horizon.side", {w.side_width(), form_.outputs()}, nn::Start::kZero});
  }
  for (int i = 0; i < w.horizon; ++i) {
    for (const double q : form_.quantiles) levels_.push_back(static_cast<real>(q));
  }
}

Var ForecastNetwork::smoothed(nn::Context& context, const WindowBatch& b) const {
  if (smooth_shared_ < 0) return {};
  tape::Tape& tape = context.tape;
  const SmoothedBatch& s = b.smoothed;
  Var numbers = tape::embedding(tape, context.param(smooth_shared_), s.shared.data(), b.batch.B);
  numbers = tape::add_chosen(tape, numbers, context.param(smooth_series_), s.offsets.data(), 1);
  const WindowForm& w = form_.window;
  return tape::smooth(tape, numbers, {s.values.data(), w.window, w.horizon, w.season});
}

Var ForecastNetwork::forward(nn::Context& context, const WindowBatch& b) const {
  tape::Tape& tape = context.tape;
  const auto& steps = b.table.steps();
  Var x = tape.constant(as_constant(b.rows, steps.N, form_.window.row_width()));
  const Var level = smoothed(context, b);
  if (level.present()) x = tape::add_chosen(tape, x, level, b.smoothed.rows.data(), -1);
  if (embed_w_ >= 0) {
    x = tape::linear(tape, x, context.param(embed_w_), context.param(embed_b_));
    x = tape::relu(tape, x);
  }
  tape::Pooled last;
  last.last = true;
  Var h;
  if (stack_.can_pool()) {
    h = stack_.pooled(context, x, last, steps);
  } else {
    h = tape::pool_last(tape, stack_.forward(context, x, steps), form_.encoder.hidden, steps);
  }
  if (context.training && form_.encoder.dropout > 0) {
    h = tape::dropout_rows(tape, h, context.dropout(form_.encoder.dropout, "horizon", steps),
                           steps);
  }
  Var y = tape::linear(tape, h, context.param(out_w_), context.param(out_b_));
  if (level.present()) y = tape::add_chosen(tape, y, level, b.smoothed.outputs.data(), 1);
  if (side_w_ < 0) return y;
  Var side = tape.constant(as_constant(b.side, b.batch.B, form_.window.side_width()));
  if (level.present()) side = tape::add_chosen(tape, side, level, b.smoothed.side.data(), -1);
  return tape::add(tape, y, tape::linear(tape, side, context.param(side_w_), {}));
}

Var ForecastNetwork::loss(nn::Context& context, const WindowBatch& b, double total_weight) const {
  const HeadTargets targets{b.targets.data(), b.weights.empty() ? nullptr : b.weights.data(),
                            b.units.data(), levels_.data(), total_weight};
  return head_->loss(context.tape, forward(context, b), targets);
}

std::vector<Said> say(const ForecastNetwork& network, const Windows& windows,
                      const std::vector<Origin>& origins) {
  const NetworkForm& form = network.form();
  const auto H = at(form.window.horizon), Q = form.quantiles.size();
  const Head& head = heads().at(form.head);
  const auto P = at(head.width(form.levels()));
  const auto levels = levels_of(form.quantiles);
  WindowBatch batch;
  fill(windows, form, origins, nullptr, batch);
  tape::Tape tape;
  tape.reset(false);
  nn::Context context{tape, network.params(), nullptr, false, base::Rng(0), batch.batch};
  const tensor::Tensor y = tape.value(network.forward(context, batch));
  std::vector<Said> out(origins.size());
  for (std::size_t b = 0; b < origins.size(); ++b) {
    const Scaling& scaling = batch.scaling[b];
    out[b].quantiles.resize(H * Q);
    for (std::size_t i = 0; i < H; ++i) {
      const real* numbers = y.row(static_cast<int>(b)) + i * P;
      double* step = out[b].quantiles.data() + i * Q;
      head.quantiles(numbers, levels, scaling.spread, step);
      for (std::size_t q = 0; q < Q; ++q) step[q] = scaling.back(step[q]);
      std::sort(step, step + Q);
      const double* median = step + (std::find(form.quantiles.begin(), form.quantiles.end(), 0.5) -
                                     form.quantiles.begin());
      out[b].middle.push_back(
          head.middle == nullptr ? *median : scaling.back(head.middle(numbers, scaling.spread)));
    }
  }
  return out;
}

std::vector<std::vector<double>> predict(const ForecastNetwork& network, const Windows& windows,
                                         const std::vector<Origin>& origins, int threads) {
  if (network.form().rolls()) return predict_rolling(network, windows, origins, threads);
  std::vector<std::vector<double>> out(origins.size());
  const int parts =
      (static_cast<int>(origins.size()) + kPredictedTogether - 1) / kPredictedTogether;
  const auto work = [&](int part) {
    const std::size_t first = at(part) * kPredictedTogether;
    const std::size_t end = std::min(origins.size(), first + kPredictedTogether);
    const std::vector<Origin> own(origins.begin() + static_cast<std::ptrdiff_t>(first),
                                  origins.begin() + static_cast<std::ptrdiff_t>(end));
    auto said = say(network, windows, own);
    for (std::size_t b = 0; b < own.size(); ++b) out[first + b] = std::move(said[b].quantiles);
  };
  base::parallel_for(parts, threads, work);
  return out;
}

}  // namespace refrain::forecast
