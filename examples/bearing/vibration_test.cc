#include "bearing/vibration.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <complex>
#include <numbers>
#include <utility>

#include "bearing/sensor.h"

namespace refrain::bearing {
namespace {

constexpr double kShaftHz = 27.0;
constexpr int kLong = 4000;  // 5 s

Machine quiet_machine() {
  Machine machine = draw_machine(base::Rng(3), 1);
  machine.noise = 0.01;
  machine.rubble = 1.0;
  return machine;
}

bearing::Run steady_run(Condition condition) {
  bearing::Run run = draw_run(base::Rng(5), condition);
  run.shaft.hz = kShaftHz;
  run.shaft.ripple = 0;
  run.slip = 0.01;
  return run;
}

double amplitude(const std::vector<double>& signal, double hz) {
  std::complex<double> sum = 0;
  for (std::size_t i = 0; i < signal.size(); ++i) {
    const double phase = 2.0 * std::numbers::pi * hz * static_cast<double>(i) / kSampleHz;
    sum += signal[i] * std::polar(1.0, -phase);
  }
  return 2.0 * std::abs(sum) / static_cast<double>(signal.size());
}

// The strongest frequency between 40 and 200 Hz: above the shaft, and below the second harmonic of
// all three defects.
double strongest_hz(const std::vector<double>& signal) {
  double best = 40.0;
  for (double hz = 40.0; hz <= 200.0; hz += 0.1) {
    if (amplitude(signal, hz) > amplitude(signal, best)) best = hz;
  }
  return best;
}

std::vector<double> envelope_of(Condition condition) {
  return record(quiet_machine(), steady_run(condition), kLong, base::Rng(9)).envelope;
}

TEST(Bearing, the_defect_orders_are_those_of_a_6205) {
  const Orders orders = defect_orders(Geometry{});
  EXPECT_NEAR(orders.outer, 3.585, 5e-4);
  EXPECT_NEAR(orders.inner, 5.415, 5e-4);
  EXPECT_NEAR(orders.spin, 2.357, 5e-4);
  EXPECT_NEAR(orders.cage, 0.398, 5e-4);
}

TEST(Bearing, the_load_is_highest_in_its_direction_and_zero_outside_the_load_zone) {
  const double epsilon = 0.4;
  const double edge = std::acos(1.0 - 2.0 * epsilon);
  EXPECT_DOUBLE_EQ(load_share(0.0, epsilon), 1.0);
  EXPECT_GT(load_share(edge - 0.01, epsilon), 0.0);
  EXPECT_EQ(load_share(edge + 0.01, epsilon), 0.0);
  EXPECT_DOUBLE_EQ(load_share(0.5, epsilon), load_share(-0.5, epsilon));
}

TEST(Bearing, a_shaft_with_ripple_finds_the_time_of_a_turn) {
  const Shaft shaft{kShaftHz, 0.01, 2.0, 0.7};
  for (const double time : {0.0, 0.3, 4.1}) {
    EXPECT_NEAR(shaft.time_at(shaft.turns(time)), time, 1e-9);
  }
  EXPECT_NEAR((shaft.turns(1.0 + 1e-6) - shaft.turns(1.0)) / 1e-6, shaft.speed(1.0), 1e-4);
}

// Mean and standard deviation of the time between strikes in a minute, as shares of 1 / (order
// f_r).
std::pair<double, double> spacing(Condition condition, double order) {
  const auto strikes = defect_strikes(quiet_machine(), steady_run(condition), 60.0, base::Rng(1));
  const double gap = 1.0 / (order * kShaftHz);
  const double count = static_cast<double>(strikes.size() - 1);
  double square = 0;
  for (std::size_t i = 1; i < strikes.size(); ++i) {
    square += std::pow((strikes[i].time - strikes[i - 1].time) / gap - 1.0, 2);
  }
  const double mean = (strikes.back().time - strikes.front().time) / count / gap;
  return {mean, std::sqrt(square / count)};
}

TEST(Bearing, strikes_come_at_the_defect_order_and_slip_scatters_them) {
  const Orders orders = defect_orders(Geometry{});
  for (const auto& [condition, order] : {std::pair{Condition::kOuterRace, orders.outer},
                                         std::pair{Condition::kInnerRace, orders.inner},
                                         std::pair{Condition::kBall, 2.0 * orders.spin}}) {
    const auto [mean, deviation] = spacing(condition, order);
    EXPECT_NEAR(mean, 1.0, 0.001) << condition_name(condition);
    EXPECT_NEAR(deviation, 0.01, 0.001) << condition_name(condition);
  }
}

TEST(Bearing, a_defect_that_rests_is_struck_evenly_and_one_that_turns_is_not) {
  const auto spread = [](Condition condition) {
    const auto strikes = defect_strikes(quiet_machine(), steady_run(condition), 2.0, base::Rng(1));
    const auto [low, high] =
        std::minmax_element(strikes.begin(), strikes.end(),
                            [](const Strike& a, const Strike& b) { return a.height < b.height; });
    return high->height / low->height;
  };
  EXPECT_DOUBLE_EQ(spread(Condition::kOuterRace), 1.0);
  EXPECT_GT(spread(Condition::kInnerRace), 5.0);
  EXPECT_GT(spread(Condition::kBall), 5.0);
}

TEST(Bearing, a_healthy_bearing_is_not_struck) {
  const bearing::Run run = steady_run(Condition::kHealthy);
  EXPECT_TRUE(defect_strikes(quiet_machine(), run, 10.0, base::Rng(1)).empty());
}

TEST(Bearing, the_envelope_peaks_at_the_defect_frequency) {
  const Orders orders = defect_orders(Geometry{});
  const auto expect_peak = [](Condition condition, double order) {
    const double expected = order * kShaftHz;
    EXPECT_NEAR(strongest_hz(envelope_of(condition)), expected, 0.005 * expected)
        << condition_name(condition);
  };
  expect_peak(Condition::kOuterRace, orders.outer);
  expect_peak(Condition::kInnerRace, orders.inner);
  expect_peak(Condition::kBall, 2.0 * orders.spin);
}

TEST(Bearing, an_inner_race_has_side_bands_at_the_shaft_and_a_ball_at_the_cage) {
  const Orders orders = defect_orders(Geometry{});
  const auto side_band = [](Condition condition, double order, double offset) {
    const auto envelope = envelope_of(condition);
    return amplitude(envelope, (order - offset) * kShaftHz) / amplitude(envelope, order * kShaftHz);
  };
  EXPECT_GT(side_band(Condition::kInnerRace, orders.inner, 1.0), 0.3);
  EXPECT_GT(side_band(Condition::kBall, 2.0 * orders.spin, orders.cage), 0.3);
  EXPECT_LT(side_band(Condition::kOuterRace, orders.outer, 1.0), 0.2);
  EXPECT_LT(side_band(Condition::kOuterRace, orders.outer, orders.cage), 0.2);
}

TEST(Bearing, a_healthy_envelope_is_much_flatter_at_the_defect_frequencies) {
  const Orders orders = defect_orders(Geometry{});
  const double healthy = amplitude(envelope_of(Condition::kHealthy), orders.outer * kShaftHz);
  const double outer = amplitude(envelope_of(Condition::kOuterRace), orders.outer * kShaftHz);
  EXPECT_GT(outer, 10.0 * healthy);
}

TEST(Bearing, the_acceleration_shows_the_shaft_and_the_envelope_does_not) {
  const Recording recording =
      record(quiet_machine(), steady_run(Condition::kOuterRace), kLong, base::Rng(9));
  const double shaft = amplitude(recording.acceleration, kShaftHz);
  EXPECT_NEAR(shaft, quiet_machine().gain * quiet_machine().shaft_harmonics[0], 0.05 * shaft);
  EXPECT_LT(amplitude(recording.envelope, kShaftHz), 0.2 * shaft);
}

}  // namespace
}  // namespace refrain::bearing
