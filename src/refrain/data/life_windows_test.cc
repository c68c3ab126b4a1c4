#include "refrain/data/life_windows.h"

#include <gmock/gmock.h>

#include "refrain/base/error.h"

namespace refrain::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// Makes a unit with one channel whose values count the cycles.
Sample unit_of(const std::string& id, int steps, const std::string& label) {
  Sample out;
  out.id = out.group = id;
  out.label = label;
  Series series{steps, 1, {}};
  for (int t = 1; t <= steps; ++t) series.values.push_back(static_cast<float>(t));
  out.streams.emplace_back(std::move(series));
  return out;
}

Dataset units_of(std::vector<Sample> units) {
  Dataset out;
  out.path = "u.txt";
  out.lives = out.measured = out.has_labels = true;
  out.streams = {{"series", StreamKind::kSeries, 1, {"heat"}}};
  out.samples = std::move(units);
  return out;
}

LifeSpec spec_of(double cap, int window) {
  LifeSpec spec;
  spec.cap = cap;
  spec.window = window;
  spec.stride = 1;
  spec.age = "no";
  return spec;
}

std::vector<double> targets_of(const Dataset& data) {
  std::vector<double> out;
  for (const auto& sample : data.samples) {
    out.push_back(sample.numbers.empty() ? -1 : sample.numbers.front());
  }
  return out;
}

const Series& window(const Dataset& data, std::size_t i) {
  return std::get<Series>(data.samples.at(i).streams.at(0));
}

TEST(LifeWindows, a_window_ends_at_each_step_and_is_shorter_at_the_beginning) {
  const Dataset units = units_of({unit_of("a", 4, "0")});
  const Dataset out = cut_lives(units, spec_of(0, 3), LifeCut::kEachStep, base::Log());
  EXPECT_THAT(targets_of(out), ElementsAre(3, 2, 1, 0));
  EXPECT_THAT(window(out, 0).values, ElementsAre(1));
  EXPECT_THAT(window(out, 1).values, ElementsAre(1, 2));
  EXPECT_THAT(window(out, 3).values, ElementsAre(2, 3, 4));
  EXPECT_EQ(window(out, 3).steps, 3);
  EXPECT_EQ(out.samples[0].id, "a@1");
  EXPECT_EQ(out.samples[3].id, "a");
  EXPECT_EQ(out.samples[0].group, "a");
}

TEST(LifeWindows, targets_are_capped) {
  const Dataset units = units_of({unit_of("a", 4, "1")});
  const Dataset out = cut_lives(units, spec_of(2.5, 3), LifeCut::kEachStep, base::Log());
  EXPECT_THAT(targets_of(out), ElementsAre(2.5, 2.5, 2, 1));
  EXPECT_EQ(out.samples[0].label, "2.5");
}

TEST(LifeWindows, with_a_stride_they_are_counted_from_the_last_step) {
  LifeSpec spec = spec_of(0, 2);
  spec.stride = 3;
  const Dataset units = units_of({unit_of("a", 5, "0"), unit_of("b", 1, "0")});
  EXPECT_THAT(targets_of(cut_lives(units, spec, LifeCut::kEachStep, base::Log())),
              ElementsAre(3, 0, 0));
}

TEST(LifeWindows, the_age_of_the_unit_is_a_further_channel) {
  LifeSpec spec = spec_of(0, 2);
  spec.age = "yes";
  const Dataset out =
      cut_lives(units_of({unit_of("a", 3, "0")}), spec, LifeCut::kEachStep, base::Log());
  EXPECT_EQ(out.streams[0].channels, 2);
  EXPECT_THAT(window(out, 2).values, ElementsAre(2, 2, 3, 3));
  EXPECT_EQ(without_age(out.streams)[0].channels, 1);
  EXPECT_THAT(without_age(out.streams)[0].channel_names, ElementsAre("heat"));
}

TEST(LifeWindows, the_age_of_a_few_units_is_left_out) {
  const auto chosen = [](std::size_t units, const char* asked) {
    LifeSpec spec;
    spec.age = asked;
    settle_age(units_of(std::vector<Sample>(units, unit_of("a", 2, "0"))), spec);
    return spec.age;
  };
  EXPECT_EQ(chosen(49, "auto"), "no");
  EXPECT_EQ(chosen(50, "auto"), "yes");
  EXPECT_EQ(chosen(49, "yes"), "yes");
}

TEST(LifeWindows, a_file_that_ends_early_is_asked_at_the_last_step_alone) {
  const Dataset units = units_of({unit_of("a", 20, "30"), unit_of("b", 12, "0")});
  const Dataset out = cut_lives(units, spec_of(25, 3), LifeCut::kEnd, base::Log());
  EXPECT_THAT(targets_of(out), ElementsAre(25, 0));
  EXPECT_EQ(out.samples[0].id, "a");
}

TEST(LifeWindows, whole_lives_are_asked_at_every_fifth_step) {
  const Dataset units = units_of({unit_of("a", 12, "0")});
  EXPECT_THAT(targets_of(cut_lives(units, spec_of(0, 3), LifeCut::kEnd, base::Log())),
              ElementsAre(10, 5, 0));
}

TEST(LifeWindows, what_is_predicted_needs_no_label) {
  const Dataset units = units_of({unit_of("a", 12, ""), unit_of("b", 2, "0")});
  EXPECT_THAT(targets_of(cut_lives(units, spec_of(0, 3), LifeCut::kLast, base::Log())),
              ElementsAre(-1, 0));
}

TEST(LifeWindows, a_censored_unit_gives_the_steps_that_are_known_to_outlive_the_cap) {
  Sample censored = unit_of("a", 6, "0");
  censored.censored = true;
  const Dataset units = units_of({censored, unit_of("b", 2, "0")});
  EXPECT_THAT(targets_of(cut_lives(units, spec_of(4, 3), LifeCut::kEachStep, base::Log())),
              ElementsAre(4, 4, 1, 0));
  EXPECT_THAT(targets_of(cut_lives(units, spec_of(0, 3), LifeCut::kEachStep, base::Log())),
              ElementsAre(1, 0));
  EXPECT_THROW(cut_lives(units_of({censored}), spec_of(0, 3), LifeCut::kEachStep, base::Log()),
               Error);
}

TEST(LifeWindows, of_held_out_units_windows_some_steps_apart_are_asked) {
  LifeSpec spec = spec_of(0, 2);
  spec.stride = 3;  // every second window lies 6 steps behind the one before
  const Dataset units = units_of({unit_of("a", 13, "0"), unit_of("b", 7, "0")});
  const Dataset out = cut_lives(units, spec, LifeCut::kEachStep, base::Log());
  ASSERT_THAT(targets_of(out), ElementsAre(12, 9, 6, 3, 0, 6, 3, 0));
  EXPECT_THAT(asked_windows(spec, out, {0, 1, 2, 3, 4, 5, 6, 7}), ElementsAre(0, 2, 4, 5, 7));
}

TEST(LifeWindows, settings_are_channels_of_the_file) {
  Dataset units = units_of({unit_of("a", 3, "0")});
  LifeSpec spec;
  spec.settings = " heat";
  name_settings(spec, units);
  EXPECT_THAT(units.settings, ElementsAre("heat"));
  spec.settings = "heat,load";
  try {
    name_settings(spec, units);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("u.txt has no channel 'load'; its channels are heat"));
  }
}

}  // namespace
}  // namespace refrain::data
