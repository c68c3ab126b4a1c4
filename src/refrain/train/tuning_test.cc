#include "refrain/train/tuning.h"

#include <gmock/gmock.h>

#include <cmath>

#include "refrain/base/error.h"
#include "refrain/train/penalty.h"
#include "refrain/train/toy_problem.h"

namespace refrain::train {
namespace {

nn::EncoderSpec two_layers() {
  nn::EncoderSpec spec = Toy::small();
  spec.layers = 2;
  return spec;
}

Toy deep_toy() { return Toy(bit_sequences(60, 2, 6, Rule::kFirstBit), 60, two_layers()); }

std::vector<real> slice(const Toy& toy, const nn::Param& p) {
  const auto begin = toy.params.values().begin() + static_cast<std::ptrdiff_t>(p.offset);
  return {begin, begin + static_cast<std::ptrdiff_t>(p.shape.count())};
}

TEST(Tuning, depth_is_counted_from_the_input_and_from_the_head) {
  nn::ParamSet params;
  for (const char* name : {"encoder.words", "encoder.0.forward.w_x", "encoder.0.reverse.b",
                           "encoder.1.forward.w_x", "encoder_b.0.forward.w_x", "head.w"}) {
    params.add({name, {2, 2}});
  }
  std::vector<int> from_input, from_head;
  for (const auto& depth : depths_of(params)) {
    from_input.push_back(depth.from_input);
    from_head.push_back(depth.from_head);
  }
  EXPECT_THAT(from_input, testing::ElementsAre(0, 1, 1, 2, 0, -1));
  EXPECT_THAT(from_head, testing::ElementsAre(3, 2, 2, 1, 1, 0));
}

std::vector<std::string> frozen_by(const std::string& patterns) {
  nn::ParamSet params;
  for (const char* name : {"encoder.words", "encoder.0.forward.w_x", "head.w"}) {
    params.add({name, {2, 2}});
  }
  freeze(patterns, params);
  std::vector<std::string> out;
  for (const auto& p : params.params()) {
    if (p.frozen) out.push_back(p.name);
  }
  return out;
}

TEST(Freeze, patterns_and_depths_name_what_stands_still) {
  using testing::ElementsAre;
  EXPECT_THAT(frozen_by(""), testing::IsEmpty());
  EXPECT_THAT(frozen_by("0"), testing::IsEmpty());
  EXPECT_THAT(frozen_by("1"), ElementsAre("encoder.words"));
  EXPECT_THAT(frozen_by("2"), ElementsAre("encoder.words", "encoder.0.forward.w_x"));
  EXPECT_THAT(frozen_by("embedding*, encoder.0.*"),
              ElementsAre("encoder.words", "encoder.0.forward.w_x"));
  EXPECT_THAT(frozen_by("*.w"), ElementsAre("head.w"));
}

TEST(Freeze, a_pattern_that_matches_nothing_is_an_error_with_the_names) {
  try {
    frozen_by("encoder.0.w_x");
    FAIL();
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Code::kUsage);
    EXPECT_THAT(e.what(), testing::HasSubstr("'encoder.0.w_x'"));
    EXPECT_THAT(e.hint(), testing::HasSubstr("encoder.0.forward.w_x, head.w"));
  }
  EXPECT_THROW(frozen_by("*"), Error) << "nothing is left to learn";
}

// One layer an epoch, from the head down: until then a layer keeps every bit.
TEST(Tuning, layers_begin_to_learn_one_after_another) {
  for (int epochs = 1; epochs <= 3; ++epochs) {
    Toy toy = deep_toy();
    toy.train.epochs = epochs;
    toy.train.unfreeze_every = 1;
    const auto depths = depths_of(toy.params);
    const Toy before = deep_toy();
    toy.fit();
    for (std::size_t i = 0; i < depths.size(); ++i) {
      const nn::Param& p = toy.params.params()[i];
      EXPECT_EQ(slice(toy, p) == slice(before, p), depths[i].from_head >= epochs) << p.name;
      EXPECT_FALSE(p.frozen);
    }
  }
}

TEST(Tuning, a_run_that_unfreezes_resumes_to_the_bit_from_every_epoch) {
  std::vector<State> states;
  const auto make = [&states] {
    Toy toy = deep_toy();
    toy.train.epochs = 5;
    toy.train.unfreeze_every = 2;
    toy.hooks.checkpoint = [&states](const State& s) { states.push_back(s); };
    return toy;
  };
  Toy whole = make();
  whole.fit();
  const auto saved = states;
  ASSERT_EQ(saved.size(), 5U);
  for (const State& state : saved) {
    Toy toy = make();
    toy.fit(&state);
    EXPECT_EQ(toy.params.values(), whole.params.values()) << state.epoch;
  }
}

// With plain gradient descent a step is the rate times the gradient: so is a layer's share of it.
TEST(Tuning, a_layer_moves_by_its_share_of_the_step) {
  const auto moved = [](double decay) {
    Toy toy = deep_toy();
    toy.train.epochs = 1;
    toy.train.batch_size = 64;
    toy.train.layer_lr_decay = decay;
    toy.optim.optimiser = "sgd";
    toy.optim.schedule = "constant";
    toy.optim.lr = 0.1;
    const auto before = toy.params.values();
    toy.fit();
    std::vector<double> out;
    for (const auto& p : toy.params.params()) {
      out.push_back(static_cast<double>(toy.params.values()[p.offset]) -
                    static_cast<double>(before[p.offset]));
    }
    return out;
  };
  const auto whole = moved(1), less = moved(0.5);
  const auto depths = depths_of(deep_toy().params);
  for (std::size_t i = 0; i < depths.size(); ++i) {
    EXPECT_NEAR(less[i], whole[i] * std::pow(0.5, depths[i].from_head), 1e-7) << i;
    EXPECT_NE(whole[i], 0);
  }
}

TEST(Tuning, l2_sp_pulls_to_the_start_and_leaves_the_head) {
  const Toy toy = deep_toy();
  const auto start = toy.params.values();
  TrainSpec spec = toy.train;
  spec.l2_sp = 0.5;
  const Penalties penalties(spec, 0, toy.params, &start);
  auto values = start;
  for (auto& v : values) v += real{2};
  std::vector<real> d(values.size());
  const double value = penalties.add(values.data(), d.data());
  double weights = 0;
  const auto depths = depths_of(toy.params);
  for (std::size_t i = 0; i < depths.size(); ++i) {
    const nn::Param& p = toy.params.params()[i];
    const bool pulled = depths[i].from_head > 0;
    if (pulled) weights += static_cast<double>(p.shape.count());
    EXPECT_NEAR(static_cast<double>(d[p.offset]), pulled ? 1 : 0, 1e-6) << p.name;
  }
  EXPECT_NEAR(value, 0.5 / 2 * 4 * weights, 1e-3);
}

TEST(Tuning, lbfgs_takes_neither_shares_nor_stages) {
  Toy toy = deep_toy();
  toy.optim.optimiser = "lbfgs";
  toy.train.unfreeze_every = 1;
  EXPECT_THROW(toy.fit(), Error);
}

}  // namespace
}  // namespace refrain::train
