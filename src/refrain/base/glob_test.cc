#include "refrain/base/glob.h"

#include <gtest/gtest.h>

#include <string>

namespace refrain::base {
namespace {

TEST(Glob, stars_stand_for_any_text_and_question_marks_for_one_byte) {
  EXPECT_TRUE(matches_glob("encoder.*", "encoder.0.w_x"));
  EXPECT_TRUE(matches_glob("*.w_?", "encoder.0.w_x"));
  EXPECT_TRUE(matches_glob("*0*x", "encoder.0.w_x"));
  EXPECT_TRUE(matches_glob("*", ""));
  EXPECT_TRUE(matches_glob("", ""));
  EXPECT_TRUE(matches_glob("a*b*c", "a_b_b_c"));
  EXPECT_FALSE(matches_glob("encoder.?", "encoder."));
  EXPECT_FALSE(matches_glob("encoder", "encoder.0"));
  EXPECT_FALSE(matches_glob("*b", "abc"));
  EXPECT_FALSE(matches_glob("", "a"));
}

TEST(Glob, a_pattern_of_many_stars_ends_soon) {
  std::string pattern;
  for (int i = 0; i < 40; ++i) pattern += "*a";
  EXPECT_FALSE(matches_glob(pattern + "b", std::string(2000, 'a')));
}

}  // namespace
}  // namespace refrain::base
