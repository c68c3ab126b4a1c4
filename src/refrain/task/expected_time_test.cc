#include "refrain/task/expected_time.h"

#include <gmock/gmock.h>

#include <chrono>
#include <thread>

#include "refrain/task/made_up_data.h"

namespace refrain::task {
namespace {

Spec spec_of(int networks, int threads) {
  Spec spec;
  spec.model.ensemble = networks;
  spec.train.threads = threads;
  return spec;
}

TEST(ExpectedTime, networks_take_turns_where_there_are_fewer_threads) {
  EXPECT_EQ(rounds_of(spec_of(4, 2), false).networks, 2);
  EXPECT_EQ(rounds_of(spec_of(3, 2), false).networks, 2);
  EXPECT_EQ(rounds_of(spec_of(1, 8), false).networks, 1);
  EXPECT_EQ(rounds_of(spec_of(4, 2), false).folds, 0);
}

TEST(ExpectedTime, training_again_doubles_it_and_inner_folds_come_on_top) {
  Spec spec = spec_of(3, 2);
  spec.model.blend_weight = kAutoWeight;
  const double folds = rounds_of(spec, true).folds;
  EXPECT_DOUBLE_EQ(folds, 3 * 0.8);  // five folds on two threads, one network each
  spec.split.refit = true;
  EXPECT_EQ(rounds_of(spec, true).networks, 4);
  EXPECT_DOUBLE_EQ(rounds_of(spec, true).folds, 2 * folds);
}

TEST(ExpectedTime, short_trainings_are_not_spoken_of) {
  EXPECT_EQ(expected_time({2, 0, false}, 4, 1.0), "");
  EXPECT_EQ(expected_time({2, 0, false}, 4, 6.2), "the 4 networks take about 12 s");
  EXPECT_EQ(expected_time({1, 0, true}, 1, 150), "the network takes at most about 2.5 min");
  EXPECT_EQ(expected_time({1, 3, false}, 2, 20),
            "the 2 networks take about 20 s, the inner folds then about 60 s");
}

// What the log is told while two networks train, of which each takes its time for three batches of
// a thousand epochs; `seen` counts what the watcher of `hooks` saw.
std::vector<std::string> told_while_training(FitHooks hooks, int& seen) {
  std::vector<std::string> said;
  hooks.log = base::Log([&](base::Level, const std::string& s) { said.push_back(s); });
  hooks.watch = [&](const NetworkRun&) {
    train::Hooks own;
    own.progress = [&](const train::Progress&) { ++seen; };
    return own;
  };
  const auto watching = with_expected_time(hooks, {1, 0, false});
  Network network = make_network(small_spec(), trends(10));
  const std::vector<data::EncodedSample> samples;
  for (int number = 0; number < 2; ++number) {
    const auto own = watching.watch({number, 2, network, samples});
    for (int batch = 1; batch <= 3; ++batch) {
      train::Progress p;
      p.epoch = 1;
      p.epochs = 1000;
      p.batch = batch;
      p.batches = 10;
      own.progress(p);
      std::this_thread::sleep_for(std::chrono::milliseconds(number == 0 ? 310 : 1));
    }
  }
  return said;
}

TEST(ExpectedTime, is_said_once_by_the_first_network_and_the_other_watcher_goes_on) {
  int seen = 0;
  const auto said = told_while_training({}, seen);
  EXPECT_EQ(seen, 6);
  ASSERT_EQ(said.size(), 1u);
  EXPECT_THAT(said[0], testing::MatchesRegex("the 2 networks take about [0-9.]+ min"));
}

TEST(ExpectedTime, is_not_said_where_nobody_wants_it) {
  int seen = 0;
  FitHooks hooks;
  hooks.tells_time = false;  // as in the later folds of a cross-validation
  EXPECT_TRUE(told_while_training(hooks, seen).empty());
  EXPECT_EQ(seen, 6);
}

}  // namespace
}  // namespace refrain::task
