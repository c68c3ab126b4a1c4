#include "refrain/inspect/copies.h"

#include <gmock/gmock.h>

#include "refrain/inspect/test_data.h"

namespace refrain::inspect {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

TEST(Copies, across_files_are_counted_with_their_lines) {
  data::Dataset a = waves("a", 10, 2, 1), b = waves("b", 10, 2, 2);
  b.samples[3].streams = a.samples[7].streams;
  b.samples[5].streams = a.samples[7].streams;
  const Overlap o = overlap_of(profile_of(a), profile_of(b));
  EXPECT_EQ(o.exact, 2);
  EXPECT_EQ(o.different, 1);
  EXPECT_EQ(o.of, 10);
  EXPECT_THAT(o.exact_lines, ElementsAre(4, 6));
  EXPECT_EQ(o.contradictions, 0);
  EXPECT_THAT(checks_of(findings_of(o)), ElementsAre("copies_across"));
}

TEST(Copies, with_another_label_contradict_each_other) {
  data::Dataset a = waves("a", 10, 2, 1);
  data::Dataset b = a;
  b.samples[4].label = "y";
  const Overlap o = overlap_of(profile_of(a), profile_of(b));
  EXPECT_EQ(o.exact, 10);
  EXPECT_EQ(o.contradictions, 1);
  EXPECT_THAT(o.contradiction_lines, ElementsAre(5));
}

TEST(Copies, groups_of_both_files_are_a_leak) {
  data::Dataset a = waves("a", 6, 1, 1), b = waves("b", 6, 1, 2);
  a.samples[0].group = "7", b.samples[2].group = "7.0", b.samples[3].group = "8";
  const Overlap o = overlap_of(profile_of(a), profile_of(b));
  EXPECT_EQ(o.groups, 1);
  EXPECT_EQ(o.in_groups, 1);
  EXPECT_THAT(checks_of(findings_of(o)), ElementsAre("groups_across"));
}

TEST(Copies, of_texts_are_near_but_for_case_and_marks) {
  const Profile a = profile_of(texts("a", {"Good food!", "bad"}));
  const Profile b = profile_of(texts("b", {"good  food", "bad", "else"}));
  const Overlap o = overlap_of(a, b);
  EXPECT_EQ(o.exact, 1);
  EXPECT_EQ(o.near, 1);
  EXPECT_THAT(o.near_lines, ElementsAre(1));
}

TEST(Copies, count_as_written_and_are_near_where_reading_took_something_off) {
  data::Dataset a = texts("a", {"x y", "z z"}), b = a;
  a.samples[0].taken_off = b.samples[0].taken_off = "01";
  a.samples[1].taken_off = "00", b.samples[1].taken_off = "01";
  const Overlap o = overlap_of(profile_of(a), profile_of(b));
  EXPECT_EQ(o.exact, 1);
  EXPECT_EQ(o.near, 1);
}

TEST(Copies, within_a_file_and_their_contradictions_are_counted_by_sets) {
  const Profile p = profile_of(texts("a", {"one", "one", "one", "two", "three", "two"}));
  const OwnCopies own = copies_in(p);
  EXPECT_EQ(own.exact, 3);
  EXPECT_EQ(own.contradictions, 1);  // "one" is x, y, x; "two" is y, y
  EXPECT_EQ(own.near, 0);
  EXPECT_THAT(checks_of(findings_of(own, p)), ElementsAre("copies", "contradictions"));
}

TEST(Copies, there_are_none_of_empty_texts_but_exact_ones) {
  const Profile p = profile_of(texts("a", {"!", "?", "..."}));
  EXPECT_EQ(copies_in(p).near, 0);
}

}  // namespace
}  // namespace refrain::inspect
