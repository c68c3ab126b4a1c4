#include "refrain/augment/text/lexicon.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <set>
#include <thread>

#include "refrain/base/error.h"
#include "refrain/base/test_folder.h"

namespace refrain::augment {
namespace {

using testing::HasSubstr;
using testing::UnorderedElementsAre;

class LexiconFiles : public testing::Test {
 protected:
  std::string write(const std::string& name, const std::string& text) const {
    return folder_.write(name, text);
  }

  // A WordNet of five groups. Offsets are names: they need not be places in a file.
  void write_wordnet() const {
    write("data.noun",
          "  1 the licence\n"
          "00000010 10 n 02 film 0 movie 0 001 @ 00000050 n 0000 | a work\n"
          "00000020 10 n 03 film 0 moving_picture 0 Kino 0 000 | pictures\n"
          "00000030 10 n 02 child 0 kid 1 000 | young person\n");
    write("index.noun",
          "  1 the licence\n"
          "film n 3 1 @ 3 1 00000070 00000020 00000010  \n"
          "movie n 1 0 1 1 00000010  \n"
          "moving_picture n 1 0 1 0 00000020  \n"
          "kid n 1 0 1 0 00000030  \nchild n 1 0 1 0 00000030  \n");
    write("data.verb",
          "00000040 30 v 02 buy 0 purchase 0 000 01 + 08 00 | get for money\n"
          "00000050 30 v 02 film 0 shoot 0 000 00 | take pictures\n");
    write("index.verb",
          "purchase v 1 0 1 0 00000040  \nbuy v 1 0 1 0 00000040  \n"
          "film v 1 0 1 1 00000050  \n");
    write("data.adj", "00000060 00 a 02 good(a) 0 fine(ip) 0 000 | of worth\n");
    write("index.adj", "good a 1 0 1 0 00000060  \nfine a 1 0 1 0 00000060  \n");
    write("data.adv", "");
    write("index.adv", "");
    write("cntlist.rev", "film%2:30:00:: 1 40\nfilm%1:10:00:: 3 7\nfilm%1:30:00:: 1 20\n");
    write("noun.exc", "children child\n");
    write("verb.exc", "bought buy\nshot shoot\n");
  }

  const base::TestFolder folder_;
};

std::set<std::string> all(const Lexicon& lexicon, const std::string& word, int senses = 0) {
  std::set<std::string> found;
  base::Rng rng(1);
  for (int i = 0; i < 100; ++i) found.insert(lexicon.draw(word, senses, rng));
  return found;
}

TEST_F(LexiconFiles, wordnet_is_read_with_its_commonest_senses_first) {
  write_wordnet();
  const Lexicon lexicon(read_wordnet(folder_.path()), true, true);
  EXPECT_THAT(all(lexicon, "film"), UnorderedElementsAre("movie", "moving picture", "shoot"));
  EXPECT_THAT(all(lexicon, "film", 1), UnorderedElementsAre("shoot"));
  EXPECT_THAT(all(lexicon, "film", 2), UnorderedElementsAre("shoot"));  // one it has alone
  EXPECT_THAT(all(lexicon, "film", 3), UnorderedElementsAre("shoot", "movie"));
  EXPECT_THAT(all(lexicon, "good"), UnorderedElementsAre("fine"));
  EXPECT_THAT(all(lexicon, "unknown"), UnorderedElementsAre(""));
}

TEST_F(LexiconFiles, synonyms_have_the_ending_and_case_of_the_word) {
  write_wordnet();
  const Lexicon lexicon(read_wordnet(folder_.path()), true, true);
  EXPECT_THAT(all(lexicon, "Movies"), UnorderedElementsAre("Films"));
  EXPECT_THAT(all(lexicon, "FILMS"), UnorderedElementsAre("MOVIES", "MOVING PICTURES"));
  EXPECT_THAT(all(lexicon, "buying"), UnorderedElementsAre("purchasing"));
  EXPECT_THAT(all(lexicon, "purchased"), UnorderedElementsAre(""));  // no "buyed"
  EXPECT_THAT(all(lexicon, "kids"), UnorderedElementsAre(""));       // no "childs"
}

TEST_F(LexiconFiles, a_damaged_database_is_named_with_its_line) {
  for (const auto& [name, line] : {std::pair<const char*, const char*>{"data.verb", "nonsense"},
                                   {"data.verb", "00000050 30 v 7fffffff film 0 000"},
                                   {"index.verb", "film v 2147483647 0 1 1 00000050"},
                                   {"index.verb", "film v 1 2147483647 1 1 00000050"}}) {
    write_wordnet();
    const bool is_index = std::string(name).starts_with("index");
    write(name, std::string(is_index ? "buy v 1 0 1 0 00000040\n"
                                     : "00000040 30 v 02 buy 0 purchase 0 000 |\n") +
                    line + "\n");
    try {
      read_wordnet(folder_.path());
      FAIL() << line;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), Code::kData);
      EXPECT_THAT(e.what(), HasSubstr(std::string(name) + ":2"));
    }
  }
}

