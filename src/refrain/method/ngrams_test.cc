#include "refrain/method/ngrams.h"

#include <gmock/gmock.h>

#include <cmath>

namespace refrain::method {
namespace {

using testing::ElementsAre;

TEST(TfIdf, rows_have_length_one_and_rare_terms_weigh_more) {
  const std::vector<Tokens> texts = {{"a", "b"}, {"a", "a"}, {}};
  TfIdf tfidf;
  tfidf.fit(texts, {0, 1, 2}, 100);
  EXPECT_EQ(tfidf.terms(), 4);  // a, a b, b, a a
  const auto rows = tfidf.rows(texts, {0, 1, 2});
  ASSERT_EQ(rows.size(), 3);
  EXPECT_EQ(rows.begin[3], rows.begin[2]);  // an empty text is an empty row
  const double of_a = std::log(4.0 / 3) + 1, of_b = std::log(4.0 / 2) + 1;
  const double length = std::sqrt(of_a * of_a + 2 * of_b * of_b);
  EXPECT_THAT(rows.column, ElementsAre(0, 1, 2, 0, 3));
  EXPECT_NEAR(rows.value[0], of_a / length, 1e-12);
  EXPECT_NEAR(rows.value[1], of_b / length, 1e-12);
  const double twice = (1 + std::log(2.0)) * of_a;
  EXPECT_NEAR(rows.value[3], twice / std::sqrt(twice * twice + of_b * of_b), 1e-12);
}

TEST(TfIdf, pieces_of_words_are_characters_and_not_bytes) {
  const std::vector<Tokens> texts = {{"né"}, {"né", "x"}};
  TfIdf pieces(Terms::kPieces);
  pieces.fit(texts, {0, 1}, 100);
  EXPECT_EQ(pieces.terms(), 9);  // " n", " né", " né ", "né", "né ", "é "; " x", " x ", "x "
  EXPECT_EQ(pieces.rows(texts, {0}).begin[1], 6U);
}

TEST(TfIdf, texts_in_chinese_characters_have_no_pieces) {
  const std::vector<Tokens> texts = {{"好", "的"}};
  TfIdf pieces(Terms::kPieces);
  pieces.fit(texts, {0}, 100);
  EXPECT_EQ(pieces.terms(), 0);
}

TEST(TermRows, words_and_pieces_stand_side_by_side) {
  const std::vector<Tokens> texts = {{"ab", "cd"}, {"ab"}};
  TermRows both(true), words(false);
  both.fit(texts, {0, 1}, 2, nullptr);
  words.fit(texts, {0, 1}, 2, nullptr);
  EXPECT_EQ(words.columns(), 3);  // ab, cd, ab cd
  EXPECT_EQ(both.ends().front(), 3);
  EXPECT_GT(both.columns(), 3);
  const auto rows = both.of(texts, {0, 1}), alone = words.of(texts, {0, 1});
  EXPECT_EQ(rows.columns, both.columns());
  for (std::size_t i = 0; i < 2; ++i) {
    double lengths[2] = {0, 0};
    std::size_t of_words = 0;
    for (std::size_t k = rows.begin[i]; k < rows.begin[i + 1]; ++k) {
      lengths[rows.column[k] < 3 ? 0 : 1] += rows.value[k] * rows.value[k];
      of_words += rows.column[k] < 3 ? 1 : 0;
    }
    EXPECT_EQ(of_words, alone.begin[i + 1] - alone.begin[i]);
    EXPECT_NEAR(lengths[0], 1, 1e-12);
    EXPECT_NEAR(lengths[1], 1, 1e-12);
  }
}

TEST(TermRows, what_words_mean_stands_beside_them) {
  // kid and child are of one group, which is of that of person.
  const augment::Meanings kin({0,
                               1,
                               {"child", "kid", "person", "rock"},
                               {0, 1, 2, 3, 4},
                               {0, 0, 1, 2},
                               {1, 1, 1},
                               {1, -1, -1, -1, -1, -1}});
  const std::vector<Tokens> texts = {{"child"}, {"rock"}, {"kid"}, {"person"}};
  TermRows rows(true);
  rows.fit(texts, {0}, 2, &kin);
  const auto ends = rows.ends();
  ASSERT_EQ(ends.size(), 3U);
  EXPECT_EQ(ends[2] - ends[1], 2) << "the groups of child";
  EXPECT_EQ(rows.columns(), ends[2]);
  const auto of = rows.of(texts, {1, 2, 3});
  const auto meant = [&](std::size_t i) {
    int count = 0;
    for (std::size_t k = of.begin[i]; k < of.begin[i + 1]; ++k) count += of.column[k] >= ends[1];
    return count;
  };
  EXPECT_EQ(meant(0), 0);
  EXPECT_EQ(meant(1), 2);
  EXPECT_EQ(meant(2), 1);
}

TEST(TfIdf, terms_are_learned_from_the_chosen_texts_alone) {
  const std::vector<Tokens> texts = {{"seen"}, {"unseen"}};
  TfIdf tfidf;
  tfidf.fit(texts, {0}, 100);
  EXPECT_EQ(tfidf.terms(), 1);
  EXPECT_TRUE(tfidf.rows(texts, {1}).column.empty());
}

TEST(TfIdf, of_too_many_terms_those_in_most_texts_are_kept) {
  const std::vector<Tokens> texts = {{"x", "a"}, {"a", "y"}, {"z", "y", "a"}};
  TfIdf tfidf;
  tfidf.fit(texts, {0, 1, 2}, 2);  // a is in three, y in two
  EXPECT_EQ(tfidf.terms(), 2);
  EXPECT_THAT(tfidf.rows(texts, {0, 1}).column, ElementsAre(0, 0, 1));
}

TEST(TfIdf, chinese_characters_make_runs_of_three) {
  data::Dataset d;
  d.streams = {{"text", data::StreamKind::kText, 0, {}}};
  for (const char* text : {"天气很好", "Plain WORDS here"}) {
    d.samples.emplace_back();
    d.samples.back().streams.emplace_back(std::string(text));
  }
  const std::vector<int> both = {0, 1};
  const auto texts = tokens_of({d, both}, 2);
  EXPECT_THAT(texts[1], ElementsAre("plain", "words", "here"));
  TfIdf chinese, english;
  chinese.fit(texts, {0}, 100);
  english.fit(texts, {1}, 100);
  EXPECT_EQ(chinese.longest(), 3);
  EXPECT_EQ(chinese.terms(), 4 + 3 + 2);
  EXPECT_EQ(english.longest(), 2);
  EXPECT_EQ(english.terms(), 3 + 2);
}

}  // namespace
}  // namespace refrain::method
