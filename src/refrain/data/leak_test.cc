#include "refrain/data/leak.h"

#include <gmock/gmock.h>

#include <cmath>

#include "refrain/base/error.h"

namespace refrain::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Sample wave(double phase, std::int64_t line) {
  Sample s;
  s.line = line;
  Series series{50, 1, {}};
  for (int t = 0; t < 50; ++t) {
    series.values.push_back(static_cast<float>(std::sin(0.3 * t + phase)));
  }
  s.streams.emplace_back(series);
  return s;
}

Sample text(const std::string& words, std::int64_t line) {
  Sample s;
  s.line = line;
  s.streams.emplace_back(words);
  return s;
}

Dataset set_of(const std::string& path, std::vector<Sample> samples) {
  Dataset d;
  d.path = path;
  d.samples = std::move(samples);
  return d;
}

const std::vector<int> kTwo = {0, 1};

TEST(LeakGuard, finds_the_same_contents_with_both_places) {
  const Dataset train = set_of("a", {wave(0, 3), wave(1, 4)});
  const Dataset test = set_of("b", {wave(2, 7), wave(1, 8)});
  const Leaks leaks = find_leaks({train, kTwo, "training"}, {test, kTwo, "test"});
  EXPECT_THAT(leaks.same, ElementsAre("b:8 has the contents of a:4"));
  EXPECT_THAT(leaks.near, IsEmpty());
}

TEST(LeakGuard, finds_a_group_on_both_sides) {
  Dataset train = set_of("a", {wave(0, 3), wave(1, 4)});
  Dataset test = set_of("b", {wave(2, 7), wave(3, 8)});
  train.samples[1].group = test.samples[0].group = "patient 7";
  const Leaks leaks = find_leaks({train, kTwo, "training"}, {test, kTwo, "test"});
  EXPECT_THAT(leaks.same, ElementsAre("b:7 is of group 'patient 7', as is a:4"));
  train.samples[1].group = "7";
  test.samples[0].group = "7.0";
  EXPECT_THAT(find_leaks({train, kTwo, "training"}, {test, kTwo, "test"}).same,
              ElementsAre("b:7 is of group '7.0', as is a:4"));
}

TEST(LeakGuard, finds_a_sample_made_from_one_on_the_other_side) {
  Dataset all = set_of("a", {wave(0, 1), wave(1, 2), wave(2, 3), wave(3, 4)});
  all.samples[3].source = 0;
  const std::vector<int> judged = {2, 3};
  const Leaks leaks = find_leaks({all, kTwo, "training"}, {all, judged, "test"});
  EXPECT_THAT(leaks.same, ElementsAre("a:4 and a:1 were made from the same sample"));
}

TEST(LeakGuard, warns_of_near_duplicates) {
  Dataset train = set_of("a", {wave(0, 3), wave(1, 4)});
  Dataset test = set_of("b", {wave(1, 7), wave(2, 8)});
  std::get<Series>(test.samples[0].streams[0]).values[5] += 0.001F;
  EXPECT_THAT(find_leaks({train, kTwo, "training"}, {test, kTwo, "test"}).near,
              ElementsAre("b:7 is nearly a:4"));
  train = set_of("a", {text("A warm, sunny day.", 1), text("rain", 2)});
  test = set_of("b", {text("a warm sunny day", 1), text("rains", 2)});
  const Leaks leaks = find_leaks({train, kTwo, "training"}, {test, kTwo, "test"});
  EXPECT_THAT(leaks.near, ElementsAre("b:1 is nearly a:1"));
  EXPECT_THAT(leaks.same, IsEmpty());
}

TEST(LeakGuard, refuses_with_all_counted_and_the_remedy) {
  const Dataset train = set_of("a", {wave(0, 3), wave(1, 4)});
  const Side known{train, kTwo, "training"}, judged{train, kTwo, "test"};
  try {
    refuse_leaks(find_leaks(known, judged), known, judged);
    FAIL() << "not refused";
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), Code::kData);
    EXPECT_THAT(e.what(), HasSubstr("2 of 2 test samples also stand in the training part"));
    EXPECT_THAT(e.hint(), HasSubstr("--allow-overlap"));
  }
}

}  // namespace
}  // namespace refrain::data
