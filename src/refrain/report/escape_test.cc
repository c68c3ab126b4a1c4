#include "refrain/report/escape.h"

#include <gmock/gmock.h>

namespace refrain::report {
namespace {

using testing::HasSubstr;
using testing::Not;

TEST(Escape, markup_of_a_file_is_text) {
  EXPECT_EQ(escaped("<script>alert('a & \"b\"')</script>"),
            "&lt;script&gt;alert(&#39;a &amp; &quot;b&quot;&#39;)&lt;/script&gt;");
}

TEST(Escape, what_turns_the_direction_or_takes_no_room_is_spelt_out) {
  EXPECT_EQ(harmless("a\u202Eb\u2066c\u200Bd\uFEFFe\u2028f"),
            "a[U+202E]b[U+2066]c[U+200B]d[U+FEFF]e[U+2028]f");
  EXPECT_EQ(harmless("\U000E0041"), "[U+E0041]");
}

TEST(Escape, controls_are_blanks_or_replaced_and_never_stay) {
  EXPECT_EQ(harmless(std::string("a\tb\nc\0d\x1b", 8)), "a b c\uFFFDd\uFFFD");
  EXPECT_EQ(harmless("\u0085"), "\uFFFD");
}

TEST(Escape, bytes_that_are_no_utf8_are_replaced_one_by_one) {
  EXPECT_EQ(harmless("a\xFFz"), "a\uFFFDz");
  EXPECT_EQ(harmless("\xC0\x80"), "\uFFFD\uFFFD");            // overlong
  EXPECT_EQ(harmless("\xED\xA0\x80"), "\uFFFD\uFFFD\uFFFD");  // half of a pair
  EXPECT_EQ(harmless("\xE4\xBD"), "\uFFFD\uFFFD");            // cut off
  EXPECT_EQ(harmless("\xF5\x80\x80\x80"), "\uFFFD\uFFFD\uFFFD\uFFFD");
}

TEST(Escape, letters_of_all_languages_stay) {
  const std::string text = "Grüße, 你好, привет, 👍🏽, e\u0301, क्\u200Dष";
  EXPECT_EQ(harmless(text), text);
}

TEST(Escape, long_text_is_cut_between_characters) {
  EXPECT_EQ(harmless("你好吗", 2), "你好…");
  EXPECT_EQ(harmless("你好", 2), "你好");
  EXPECT_LT(escaped(std::string(1 << 20, 'x'), 400).size(), 500U);
}

TEST(Escape, json_in_a_script_cannot_end_the_script) {
  const auto text = inside_script("{\"a\":\"</script><!--\u2028\"}");
  EXPECT_THAT(text, Not(HasSubstr("<")));
  EXPECT_EQ(text, "{\"a\":\"\\u003c/script>\\u003c!--\\u2028\"}");
}

TEST(Escape, base64_has_the_digits_of_the_standard) {
  EXPECT_EQ(base64(""), "");
  EXPECT_EQ(base64("f"), "Zg==");
  EXPECT_EQ(base64("fo"), "Zm8=");
  EXPECT_EQ(base64("foobar"), "Zm9vYmFy");
}

}  // namespace
}  // namespace refrain::report