TEST_F(LexiconFiles, a_table_of_ones_own_is_read_in_any_language) {
  const auto path = write("own.tsv",
                          "\xef\xbb\xbf# mine\nGut\tprima, toll\tklasse\r\n\n很好\t不错，挺好\n"
                          "nice\tvery good\n");
  const Lexicon& own = lexicon(path);
  EXPECT_EQ(&own, &lexicon(path));  // read once
  EXPECT_THAT(all(own, "gut"), UnorderedElementsAre("prima", "toll", "klasse"));
  EXPECT_THAT(all(own, "很好"), UnorderedElementsAre("不错", "挺好"));
  EXPECT_THAT(all(own, "Nice"), UnorderedElementsAre("Very good"));
  EXPECT_FALSE(own.knows("prima"));
  EXPECT_EQ(own.longest(), 4);
}

TEST_F(LexiconFiles, a_wordnet_in_tabs_is_read_as_it_is) {
  const auto path = write("cmn.tab",
                          "# Chinese\tcmn\n1-v\tcmn:lemma\t丢失\n1-v\tcmn:lemma\t丢+弃\n"
                          "1-v\tcmn:lemma\t丢弃\n2-a\tcmn:lemma\t好\n2-a\tcmn:lemma\t不错\n");
  const Lexicon& tab = lexicon(path);
  EXPECT_THAT(all(tab, "丢失"), UnorderedElementsAre("丢弃"));
  EXPECT_THAT(all(tab, "不错"), UnorderedElementsAre("好"));
  EXPECT_THAT(all(tab, "好"), UnorderedElementsAre(""));  // one character is no word there
}

TEST_F(LexiconFiles, bad_tables_are_named_with_their_line) {
  for (const auto& [text, said] : {std::pair<std::string, std::string>{"gut\tprima\ngut\n", ":2:"},
                                   {"", "no synonyms"},
                                   {"gut\tpr\xffima\n", "UTF-8"}}) {
    try {
      read_synonyms(write("bad.tsv", text));
      FAIL() << text;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), Code::kData);
      EXPECT_THAT(e.what(), HasSubstr(said));
    }
  }
}

TEST_F(LexiconFiles, threads_read_a_lexicon_once) {
  const auto path = write("shared.tsv", "a\tb\n");
  std::vector<const Lexicon*> found(4);
  std::vector<std::thread> threads;
  for (auto& place : found) threads.emplace_back([&] { place = &lexicon(path); });
  for (auto& thread : threads) thread.join();
  for (const auto* one : found) EXPECT_EQ(one, found[0]);
}

TEST(Lexicon, the_installed_wordnet_knows_english) {
  if (!has_wordnet()) GTEST_SKIP() << "WordNet (Debian's wordnet-base) is not installed";
  const Lexicon& wordnet = lexicon("wordnet");
  EXPECT_TRUE(all(wordnet, "film").contains("movie"));
  EXPECT_TRUE(all(wordnet, "movies").contains("films"));
  EXPECT_TRUE(all(wordnet, "funny", 1).size() > 1);
  EXPECT_FALSE(wordnet.knows("xyzzyx"));
}

TEST(Lexicon, the_shared_chinese_wordnet_is_accepted_as_it_is) {
  const std::string path =
      std::string(REFRAIN_SOURCE_DIR) + "/../shared/data/text/cow-synonyms/wn-data-cmn.tab";
  if (!std::filesystem::exists(path)) GTEST_SKIP() << path << " is not there";
  const Lexicon& chinese = lexicon(path);
  EXPECT_TRUE(chinese.knows("丢弃"));
  EXPECT_FALSE(all(chinese, "丢弃").contains(""));
  EXPECT_GE(chinese.longest(), 4);
}

}  // namespace
}  // namespace refrain::augment
