#include "refrain/score/reply_text.h"

#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

namespace refrain::score {
namespace {

using testing::ElementsAre;

std::vector<std::string> cut(const std::string& tokeniser, const std::string& text) {
  std::vector<std::string> out;
  for (const auto& token : tokenisers().at(tokeniser)(code_points(text)))
    out.push_back(utf8(token));
  return out;
}

TEST(Tokenisers, cut_as_those_of_sacrebleu) {
  std::ifstream file(REFRAIN_SOURCE_DIR "/tests/golden/reply_scores.json");
  const auto golden = nlohmann::json::parse(file)["tokens"];
  std::vector<std::string> names;
  for (const auto& of : golden) {
    names.push_back(of["tokeniser"]);
    EXPECT_GT(of["cuts"].size(), 50u);
    for (const auto& one : of["cuts"]) {
      EXPECT_EQ(cut(names.back(), one[0]), one[1].get<std::vector<std::string>>())
          << names.back() << ": " << one[0];
    }
  }
  EXPECT_EQ(names, tokenisers().names());
}

TEST(Tokenisers, are_chosen_by_the_script_of_the_references) {
  EXPECT_EQ(tokeniser_for({"Guten Tag!", "今天"}), "13a");
  EXPECT_EQ(tokeniser_for({"今天下午三点 ABC", "明天"}), "zh");
  EXPECT_EQ(tokeniser_for({"東京へ行きます。"}), "char");
  EXPECT_EQ(tokeniser_for({"วันนี้ฝนตก"}), "char");
  EXPECT_EQ(tokeniser_for({"오늘은 비가 온다"}), "13a");  // Korean has blanks between words
  EXPECT_EQ(tokeniser_for({"", "12 + 3"}), "13a");
  EXPECT_EQ(tokeniser_for({}), "13a");
}

TEST(CodePoints, are_read_and_written_and_bad_bytes_stay_themselves) {
  const std::string text = "aß中\U0001f600";
  EXPECT_EQ(code_points(text), U"aß中\U0001f600");
  EXPECT_EQ(utf8(code_points(text)), text);
  const std::string bad = "a\xff\xc3";
  EXPECT_EQ(code_points(bad).size(), 3u);
  EXPECT_NE(code_points("\xff"), code_points("\xfe"));
  EXPECT_NE(code_points("\xff"), code_points("\u00ff"));
  EXPECT_EQ(utf8(code_points(bad)), bad);
}

TEST(LowerCase, is_that_of_python) {
  EXPECT_EQ(lower_case(U"ÄÖÜ ß ẞ Ж"), U"äöü ß ß ж");
  EXPECT_EQ(lower_case(U"İ"), U"i\u0307");
  EXPECT_EQ(lower_case(U"ΣΑΣ ΑΣ. Σ"), U"σας ας. σ");
  EXPECT_EQ(lower_case(U"ΑΣ'Α ΑΣ'"), U"ασ'α ας'");
}

TEST(Words, stand_between_white_space_of_any_kind) {
  EXPECT_THAT(words_of(U" a\tb\u00a0c\u3000 d\n"), ElementsAre(U"a", U"b", U"c", U"d"));
  EXPECT_THAT(words_of(U" \n"), ElementsAre());
  EXPECT_THAT(words_of(U"a\u200bb"), ElementsAre(U"a\u200bb"));  // of no width: no white space
  EXPECT_EQ(with_single_blanks(U"  a \t b "), U"a b");
}

TEST(WordNumbers, are_equal_for_equal_words_and_lead_back_to_them) {
  WordNumbers numbers;
  const Points text = numbers.of({U"a", U"b", U"a"});
  EXPECT_EQ(text[0], text[2]);
  EXPECT_NE(text[0], text[1]);
  EXPECT_EQ(numbers.word(text[1]), U"b");
}

}  // namespace
}  // namespace refrain::score
