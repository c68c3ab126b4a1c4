#include "refrain/data/spellings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace refrain::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Dataset names_set(const std::vector<std::string>& labels,
                  const std::vector<std::string>& groups = {}) {
  Dataset set;
  set.has_labels = true;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    set.samples.emplace_back();
    set.samples.back().label = labels[i];
    if (!groups.empty()) set.samples.back().group = groups[i];
  }
  return set;
}

std::vector<std::string> labels_in(const Dataset& set) {
  std::vector<std::string> out;
  for (const auto& sample : set.samples) out.push_back(sample.label);
  return out;
}

TEST(Spellings, equal_numbers_have_one_key_and_others_have_not) {
  for (const char* one : {"3", "3.0", "+3", "003", "3.", "3e0", "0.3e1", "30E-1"}) {
    EXPECT_EQ(spelling_key(one), spelling_key("3")) << one;
  }
  EXPECT_EQ(spelling_key("-0.0"), spelling_key("0"));
  EXPECT_EQ(spelling_key("1.0000000e+00"), spelling_key("1"));
  for (const char* other : {"30", "-3", "3a", "e3", "3e", "", ".", "3.0.0", "3 "}) {
    EXPECT_NE(spelling_key(other), spelling_key("3")) << other;
  }
  // Beyond what a double can tell apart.
  EXPECT_NE(spelling_key("12345678901234567890"), spelling_key("12345678901234567891"));
}

TEST(Spellings, labels_that_are_one_number_get_the_usual_spelling) {
  Dataset set = names_set({"1", "1.0", "0", "1", "0.0"});
  const Spellings found = settle_spellings(set);
  EXPECT_THAT(labels_in(set), ElementsAre("1", "1", "0", "1", "0"));
  EXPECT_THAT(found.joined, ElementsAre(HasSubstr("'0' and '0.0' are the same number"),
                                        HasSubstr("'1' and '1.0' are the same number")));
  EXPECT_THAT(found.alike, IsEmpty());
}

TEST(Spellings, composed_and_decomposed_letters_are_joined) {
  Dataset set = names_set({"caf\xc3\xa9", "cafe\xcc\x81", "tea"});
  EXPECT_EQ(settle_spellings(set).joined.size(), 1u);
  EXPECT_EQ(set.samples[0].label, set.samples[1].label);
}

TEST(Spellings, case_is_told_and_stays) {
  Dataset set = names_set({"Yes", "yes", "YES", "no"}, {"p3", "P3", "p4", "p5"});
  const Spellings found = settle_spellings(set);
  EXPECT_THAT(labels_in(set), ElementsAre("Yes", "yes", "YES", "no"));
  EXPECT_THAT(found.alike, ElementsAre(HasSubstr("groups 'P3' and 'p3'"),
                                       HasSubstr("labels 'YES', 'Yes' and 'yes'")));
}

TEST(Spellings, an_alphabet_of_both_cases_is_no_mistake) {
  Dataset set = names_set({"a", "A", "b", "B", "c", "C", "d", "D", "e", "E"});
  EXPECT_THAT(settle_spellings(set).alike, IsEmpty());
}

TEST(Spellings, cells_that_say_missing_are_no_group) {
  Dataset set = names_set({"a", "a", "a", "a", "b"}, {"NA", "?", "nan", "", "p1"});
  settle_spellings(set);
  for (int i = 0; i < 4; ++i) EXPECT_EQ(set.samples[static_cast<std::size_t>(i)].group, "");
  EXPECT_EQ(set.samples[4].group, "p1");
}

TEST(Spellings, another_file_takes_over_the_known_spelling) {
  Dataset set = names_set({"0.0", "1.0", "2"});
  adopt_labels(set, {"0", "1"});
  EXPECT_THAT(labels_in(set), ElementsAre("0", "1", "2"));
  Dataset known = names_set({"1", "1.0"});
  adopt_labels(known, {"1", "1.0"});
  EXPECT_THAT(labels_in(known), ElementsAre("1", "1.0")) << "both were there in training";
}

}  // namespace
}  // namespace refrain::data
