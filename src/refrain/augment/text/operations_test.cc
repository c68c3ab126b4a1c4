// The laws of the operations on text, over all of them where they hold for all.
#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "refrain/augment/operation.h"
#include "refrain/augment/pool.h"
#include "refrain/augment/text/edits.h"
#include "refrain/augment/text/likeness.h"
#include "refrain/augment/text/stop_words.h"
#include "refrain/augment/text/words.h"
#include "refrain/base/encoding.h"
#include "refrain/base/test_folder.h"

namespace refrain::augment {
namespace {

using base::Json;
using testing::AnyOf;

const std::vector<std::string> kAll = {"aeda",
                                       "eda",
                                       "synonym_replacement",
                                       "random_insertion",
                                       "random_swap",
                                       "random_deletion",
                                       "sentence_shuffle",
                                       "word_dropout",
                                       "typo",
                                       "entity_swap",
                                       "back_translation",
                                       "self_training"};

class TextOperations : public testing::Test {
 protected:
  void SetUp() override {
    std::ofstream(table_) << "good\tfine,decent\nfilm\tmovie,moving picture\nwatch\tsee\n"
                             "味道\t滋味\n不错\t挺好,很好\n喜欢\t喜爱\n";
    add("A good film that we watch again.", {"O", "O", "O", "O", "O", "O", "O"});
    add("Ann left New York", {"B-PER", "O", "B-LOC", "I-LOC"});
    add("Bob likes Rome", {"B-PER", "O", "B-LOC"});
  }

  void add(const std::string& text, std::vector<std::string> tags) {
    data::Sample sample;
    sample.streams = {text};
    sample.tags = std::move(tags);
    dataset_.samples.push_back(sample);
    dataset_.streams = {{"text", data::StreamKind::kText, 0, {}}};
  }

  std::unique_ptr<Operation> make(const std::string& name, Json options = Json::object()) const {
    const Kind& kind = operations().at(name);
    for (const auto& field : kind.fields) {
      if (field.name == "lexicon" && !options.contains("lexicon")) options["lexicon"] = table_;
    }
    return kind.make(options);
  }

  data::Sample apply(const Operation& operation, data::Sample sample, std::uint64_t seed) const {
    std::vector<int> training(dataset_.samples.size());
    for (std::size_t i = 0; i < training.size(); ++i) training[i] = static_cast<int>(i);
    const Pool pool(dataset_, training);
    Draw draw{base::Rng(seed), pool, -1};
    operation.apply(sample, draw);
    return sample;
  }

  std::string apply(const Operation& operation, const std::string& text, std::uint64_t seed) const {
    data::Sample sample;
    sample.streams = {text};
    return std::get<std::string>(apply(operation, sample, seed).streams[0]);
  }

