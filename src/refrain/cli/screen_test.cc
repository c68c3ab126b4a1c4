#include "refrain/cli/screen.h"

#include <gtest/gtest.h>

namespace refrain::cli {
namespace {

TEST(Screen, a_chinese_character_has_two_columns_and_a_combining_mark_none) {
  EXPECT_EQ(columns_of("accuracy"), 8U);
  EXPECT_EQ(columns_of("准确率"), 6U);
  EXPECT_EQ(columns_of("e\u0301"), 1U);
  EXPECT_EQ(columns_of("\xFF\xFE"), 2U);  // broken bytes
}

TEST(Screen, a_cut_leaves_whole_characters_and_counts_their_columns) {
  EXPECT_EQ(cut_to("short", 10), "short");
  EXPECT_EQ(cut_to("a long text", 8), "a lon...");
  EXPECT_EQ(cut_to("准确率很高", 8), "准确...");
  EXPECT_EQ(cut_to("two\nlines", 20), "two lines");
}

TEST(Screen, columns_line_up_where_some_letters_are_wide) {
  EXPECT_EQ(left_in("准确", 6) + "|", "准确  |");
  EXPECT_EQ(right_in("准确", 6), "  准确");
  EXPECT_EQ(left_in("longer", 3), "longer");
}

TEST(Screen, lines_are_folded_at_blanks_and_between_wide_characters) {
  EXPECT_EQ(folded("one two three", 9, 2), "one two\n  three");
  EXPECT_EQ(folded("one two", 9, 2), "one two");
  EXPECT_EQ(folded("准确率很高", 7, 0), "准确率\n很高");
  EXPECT_EQ(folded("averyverylongword x", 5, 1), "averyverylongword\n x");
}

TEST(Screen, nothing_is_bold_where_no_colour_is_wanted) {
  EXPECT_EQ(bold("x", {100, false}), "x");
  EXPECT_EQ(bold("x", {100, true}), "\x1b[1mx\x1b[0m");
}

}  // namespace
}  // namespace refrain::cli
