// Frozen parameters: no gradient, no part in limits on gradients, no optimiser state, and not one
// bit of change, whatever else is switched on.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "refrain/train/gradient.h"
#include "refrain/train/step.h"
#include "refrain/train/toy_problem.h"

namespace refrain::train {
namespace {

Toy half_frozen_toy(const std::string& frozen) {
  Toy toy(bit_sequences(100, 1, 9, Rule::kFirstBit), 70, Toy::small());
  if (!frozen.empty()) toy.freeze(frozen);
  return toy;
}

std::vector<int> first_batch() {
  std::vector<int> batch(32);
  std::iota(batch.begin(), batch.end(), 0);
  return batch;
}

std::vector<real> gradient_of(Toy& toy) {
  const Fit fit = toy.job();
  BatchGradient gradient(fit, toy.train.batch_size);
  const auto batch = first_batch();
  gradient.take(batch, base::Rng(3));
  gradient.evaluate(base::Rng(3), 0);
  return gradient.gradient();
}

std::vector<real> slice_of(const std::vector<real>& block, const nn::Param& p) {
  const auto begin = block.begin() + static_cast<std::ptrdiff_t>(p.offset);
  return {begin, begin + static_cast<std::ptrdiff_t>(p.shape.count())};
}

TEST(Frozen, parameters_get_no_gradient_and_the_others_the_bits_that_they_had) {
  Toy whole = half_frozen_toy("");
  const auto all = gradient_of(whole);
  for (const std::string frozen : {"encoder.", "encoder.0.forward.w_h", "head.", "head.w"}) {
    Toy toy = half_frozen_toy(frozen);
    const auto some = gradient_of(toy);
    for (const auto& p : toy.params.params()) {
      EXPECT_NE(slice_of(all, p), std::vector<real>(p.shape.count())) << p.name;
      EXPECT_EQ(slice_of(some, p), p.frozen ? std::vector<real>(p.shape.count()) : slice_of(all, p))
          << p.name << " with " << frozen;
    }
  }
}

struct Stepped {
  Measured found;
  std::vector<real> values;
};

// One update by plain gradient descent with this limit.
Stepped step_with(double optim::OptimSpec::*kind, double limit, const std::string& frozen) {
  Toy toy = half_frozen_toy(frozen);
  toy.optim.optimiser = "sgd";
  toy.optim.momentum = toy.optim.clip_norm = 0;
  toy.optim.*kind = limit;
  const Fit fit = toy.job();
  Tuning tuning(fit.train, *fit.params);
  Stepper stepper(fit, tuning);
  const auto batch = first_batch();
  const base::Rng rng(3);
  std::vector<double> sums(stepper.layers().names().size());
  const Measured found = stepper.step(batch, {rng, 1, 1, 0.1}, sums);
  return {found, toy.params.values()};
}

TEST(Frozen, parameters_have_no_part_in_any_clipping) {
  for (const auto kind : {&optim::OptimSpec::clip_norm, &optim::OptimSpec::clip_value,
                          &optim::OptimSpec::clip_adaptive}) {
    const Stepped free = step_with(kind, 0, "head.");
    double limit = 1e3;  // to end just above what clips the encoder's gradient
    while (limit > 1e-6 && !step_with(kind, limit / 1.02, "head.").found.clipped) limit /= 1.02;
    ASSERT_GT(limit, 1e-6) << "nothing clips at all";
    EXPECT_TRUE(step_with(kind, limit, "").found.clipped) << "the head's is larger";
    const Stepped limited = step_with(kind, limit, "head.");
    EXPECT_FALSE(limited.found.clipped);
    EXPECT_EQ(limited.values, free.values);
  }
}

TEST(Frozen, parameters_have_no_part_in_the_norm_that_is_told) {
  Toy toy = half_frozen_toy("encoder.0.forward");
  double square = 0;
  for (const real d : gradient_of(toy)) square += static_cast<double>(d) * static_cast<double>(d);
  const auto norm = [](const std::string& frozen) {
    return step_with(&optim::OptimSpec::clip_norm, 0, frozen).found.norm;
  };
  EXPECT_NEAR(norm("encoder.0.forward"), std::sqrt(square), 1e-5);
  EXPECT_LT(norm("encoder.0.forward"), 0.99 * norm(""));
}

TEST(Frozen, parameters_stay_to_the_bit_and_have_no_optimiser_state) {
  for (const auto& optimiser : optim::optimisers().names()) {
    for (const std::string average : {"none", "ema", "swa"}) {
      Toy toy = half_frozen_toy("encoder.0.forward");
      toy.optim.optimiser = optimiser;
      toy.optim.weight_decay = 0.1;
      toy.train.average = average;
      toy.train.l1 = toy.train.l2 = 0.01;
      toy.train.max_norm = 0.5;
      toy.train.gradient_noise = 0.01;
      const auto before = toy.params.values();
      std::optional<State> state;
      toy.hooks.checkpoint = [&](const State& s) { state = s; };
      toy.fit();
      std::size_t learning = 0;
      for (std::size_t i = 0; i < toy.params.params().size(); ++i) {
        const nn::Param& p = toy.params.params()[i];
        learning += p.frozen ? 0 : toy.params.room(i);
        EXPECT_EQ(slice_of(toy.params.values(), p) == slice_of(before, p), p.frozen)
            << p.name << " " << optimiser << " " << average;
      }
      EXPECT_LT(learning, toy.params.count());
      for (const auto& slot : state.value().slots) EXPECT_EQ(slot.size(), learning) << optimiser;
    }
  }
}

TEST(Frozen, parameters_do_not_hinder_going_on_after_an_interruption) {
  for (const auto& optimiser : optim::optimisers().names()) {
    Toy whole = half_frozen_toy("encoder.0.forward"), rest = half_frozen_toy("encoder.0.forward");
    whole.optim.optimiser = rest.optim.optimiser = optimiser;
    std::optional<State> second;
    whole.hooks.checkpoint = [&](const State& s) {
      if (s.epoch == 2) second = s;
    };
    whole.fit();
    rest.fit(&second.value());
    EXPECT_EQ(whole.params.values(), rest.params.values()) << optimiser;
  }
}

TEST(Frozen, a_network_of_frozen_parameters_alone_trains_nothing_and_ends) {
  Toy toy = half_frozen_toy("");
  toy.freeze("encoder.");
  toy.freeze("head.");
  const auto before = toy.params.values();
  EXPECT_EQ(toy.fit().epochs, 4);
  EXPECT_EQ(toy.params.values(), before);
}

}  // namespace
}  // namespace refrain::train