  // One a test: a lexicon is read once.
  const base::TestFolder folder_;
  const std::string table_ = folder_.path("table.tsv");
  data::Dataset dataset_;
};

std::vector<std::string> tokens(const std::string& text) { return data::tokenise(text, false); }

// How many words of a do not stand at their place in b, for texts of equal length.
int changed(const std::string& a, const std::string& b) {
  const auto one = tokens(a), other = tokens(b);
  EXPECT_EQ(one.size(), other.size());
  int count = 0;
  for (std::size_t i = 0; i < one.size(); ++i) count += one[i] != other[i] ? 1 : 0;
  return count;
}

std::string words_of(int n) {
  std::string text;
  for (int i = 0; i < n; ++i) text += (i > 0 ? " word" : "word") + std::to_string(i);
  return text;
}

TEST_F(TextOperations, empty_and_one_word_texts_stay_legal) {
  for (const auto& name : kAll) {
    const auto operation = make(name);
    for (const char* text : {"", " ", "\n", "...", "good", "好", "Film!", "\xef\xbb\xbf"}) {
      for (std::uint64_t seed = 0; seed < 20; ++seed) {
        const std::string out = apply(*operation, text, seed);
        EXPECT_EQ(tokens(out).empty(), tokens(text).empty()) << name << " '" << text << "'";
      }
    }
  }
}

TEST_F(TextOperations, the_same_draw_gives_the_same_text) {
  const std::string text = "A good film. We watch it again! 味道不错，我很喜欢。 Fine.";
  for (const auto& name : kAll) {
    const auto operation = make(name);
    std::set<std::string> outputs;
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
      const std::string out = apply(*operation, text, seed);
      EXPECT_EQ(out, apply(*operation, text, seed)) << name;
      outputs.insert(out);
    }
    const bool still =  // nothing to swap here, and nobody who writes
        name == "entity_swap" || name == "back_translation" || name == "self_training";
    EXPECT_EQ(outputs.size() > 1, !still) << name;
  }
}

std::string utf8(char32_t c) {
  const auto byte = [](char32_t bits) { return static_cast<char>(bits); };
  if (c < 0x80) return {byte(c)};
  if (c < 0x800) return {byte(0xc0 | (c >> 6)), byte(0x80 | (c & 0x3f))};
  if (c < 0x10000) {
    return {byte(0xe0 | (c >> 12)), byte(0x80 | ((c >> 6) & 0x3f)), byte(0x80 | (c & 0x3f))};
  }
  return {byte(0xf0 | (c >> 18)), byte(0x80 | ((c >> 12) & 0x3f)), byte(0x80 | ((c >> 6) & 0x3f)),
          byte(0x80 | (c & 0x3f))};
}

TEST_F(TextOperations, random_texts_stay_valid_utf8_and_random_bytes_do_no_harm) {
  const std::u32string points =
      U"ab cE.,!?'-()“”0你好不错味道喜欢。，！é\u0301\u200d\u00ad👍❤\ufe0f한ก";
  base::Rng rng(5);
  for (const auto& name : kAll) {
    const auto operation = make(name);
    for (int i = 0; i < 300; ++i) {
      std::string text, bytes;
      const auto size = rng.below(30);
      for (std::uint64_t k = 0; k < size; ++k) {
        text += utf8(points[rng.below(points.size())]);
        bytes += static_cast<char>(rng.below(256));
      }
      const std::string out = apply(*operation, text, rng.next());
      EXPECT_EQ(base::first_invalid_utf8(out), std::string::npos) << name << ": " << text;
      EXPECT_EQ(tokens(out).empty(), tokens(text).empty()) << name << ": " << text;
      apply(*operation, bytes, rng.next());
    }
  }
}

// Tags are as many as pieces between blanks, and no I- follows another type.
void expect_legal(const data::Sample& sample, const std::string& name) {
  const auto& text = std::get<std::string>(sample.streams[0]);
  const Words words = cut(text, sample.tags);
  EXPECT_EQ(words.list.size(), sample.tags.size()) << name << ": " << text;
  std::string before = "O";
  for (const auto& tag : sample.tags) {
    if (tag.starts_with("I-")) {
      EXPECT_THAT(before, AnyOf("B-" + tag.substr(2), "I-" + tag.substr(2)))
          << name << ": " << text;
    }
    before = tag;
  }
}

TEST_F(TextOperations, tags_are_legal_after_every_operation) {
  data::Sample english, chinese;
  english.streams = {
      std::string("Yesterday Ann watch a good film in New York , U.S. . Then left .")};
  english.tags = {"O",     "B-PER", "O",     "O", "O", "O", "O", "B-LOC",
                  "I-LOC", "O",     "B-LOC", "O", "O", "O", "O"};
  chinese.streams = {std::string("我喜欢北京不错的味道")};
  chinese.tags = {"O", "O", "O", "B-LOC", "I-LOC", "O", "O", "O", "O", "O"};
  for (const auto& name : kAll) {
    const auto operation = make(name);
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
      for (const auto* sample : {&english, &chinese}) {
        const data::Sample out = apply(*operation, *sample, seed);
        expect_legal(out, name);
        const auto entities = [](const data::Sample& s) {
          return std::count_if(s.tags.begin(), s.tags.end(),
                               [](const auto& tag) { return tag.starts_with("B-"); });
        };
        EXPECT_EQ(entities(out), entities(*sample)) << name;
      }
    }
  }
}

