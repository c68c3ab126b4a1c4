#include "refrain/language/units.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/language/made_up_text.h"

namespace refrain::language {
namespace {

UnitSpec spec_for(const std::string& unit) {
  UnitSpec spec;
  spec.unit = unit;
  return spec;
}

TEST(Units, characters_give_the_text_back) {
  const std::string text = "Grüße, Welt!\n你好\n\nno end";
  const Units units = Units::fit(text, spec_for("character"));
  EXPECT_EQ(units.decode(units.encode(text)), text);
  EXPECT_EQ(units.vocabulary().word(units.mark()), "\n");
  EXPECT_EQ(units.encode("ß☃"), (std::vector<int>{units.vocabulary().id("ß"), 0}));
}

TEST(Units, words_at_spaces_keep_what_a_prepared_corpus_means) {
  const std::string text = " the <unk> N \n\n the end \n";
  const Units units = Units::fit(text, spec_for("word"));
  EXPECT_EQ(units.settled().tokens, "spaces");
  const auto ids = units.encode(text);
  EXPECT_EQ(ids.size(), 8U);  // five words and a mark for each of three lines
  EXPECT_EQ(ids[1], units.unknown());
  EXPECT_EQ(ids[3], units.mark());
  EXPECT_EQ(units.decode(ids), "the <unk> N\n\nthe end\n");
}

TEST(Units, words_by_rules_are_those_of_classifiers_and_rare_ones_are_unknown) {
  const std::string text = "The dog. The DOG!\n\nA cat.\n";
  const Units units = Units::fit(text, spec_for("word"));
  EXPECT_EQ(units.settled().tokens, "rules");
  EXPECT_EQ(units.settled().min_count, 2);
  EXPECT_EQ(units.decode(units.encode("the dog . the cat")), "the dog . the <unk>\n");
  EXPECT_EQ(units.encode("").size(), 0U);
}

TEST(Units, subwords_know_every_word_and_keep_their_model) {
  const std::string text = made_up_lines(300);
  UnitSpec spec = spec_for("subword");
  spec.vocabulary_size = 60;
  const Units units = Units::fit(text, spec);
  EXPECT_LE(units.size(), 60);
  const auto ids = units.encode("this bird likes wind\nthe sun\n");
  EXPECT_EQ(std::count(ids.begin(), ids.end(), units.unknown()), 0);
  EXPECT_EQ(units.decode(ids), "this bird likes wind\nthe sun\n");
  const Units again = Units::fit(text, spec);
  EXPECT_EQ(units.to_json(), again.to_json());
}

TEST(Units, are_the_same_after_json) {
  const std::string text = made_up_lines(50);
  for (const char* unit : {"character", "word", "subword"}) {
    UnitSpec spec = spec_for(unit);
    spec.vocabulary_size = 50;
    const Units units = Units::fit(text, spec);
    const Units read = Units::from_json(units.to_json());
    EXPECT_EQ(read.encode(text), units.encode(text)) << unit;
    EXPECT_EQ(read.mark(), units.mark());
    EXPECT_EQ(read.size(), units.size());
  }
}

TEST(Units, damaged_subwords_are_refused) {
  UnitSpec spec = spec_for("subword");
  spec.vocabulary_size = 50;
  base::Json json = Units::fit(made_up_lines(50), spec).to_json();
  json["sentencepiece"] = "AAAA";
  EXPECT_THROW(Units::from_json(json), Error);
  json["sentencepiece"] = "?";
  EXPECT_THROW(Units::from_json(json), Error);
}

TEST(TextSize, counts_characters_and_words_with_line_ends) {
  const TextSize size = measure_text("zwei Wörter\n\nein\n");
  EXPECT_EQ(size.characters, 17);
  EXPECT_EQ(size.words, 3 + 3);
}

}  // namespace
}  // namespace refrain::language
