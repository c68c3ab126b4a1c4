#include "refrain/inspect/drift.h"

#include <gmock/gmock.h>

#include "refrain/inspect/test_data.h"

namespace refrain::inspect {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

TEST(Drift, is_not_found_where_both_files_come_from_one_source) {
  int alarms = 0;
  for (int seed = 0; seed < 40; ++seed) {
    const Profile a = profile_of(waves("a", 60, 3, 2 * seed));
    const Profile b = profile_of(waves("b", 60, 3, 2 * seed + 1));
    alarms += static_cast<int>(drift_between(a, b).findings.size());
  }
  EXPECT_LE(alarms, 1);
}

TEST(Drift, names_another_unit_and_its_factor) {
  data::Dataset d = waves("b", 60, 3, 2);
  change_channel(d, 1, [](float x) { return 1000 * x; });
  const auto found = drift_between(profile_of(waves("a", 60, 3, 1)), profile_of(d)).findings;
  ASSERT_THAT(checks_of(found), ElementsAre("unit"));
  EXPECT_EQ(found[0].severity, Severity::kError);
  EXPECT_EQ(found[0].where, "channel b");
  EXPECT_THAT(found[0].sentence, HasSubstr("about 1000 times those of a"));
}

TEST(Drift, names_an_offset) {
  data::Dataset d = waves("b", 60, 3, 2);
  change_channel(d, 2, [](float x) { return x + 273.15F; });
  const auto found = drift_between(profile_of(waves("a", 60, 3, 1)), profile_of(d)).findings;
  ASSERT_THAT(checks_of(found), ElementsAre("offset"));
  EXPECT_THAT(found[0].sentence, HasSubstr("273 higher"));
}

TEST(Drift, names_channels_that_changed_places) {
  data::Dataset d = waves("b", 60, 3, 2);
  for (int i = 0; i < 60; ++i) {
    data::Series& s = series_of(d, i);
    for (std::size_t t = 0; t < 40; ++t) std::swap(s.values[3 * t], s.values[3 * t + 2]);
  }
  const auto found = drift_between(profile_of(waves("a", 60, 3, 1)), profile_of(d)).findings;
  ASSERT_THAT(checks_of(found), ElementsAre("exchanged_channels"));
  EXPECT_THAT(found[0].sentence, HasSubstr("channel a and channel c"));
}

// Two channels of one place and size, told apart by their form; `turned` exchanges them.
data::Dataset twins(const std::string& path, int samples, int seed, bool turned) {
  data::Dataset d = waves(path, samples, 2, seed);
  for (int i = 0; i < samples; ++i) {
    data::Series& s = series_of(d, i);
    for (std::size_t t = 0; t < 40; ++t) {
      const float level = 3 * std::sin(static_cast<float>(7 * i + seed));
      const float wave = s.values[2 * t];
      s.values[2 * t] = level + 0.2F * wave;
      s.values[2 * t + 1] = level + (t % 8 == 0 ? 0.6F : -0.1F) + 0.02F * wave;
      if (turned) std::swap(s.values[2 * t], s.values[2 * t + 1]);
    }
  }
  return d;
}

TEST(Drift, names_exchanged_channels_of_few_samples_that_are_told_apart_sample_by_sample) {
  const Profile known = profile_of(twins("a", 14, 1, false));
  EXPECT_THAT(drift_between(known, profile_of(twins("b", 14, 2, false))).findings, IsEmpty());
  const auto found = drift_between(known, profile_of(twins("b", 14, 2, true))).findings;
  EXPECT_THAT(checks_of(found), ElementsAre("exchanged_channels"));
}

TEST(Drift, names_a_sensor_that_stopped) {
  data::Dataset d = waves("b", 60, 3, 2);
  change_channel(d, 0, [](float) { return 1.5F; });
  const auto found = drift_between(profile_of(waves("a", 60, 3, 1)), profile_of(d)).findings;
  EXPECT_THAT(checks_of(found), ElementsAre("stopped_channel"));
}

TEST(Drift, is_a_warning_where_no_reason_is_known) {
  data::Dataset d = waves("b", 60, 3, 2);
  change_channel(d, 0, [](float x) { return x + 0.8F; });
  const auto found = drift_between(profile_of(waves("a", 60, 3, 1)), profile_of(d)).findings;
  ASSERT_THAT(checks_of(found), ElementsAre("drift"));
  EXPECT_EQ(found[0].severity, Severity::kWarning);
  EXPECT_THAT(found[0].sentence, HasSubstr("level"));
}

TEST(Drift, is_not_looked_for_in_units_that_stop_before_they_fail) {
  data::Dataset d = waves("b", 60, 3, 2);
  change_channel(d, 1, [](float x) { return 1000 * x; });
  d.lives = true;
  EXPECT_THAT(drift_between(profile_of(waves("a", 60, 3, 1)), profile_of(d)).findings, IsEmpty());
}

TEST(Drift, of_ten_samples_needs_more_than_chance) {
  data::Dataset d = waves("b", 6, 1, 2);
  change_channel(d, 0, [](float x) { return x + 0.2F; });
  EXPECT_THAT(drift_between(profile_of(waves("a", 6, 1, 1)), profile_of(d)).findings, IsEmpty());
}

TEST(Drift, of_the_classes_is_found) {
  data::Dataset d = waves("b", 200, 1, 2);
  for (std::size_t i = 0; i < 180; ++i) d.samples[i].label = "x";
  const auto found = drift_between(profile_of(waves("a", 200, 1, 1)), profile_of(d)).findings;
  ASSERT_THAT(checks_of(found), ElementsAre("drift"));
  EXPECT_EQ(found[0].where, "labels");
}

TEST(Drift, does_not_count_copies_as_samples) {
  data::Dataset a = waves("a", 8, 1, 1), b = waves("b", 8, 1, 2);
  change_channel(b, 0, [](float x) { return x + 0.15F; });
  for (int k = 0; k < 4; ++k) {
    const auto first = a.samples, second = b.samples;
    a.samples.insert(a.samples.end(), first.begin(), first.end());
    b.samples.insert(b.samples.end(), second.begin(), second.end());
  }
  const Drift found = drift_between(profile_of(a), profile_of(b));
  EXPECT_THAT(found.findings, IsEmpty());
  EXPECT_GT(found.tests.size(), 3U);
}

}  // namespace
}  // namespace refrain::inspect
