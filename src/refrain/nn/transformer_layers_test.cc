// Trainable layers of a transformer: gradients with dropout on, masks and names. Their states are
// compared with those of the encoder in task/tuned_test.cc.
#include "refrain/nn/transformer_layers.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "refrain/tape/gradient_check.h"

namespace refrain::nn {
namespace {

constexpr int kStates = 6;

data::TunedLayers form_of(const std::string& activation) { return {2, 3, 2, 5, activation, 1e-3}; }

// Layers on a ragged batch; the loss is the sum of all states times fixed random numbers.
class TunedNet {
 public:
  explicit TunedNet(const data::TunedLayers& form, std::vector<int> lengths = {3, 5, 1, 4})
      : layers_(TransformerLayers::make(form, kStates, "encoder.bert", params_)) {
    params_.initialise(base::Rng(3));
    base::Rng rng(13);
    for (real& x : params_.values()) x += static_cast<real>(rng.uniform(-0.3, 0.3));
    std::vector<data::EncodedSample> samples;
    std::vector<int> chosen;
    for (std::size_t i = 0; i < lengths.size(); ++i) {
      data::EncodedStream stream;
      stream.length = lengths[i];
      base::Rng own = base::Rng(5).fork(i);
      for (int k = 0; k < lengths[i] * kStates; ++k) {
        stream.values.push_back(static_cast<real>(own.uniform(-1, 1)));
      }
      samples.emplace_back().streams.push_back(std::move(stream));
      samples.back().index = static_cast<std::int64_t>(i);
      chosen.push_back(static_cast<int>(i));
    }
    const std::vector<data::StreamInfo> infos = {{"x", data::StreamKind::kSeries, kStates, {}}};
    data::assemble(samples, chosen.data(), static_cast<int>(chosen.size()), infos, batch_);
    gradients_.resize(params_.count());
  }

  void drop(double p) { layers_.dropout = p; }
  ParamSet& params() { return params_; }
  const std::vector<real>& gradients() const { return gradients_; }

  // States of a sample, step by step.
  std::vector<real> states(int sample) {
    const tensor::Tensor y = run(false);
    const tensor::Steps& steps = batch_.streams[0].table.steps();
    std::vector<real> out;
    for (int b = 0; b < steps.B; ++b) {
      if (steps.position[b] != sample) continue;
      for (int t = 0; t < steps.length[b]; ++t) {
        const real* row = y.row(steps.row(t, b));
        out.insert(out.end(), row, row + kStates);
      }
    }
    return out;
  }

  double loss() {
    const tensor::Tensor y = run(false, true);
    double sum = 0;
    base::Rng rng(7);
    for (const real x : y.span()) sum += rng.uniform(-1, 1) * static_cast<double>(x);
    return sum;
  }

  void differentiate() {
    std::fill(gradients_.begin(), gradients_.end(), real{0});
    run(true, true);
    base::Rng rng(7);
    for (real& d : tape_.gradient(last_).span()) d += static_cast<real>(rng.uniform(-1, 1));
    tape_.backward();
  }

 private:
  tensor::Tensor run(bool recording, bool training = false) {
    tape_.reset(recording);
    Context context{tape_,    params_,       recording ? gradients_.data() : nullptr,
                    training, base::Rng(11), batch_};
    auto& stream = batch_.streams[0];
    const tensor::Steps& steps = stream.table.steps();
    const tape::Var x = tape_.constant({{steps.N, kStates}, stream.values.data()});
    last_ = layers_.forward(context, x, steps);
    return tape_.value(last_);
  }

  ParamSet params_;
  TransformerLayers layers_;
  data::Batch batch_;
  tape::Tape tape_;
  tape::Var last_;
  std::vector<real> gradients_;
};

double slope_at(TunedNet& net, real& x, double h) {
  const real old = x;
  const auto slope = [&](double step) {
    const real above = old + static_cast<real>(step), below = old - static_cast<real>(step);
    x = above;
    const double up = net.loss();
    x = below;
    const double down = net.loss();
    x = old;
    return (up - down) / (static_cast<double>(above) - static_cast<double>(below));
  };
  return (4 * slope(h) - slope(2 * h)) / 3;
}

// Relative to the derivative, or to 1 % of the largest.
double worst_error(TunedNet& net) {
  constexpr bool kDouble = tape::GradientCheck::kDouble;
  net.differentiate();
  double largest = 0, worst = 0;
  for (const real g : net.gradients()) {
    largest = std::max(largest, std::abs(static_cast<double>(g)));
  }
  for (const auto& p : net.params().params()) {
    for (std::size_t i = p.offset; i < p.offset + p.shape.count(); ++i) {
      const auto a = static_cast<double>(net.gradients()[i]);
      double best = std::numeric_limits<double>::infinity();
      for (const double h : {kDouble ? 2e-4 : 2e-2, kDouble ? 2e-5 : 2e-3}) {
        const double n = slope_at(net, net.params().values()[i], h);
        const double floor = std::max({std::abs(a), std::abs(n), (kDouble ? 1e-2 : 0.1) * largest});
        best = std::min(best, std::abs(a - n) / floor);
      }
      worst = std::max(worst, best);
    }
  }
  return worst;
}

TEST(TransformerLayers, have_the_gradient_of_finite_differences_with_dropout_on) {
  for (const char* activation : {"gelu", "gelu_tanh", "relu"}) {
    TunedNet net(form_of(activation));
    net.drop(0.3);
    EXPECT_LT(worst_error(net), tape::GradientCheck::kTolerance) << activation;
  }
}

TEST(TransformerLayers, are_called_by_their_number_in_the_encoder_and_all_learn) {
  TunedNet net(form_of("gelu"));
  net.differentiate();
  EXPECT_EQ(net.params().params().size(), 24U);
  for (const auto& p : net.params().params()) {
    EXPECT_TRUE(p.name.starts_with("encoder.bert.3.") || p.name.starts_with("encoder.bert.4."));
    const auto begin = net.gradients().begin() + static_cast<std::ptrdiff_t>(p.offset);
    const auto end = begin + static_cast<std::ptrdiff_t>(p.shape.count());
    EXPECT_TRUE(std::any_of(begin, end, [](real g) { return g != 0; })) << p.name;
  }
}

TEST(TransformerLayers, give_a_sequence_the_same_bits_in_any_company) {
  TunedNet many(form_of("gelu"), {3, 9, 1, 4});
  TunedNet one(form_of("gelu"), {3});
  EXPECT_EQ(many.states(0), one.states(0));
  EXPECT_EQ(many.states(0).size(), 3U * kStates);
}

TEST(TransformerLayers, drop_in_training_alone) {
  TunedNet net(form_of("gelu"));
  const double whole = net.loss();
  const auto before = net.states(1);
  net.drop(0.5);
  EXPECT_NE(net.loss(), whole);
  EXPECT_EQ(net.states(1), before);
}

}  // namespace
}  // namespace refrain::nn
