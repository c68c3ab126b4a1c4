// Checks the inputs of the loss of an update: weights, random keys, a second look.
#include "refrain/train/gradient.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <numeric>

#include "refrain/base/error.h"
#include "refrain/train/toy_problem.h"

namespace refrain::train {
namespace {

// Samples that weigh 1 to 5; remembers what each batch was said to weigh, and what it does.
struct Weighed : Toy {
  mutable std::vector<std::pair<double, double>> totals;
  Weighed() : Toy(bit_sequences(16, 3, 3, Rule::kFirstBit), 16, small()) {
    for (std::size_t i = 0; i < samples.size(); ++i) samples[i].weight = 1 + i % 5;
    train.epochs = 2;
    train.batch_size = 16;  // one shard
  }
  double weight(const data::EncodedSample& sample) const override { return sample.weight; }
  tape::Var loss(nn::Context& context, double total_weight) const override {
    const real* weights = nn::target_weights(context);
    totals.emplace_back(total_weight, std::accumulate(weights, weights + context.batch.B, 0.0));
    return Toy::loss(context, total_weight);
  }
};

TEST(BatchGradient, of_mixed_weighed_samples_weighs_as_much_as_its_pairs) {
  Weighed toy;
  toy.train.mixup = 0.5;
  toy.fit();
  ASSERT_EQ(toy.totals.size(), 2u);
  for (const auto& [told, summed] : toy.totals) EXPECT_NEAR(told, summed, 1e-4);
}

// Remembers what the masks of each update are drawn from.
struct Keyed : Toy {
  mutable std::vector<std::uint64_t> keys;
  Keyed() : Toy(bit_sequences(16, 3, 3, Rule::kFirstBit), 16, small()) { train.batch_size = 16; }
  tape::Var loss(nn::Context& context, double total_weight) const override {
    keys.push_back(context.rng.key());
    return Toy::loss(context, total_weight);
  }
};

TEST(BatchGradient, of_each_epoch_draws_from_its_own_number_and_the_seed) {
  Keyed toy;
  toy.train.seed = 5;
  toy.fit();
  ASSERT_EQ(toy.keys.size(), 4u);
  for (std::size_t epoch = 0; epoch < 4; ++epoch) {
    EXPECT_EQ(toy.keys[epoch], base::Rng(5).fork("epoch").fork(epoch).key()) << epoch;
  }
}

// Infinite where sam looks for the second time.
struct Cliff : Toy {
  mutable int looks = 0;
  Cliff() : Toy(bit_sequences(16, 3, 3, Rule::kFirstBit), 16, small()) { train.batch_size = 16; }
  tape::Var loss(nn::Context& context, double total_weight) const override {
    return Toy::loss(context, ++looks == 2 ? 0 : total_weight);
  }
};

TEST(BatchGradient, the_second_gradient_of_an_update_is_looked_at_too) {
  Cliff toy;
  toy.optim.optimiser = "sam";
  try {
    toy.fit();
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kNumeric);
    EXPECT_THAT(error.what(), testing::HasSubstr("diverged at step 1 (epoch 1)"));
  }
}

}  // namespace
}  // namespace refrain::train
