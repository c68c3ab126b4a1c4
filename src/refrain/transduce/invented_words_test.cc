#include "refrain/transduce/invented_words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "refrain/transduce/made_up_pairs.h"

namespace refrain::transduce {
namespace {

// Words of consonants and vowels in turn.
std::vector<std::string> syllables(int count) {
  std::vector<std::string> out;
  base::Rng rng(7);
  for (int i = 0; i < count; ++i) {
    std::string word;
    for (std::uint64_t n = 2 + rng.below(3); n > 0; --n) {
      word += "bdgkz"[rng.below(5)];
      word += "aeiu"[rng.below(4)];
    }
    out.push_back(word);
  }
  return out;
}

TEST(InventedWords, are_new_different_and_like_the_given_ones) {
  const auto given = syllables(200);
  const auto words = invented_words(given, 500, base::Rng(1));
  ASSERT_EQ(words.size(), 500U);
  EXPECT_EQ(std::set<std::string>(words.begin(), words.end()).size(), 500U);
  const std::set<std::string> known(given.begin(), given.end());
  int in_turn = 0;
  for (const auto& word : words) {
    EXPECT_FALSE(known.contains(word)) << word;
    EXPECT_GE(word.size(), 4U);
    EXPECT_LE(word.size(), 8U);
    bool turns = true;
    for (std::size_t i = 0; i + 1 < word.size(); ++i) {
      const std::string vowels = "aeiu";
      turns = turns && (vowels.find(word[i]) == std::string::npos) !=
                           (vowels.find(word[i + 1]) == std::string::npos);
    }
    in_turn += turns;
  }
  EXPECT_GE(in_turn, 450);  // letters drawn alone would do so in one of a hundred
}

TEST(InventedWords, follow_from_the_seed) {
  const auto given = syllables(50);
  EXPECT_EQ(invented_words(given, 20, base::Rng(3)), invented_words(given, 20, base::Rng(3)));
  EXPECT_NE(invented_words(given, 20, base::Rng(3)), invented_words(given, 20, base::Rng(4)));
}

TEST(InventedWords, are_whole_characters_without_blanks_at_their_ends) {
  const auto words = invented_words({"ёж да уж", "уж да ёж", "жук да ёж", "ёж"}, 10, base::Rng(1));
  ASSERT_FALSE(words.empty());
  for (const auto& word : words) {
    EXPECT_NE(word.front(), ' ');
    EXPECT_NE(word.back(), ' ');
    EXPECT_THAT(word, testing::Not(testing::HasSubstr("  ")));
  }
}

TEST(InventedWords, are_fewer_where_there_are_no_more) {
  EXPECT_TRUE(invented_words({}, 10, base::Rng(1)).empty());
  EXPECT_TRUE(invented_words({"", " "}, 10, base::Rng(1)).empty());
  EXPECT_TRUE(invented_words({"a", "a"}, 10, base::Rng(1)).empty());
}

}  // namespace
}  // namespace refrain::transduce
