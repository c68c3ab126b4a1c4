#include "refrain/train/trainer.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <optional>

#include "refrain/base/error.h"
#include "refrain/train/gradient.h"
#include "refrain/train/toy_problem.h"

namespace refrain::train {
namespace {

using testing::HasSubstr;

// 70 ragged sequences to learn from in batches of 32 (the last one smaller), 30 to validate on.
Toy ragged_toy() { return Toy(bit_sequences(100, 1, 9, Rule::kFirstBit), 70, Toy::small()); }

std::vector<double> numbers_of(const std::vector<EpochRecord>& history) {
  std::vector<double> out;
  for (const auto& r : history) {
    out.insert(out.end(), {static_cast<double>(r.epoch), r.loss, r.lr, r.gradient_norm,
                           r.clip_ratio, r.valid.score, r.valid.loss});
  }
  return out;
}

Error error_of(Toy& toy) {
  try {
    toy.fit();
  } catch (const Error& error) {
    return error;
  }
  return Error(Code::kInternal, "trained");
}

TEST(Trainer, one_two_and_four_threads_give_the_same_bits) {
  std::optional<std::vector<real>> values;
  std::vector<double> history;
  for (const std::string optimiser : {"adamw", "sam", "lbfgs"}) {
    for (const int threads : {1, 2, 4}) {
      Toy toy = ragged_toy();
      toy.optim.optimiser = optimiser;
      toy.train.batch_size = 64;  // four shards
      toy.train.threads = threads;
      toy.train.mixup = optimiser == "adamw" ? 0 : 0.3;
      const Outcome outcome = toy.fit();
      if (threads > 1) {
        EXPECT_EQ(*values, toy.params.values()) << threads;
        EXPECT_EQ(history, numbers_of(outcome.history)) << threads;
      }
      values = toy.params.values();
      history = numbers_of(outcome.history);
    }
  }
}

TEST(Trainer, the_number_of_shards_depends_on_the_batch_alone) {
  EXPECT_EQ(shard_count(1), 1);
  EXPECT_EQ(shard_count(16), 1);
  EXPECT_EQ(shard_count(32), 2);
  EXPECT_EQ(shard_count(64), 4);
  EXPECT_EQ(shard_count(100000), 4);
}

TEST(Trainer, another_seed_gives_another_network) {
  Toy one = ragged_toy(), two = ragged_toy(), again = ragged_toy();
  two.train.seed = 2;
  one.fit();
  two.fit();
  again.fit();
  EXPECT_EQ(one.params.values(), again.params.values());
  EXPECT_NE(one.params.values(), two.params.values());
}

// The state that a run leaves which is told to stop before its batch number `stop`, counted from 0.
std::optional<State> state_after(int stop, const std::function<void(Toy&)>& change) {
  Toy toy = ragged_toy();
  change(toy);
  std::atomic<bool> flag{stop == 0};
  int batches = 0;
  std::optional<State> state;
  toy.hooks.stop = &flag;
  toy.hooks.progress = [&](const Progress& p) {
    if (!p.epoch_done && ++batches == stop) flag = true;
  };
  toy.hooks.checkpoint = [&](const State& s) { state = s; };
  const Outcome outcome = toy.fit();
  return outcome.reason == StopReason::kInterrupted ? state : std::nullopt;
}

TEST(Trainer, stopped_after_any_batch_and_resumed_is_as_if_never_stopped) {
  for (const auto& optimiser : optim::optimisers().names()) {
    const auto change = [&](Toy& toy) { toy.optim.optimiser = optimiser; };
    Toy whole = ragged_toy();
    change(whole);
    const Outcome expected = whole.fit();
    const int updates = optimiser == "lbfgs" ? 4 : 12;  // four epochs of three batches, or of one
    for (int stop = 0; stop < updates; ++stop) {
      const auto state = state_after(stop, change);
      ASSERT_TRUE(state) << "not interrupted at " << stop;
      EXPECT_EQ(state->step, stop);
      Toy rest = ragged_toy();
      change(rest);
      const Outcome got = rest.fit(&*state);
      EXPECT_EQ(whole.params.values(), rest.params.values()) << optimiser << " at " << stop;
      EXPECT_EQ(numbers_of(expected.history), numbers_of(got.history)) << stop;
      EXPECT_EQ(expected.best_epoch, got.best_epoch);
    }
    EXPECT_FALSE(state_after(updates, change)) << "the last batch was the last";
  }
}

TEST(Trainer, a_resumed_run_goes_on_with_the_same_mean_rate_and_criterion) {
  for (const std::string average : {"ema", "swa", "nt_asgd"}) {
    const auto change = [&](Toy& toy) {
      toy.train.average = average;
      toy.train.swa_share = 0.6;
      toy.train.nt_window = 1;
      toy.train.smooth_epochs = 2;
      toy.train.gradient_noise = 0.01;
      toy.optim.schedule = "plateau";
      toy.optim.plateau_epochs = 1;
      toy.optim.warmup = 0.2;
      toy.optim.clip_adaptive = 0.1;
      toy.optim.lr = average == "ema" ? optim::kAutoRate : 0.1;
    };
    Toy whole = ragged_toy();
    change(whole);
    const Outcome expected = whole.fit();
    for (int stop = 0; stop < 12; ++stop) {
      const auto state = state_after(stop, change);
      ASSERT_TRUE(state) << stop;
      Toy rest = ragged_toy();
      change(rest);
      const Outcome got = rest.fit(&*state);
      EXPECT_EQ(whole.params.values(), rest.params.values()) << average << " at " << stop;
      EXPECT_EQ(numbers_of(expected.history), numbers_of(got.history)) << average;
      EXPECT_EQ(expected.best_updates, got.best_updates);
      EXPECT_EQ(expected.lr, got.lr);
      EXPECT_EQ(expected.layer_norms, got.layer_norms);
    }
  }
}

TEST(Mixup, goes_on_with_the_same_pairs_after_an_interruption) {
  const auto change = [](Toy& toy) { toy.train.mixup = 0.3; };
  Toy whole = ragged_toy(), plain = ragged_toy();
  change(whole);
  whole.fit();
  plain.fit();
  EXPECT_NE(whole.params.values(), plain.params.values());
  for (int stop = 0; stop < 12; ++stop) {
    const auto state = state_after(stop, change);
    Toy rest = ragged_toy();
    change(rest);
    rest.fit(&*state);
    EXPECT_EQ(whole.params.values(), rest.params.values()) << stop;
  }
}

TEST(Mixup, still_learns_the_task) {
  Toy toy = ragged_toy();
  toy.train.mixup = 0.2;
  toy.train.epochs = 30;
  toy.optim.lr = 0.02;
  EXPECT_GT(toy.fit().history.back().valid.score, 0.9);
}

TEST(Mixup, of_a_single_sample_is_refused) {
  Toy toy = ragged_toy();
  toy.train.mixup = 0.2;
  toy.train.batch_size = 1;
  const Error error = error_of(toy);
  EXPECT_EQ(error.code(), Code::kUsage);
  EXPECT_THAT(error.hint(), HasSubstr("--batch-size"));
}

TEST(Trainer, two_threads_may_go_on_from_what_one_thread_left) {
  Toy whole = ragged_toy(), rest = ragged_toy();
  whole.fit();
  const auto state = state_after(7, [](Toy&) {});
  rest.train.threads = 2;
  rest.fit(&*state);
  EXPECT_EQ(whole.params.values(), rest.params.values());
}

TEST(Trainer, a_checkpoint_comes_after_every_epoch_and_holds_all_there_is) {
  Toy toy = ragged_toy();
  std::vector<int> epochs;
  toy.hooks.checkpoint = [&](const State& s) {
    epochs.push_back(s.epoch);
    EXPECT_EQ(s.batch, 0);
    EXPECT_EQ(s.values, toy.params.values());
    EXPECT_EQ(s.history.size(), static_cast<std::size_t>(s.epoch));
    EXPECT_EQ(s.slots.size(), 2u);
  };
  toy.fit();
  EXPECT_EQ(epochs, (std::vector<int>{1, 2, 3, 4}));
}

TEST(Trainer, progress_tells_of_every_batch_and_epoch) {
  Toy toy = ragged_toy();
  int batches = 0, epochs = 0;
  toy.hooks.progress = [&](const Progress& p) {
    EXPECT_EQ(p.epochs, 4);
    EXPECT_EQ(p.batches, 3);
    EXPECT_GT(p.loss, 0);
    EXPECT_EQ(p.epoch_done, p.record != nullptr);
    p.epoch_done ? ++epochs : ++batches;
    EXPECT_EQ(p.epoch, p.epoch_done ? epochs : epochs + 1);
  };
  toy.fit();
  EXPECT_EQ(batches, 12);
  EXPECT_EQ(epochs, 4);
}

// Scores as written in advance; remembers the parameters of each epoch.
struct Scripted : Toy {
  std::vector<ValidScore> script;
  mutable std::vector<std::vector<real>> seen;
  explicit Scripted(std::vector<ValidScore> scores)
      : Toy(bit_sequences(40, 3, 3, Rule::kFirstBit), 30, small()), script(std::move(scores)) {
    train.epochs = static_cast<int>(script.size());
  }
  ValidScore validate() const override {
    seen.push_back(params.values());
    return script.at(seen.size() - 1);
  }
};

TEST(EarlyStopping, ends_when_patience_does_and_brings_the_best_weights_back) {
  Scripted toy({{0.5, 1}, {0.8, 1}, {0.7, 1}, {0.8, 1}, {0.6, 1}, {0.9, 1}, {1, 1}});
  toy.train.patience = 3;
  const Outcome outcome = toy.fit();
  EXPECT_EQ(outcome.reason, StopReason::kPatience);
  EXPECT_EQ(to_string(outcome.reason), "patience");
  EXPECT_EQ(outcome.epochs, 5);
  EXPECT_EQ(outcome.best_epoch, 2);
  EXPECT_EQ(toy.params.values(), toy.seen[1]);
  EXPECT_NE(toy.params.values(), toy.seen[4]);
}

TEST(Deadline, ends_with_what_there_is_after_one_update_at_least) {
  Toy toy(bit_sequences(40, 3, 3, Rule::kFirstBit), 30, Toy::small());
  toy.train.batch_size = 8;
  const auto start = toy.params.values();
  toy.hooks.deadline = 1e-9;  // long ago
  const Outcome outcome = toy.fit();
  EXPECT_EQ(outcome.reason, StopReason::kTime);
  EXPECT_EQ(to_string(outcome.reason), "time");
  EXPECT_EQ(outcome.epochs, 1);
  EXPECT_EQ(outcome.best_updates, 1);
  EXPECT_NE(toy.params.values(), start);
}

TEST(Deadline, one_that_is_far_away_changes_nothing) {
  Toy toy(bit_sequences(40, 3, 3, Rule::kFirstBit), 30, Toy::small());
  Toy same(bit_sequences(40, 3, 3, Rule::kFirstBit), 30, Toy::small());
  toy.hooks.deadline = 1e18;
  EXPECT_EQ(toy.fit().reason, StopReason::kEpochs);
  same.fit();
  EXPECT_EQ(toy.params.values(), same.params.values());
}

TEST(EarlyStopping, the_loss_decides_between_equal_scores) {
  Scripted toy({{0.8, 3}, {0.8, 1}, {0.8, 2}, {0.7, 0}});
  const Outcome outcome = toy.fit();
  EXPECT_EQ(outcome.reason, StopReason::kEpochs);
  EXPECT_EQ(outcome.best_epoch, 2);
  EXPECT_EQ(toy.params.values(), toy.seen[1]);
}

TEST(EarlyStopping, patience_zero_never_stops) {
  Scripted toy(std::vector<ValidScore>(30, {0.5, 1}));
  EXPECT_EQ(toy.fit().epochs, 30);
  EXPECT_EQ(toy.params.values(), toy.seen[0]);
}

TEST(EarlyStopping, epochs_before_the_minimum_are_not_chosen) {
  Scripted toy({{0.9, 1}, {0.5, 1}, {0.6, 1}, {0.5, 1}, {0.5, 1}, {0.5, 1}});
  toy.train.patience = 2;
  toy.train.min_epochs = 3;
  const Outcome outcome = toy.fit();
  EXPECT_EQ(outcome.best_epoch, 3);
  EXPECT_EQ(outcome.epochs, 5);
  EXPECT_EQ(outcome.best_updates, 3);
}

TEST(EarlyStopping, a_smoothed_loss_is_not_taken_in_by_one_lucky_epoch) {
  const std::vector<ValidScore> script = {{0.5, 5}, {1, 1},     {0.6, 4.5},
                                          {0.6, 2}, {0.6, 1.9}, {0.6, 3}};
  Scripted plain(script), smooth(script);
  smooth.train.smooth_epochs = 3;
  EXPECT_EQ(plain.fit().best_epoch, 2);
  EXPECT_EQ(smooth.fit().best_epoch, 5);  // means 5, 3, 3.75, 2.875, 2.39, 2.69
  EXPECT_EQ(smooth.params.values(), smooth.seen[4]);
}

TEST(Plateau, halves_the_rate_when_the_loss_stays) {
  Scripted toy({{0, 3}, {0, 2}, {0, 2}, {0, 2}, {0, 2}, {0, 1}, {0, 1}});
  toy.optim.schedule = "plateau";
  toy.optim.plateau_epochs = 2;
  toy.optim.lr = 0.01;
  const Outcome outcome = toy.fit();
  std::vector<double> rates;
  for (const auto& r : outcome.history) rates.push_back(r.lr / 0.01);
  EXPECT_EQ(rates, (std::vector<double>{1, 1, 1, 1, 0.5, 0.5, 0.5}));
}

TEST(AutoRate, is_found_told_and_used_and_the_start_values_stay) {
  std::vector<std::string> said;
  Toy toy = ragged_toy();
  toy.optim.lr = optim::kAutoRate;
  toy.hooks.log =
      base::Log([&](base::Level, const std::string& sentence) { said.push_back(sentence); });
  const Outcome outcome = toy.fit();
  ASSERT_EQ(said.size(), 1u);
  EXPECT_THAT(said[0], HasSubstr("--lr auto: the loss falls fastest at "));
  EXPECT_GT(outcome.lr, 1e-4);
  EXPECT_LT(outcome.lr, 1);
  Toy by_hand = ragged_toy();
  by_hand.optim.lr = outcome.lr;
  by_hand.fit();
  EXPECT_EQ(by_hand.params.values(), toy.params.values());
}

TEST(AutoRate, has_no_meaning_for_an_optimiser_that_searches) {
  Toy toy = ragged_toy();
  toy.optim.lr = optim::kAutoRate;
  toy.optim.optimiser = "lbfgs";
  EXPECT_STREQ(error_of(toy).what(), "--lr auto: lbfgs has no rate");
}

TEST(Record, tells_how_many_updates_were_clipped_and_each_layers_gradient) {
  for (const double limit : {1e-6, 1e6}) {
    Toy toy = ragged_toy();
    toy.optim.clip_norm = limit;
    const Outcome outcome = toy.fit();
    EXPECT_EQ(outcome.layers,
              (std::vector<std::string>{"encoder.0.forward", "encoder.0.reverse", "head"}));
    ASSERT_EQ(outcome.layer_norms.size(), 12u);
    for (const double norm : outcome.layer_norms) EXPECT_GT(norm, 0);
    for (const auto& r : outcome.history) EXPECT_EQ(r.clip_ratio, limit < 1 ? 1 : 0);
  }
}

TEST(WeightAveraging, what_is_validated_is_the_mean_and_what_the_model_ends_with) {
  Scripted plain({{0.5, 1}, {0.6, 1}, {0.7, 1}}), mean({{0.5, 1}, {0.6, 1}, {0.7, 1}});
  mean.train.average = "ema";
  mean.train.ema_decay = 0.9;
  std::vector<real> last;
  mean.hooks.checkpoint = [&](const State& s) { last = s.values; };
  plain.fit();
  mean.fit();
  EXPECT_EQ(plain.params.values(), last) << "the mean must not change the way";
  EXPECT_EQ(mean.params.values(), mean.seen[2]);
  EXPECT_NE(mean.params.values(), last);
}

TEST(WeightAveraging, without_a_validation_part_the_model_ends_with_the_mean_of_the_last_share) {
  Toy toy(bit_sequences(40, 3, 3, Rule::kFirstBit), 40, Toy::small());
  toy.train.average = "swa";
  toy.train.swa_share = 0.5;  // the last 4 of 4 epochs of 2 updates
  std::vector<std::vector<real>> after;
  toy.hooks.progress = [&](const Progress& p) {
    if (!p.epoch_done) after.push_back(toy.params.values());
  };
  toy.fit();
  ASSERT_EQ(after.size(), 8u);
  for (std::size_t i = 0; i < toy.params.count(); ++i) {
    double sum = 0;
    for (std::size_t k = 4; k < 8; ++k) sum += static_cast<double>(after[k][i]);
    EXPECT_NEAR(static_cast<double>(toy.params.values()[i]), sum / 4, 1e-6);
  }
}

TEST(Updates, a_run_may_stop_after_any_number_of_them) {
  std::vector<std::vector<real>> after;
  Toy whole(bit_sequences(70, 1, 9, Rule::kFirstBit), 70, Toy::small());
  whole.hooks.progress = [&](const Progress& p) {
    if (!p.epoch_done) after.push_back(whole.params.values());
  };
  const Outcome all = whole.fit();
  EXPECT_EQ(all.best_updates, 12);
  EXPECT_EQ(all.planned_updates, 12);
  for (const int n : {1, 3, 5}) {
    Toy part(bit_sequences(70, 1, 9, Rule::kFirstBit), 70, Toy::small());
    part.train.epochs = 1;  // the plan counts
    part.updates = n;
    part.planned_updates = 12;
    const Outcome got = part.fit();
    EXPECT_EQ(part.params.values(), after[static_cast<std::size_t>(n) - 1]) << n;
    EXPECT_EQ(got.best_updates, n);
    EXPECT_EQ(got.epochs, (n + 2) / 3);
  }
}

TEST(Updates, the_best_epochs_number_of_them_is_told) {
  Scripted toy({{0.5, 1}, {0.8, 1}, {0.7, 1}});
  EXPECT_EQ(toy.fit().best_updates, 2);
}

TEST(Trainer, without_a_validation_part_the_last_epoch_counts) {
  Toy toy(bit_sequences(40, 3, 3, Rule::kFirstBit), 40, Toy::small());
  toy.train.patience = 1;
  std::vector<real> last;
  toy.hooks.checkpoint = [&](const State& s) { last = s.values; };
  const Outcome outcome = toy.fit();
  EXPECT_EQ(outcome.epochs, 4);
  EXPECT_EQ(outcome.best_epoch, 4);
  EXPECT_EQ(toy.params.values(), last);
}

TEST(DivergenceGuard, a_rate_far_too_large_is_named_with_step_and_parameter) {
  Toy toy = ragged_toy();
  toy.optim.optimiser = "sgd";
  toy.optim.lr = sizeof(real) == 8 ? 1e307 : 1e38;
  toy.optim.clip_norm = 0;
  const Error error = error_of(toy);
  EXPECT_EQ(error.code(), Code::kNumeric);
  EXPECT_THAT(error.what(), HasSubstr("training diverged at step "));
  EXPECT_THAT(error.what(), testing::AnyOf(HasSubstr("the gradient of encoder.0.forward."),
                                           HasSubstr("the loss is not finite")));
  EXPECT_EQ(error.hint(), "lower --lr, or set --clip-norm 1");
}

TEST(DivergenceGuard, an_infinite_number_in_the_data_is_found_at_its_batch) {
  for (const double bad :
       {std::numeric_limits<double>::quiet_NaN(), std::numeric_limits<double>::infinity()}) {
    Toy toy = ragged_toy();
    toy.samples[3].streams[0].values[0] = static_cast<real>(bad);
    const auto before = toy.params.values();
    const Error error = error_of(toy);
    EXPECT_EQ(error.code(), Code::kNumeric) << bad;
    EXPECT_THAT(error.what(), HasSubstr("(epoch 1): the gradient of encoder.0.")) << bad;
    for (const real x : toy.params.values()) {
      ASSERT_TRUE(std::isfinite(x)) << "the parameters took the bad step";
    }
  }
}

TEST(Trainer, penalties_move_weights_as_their_formulas_say) {
  constexpr double kRate = 0.25, kL1 = 0.3, kL2 = 0.2;
  const auto after_one_update = [](double l1, double l2) {
    Toy toy(bit_sequences(70, 1, 9, Rule::kFirstBit), 70, Toy::small());
    toy.train.l1 = l1;
    toy.train.l2 = l2;
    toy.updates = 1;
    toy.optim.optimiser = "sgd";
    toy.optim.schedule = "constant";
    toy.optim.momentum = toy.optim.clip_norm = 0;
    toy.optim.lr = kRate;
    toy.fit();
    return toy.params.values();
  };
  Toy toy(bit_sequences(70, 1, 9, Rule::kFirstBit), 70, Toy::small());
  const auto before = toy.params.values(), none = after_one_update(0, 0);
  const auto l1 = after_one_update(kL1, 0), l2 = after_one_update(0, kL2);
  int zeros = 0;
  for (const auto& p : toy.params.params()) {
    for (std::size_t i = p.offset; i < p.offset + p.shape.count(); ++i) {
      const double start = static_cast<double>(before[i]), plain = static_cast<double>(none[i]);
      const double part = p.weight ? 1 : 0;  // biases and gains have no penalty
      const double size = std::max(0.0, std::abs(plain) - part * kRate * kL1);
      EXPECT_NEAR(static_cast<double>(l1[i]), std::copysign(size, plain), 1e-6) << p.name;
      EXPECT_NEAR(static_cast<double>(l2[i]), plain - part * kRate * kL2 * start, 1e-6) << p.name;
      zeros += p.weight && size == 0 ? 1 : 0;
    }
  }
  EXPECT_GT(zeros, 10);
}

TEST(Trainer, l1_makes_true_zeros_with_any_optimiser) {
  for (const auto& optimiser : optim::optimisers().names()) {
    const auto zeros = [&](double l1) {
      Toy toy(bit_sequences(70, 1, 9, Rule::kFirstBit), 70, Toy::small());
      toy.optim.optimiser = optimiser;
      toy.train.penalty = fmt::format("encoder.*:l1={}", l1);
      toy.train.epochs = 20;
      toy.optim.lr = 0.01;
      toy.fit();
      int count = 0;
      for (const auto& p : toy.params.params()) {
        const real* x = toy.params.values().data() + p.offset;
        if (p.weight) count += static_cast<int>(std::count(x, x + p.shape.count(), real{0}));
      }
      return count;
    };
    EXPECT_EQ(zeros(0), 0) << optimiser;
    EXPECT_GT(zeros(3), 50) << optimiser;
  }
}

TEST(Trainer, a_decay_by_pattern_needs_an_optimiser_that_has_one) {
  Toy toy = ragged_toy();
  toy.optim.optimiser = "sgd";
  toy.train.penalty = "head.*:weight_decay=0.1";
  EXPECT_STREQ(error_of(toy).what(), "--penalty: sgd has no weight decay");
}

TEST(Trainer, max_norm_holds_after_training) {
  Toy toy = ragged_toy();
  toy.train.max_norm = 0.5;
  toy.optim.lr = 0.05;
  toy.fit();
  for (const auto& p : toy.params.params()) {
    if (!p.weight) continue;
    const int columns = p.shape[1];
    for (int c = 0; c < columns; ++c) {
      double square = 0;
      for (int r = 0; r < p.shape[0]; ++r) {
        const double x = static_cast<double>(
            toy.params.values()[p.offset + static_cast<std::size_t>(r * columns + c)]);
        square += x * x;
      }
      EXPECT_LE(std::sqrt(square), 0.5 + 1e-6) << p.name << " " << c;
    }
  }
}

TEST(Trainer, gradient_noise_depends_on_the_seed_and_the_update_alone) {
  const auto train = [](double noise, int threads) {
    Toy toy = ragged_toy();
    toy.train.gradient_noise = noise;
    toy.train.threads = threads;
    toy.fit();
    return toy.params.values();
  };
  EXPECT_EQ(train(0.1, 1), train(0.1, 2));
  EXPECT_NE(train(0.1, 1), train(0, 1));
}

}  // namespace
}  // namespace refrain::train
