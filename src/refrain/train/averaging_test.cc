#include "refrain/train/averaging.h"

#include <gtest/gtest.h>

namespace refrain::train {
namespace {

TrainSpec spec_of(const std::string& kind) {
  TrainSpec spec;
  spec.average = kind;
  return spec;
}

// Adds the numbers one an update; the mean at the end.
double mean_of(const Averaging& averaging, const std::vector<double>& numbers, State& state) {
  for (const double x : numbers) {
    ++state.step;
    averaging.add({static_cast<real>(x)}, state);
  }
  std::vector<real> out;
  averaging.mean(state, out);
  return static_cast<double>(out.at(0));
}

TEST(Averaging, none_keeps_nothing) {
  State state;
  const Averaging averaging(spec_of("none"), 10);
  averaging.add({1}, state);
  EXPECT_FALSE(averaging.has_mean(state));
  EXPECT_TRUE(state.average.empty());
}

TEST(Averaging, the_exponential_mean_is_right_from_the_first_update_on) {
  TrainSpec spec = spec_of("ema");
  spec.ema_decay = 0.9;
  const Averaging averaging(spec, 100);
  State one, three;
  EXPECT_NEAR(mean_of(averaging, {5}, one), 5, 1e-6);
  const double expected = (0.81 * 1 + 0.9 * 2 + 4) / (0.81 + 0.9 + 1);
  EXPECT_NEAR(mean_of(averaging, {1, 2, 4}, three), expected, 1e-6);
}

TEST(Averaging, the_last_share_alone_counts) {
  TrainSpec spec = spec_of("swa");
  spec.swa_share = 0.3;
  State state;
  EXPECT_NEAR(mean_of(Averaging(spec, 10), {9, 9, 9, 9, 9, 9, 9, 1, 2, 6}, state), 3, 1e-6);
  EXPECT_EQ(state.averaged, 3);
  State tiny;  // at least the last
  spec.swa_share = 0.001;
  EXPECT_NEAR(mean_of(Averaging(spec, 3), {1, 2, 5}, tiny), 5, 1e-6);
}

// True if the mean begins after the last of these losses.
bool begins(const std::vector<double>& losses, bool has_valid) {
  TrainSpec spec = spec_of("nt_asgd");
  spec.nt_window = 2;
  const Averaging averaging(spec, 100);
  State state;
  for (const double loss : losses) {
    EXPECT_FALSE(state.averaging) << "too early";
    EpochRecord record;
    (has_valid ? record.valid.loss : record.loss) = loss;
    state.history.push_back(record);
    averaging.end_epoch(has_valid, state);
  }
  return state.averaging;
}

TEST(Averaging, begins_when_the_loss_is_above_the_best_of_all_but_the_last_epochs) {
  for (const bool has_valid : {true, false}) {
    EXPECT_FALSE(begins({5, 4, 3, 2, 1}, has_valid));
    EXPECT_FALSE(begins({3, 5, 2.9}, has_valid));
    EXPECT_FALSE(begins({3, 9}, has_valid)) << "the window is not full yet";
    EXPECT_TRUE(begins({3, 2, 1, 3.5}, has_valid));
    EXPECT_FALSE(begins({3, 2, 1, 2.5}, has_valid)) << "only the first is older than the window";
  }
}

}  // namespace
}  // namespace refrain::train
