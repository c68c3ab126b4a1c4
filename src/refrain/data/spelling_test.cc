#include "refrain/data/spelling.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "refrain/data/features.h"

namespace refrain::data {
namespace {

using testing::ElementsAre;

TEST(Spelling, shapes_tell_capitals_digits_and_marks_apart) {
  const std::vector<std::vector<std::string>> kinds = {
      {",", "..."},     {"1996", "2024"}, {"7", "123"}, {"1.5", "12/3"}, {"B2", "3M"},
      {"3rd"},          {"中", "東京"},   {"dog", "é"}, {"well-known"},  {"J.", "McDog", "iPhone"},
      {"NATO", "U.S."}, {"Dog", "Élan"}};
  std::set<int> seen;
  for (const auto& kind : kinds) {
    const int shape = word_shape(kind.front());
    for (const auto& word : kind) EXPECT_EQ(word_shape(word), shape) << word;
    EXPECT_TRUE(seen.insert(shape).second) << kind.front();
  }
  EXPECT_EQ(static_cast<int>(seen.size()), kWordShapes);
  EXPECT_EQ(word_shape(""), word_shape(","));
}

TEST(Spelling, letters_are_characters_between_edges_and_long_words_lose_their_middle) {
  EXPECT_THAT(letters_of("né"), ElementsAre(" ", "n", "é", " "));
  const auto letters = letters_of(std::string(100, 'a') + "z");
  EXPECT_EQ(letters.size(), static_cast<std::size_t>(kMostLetters));
  EXPECT_EQ(letters[letters.size() - 2], "z");
  EXPECT_EQ(letters_of("\xff\x80").size(), 3U) << "no UTF-8";
}

Dataset two_texts() {
  Dataset d;
  d.streams = {{"text", StreamKind::kText, 0, {}}};
  for (const char* text : {"Ab 1", "c Ab de"}) {
    d.samples.emplace_back();
    d.samples.back().streams.emplace_back(std::string(text));
  }
  return d;
}

TEST(Spelling, of_a_batch_gives_each_word_its_letters) {
  const Dataset d = two_texts();
  FeatureSpec spec;
  spec.spelling = "convolution";
  const Features features = Features::fit(d, {0, 1}, spec);
  std::vector<EncodedSample> samples = {features.encode(d.samples[0], 0),
                                        features.encode(d.samples[1], 1)};
  const int chosen[] = {0, 1};
  Batch batch;
  assemble(samples, chosen, 2, d.streams, batch);
  const auto& stream = batch.streams.front();
  ASSERT_TRUE(stream.is_spelt());
  const auto& letters = stream.letters.steps();
  const auto& known = features.letters_of_stream(0);
  std::vector<std::string> words(5);
  for (int w = 0; w < letters.B; ++w) {
    std::string& word = words[static_cast<std::size_t>(letters.position[w])];
    for (int t = 0; t < letters.length[w]; ++t) {
      word += known.word(stream.letter_ids[static_cast<std::size_t>(letters.row(t, w))]);
    }
  }
  EXPECT_THAT(words, ElementsAre(" c ", " Ab ", " Ab ", " 1 ", " de "));
  EXPECT_EQ(stream.shapes[1], word_shape("Ab"));
  const Features again = Features::from_json(features.to_json());
  EXPECT_EQ(again.encode(d.samples[1], 1).streams[0].spelt.letters,
            samples[1].streams[0].spelt.letters);
}

}  // namespace
}  // namespace refrain::data