TEST_F(TextOperations, entities_are_swapped_with_those_of_the_pool) {
  std::set<std::string> seen;
  const auto operation = make("entity_swap", {{"share", 1}});
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    seen.insert(std::get<std::string>(apply(*operation, dataset_.samples[2], seed).streams[0]));
  }
  EXPECT_THAT(seen, testing::UnorderedElementsAre("Ann likes New York", "Ann likes Rome",
                                                  "Bob likes New York", "Bob likes Rome"));
}

TEST_F(TextOperations, stop_words_and_names_stay_and_so_do_the_marks) {
  std::ofstream(table_, std::ios::app) << "we\tpeople\nthat\twhich\nfilms\tmovies\n";
  const auto replace = make("synonym_replacement", {{"alpha", 1}});
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    EXPECT_THAT(apply(*replace, "A good  film, that we watch; Good Film!", seed),
                testing::MatchesRegex("A (fine|decent)  (movie|moving picture), that we see; "
                                      "(Fine|Decent) Film!"));
  }
  EXPECT_THAT(apply(*replace, "GOOD FILM WATCH", 1),
              testing::Not(testing::ContainsRegex("GOOD|FILM|WATCH")))
      << "where most words begin with a capital none is a name for that";
  EXPECT_TRUE(is_stop_word("not"));
  EXPECT_TRUE(is_stop_word("的"));
}

TEST_F(TextOperations, alpha_is_the_share_of_words_that_change) {
  std::ofstream table(table_);
  for (int i = 0; i < 40; ++i) table << "word" << i << "\tother" << i << "\n";
  table.close();
  const std::string text = words_of(40);
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    EXPECT_EQ(changed(text, apply(*make("synonym_replacement", {{"alpha", 0.2}}), text, seed)), 8);
    EXPECT_EQ(changed(text, apply(*make("synonym_replacement", {{"alpha", 0.001}}), text, seed)),
              1);
    EXPECT_EQ(apply(*make("synonym_replacement", {{"alpha", 0}}), text, seed), text);
    EXPECT_EQ(tokens(apply(*make("random_insertion", {{"alpha", 0.2}}), text, seed)).size(), 48u);
    const int moved = changed(text, apply(*make("random_swap", {{"alpha", 0.1}}), text, seed));
    EXPECT_GE(moved, 2);
    EXPECT_LE(moved, 8);
  }
  double kept = 0;
  const auto deletion = make("random_deletion", {{"alpha", 0.25}});
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    kept += static_cast<double>(tokens(apply(*deletion, text, seed)).size());
  }
  EXPECT_NEAR(kept / 400, 30, 0.6);
}

TEST_F(TextOperations, words_that_change_places_leave_the_blanks_where_they_are) {
  EXPECT_EQ(apply(*make("random_swap", {{"alpha", 0.1}}), " one   two", 1), " two   one");
}

TEST_F(TextOperations, chinese_words_of_the_table_move_as_one) {
  const auto replace = make("synonym_replacement", {{"alpha", 0.5}});
  const auto deletion = make("random_deletion", {{"alpha", 0.5}});
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    seen.insert(apply(*replace, "味道不错！", seed));
    const std::string less = apply(*deletion, "味道不错！", seed);
    EXPECT_THAT(less, AnyOf("味道！", "不错！"));
  }
  EXPECT_TRUE(seen.contains("滋味不错！"));
  EXPECT_TRUE(seen.contains("味道挺好！"));
}

TEST_F(TextOperations, punctuation_leaves_the_words_in_order) {
  const auto aeda = make("aeda");
  const auto plain = [](const std::string& text) {
    std::string out;
    for (const Word& word : cut(text).list)
      out += word.is_mark() ? "" : std::string(word.text) + " ";
    return out;
  };
  for (const char* text : {"a good film that we watch", "味道不错我很喜欢"}) {
    for (std::uint64_t seed = 0; seed < 50; ++seed) {
      const std::string out = apply(*aeda, text, seed);
      EXPECT_EQ(plain(out), plain(text));
      const auto more = tokens(out).size() - tokens(text).size();
      EXPECT_GE(more, 1u);
      EXPECT_LE(more, 1 + tokens(text).size() * 3 / 10);
    }
  }
}

