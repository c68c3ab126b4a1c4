#include "refrain/data/vocabulary.h"

#include <gmock/gmock.h>
#include <nlohmann/json.hpp>

#include "refrain/base/error.h"

namespace refrain::data {
namespace {

using base::Json;
using Texts = std::vector<std::vector<std::string>>;

Vocabulary fitted(const Texts& texts, int min_count = 1, int max_size = 1000) {
  Vocabulary vocabulary;
  vocabulary.fit(texts, min_count, max_size);
  return vocabulary;
}

std::vector<std::string> words(const Vocabulary& vocabulary) {
  std::vector<std::string> out;
  for (int i = 0; i < vocabulary.size(); ++i) out.push_back(vocabulary.word(i));
  return out;
}

TEST(Vocabulary, words_are_ordered_by_count_and_then_by_bytes) {
  const auto v = fitted({{"b", "c", "a"}, {"c", "好", "Z", "c", "b"}});
  EXPECT_THAT(words(v), testing::ElementsAre("<unk>", "c", "b", "Z", "a", "好"));
  EXPECT_EQ(v.id("c"), 1);
  EXPECT_EQ(v.id("好"), 5);
}

TEST(Vocabulary, the_order_of_the_texts_does_not_matter) {
  EXPECT_EQ(words(fitted({{"x", "y"}, {"z", "y"}})), words(fitted({{"y", "z"}, {"y", "x"}})));
}

TEST(Vocabulary, unknown_words_are_0) {
  const auto v = fitted({{"a"}});
  EXPECT_EQ(v.id("nothing"), 0);
  EXPECT_EQ(v.id(""), 0);
  EXPECT_EQ(v.id("<unk>"), 0);
}

TEST(Vocabulary, rare_words_and_those_beyond_the_limit_are_unknown) {
  EXPECT_THAT(words(fitted({{"a", "a", "b", "b", "c"}}, 2)),
              testing::ElementsAre("<unk>", "a", "b"));
  EXPECT_THAT(words(fitted({{"a", "a", "b", "b", "c"}}, 1, 1)), testing::ElementsAre("<unk>", "a"));
}

TEST(Vocabulary, unk_spelt_in_a_text_is_the_unknown_word) {
  EXPECT_THAT(words(fitted({{"<unk>", "<unk>", "a"}})), testing::ElementsAre("<unk>", "a"));
}

TEST(Vocabulary, without_texts_there_is_only_the_unknown_word) {
  EXPECT_EQ(fitted({}).size(), 1);
  EXPECT_EQ(Vocabulary().size(), 1);
  EXPECT_EQ(Vocabulary().word(0), "<unk>");
}

TEST(Vocabulary, json_gives_the_same_vocabulary_back) {
  const auto v = fitted({{"b", "好", "a", "好", "\"q\\"}});
  const auto back = Vocabulary::from_json(Json::parse(v.to_json().dump()));
  EXPECT_EQ(words(back), words(v));
  EXPECT_EQ(back.id("好"), v.id("好"));
}

TEST(Vocabulary, a_copy_finds_its_words_without_the_original) {
  Vocabulary copy;
  {
    const auto v = fitted({{"a long word beyond the small string limit", "b"}});
    copy = v;
  }
  EXPECT_EQ(copy.id("a long word beyond the small string limit"), 1);
}

TEST(Vocabulary, malformed_json_is_a_data_error) {
  for (const char* text :
       {"null", "3", "{}", "[]", "[\"a\"]", "[\"<unk>\",1]", "[\"<unk>\",\"\"]",
        "[\"<unk>\",\"a\",\"a\"]", "[\"<unk>\",\"<unk>\"]", "[null]", "[\"<unk>\",[\"a\"]]"}) {
    try {
      Vocabulary::from_json(Json::parse(text));
      ADD_FAILURE() << text;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), Code::kData) << text;
    }
  }
}

}  // namespace
}  // namespace refrain::data
