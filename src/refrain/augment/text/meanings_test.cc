#include "refrain/augment/text/meanings.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <iterator>
#include <set>

#include "refrain/augment/text/lexicon.h"
#include "refrain/base/error.h"
#include "refrain/base/test_folder.h"

namespace refrain::augment {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

std::set<int> distinct(const std::vector<int>& groups) { return {groups.begin(), groups.end()}; }

std::set<int> in_both(const std::set<int>& a, const std::set<int>& b) {
  std::set<int> both;
  std::set_intersection(a.begin(), a.end(), b.begin(), b.end(), std::inserter(both, both.end()));
  return both;
}

class MeaningFiles : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) const {
    return folder_.write(name, text);
  }

  // terrier < dog < animal, pain; painful (of pain), sore (near painful); to bark. Offsets are
  // names.
  Meanings wordnet() const {
    write("data.noun",
          "  1 the licence\n"
          "00000010 05 n 01 terrier 0 001 @ 00000020 n 0000 | small\n"
          "00000020 05 n 02 dog 0 Canis_familiaris 0 001 @ 00000030 n 0000 | barks\n"
          "00000030 05 n 02 animal 0 beast 0 000 | lives\n"
          "00000040 05 n 01 pain 0 000 | hurts\n"
          "00000080 05 n 01 Paris 0 000 | a town\n");
    write("index.noun",
          "terrier n 1 1 @ 1 0 00000010  \ndog n 1 1 @ 1 1 00000020  \n"
          "animal n 1 0 1 0 00000030  \nbeast n 1 0 1 0 00000030  \n"
          "pain n 1 0 1 0 00000040  \nparis n 1 0 1 0 00000080  \n"
          "canis_familiaris n 1 1 @ 1 0 00000020  \nox n 1 0 1 0 00000030  \n");
    write("data.verb", "00000070 30 v 01 bark 0 000 00 | say woof\n");
    write("index.verb", "bark v 1 0 1 0 00000070  \n");
    write("data.adj",
          "00000050 00 a 01 painful(a) 0 001 + 00000040 n 0101 | hurting\n"
          "00000060 00 s 01 sore 0 001 & 00000050 a 0000 | too\n");
    write("index.adj", "painful a 1 1 + 1 0 00000050  \nsore a 1 1 & 1 0 00000060  \n");
    write("data.adv", "");
    write("index.adv", "");
    write("noun.exc", "oxen ox\n");
    return read_wordnet_meanings(folder_.path());
  }

  const base::TestFolder folder_;
};

TEST_F(MeaningFiles, a_word_belongs_to_its_group_and_to_the_more_general_ones) {
  const Meanings all = wordnet();
  const auto terrier = distinct(all.of({"terrier"})), dog = distinct(all.of({"dog"})),
             beast = distinct(all.of({"beast"}));
  EXPECT_EQ(terrier.size(), 3U);
  EXPECT_EQ(in_both(terrier, dog), dog);
  EXPECT_EQ(in_both(dog, beast), beast);
  EXPECT_EQ(beast, distinct(all.of({"animal"})));
  EXPECT_THAT(all.of({"the", "unknown", "canis", "7"}), IsEmpty());
  EXPECT_EQ(all.of({"dog", "dog"}).size(), 4U) << "counted as often as the word is there";
}

TEST_F(MeaningFiles, endings_come_off_by_part_of_speech_and_names_are_words) {
  const Meanings all = wordnet();
  EXPECT_EQ(all.of({"dogs"}), all.of({"dog"}));
  EXPECT_EQ(all.of({"oxen"}), all.of({"beast"}));
  EXPECT_EQ(all.of({"barked"}), all.of({"bark"}));
  EXPECT_EQ(all.of({"sorest"}), all.of({"sore"}));
  EXPECT_THAT(all.of({"dogging"}), IsEmpty()) << "dog is no verb here";
  EXPECT_EQ(all.of({"paris"}).size(), 1U);
}

TEST_F(MeaningFiles, adjectives_lead_to_what_they_are_of) {
  const Meanings all = wordnet();
  const auto pain = distinct(all.of({"pain"})), painful = distinct(all.of({"painful"})),
             sore = distinct(all.of({"sore"}));
  EXPECT_EQ(in_both(painful, pain), pain);
  EXPECT_EQ(in_both(sore, painful), painful);
  EXPECT_EQ(sore.size(), 3U);
}

