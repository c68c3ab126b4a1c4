#include "refrain/inspect/file_checks.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <cmath>

#include "refrain/inspect/test_data.h"

namespace refrain::inspect {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

std::vector<std::string> checks(const data::Dataset& d) {
  return checks_of(check_file(profile_of(d)));
}

TEST(FileChecks, find_nothing_in_plain_waves) {
  EXPECT_THAT(checks(waves("a", 60, 3, 1)), IsEmpty());
}

TEST(FileChecks, find_a_channel_that_never_moves) {
  data::Dataset d = waves("a", 60, 3, 1);
  change_channel(d, 1, [](float) { return 5.0F; });
  EXPECT_THAT(checks(d), ElementsAre("constant_channel"));
  EXPECT_THAT(check_file(profile_of(d))[0].sentence,
              HasSubstr("1 channel of 3 never moves: b (5)"));
}

TEST(FileChecks, find_samples_in_which_a_channel_stands_still) {
  data::Dataset d = waves("a", 60, 3, 1);
  for (std::size_t t = 10; t < 40; ++t) series_of(d, 7).values[3 * t] = 2;
  const auto found = check_file(profile_of(d));
  ASSERT_THAT(checks_of(found), ElementsAre("still_channel", "clipped_values"));
  EXPECT_THAT(found[0].sentence, HasSubstr("line 8"));
  EXPECT_EQ(found[0].where, "channel a");
}

TEST(FileChecks, find_a_dead_sensor_among_samples_with_flat_stretches_of_their_own) {
  data::Dataset d = waves("a", 60, 1, 1);
  for (int i = 0; i < 60; ++i) {
    for (std::size_t t = 10; t < 24; ++t) series_of(d, i).values[t] = 0.5F;
  }
  EXPECT_THAT(checks(d), Not(Contains("still_channel")));
  for (float& x : series_of(d, 7).values) x = 1.5F;
  const auto found = check_file(profile_of(d));
  ASSERT_THAT(checks_of(found), Contains("still_channel"));
  EXPECT_THAT(found[0].sentence, HasSubstr("90 % and more of 1 of 60 samples (line 8)"));
}

TEST(FileChecks, find_samples_in_another_unit) {
  data::Dataset d = waves("a", 60, 1, 1);
  for (const int i : {4, 9, 30}) {
    for (float& x : series_of(d, i).values) x *= 1000;
  }
  const auto found = check_file(profile_of(d));
  ASSERT_THAT(checks_of(found), ElementsAre("other_scale"));
  EXPECT_THAT(found[0].sentence, HasSubstr("lines 5, 10, 31"));
}

TEST(FileChecks, find_texts_in_a_wrong_encoding) {
  EXPECT_THAT(checks(texts("a", {"caf\xc3\x83\xc2\xa9", "b", "c", "d"})), Contains("misread_text"));
  EXPECT_THAT(checks(texts("a", {"it\xc3\xa2\xe2\x82\xac\xe2\x84\xa2s", "b"})),
              Contains("misread_text"));  // an apostrophe by way of Windows-1252
  EXPECT_THAT(checks(texts("a", {"\xef\xbf\xbd", "b"})), Contains("replaced_characters"));
  EXPECT_THAT(checks(texts("a", {"café crème, señor; Ärger über Öl", "naïve façade"})),
              Not(Contains("misread_text")));
  EXPECT_THAT(checks(texts("a", {"\xc3\x84\xc3\xa3\xc2\xba\xc3\x83\xc2\xbb\xc3\xa1", "b"})),
              Contains("misread_text"));  // GB18030 read as Latin-1
  EXPECT_THAT(checks(texts("a", {"今天天气很好", "不好吃！"})), Not(Contains("misread_text")));
}

TEST(FileChecks, find_empty_texts_and_markup) {
  EXPECT_THAT(checks(texts("a", {"", "a b", "c d", "e f"})), Contains("empty_text"));
  EXPECT_THAT(checks(texts("a", {"fish &amp; chips", "a b"})), Contains("markup"));
}

TEST(FileChecks, tell_of_classes_that_are_rare_uneven_or_one) {
  data::Dataset d = waves("a", 60, 1, 1);
  for (auto& s : d.samples) s.label = "x";
  EXPECT_THAT(checks(d), ElementsAre("one_class"));
  d.samples[0].label = "y";
  EXPECT_THAT(checks(d), ElementsAre("uneven_classes", "rare_classes", "sorted_labels"));
}

TEST(FileChecks, give_an_answer_for_series_of_one_step_and_for_one_sample) {
  data::Dataset d = waves("a", 1, 2, 1);
  series_of(d, 0).steps = 1;
  series_of(d, 0).values.resize(2);
  EXPECT_THAT(checks(d), Contains("one_step"));
}

TEST(FileChecks, find_clipped_and_silent_recordings) {
  data::Dataset d = texts("a", {"", "", ""});
  d.streams[0].kind = data::StreamKind::kSound;
  for (std::size_t i = 0; i < 3; ++i) {
    data::Sound sound{8000, {}};
    for (int t = 0; t < 800; ++t) {
      const double x = (i == 0 ? 3 : i == 1 ? 0.5 : 0) * std::sin(0.1 * t);
      sound.samples.push_back(static_cast<float>(std::clamp(x, -1.0, 1.0)));
    }
    d.samples[i].streams[0] = sound;
  }
  const auto found = check_file(profile_of(d));
  EXPECT_THAT(checks_of(found), ElementsAre("clipped_sound", "silent_sound", "rare_classes"));
  EXPECT_THAT(found[0].sentence, HasSubstr("line 1"));
  EXPECT_THAT(found[1].sentence, HasSubstr("line 3"));
}

}  // namespace
}  // namespace refrain::inspect
