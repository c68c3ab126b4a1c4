// Predicts the next steps: the network reads a series up to a random step, and its vector must
// predict the steps that follow. The baseline repeats the last value.
#include <algorithm>

#include "refrain/base/error.h"
#include "refrain/pretext/objective.h"
#include "refrain/tape/linear.h"

namespace refrain::pretext {
namespace {

class Next : public Objective {
 public:
  explicit Next(const Setting& s) : inputs_(s.inputs) {
    horizon_ = s.spec.horizon > 0 ? s.spec.horizon : std::clamp(s.length / 8, 1, 32);
    if (horizon_ < s.length) return;
    throw Error(Code::kUsage, "--horizon is as long as the longest series",
                "give fewer steps than that");
  }

  void look(const Samples& samples, int place, const base::Rng& rng,
            std::vector<Look>& out) const override {
    const int number = samples.pool.number(place);
    data::Sample sample = samples.dataset.samples[static_cast<std::size_t>(number)];
    const auto whole = samples.features.encode(sample, number);
    auto& series = std::get<data::Series>(sample.streams.front());
    const int cut = cut_at(series.steps, rng);
    series.steps = cut;
    series.values.resize(static_cast<std::size_t>(cut) * static_cast<std::size_t>(series.channels));
    Look look;
    look.read = samples.features.encode(sample, number);
    fill(whole.streams.front(), cut, look);
    out.push_back(std::move(look));
  }

  void declare(const nn::Encoder& encoder, nn::ParamSet& params) override {
    const int columns = horizon_ * inputs_;
    w_ = params.add({"pretext.w", {encoder.features(), columns}, nn::Start::kGlorot});
    b_ = params.add({"pretext.b", {columns}, nn::Start::kZero, 1, false});
  }

  Output output(nn::Context& context, const nn::Encoder& encoder) const override {
    const tape::Var x = encoder.forward(context, context.batch.streams.front());
    return {tape::linear(context.tape, x, context.param(w_), context.param(b_))};
  }

  double loss(std::span<Told> told) const override { return squared_loss(told, &row_is_look); }

  void judge(std::span<const Told> told, Figures& figures) const override {
    judge_numbers(told, &row_is_look, "last_value", figures);
  }

 private:
  static Place row_is_look(const Told&, int row) { return {row, 0}; }

  // Behind a third of the series, where the steps that follow are there if possible.
  int cut_at(int steps, base::Rng rng) const {
    const int first = std::max(1, steps / 3), last = std::max(first, steps - horizon_);
    return first + static_cast<int>(rng.below(static_cast<std::uint64_t>(last - first + 1)));
  }

  void fill(const data::EncodedStream& whole, int cut, Look& look) const {
    const auto I = static_cast<std::size_t>(inputs_);
    const std::size_t n = static_cast<std::size_t>(horizon_) * I;
    look.wanted.assign(n, real{0});
    look.counts.assign(n, real{0});
    look.simple.assign(n, real{0});
    for (std::size_t i = 0; i < n; ++i) {
      const std::size_t from = static_cast<std::size_t>(cut) * I + i;
      if (from >= whole.values.size()) break;
      look.wanted[i] = whole.values[from];
      look.counts[i] = 1;
      look.simple[i] = whole.values[static_cast<std::size_t>(cut - 1) * I + i % I];
    }
  }

  int inputs_, horizon_ = 1;
  int w_ = -1, b_ = -1;
};

}  // namespace

std::unique_ptr<Objective> make_next(const Setting& s) { return std::make_unique<Next>(s); }

}  // namespace refrain::pretext
