#include "refrain/base/encoding.h"

#include <gmock/gmock.h>

#include "refrain/base/error.h"

namespace refrain::base {
namespace {

using testing::ElementsAre;

std::string utf16(const std::u16string& text, bool big_endian) {
  std::string out;
  for (const char16_t unit : text) {
    const char high = static_cast<char>(unit >> 8), low = static_cast<char>(unit & 0xff);
    out += big_endian ? std::string{high, low} : std::string{low, high};
  }
  return out;
}

TEST(Utf8, valid_text_of_every_length_has_no_invalid_byte) {
  for (const char* text : {"", "plain", "\xc3\xa9", "\xe5\xbe\x88", "\xf0\x9f\x98\x80",
                           "\xed\x9f\xbf\xee\x80\x80", "\xf4\x8f\xbf\xbf", "\xc2\x80"}) {
    EXPECT_EQ(first_invalid_utf8(text), std::string_view::npos) << text;
  }
}

TEST(Utf8, the_first_bad_byte_is_found_wherever_it_stands) {
  // Lone continuation, overlong forms, surrogate, over U+10FFFF, impossible bytes, cut sequences.
  for (const char* bad : {"\x80", "\xc0\x80", "\xc1\xbf", "\xe0\x9f\xbf", "\xed\xa0\x80",
                          "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff",
                          "\xc3", "\xe5\xbe", "\xf0\x9f\x98", "\xc3\x28"}) {
    for (std::size_t before = 0; before < 20; ++before) {
      EXPECT_EQ(first_invalid_utf8(std::string(before, 'a') + bad), before) << before;
    }
  }
}

TEST(Decode, utf8_keeps_its_bytes_without_mark_and_replaces_the_bad_ones) {
  EXPECT_EQ(decode("\xef\xbb\xbf"
                   "caf\xc3\xa9",
                   "utf-8")
                .text,
            "caf\xc3\xa9");
  const Decoded bad = decode(
      "a\xff"
      "b\xc3",
      "UTF-8");
  EXPECT_EQ(bad.text,
            "a\xef\xbf\xbd"
            "b\xef\xbf\xbd");
  EXPECT_THAT(bad.bad, ElementsAre(1, 5));
  const Decoded marked = decode(
      "\xef\xbb\xbf"
      "a\xff",
      "utf-8");
  EXPECT_THAT(marked.bad, ElementsAre(1)) << "counted without the mark";
}

TEST(Decode, latin1_is_windows_1252_and_never_fails) {
  std::string all;
  for (int byte = 1; byte < 256; ++byte) all.push_back(static_cast<char>(byte));
  const Decoded decoded = decode(all, "latin-1");
  EXPECT_TRUE(decoded.bad.empty());
  EXPECT_EQ(first_invalid_utf8(decoded.text), std::string_view::npos);
  EXPECT_EQ(decode("\x80 \x93 \xe9", "latin-1").text, "\xe2\x82\xac \xe2\x80\x9c \xc3\xa9");
  EXPECT_EQ(decode("\x81\x8d\x8f\x90\x9d", "latin-1").text,
            "\xc2\x81\xc2\x8d\xc2\x8f\xc2\x90\xc2\x9d");
  EXPECT_EQ(decode("\xe9", "ISO-8859-1").text, "\xc3\xa9");
}

TEST(Decode, utf16_is_read_in_both_orders_with_pairs) {
  const std::u16string text = u"a\u5f88\U0001F600";
  const std::string wanted = "a\xe5\xbe\x88\xf0\x9f\x98\x80";
  EXPECT_EQ(decode("\xff\xfe" + utf16(text, false), "utf-16").text, wanted);
  EXPECT_EQ(decode("\xfe\xff" + utf16(text, true), "utf-16").text, wanted);
  EXPECT_EQ(decode("\xff\xfe" + utf16(text, false), "utf-8").text, wanted);
  EXPECT_EQ(decode(utf16(text, false), "utf-16le").text, wanted);
  EXPECT_EQ(decode("\xff\xfe" + utf16(text, false) + "x", "utf-16").bad.size(), 1U);
}

TEST(Decode, east_asian_encodings_are_known) {
  EXPECT_EQ(decode("\xba\xdc\xc0\xe4", "gbk").text, "\xe5\xbe\x88\xe5\x86\xb7");
  EXPECT_EQ(decode("\xba\xdc\xc0\xe4", "gb18030").text, "\xe5\xbe\x88\xe5\x86\xb7");
  EXPECT_EQ(decode("\xab\xdc", "big5").text, "\xe5\xbe\x88");
  EXPECT_EQ(decode("\x93\xfa\x96\x7b", "shift_jis").text, "\xe6\x97\xa5\xe6\x9c\xac");
  const Decoded bad = decode("a\xff z", "gbk");
  EXPECT_THAT(bad.bad, ElementsAre(1));
  EXPECT_EQ(bad.text, "a\xef\xbf\xbd z");
}

TEST(Decode, every_name_that_is_offered_is_accepted) {
  for (const auto& name : encoding_names()) {
    EXPECT_EQ(decode("", name).text, "") << name;
    const std::string abc = name == "utf-16" ? utf16(u"abc", false) : "abc";
    EXPECT_EQ(decode(abc, name).text, "abc") << name;
  }
}

TEST(Decode, an_unknown_name_is_a_usage_error_with_the_nearest) {
  for (const std::string name : {"latim-1", "", "utf-8//TRANSLIT", "no such"}) {
    try {
      decode("a", name);
      ADD_FAILURE() << name << " was accepted";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), Code::kUsage);
      EXPECT_EQ(error.what(), "unknown encoding '" + name + "'");
      EXPECT_EQ(error.hint().starts_with("did you mean 'latin-1'?"), name == "latim-1");
    }
  }
}

TEST(ToUtf8, bad_bytes_are_an_error) {
  EXPECT_EQ(to_utf8("caf\xe9", "latin-1"), "caf\xc3\xa9");
  try {
    to_utf8("caf\xe9", "utf-8");
    FAIL() << "was read";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), Code::kData);
    EXPECT_STREQ(error.what(), "byte 4 is not valid utf-8");
  }
}

TEST(GuessEncoding, tells_the_usual_ones_apart) {
  EXPECT_EQ(guess_encoding("na\xefve caf\xe9"), "latin-1");
  EXPECT_EQ(guess_encoding("\xba\xdc\xc0\xe4, \xba\xdc\xc0\xe4"), "gb18030");
  EXPECT_EQ(guess_encoding("caf\xc3\xa9 caf\xc3\xa9 caf\xe9"), "utf-8");
  EXPECT_EQ(guess_encoding(utf16(u"plain", false)), "utf-16");
}

}  // namespace
}  // namespace refrain::base