TEST_F(MeaningFiles, what_leads_to_the_groups_named_is_kept_and_nothing_else) {
  const Meanings all = wordnet();
  const Meanings few = all.within(all.of({"animal"}));
  EXPECT_TRUE(Meanings::fits(few.table()));
  EXPECT_EQ(few.of({"terriers"}).size(), 3U);
  EXPECT_EQ(in_both(distinct(few.of({"terrier"})), distinct(few.of({"beast"}))),
            distinct(few.of({"animal"})));
  EXPECT_THAT(few.of({"pain", "painful", "bark", "paris"}), IsEmpty());
  EXPECT_EQ(few.table().parts.size(), 3U);
  EXPECT_TRUE(all.within({}).empty());
}

TEST_F(MeaningFiles, words_of_a_table_share_the_group_of_their_line) {
  const auto path = write("own.tsv", "gut\tprima, toll\nNice\tvery good\n很好\t不错\n");
  const Meanings& own = meanings(path);
  EXPECT_EQ(&own, &meanings(path));  // read once
  EXPECT_EQ(own.of({"gut"}), own.of({"toll"}));
  EXPECT_EQ(own.of({"nice"}).size(), 1U);
  EXPECT_EQ(own.of({"很", "好"}), own.of({"不", "错"})) << "characters make words";
  EXPECT_THAT(own.of({"好", "不"}), IsEmpty());
}

TEST_F(MeaningFiles, in_a_wordnet_in_tabs_one_character_is_no_word) {
  const Meanings& tab = meanings(
      write("cmn.tab", "2-a\tcmn:lemma\t好\n2-a\tcmn:lemma\t不+错\n2-a\tcmn:lemma\t很不错\n"));
  EXPECT_EQ(tab.of({"很", "不", "错"}), tab.of({"不", "错"})) << "the longest word";
  EXPECT_THAT(tab.of({"好"}), IsEmpty());
}

TEST_F(MeaningFiles, a_damaged_database_is_named_with_its_line) {
  for (const auto& [name, line] :
       {std::pair<const char*, const char*>{"data.verb", "00000070 30 v 01 bark 0 001 @ nowhere\n"},
        {"data.verb", "00000070 30 v 7fffffff bark 0 000\n"},
        {"data.verb", "00000070 30 v 01 bark 0 2147483647\n"},
        {"data.verb", "00000070 30 v 01 bark 0\n"},
        {"data.verb", "no number\n"},
        {"index.verb", "bark v 1 2147483647 1 0 00000070\n"},
        {"index.verb", "bark v 2147483647 0 1 0 00000070\n"},
        {"index.verb", "bark v\n"}}) {
    wordnet();
    write(name, line);
    try {
      read_wordnet_meanings(folder_.path());
      FAIL() << line;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), Code::kData);
      EXPECT_THAT(e.what(), HasSubstr(std::string(name) + ":1"));
    }
  }
}

TEST(Meanings, lists_that_do_not_fit_together_are_told) {
  const Meanings::Table good{1, 1, {"a", "b"}, {0, 1, 2}, {0, 1}, {1, 1}, {1, -1, -1, -1}};
  EXPECT_TRUE(Meanings::fits(good));
  EXPECT_TRUE(Meanings::fits({}));
  const auto spoilt = [&](auto change) {
    auto table = good;
    change(table);
    return !Meanings::fits(table);
  };
  EXPECT_TRUE(spoilt([](auto& t) { t.begin = {0, 2, 1}; }));
  EXPECT_TRUE(spoilt([](auto& t) { t.begin = {0, 2}; }));
  EXPECT_TRUE(spoilt([](auto& t) { t.begin.clear(); }));
  EXPECT_TRUE(spoilt([](auto& t) { t.words = {"b", "a"}; }));
  EXPECT_TRUE(spoilt([](auto& t) { t.groups = {0, 2}; }));
  EXPECT_TRUE(spoilt([](auto& t) { t.above = {1, -1, -1}; }));
  EXPECT_TRUE(spoilt([](auto& t) { t.above = {2, -1, -1, -1}; }));
}

TEST(Meanings, the_installed_wordnet_knows_what_is_like) {
  if (!has_wordnet()) GTEST_SKIP() << "WordNet (Debian's wordnet-base) is not installed";
  const Meanings& wordnet = meanings("wordnet");
  EXPECT_TRUE(Meanings::fits(wordnet.table()));
  const auto near = [&](const char* a, const char* b) {
    return in_both(distinct(wordnet.of({a})), distinct(wordnet.of({b}))).size();
  };
  EXPECT_GT(near("terrier", "poodle"), near("terrier", "guitar"));
  EXPECT_GT(near("paris", "london"), near("paris", "guitar"));
  EXPECT_GT(near("children", "boy"), 0U);
  EXPECT_GT(near("funniest", "funny"), 0U);
}

}  // namespace
}  // namespace refrain::augment
