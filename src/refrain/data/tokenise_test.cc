#include "refrain/data/tokenise.h"

#include <gmock/gmock.h>

#include "refrain/base/encoding.h"
#include "refrain/base/rng.h"

namespace refrain::data {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

std::vector<std::string> low(std::string_view text) { return tokenise(text, true); }

TEST(Tokenise, words_are_runs_of_letters_and_digits) {
  EXPECT_THAT(low("The 2nd film, (2010) was 3.5/5!"),
              ElementsAre("the", "2nd", "film", ",", "(", "2010", ")", "was", "3", ".", "5", "/",
                          "5", "!"));
}

TEST(Tokenise, apostrophes_and_hyphens_stay_only_between_letters) {
  EXPECT_THAT(low("don't well-known rock'n'roll"),
              ElementsAre("don't", "well-known", "rock'n'roll"));
  EXPECT_THAT(low("'tis -- dogs' 3-year x-3 a--b -"),
              ElementsAre("'", "tis", "-", "-", "dogs", "'", "3", "-", "year", "x", "-", "3", "a",
                          "-", "-", "b", "-"));
}

TEST(Tokenise, typographic_apostrophes_and_hyphens_in_words_become_ascii) {
  EXPECT_THAT(low("don’t ‘quoted’ well‑known"),
              ElementsAre("don't", "‘", "quoted", "’", "well-known"));
}

TEST(Tokenise, chinese_characters_are_tokens_of_their_own_beside_english_words) {
  EXPECT_THAT(low("我用iPhone看NBA，很好！"),
              ElementsAre("我", "用", "iphone", "看", "nba", "，", "很", "好", "！"));
  EXPECT_THAT(low("味道不错 GOOD 价格99元𠀀"),
              ElementsAre("味", "道", "不", "错", "good", "价", "格", "99", "元", "𠀀"));
  EXPECT_THAT(low("中-文"), ElementsAre("中", "-", "文"));
}

TEST(Tokenise, kana_are_single_and_korean_and_thai_are_word_runs) {
  EXPECT_THAT(low("カメラです"), ElementsAre("カ", "メ", "ラ", "で", "す"));
  EXPECT_THAT(low("한국어 영화가 สวัสดี ครับ"), ElementsAre("한국어", "영화가", "สวัสดี", "ครับ"));
}

TEST(Tokenise, composed_and_decomposed_letters_give_the_same_token) {
  EXPECT_EQ(low("caf\xc3\xa9"), low("cafe\xcc\x81"));
  EXPECT_THAT(low("cafe\xcc\x81"), ElementsAre("caf\xc3\xa9"));
  EXPECT_THAT(low("\xe3\x81\x8b\xe3\x82\x99"), ElementsAre("\xe3\x81\x8c"));    // ka + mark = ga
  EXPECT_THAT(low("\xe1\x84\x92\xe1\x85\xa1\xe1\x86\xab"), ElementsAre("한"));  // Jamo
}

TEST(Tokenise, case_is_folded_only_on_request) {
  EXPECT_THAT(low("ÉCOLE Straße ПРИВЕТ Σίσυφος ABC"),
              ElementsAre("école", "strasse", "привет", "σίσυφοσ", "abc"));
  EXPECT_THAT(tokenise("ÉCOLE Straße ABC", false), ElementsAre("ÉCOLE", "Straße", "ABC"));
}

TEST(Tokenise, marks_stay_with_the_symbol_before_them) {
  EXPECT_THAT(low("I ❤️you"), ElementsAre("i", "❤️", "you"));
  EXPECT_THAT(low("👍👍ok"), ElementsAre("👍", "👍", "ok"));
}

TEST(Tokenise, invisible_characters_are_never_tokens) {
  EXPECT_THAT(low("\xef\xbb\xbfhel\xc2\xadlo\xe2\x80\x8bworld\xe2\x80\x8e"),
              ElementsAre("hello", "world"));
  EXPECT_THAT(low("a\xc2\xa0"
                  "b\xe3\x80\x80"
                  "c\x01"
                  "d\xc2\x85"
                  "e"),
              ElementsAre("a", "b", "c", "d", "e"));
  EXPECT_THAT(low("می‌خواهم"),
              ElementsAre("می‌خواهم"));  // the non-joiner is part of the word
  EXPECT_THAT(low("ab\xe2\x80\x8d \xe2\x80\x8d"), ElementsAre("ab"));
}

// Tokens of the spans, one by one.
std::vector<std::string> by_spans(std::string_view text) {
  std::vector<std::string> out;
  for (const TokenSpan& span : token_spans(text)) {
    for (auto& token : low(text.substr(span.begin, span.end - span.begin))) out.push_back(token);
  }
  return out;
}

TEST(Tokenise, spans_stand_where_the_tokens_are) {
  for (const char* text :
       {"The 2nd film, (2010) don't well-known!", "我用iPhone看NBA，很好！", "don’t ‘quoted’ 中-文",
        "hel\xc2\xadlo\xe2\x80\x8bworld", "I ❤️you 👍👍ok", "cafe\xcc\x81 한국어",
        "می‌خواهم", " ", ""}) {
    EXPECT_EQ(by_spans(text), low(text)) << text;
  }
  const auto spans = token_spans(" 很 ok!");
  ASSERT_EQ(spans.size(), 3u);
  EXPECT_EQ(spans[0].kind, TokenKind::kIdeograph);
  EXPECT_EQ(spans[1].kind, TokenKind::kWord);
  EXPECT_EQ(spans[2].kind, TokenKind::kMark);
  EXPECT_EQ(spans[1].begin, 5u);
  EXPECT_EQ(spans[2].end, 8u);
}

TEST(Tokenise, code_points_of_broken_bytes_are_replacement_characters) {
  EXPECT_EQ(code_points("a很\xff"), std::u32string({U'a', U'很', char32_t{0xfffd}}));
}

TEST(Tokenise, empty_and_blank_texts_have_no_tokens) {
  EXPECT_THAT(low(""), IsEmpty());
  EXPECT_THAT(low(" \t\r\n\v\f "), IsEmpty());
  EXPECT_THAT(low(std::string_view("\0\0", 2)), IsEmpty());
}

TEST(Tokenise, long_tokens_are_cut_to_64_characters) {
  EXPECT_EQ(low(std::string(100, 'a')), std::vector<std::string>{std::string(64, 'a')});
  std::string accents, expected;
  for (int i = 0; i < 100; ++i) accents += "é";
  for (int i = 0; i < 64; ++i) expected += "é";
  EXPECT_THAT(low(accents + " b"), ElementsAre(expected, "b"));
}

TEST(Tokenise, invalid_bytes_become_replacement_characters) {
  EXPECT_THAT(low("ab\xff"
                  "cd"),
              ElementsAre("ab", "\xef\xbf\xbd", "cd"));
  EXPECT_THAT(low("\xe4\xb8"), ElementsAre("\xef\xbf\xbd", "\xef\xbf\xbd"));
}

TEST(Tokenise, any_bytes_give_valid_short_tokens) {
  base::Rng rng(7);
  for (int round = 0; round < 3000; ++round) {
    std::string bytes;
    const auto size = rng.below(40);
    for (std::uint64_t i = 0; i < size; ++i) bytes.push_back(static_cast<char>(rng.below(256)));
    for (const auto& token : tokenise(bytes, round % 2 == 0)) {
      ASSERT_FALSE(token.empty());
      ASSERT_LE(token.size(), 64u * 4);
      ASSERT_EQ(base::first_invalid_utf8(token), std::string::npos);
    }
  }
}

TEST(Tokenise, tokens_of_joined_tokens_are_the_same_tokens) {
  const auto once = low("Émile l'a-t-il vu? 我看了《Titanic》3次。 İstanbul ﬁn ΐ Ǆ");
  std::string joined;
  for (const auto& token : once) joined += token + " ";
  EXPECT_EQ(low(joined), once);
}

// A loop over all marks before each would take hours.
TEST(Tokenise, a_megabyte_of_combining_marks_is_one_token) {
  std::string text = "a";
  for (int i = 0; i < 250000; ++i) text += "\xcc\x81\xcc\xa3";  // above, below: out of order
  EXPECT_EQ(low(text).size(), 1u);
}

}  // namespace
}  // namespace refrain::data