TEST_F(TextOperations, punctuation_comes_anywhere) {
  const auto aeda = make("aeda", {{"share", 0.1}});  // one mark
  std::set<std::size_t> places;
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const auto out = tokens(apply(*aeda, "good film", seed));
    for (std::size_t i = 0; i < out.size(); ++i) {
      if (out[i] != "good" && out[i] != "film") places.insert(i);
    }
  }
  EXPECT_EQ(places, (std::set<std::size_t>{0, 1, 2}));
}

TEST_F(TextOperations, sentences_change_places_and_stay_whole) {
  const auto shuffle = make("sentence_shuffle");
  std::set<std::string> seen;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    seen.insert(apply(*shuffle, "Mr. A paid 3.5 euros. So what?!  \"Fine.\" End", seed));
    EXPECT_EQ(apply(*shuffle, "One sentence only.", seed), "One sentence only.");
    EXPECT_EQ(apply(*shuffle, "很好。不错！", seed), "不错！很好。");
  }
  EXPECT_TRUE(seen.contains("So what?! Mr. A paid 3.5 euros.  \"Fine.\" End"));
  EXPECT_GT(seen.size(), 15u);  // of the 23 orders of four but the one that was
  EXPECT_FALSE(seen.contains("Mr. A paid 3.5 euros. So what?!  \"Fine.\" End"));
}

TEST_F(TextOperations, dropped_words_become_the_mark) {
  const auto dropout = make("word_dropout", {{"rate", 1}, {"mark", "_"}});
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    const std::string out = apply(*dropout, "good old film.", seed);
    EXPECT_THAT(out, AnyOf("good _ _.", "_ old _.", "_ _ film."));
  }
}

TEST_F(TextOperations, slips_stay_near_the_word) {
  const auto typo = make("typo", {{"share", 1}});
  std::set<std::size_t> sizes;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const std::string out = apply(*typo, "Keyboard", seed);
    EXPECT_EQ(out[0], 'K');
    EXPECT_GT(likeness(out, "Keyboard"), 0.3) << out;
    sizes.insert(out.size());
  }
  EXPECT_EQ(sizes, (std::set<std::size_t>{7, 8, 9}));
  EXPECT_EQ(apply(*typo, "a cat", 1), "a cat");  // too short
}

TEST_F(TextOperations, slips_go_to_the_neighbours_on_the_keyboard) {
  const std::vector<std::pair<const char*, std::set<char>>> keyboards = {
      {"qwerty", {'q', 'w', 's', 'z'}}, {"qwertz", {'q', 'w', 's', 'y'}}, {"azerty", {'z', 'q'}}};
  for (const auto& [keyboard, neighbours] : keyboards) {
    const auto typo = make("typo", {{"share", 1}, {"keyboard", keyboard}});
    std::set<char> found;
    for (std::uint64_t seed = 0; seed < 300; ++seed) {
      for (const char c : apply(*typo, "aaaaa", seed)) found.insert(c);
    }
    found.erase('a');
    EXPECT_EQ(found, neighbours) << keyboard;
  }
}

TEST_F(TextOperations, eda_leaves_one_text_of_its_copies_alone) {
  const auto eda = make("eda", {{"n_aug", 4}, {"alpha", 0.2}});
  int same = 0;
  const std::string text = words_of(20);
  for (std::uint64_t seed = 0; seed < 1000; ++seed) same += apply(*eda, text, seed) == text ? 1 : 0;
  // A fifth, and the half of the rest that needs synonyms, which the table does not have.
  EXPECT_NEAR(same / 1000.0, 0.2 + 0.8 / 2, 0.06);
  const auto half = make("eda", {{"n_aug", 1}, {"alpha", 0.2}});
  same = 0;
  for (std::uint64_t seed = 0; seed < 1000; ++seed)
    same += apply(*half, text, seed) == text ? 1 : 0;
  EXPECT_NEAR(same / 1000.0, 0.5 + 0.5 / 2, 0.06);
}

}  // namespace
}  // namespace refrain::augment
