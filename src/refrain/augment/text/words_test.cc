#include "refrain/augment/text/words.h"

#include <gmock/gmock.h>

#include "refrain/augment/derive.h"
#include "refrain/augment/text/english.h"
#include "refrain/augment/text/entities.h"
#include "refrain/augment/text/likeness.h"

namespace refrain::augment {
namespace {

using testing::ElementsAre;

std::vector<std::string> texts(const Words& words) {
  std::vector<std::string> out;
  for (const Word& word : words.list) out.emplace_back(word.text);
  return out;
}

TEST(Words, cutting_and_joining_gives_the_text_back_byte_for_byte) {
  for (const char* text :
       {"", " ", "  The film,  isn't (very) good. \n", "我用iPhone看NBA，很好！ ",
        "\xef\xbb\xbfhel\xc2\xadlo", "broken \xff\xe4\xb8 bytes", "👨‍👩‍👧 ok"}) {
    EXPECT_EQ(join(cut(text)), text);
  }
}

TEST(Words, what_follows_an_erased_word_closes_up) {
  Words words = cut("A (good) film");
  erase(words, 2);
  EXPECT_EQ(join(words), "A () film");
  erase(words, 0);
  EXPECT_EQ(join(words), "() film");
  Words wide = cut("我用iPhone看NBA");
  erase(wide, 3);
  EXPECT_EQ(join(wide), "我用iPhone NBA");  // two words never run into one
}

TEST(Words, an_inserted_word_has_the_blanks_that_its_script_wants) {
  Words words = cut("A (good) film.");
  insert(words, 0, "So");
  EXPECT_EQ(join(words), "So A (good) film.");
  insert(words, 3, "very");
  EXPECT_EQ(join(words), "So A (very good) film.");
  insert(words, 7, "noir");
  EXPECT_EQ(join(words), "So A (very good) film noir.");
  Words wide = cut("味道好");
  insert(wide, 2, "很");
  EXPECT_EQ(join(wide), "味道很好");
}

TEST(Words, characters_form_units_by_the_longest_match) {
  const auto known = [](std::string_view text) { return text == "味道" || text == "味道不错"; };
  Words words = cut("味道不错,味道 不错");
  join_units(words, 4, known);
  EXPECT_THAT(texts(words), ElementsAre("味道不错", ",", "味道", "不", "错"));
  EXPECT_EQ(join(words), "味道不错,味道 不错");
}

TEST(Words, nothing_is_put_inside_an_entity) {
  Words words = cut({"in", "New", "York", "now"}, {"O", "B-LOC", "I-LOC", "O"});
  EXPECT_THAT(free_words(words), ElementsAre(0, 3));
  insert(words, 2, "really big");
  std::vector<std::string> tokens, tags;
  join(words, tokens, tags);
  EXPECT_THAT(tokens, ElementsAre("in", "New", "York", "really", "big", "now"));
  EXPECT_THAT(tags, ElementsAre("O", "B-LOC", "I-LOC", "O", "O", "O"));
}

TEST(Words, entities_are_swapped_with_their_tags) {
  Words words = cut({"Ann", "left", "New", "York", "."}, {"B-PER", "O", "B-LOC", "I-LOC", "O"});
  base::Rng rng(1);
  const auto other = [](const std::string& type) {
    return type == "PER" ? Entity{type, {"Bob", "B.", "Bee"}} : Entity{type, {"Rome"}};
  };
  swap_entities(words, 1, other, rng);
  std::vector<std::string> tokens, tags;
  join(words, tokens, tags);
  EXPECT_THAT(tokens, ElementsAre("Bob", "B.", "Bee", "left", "Rome", "."));
  EXPECT_THAT(tags, ElementsAre("B-PER", "I-PER", "I-PER", "O", "B-LOC", "O"));
  swap_entities(
      words, 1, [](const std::string&) { return Entity{}; }, rng);
  EXPECT_EQ(words.list.size(), 6u);
}

TEST(Words, tags_go_by_blanks_or_by_tokens_or_not_at_all) {
  EXPECT_THAT(texts(cut(std::string("The U.S. won"), {"O", "B-LOC", "O"})),
              ElementsAre("The", "U.S.", "won"));
  EXPECT_THAT(texts(cut(std::string("在北京"), {"O", "B-LOC", "I-LOC"})),
              ElementsAre("在", "北", "京"));
  EXPECT_TRUE(cut(std::string("a b c"), {"O", "O"}).list.empty());
}

TEST(Words, a_word_takes_the_case_of_the_one_it_stands_for) {
  EXPECT_EQ(in_case_of("Film", "movie"), "Movie");
  EXPECT_EQ(in_case_of("FILM", "movie"), "MOVIE");
  EXPECT_EQ(in_case_of("film", "movie"), "movie");
  EXPECT_EQ(in_case_of("Élan", "écu"), "Écu");
  EXPECT_EQ(in_case_of("", "movie"), "movie");
  EXPECT_EQ(lower("ÉCOLE Ab"), "école ab");
}

TEST(Words, marks_stay_with_their_character) {
  EXPECT_THAT(characters("cafe\xcc\x81s"), ElementsAre("c", "a", "f", "e\xcc\x81", "s"));
}

TEST(English, endings_come_off_and_go_on) {
  EXPECT_EQ(with_ending("box", Ending::kPlural), "boxes");
  EXPECT_EQ(with_ending("party", Ending::kPlural), "parties");
  EXPECT_EQ(with_ending("play", Ending::kPlural), "plays");
  EXPECT_EQ(with_ending("fireman", Ending::kPlural), "firemen");
  EXPECT_EQ(with_ending("make", Ending::kIng), "making");
  EXPECT_EQ(with_ending("stop", Ending::kIng), "stopping");
  EXPECT_EQ(with_ending("open", Ending::kIng), "opening");
  EXPECT_EQ(with_ending("die", Ending::kIng), "dying");
  EXPECT_EQ(with_ending("carry", Ending::kPast), "carried");
  EXPECT_EQ(with_ending("agree", Ending::kPast), "agreed");
  for (const char* word :
       {"films", "boxes", "parties", "making", "stopped", "carried", "firemen"}) {
    bool made_again = false;
    for (const BaseForm& form : base_forms(word)) {
      made_again |= form.ending != Ending::kNone && with_ending(form.base, form.ending) == word;
    }
    EXPECT_TRUE(made_again) << word;
  }
  EXPECT_EQ(base_forms("glass").size(), 1u);
  std::vector<std::string> bases;
  for (const BaseForm& form : base_forms("running")) bases.push_back(form.base);
  EXPECT_THAT(bases, ElementsAre("running", "run", "runn", "runne"));
}

TEST(Likeness, is_one_for_the_same_and_none_for_different_texts) {
  EXPECT_EQ(likeness("A good film .", "a GOOD film."), 1);
  EXPECT_EQ(likeness("abcdef", "uvwxyz"), 0);
  EXPECT_EQ(likeness("", "x"), 0);
  const double some = likeness("a good film indeed", "a good movie indeed");
  EXPECT_GT(some, 0.5);
  EXPECT_LT(some, 0.9);
  EXPECT_EQ(likeness("aaaa", "aaaaaaaa"), 0.5) << "two trigrams of two, and of six";
  EXPECT_GT(likeness("味道不错", "味道很不错"), 0.3);
}

TEST(Likeness, spacing_and_case_do_not_make_another_sample) {
  data::Sample one, other;
  one.streams = {std::string("A good film.")};
  other.streams = {std::string("a  good FILM .")};
  EXPECT_EQ(plain_digest(one), plain_digest(other));
  EXPECT_NE(content_digest(one), content_digest(other));
  other.label = "b";
  EXPECT_NE(plain_digest(one), plain_digest(other));
}

}  // namespace
}  // namespace refrain::augment
