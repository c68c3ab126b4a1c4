#include "refrain/train/checkpoint.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "refrain/base/files.h"
#include "refrain/base/test_folder.h"
#include "refrain/train/toy_problem.h"

namespace refrain::train {
namespace {

using testing::HasSubstr;

class Checkpoint : public testing::Test {
 protected:
  Error load_error(const std::string& fingerprint) const {
    try {
      load_checkpoint(path_, fingerprint);
    } catch (const Error& error) {
      return error;
    }
    return Error(Code::kInternal, "loaded");
  }

  const base::TestFolder folder_;
  const std::string path_ = folder_.path("run.checkpoint");
};

Toy toy() { return Toy(bit_sequences(60, 2, 7, Rule::kFirstBit), 45, Toy::small()); }

State state_to_keep() {
  State s;
  s.epoch = 2;
  s.batch = 5;
  s.step = 123456789012;
  s.loss_sum = 0.1 + 0.2;
  s.norm_sum = 1.0 / 3;
  s.best_epoch = 1;
  s.best = {0.7, 1e-300};
  s.history = {{1, 1.0 / 3, 2.0 / 7, 3e10, 0.5, {0.7, 1e-300}}, {2, 0.25, 0, 0, 0, {0.6, 5}}};
  s.values = {1, real{-2.5}, real{1e-30f}};
  s.best_values = {3, 4, 5};
  s.slots = {{6, 7, 8}, {9, 10, 11}};
  s.best_step = 61728394506;
  s.average = {12, 13, 14};
  s.averaged = 7;
  s.averaging = true;
  s.lr = 0.003;
  s.clipped = 3;
  s.start_loss = 1.75;
  s.layer_sums = {0.1, 1e-300};
  s.layer_norms = {1, 2, 1.0 / 3, 4};
  s.smoothed = 1.0 / 7;
  s.best_smoothed = 1.0 / 9;
  s.lr_factor = 0.25;
  s.plateau_loss = 0.7;
  s.plateau_epoch = 11;
  return s;
}

TEST_F(Checkpoint, gives_back_every_bit) {
  const State s = state_to_keep();
  save_checkpoint(path_, s, "print");
  const auto got = load_checkpoint(path_, "print");
  ASSERT_TRUE(got);
  EXPECT_EQ(got->epoch, s.epoch);
  EXPECT_EQ(got->batch, s.batch);
  EXPECT_EQ(got->step, s.step);
  EXPECT_EQ(got->loss_sum, s.loss_sum);
  EXPECT_EQ(got->norm_sum, s.norm_sum);
  EXPECT_EQ(got->best_epoch, s.best_epoch);
  EXPECT_EQ(got->best.score, s.best.score);
  EXPECT_EQ(got->best.loss, s.best.loss);
  ASSERT_EQ(got->history.size(), 2u);
  EXPECT_EQ(got->history[0].loss, 1.0 / 3);
  EXPECT_EQ(got->history[0].lr, 2.0 / 7);
  EXPECT_EQ(got->history[0].gradient_norm, 3e10);
  EXPECT_EQ(got->history[0].clip_ratio, 0.5);
  EXPECT_EQ(got->history[1].valid.loss, 5);
  EXPECT_EQ(got->values, s.values);
  EXPECT_EQ(got->best_values, s.best_values);
  EXPECT_EQ(got->slots, s.slots);
  EXPECT_EQ(got->best_step, s.best_step);
  EXPECT_EQ(got->average, s.average);
  EXPECT_EQ(got->averaged, s.averaged);
  EXPECT_EQ(got->averaging, s.averaging);
  EXPECT_EQ(got->lr, s.lr);
  EXPECT_EQ(got->clipped, s.clipped);
  EXPECT_EQ(got->start_loss, s.start_loss);
  EXPECT_EQ(got->layer_sums, s.layer_sums);
  EXPECT_EQ(got->layer_norms, s.layer_norms);
  EXPECT_EQ(got->smoothed, s.smoothed);
  EXPECT_EQ(got->best_smoothed, s.best_smoothed);
  EXPECT_EQ(got->lr_factor, s.lr_factor);
  EXPECT_EQ(got->plateau_loss, s.plateau_loss);
  EXPECT_EQ(got->plateau_epoch, s.plateau_epoch);
}

TEST_F(Checkpoint, a_run_continued_from_the_file_ends_as_if_never_stopped) {
  Toy whole = toy();
  whole.fit();
  for (const int stop : {1, 2, 5}) {
    Toy first = toy();
    std::atomic<bool> flag{false};
    int batches = 0;
    first.hooks.stop = &flag;
    first.hooks.progress = [&](const Progress& p) {
      if (!p.epoch_done && ++batches == stop) flag = true;
    };
    first.hooks.checkpoint = [&](const State& s) { save_checkpoint(path_, s, "print"); };
    ASSERT_EQ(first.fit().reason, StopReason::kInterrupted);
    const auto state = load_checkpoint(path_, "print");
    ASSERT_TRUE(state);
    Toy rest = toy();
    rest.fit(&*state);
    EXPECT_EQ(whole.params.values(), rest.params.values()) << stop;
  }
}

TEST_F(Checkpoint, is_absent_at_first) { EXPECT_FALSE(load_checkpoint(path_, "print")); }

TEST_F(Checkpoint, of_another_run_is_refused_by_name) {
  save_checkpoint(path_, state_to_keep(), "print");
  const Error error = load_error("another");
  EXPECT_EQ(error.code(), Code::kData);
  EXPECT_THAT(error.what(), HasSubstr(path_ + " belongs to a run with other data or options"));
}

TEST_F(Checkpoint, any_changed_byte_is_found) {
  save_checkpoint(path_, state_to_keep(), "print");
  const std::string bytes = base::read_file(path_).bytes;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    std::string changed = bytes;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    std::ofstream(path_, std::ios::binary) << changed;
    const Error error = load_error("print");
    EXPECT_EQ(error.code(), Code::kData) << "byte " << i << " '" << bytes[i] << "'";
    EXPECT_THAT(error.what(), HasSubstr(path_));
  }
}

TEST_F(Checkpoint, any_cut_is_found) {
  save_checkpoint(path_, state_to_keep(), "print");
  const std::string bytes = base::read_file(path_).bytes;
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    std::ofstream(path_, std::ios::binary) << bytes.substr(0, length);
    EXPECT_EQ(load_error("print").code(), Code::kData) << length;
  }
}

TEST_F(Checkpoint, another_safetensors_file_is_no_checkpoint) {
  std::ofstream(path_, std::ios::binary) << std::string("\x02\0\0\0\0\0\0\0{}", 10);
  EXPECT_THAT(load_error("print").what(), HasSubstr("is not a checkpoint of this version"));
}

}  // namespace
}  // namespace refrain::train
