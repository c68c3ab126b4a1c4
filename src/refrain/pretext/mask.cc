// Masked steps: runs of steps are hidden, and the states beside them must tell their values
// (Zerveas et al. 2021, "A transformer-based framework for multivariate time series representation
// learning"). Beside it: the straight line between the ends of a hidden run.
#include <algorithm>
#include <cmath>

#include "refrain/pretext/objective.h"
#include "refrain/tape/linear.h"

namespace refrain::pretext {
namespace {

class Mask : public Objective {
 public:
  explicit Mask(const Setting& s) : spec_(s.spec), inputs_(s.inputs) {}

  void look(const Samples& samples, int place, const base::Rng& rng,
            std::vector<Look>& out) const override {
    Look look;
    look.read = read_sample(samples, place);
    auto& stream = look.read.streams.front();
    look.wanted = look.simple = stream.values;
    look.counts.assign(stream.values.size(), real{0});
    const auto hidden = hidden_steps(stream.length, rng);
    for (int t = 0; t < stream.length; ++t) {
      if (!hidden[static_cast<std::size_t>(t)]) continue;
      for (int c = 0; c < inputs_; ++c) {
        const auto i = index(t, c);
        look.counts[i] = 1;
        stream.values[i] = 0;
      }
    }
    draw_lines(hidden, look);
    out.push_back(std::move(look));
  }

  void declare(const nn::Encoder& encoder, nn::ParamSet& params) override {
    stride_ = encoder.stride();
    const int columns = stride_ * inputs_;
    w_ = params.add({"pretext.w", {encoder.step_features(), columns}, nn::Start::kGlorot});
    b_ = params.add({"pretext.b", {columns}, nn::Start::kZero, 1, false});
  }

  Output output(nn::Context& context, const nn::Encoder& encoder) const override {
    const auto found = encoder.steps(context, context.batch.streams.front());
    return {tape::linear(context.tape, found.states, context.param(w_), context.param(b_)),
            found.steps};
  }

  double loss(std::span<Told> told) const override { return squared_loss(told, places()); }

  void judge(std::span<const Told> told, Figures& figures) const override {
    judge_numbers(told, places(), "straight_line", figures);
  }

 private:
  std::size_t index(int t, int c) const {
    return static_cast<std::size_t>(t) * static_cast<std::size_t>(inputs_) +
           static_cast<std::size_t>(c);
  }

  // Row n of the states tells the steps from stride * t on.
  PlaceOf places() const {
    return [this](const Told& t, int row) {
      const tensor::Steps& steps = *t.steps;
      const int sequence = steps.sequence[row];
      const int* after = std::upper_bound(steps.offset, steps.offset + steps.T, row);
      const int step = static_cast<int>(after - steps.offset) - 1;
      return Place{steps.position[sequence], index(step * stride_, 0)};
    };
  }

  // Runs of random lengths, until the share is reached; one step at least, and never all.
  std::vector<bool> hidden_steps(int length, base::Rng rng) const {
    std::vector<bool> hidden(static_cast<std::size_t>(length));
    const int mean = spec_.mask_length > 0 ? spec_.mask_length : std::max(1, length / 20);
    const int most = std::max(1, length - 1);
    int wanted = std::clamp(static_cast<int>(std::lround(spec_.mask_share * length)), 1, most);
    for (int tries = 0; wanted > 0 && tries < 4 * length; ++tries) {
      const int run = 1 + static_cast<int>(rng.below(static_cast<std::uint64_t>(2 * mean)));
      const int begin = static_cast<int>(rng.below(static_cast<std::uint64_t>(length)));
      for (int t = begin; t < std::min(length, begin + run) && wanted > 0; ++t) {
        if (hidden[static_cast<std::size_t>(t)]) continue;
        hidden[static_cast<std::size_t>(t)] = true;
        --wanted;
      }
    }
    return hidden;
  }

  // The values of hidden runs, between what is seen before and behind them.
  void draw_lines(const std::vector<bool>& hidden, Look& look) const {
    const int length = static_cast<int>(hidden.size());
    for (int begin = 0; begin < length; ++begin) {
      if (!hidden[static_cast<std::size_t>(begin)]) continue;
      int end = begin;
      while (end < length && hidden[static_cast<std::size_t>(end)]) ++end;
      for (int t = begin; t < end; ++t) {
        const double share = static_cast<double>(t - begin + 1) / (end - begin + 1);
        for (int c = 0; c < inputs_; ++c) {
          const double before = static_cast<double>(
              look.wanted[index(begin > 0 ? begin - 1 : std::min(end, length - 1), c)]);
          const double behind =
              end < length ? static_cast<double>(look.wanted[index(end, c)]) : before;
          look.simple[index(t, c)] = static_cast<real>(before + share * (behind - before));
        }
      }
      begin = end;
    }
  }

  ObjectiveSpec spec_;
  int inputs_, stride_ = 1;
  int w_ = -1, b_ = -1;
};

}  // namespace

std::unique_ptr<Objective> make_mask(const Setting& s) { return std::make_unique<Mask>(s); }

}  // namespace refrain::pretext
