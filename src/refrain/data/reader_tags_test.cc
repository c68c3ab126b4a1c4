// Readers of tagged text: CoNLL columns, parallel files, JSON Lines; and their writer.
#include <gmock/gmock.h>

#include "refrain/base/error.h"
#include "refrain/base/test_folder.h"
#include "refrain/data/reader.h"
#include "refrain/data/reader_test_input.h"
#include "refrain/data/writer.h"

namespace refrain::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string sentence_of(const Sample& sample) { return std::get<std::string>(sample.streams[0]); }

TEST(ReaderTags, columns_with_blanks_documents_and_another_scheme) {
  const Dataset d = dataset_of(
      "-DOCSTART- -X- O O\n\nWest NNP I-NP I-MISC\nIndian NNP I-NP I-MISC\r\nPhil NNP I-NP I-PER\n"
      "\n\nLONDON NNP I-NP B-LOC\n. . O O",
      "eng.train");
  EXPECT_EQ(d.format, "conll");
  EXPECT_FALSE(d.has_labels);
  ASSERT_EQ(d.samples.size(), 2U);
  EXPECT_EQ(sentence_of(d.samples[0]), "West Indian Phil");
  EXPECT_THAT(d.samples[0].tags, ElementsAre("B-MISC", "I-MISC", "B-PER"));
  EXPECT_EQ(d.samples[0].line, 3);
  EXPECT_THAT(d.samples[1].tags, ElementsAre("B-LOC", "O"));
}

TEST(ReaderTags, numbers_behind_characters_are_left_out) {
  const Dataset d =
      dataset_of("李0\tB-PER\n四1\tI-PER\n看0\tO\nN0\tO\n10\tO\n\n你0\tO\n", "w.train");
  EXPECT_EQ(sentence_of(d.samples[0]), "李 四 看 N 1");
  ASSERT_EQ(d.remarks.size(), 1U);
  EXPECT_EQ(sentence_of(dataset_of("a1\tO\nb2\tB-X\n", "w.conll").samples[0]), "a1 b2");
}

TEST(ReaderTags, bad_lines_are_named) {
  const std::string good = "EU B-ORG\nsays O\n\n";
  std::string many;
  for (int i = 0; i < 100; ++i) many += good;
  EXPECT_THAT(message_of(many + "Peter NNP B-PER\n", "c.txt"),
              HasSubstr("c.txt:301: 3 columns; line 1 has 2"));
  EXPECT_THAT(message_of(many + "Peter\t\n", "c.txt"), HasSubstr("c.txt:301: a word or tag is"));
  EXPECT_THAT(message_of(many + "\tO\n", "c.txt"), HasSubstr("c.txt:301: a word or tag is"));
  EXPECT_THAT(message_of(many + "New York\tO\n", "c.txt"), HasSubstr("'New York' holds a blank"));
}

TEST(ReaderTags, tags_are_something_to_learn_and_who_wants_labels_is_told) {
  const base::TestFolder folder;
  const Dataset d = read_labelled(folder.write("a.conll", "EU B-ORG\nsays O\n"), {}, {});
  EXPECT_TRUE(d.has_tags);
  try {
    require_labels(d);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("its words have tags, and its texts no labels"));
  }
}

TEST(ReaderTags, json_lines_have_tokens_and_tags) {
  const Dataset d =
      dataset_of(R"({"tokens": ["EU", "says"], "tags": ["S-ORG", "O"], "label": "x"})", "a.jsonl");
  EXPECT_EQ(sentence_of(d.samples[0]), "EU says");
  EXPECT_THAT(d.samples[0].tags, ElementsAre("B-ORG", "O"));
  const Dataset s = dataset_of(R"({"series": [1, 2], "tags": ["a", "b"]})", "a.jsonl");
  EXPECT_THAT(s.samples[0].tags, ElementsAre("a", "b"));
  EXPECT_THAT(message_of(R"({"tokens": ["EU"], "tags": ["O", "O"]})", "a.jsonl"),
              HasSubstr("2 tags for 1 tokens"));
  const Dataset blank = dataset_of(R"({"tokens": ["E U", " "], "tags": ["O", "O"]})", "a.jsonl");
  EXPECT_EQ(sentence_of(blank.samples[0]), "E\u00a0U \u00a0");
  EXPECT_THAT(blank.remarks, testing::Contains(HasSubstr("2 words held blanks")));
  EXPECT_THAT(message_of(R"({"tokens": ["EU", ""], "tags": ["O", "O"]})", "a.jsonl"),
              HasSubstr("token 2 is empty"));
  EXPECT_THAT(message_of(R"({"text": "EU", "tags": ["O"]})", "a.jsonl"),
              HasSubstr("'tags' without 'tokens'"));
  EXPECT_THAT(message_of(R"({"series": [1], "tags": "a"})", "a.jsonl"),
              HasSubstr("'tags' must be a list of strings"));
}

TEST(ReaderTags, what_is_written_reads_back) {
  Dataset d = dataset_of("EU B-ORG\nsays O\n\n李 B-PER\n", "c.conll");
  for (const char* extension : {"conll", "jsonl"}) {
    const Dataset back = dataset_of(write_samples(d, extension), std::string("d.") + extension);
    ASSERT_EQ(back.samples.size(), 2U) << extension;
    EXPECT_EQ(sentence_of(back.samples[0]), "EU says");
    EXPECT_THAT(back.samples[0].tags, ElementsAre("B-ORG", "O"));
  }
  EXPECT_FALSE(can_write(d, "ts"));
  d.has_labels = true;
  EXPECT_FALSE(can_write(d, "csv"));
  EXPECT_FALSE(can_write(d, "conll"));
}

class WordTagFolder : public testing::Test {
 protected:
  void put(const char* name, const std::string& text) { folder_.write(name, text); }
  Dataset read() const { return data::read(folder_.path(), {}, {}); }
  std::string message() const {
    try {
      read();
    } catch (const Error& error) {
      return error.what();
    }
    return {};
  }

  base::TestFolder folder_;
};

TEST_F(WordTagFolder, words_tags_and_labels_go_line_by_line) {
  put("seq.in", "flights to  boston\nhello\n");
  put("seq.out", "O O I-city\nO\n");
  EXPECT_FALSE(read().has_labels);
  put("label", "flight\ngreeting\n");
  const Dataset d = read();
  EXPECT_EQ(d.format, "word-tag-folder");
  ASSERT_EQ(d.samples.size(), 2U);
  EXPECT_EQ(sentence_of(d.samples[0]), "flights to boston");
  EXPECT_THAT(d.samples[0].tags, ElementsAre("O", "O", "B-city"));
  EXPECT_EQ(d.samples[1].label, "greeting");
}

TEST_F(WordTagFolder, files_that_do_not_fit_are_named) {
  put("seq.in", "flights to boston\n");
  put("seq.out", "O O\n");
  EXPECT_THAT(message(), HasSubstr("seq.in:1: 3 words, and 2 tags in seq.out"));
  put("seq.out", "O O O\nO\n");
  EXPECT_THAT(message(), HasSubstr("seq.out has 2 lines, and seq.in 1"));
  put("seq.in", "a\n\xff b\n");
  EXPECT_THAT(message(), HasSubstr("seq.in:2: not utf-8"));
}

TEST_F(WordTagFolder, empty_lines_are_texts_of_no_words_and_windows_ends_are_line_ends) {
  put("seq.in", "to boston\r\n\r\nhello\r\n");
  put("seq.out", "O B-city\r\n\r\nO\r\n");
  const Dataset d = read();
  ASSERT_EQ(d.samples.size(), 3U);
  EXPECT_TRUE(d.has_tags);
  EXPECT_THAT(d.samples[0].tags, ElementsAre("O", "B-city"));
  EXPECT_EQ(sentence_of(d.samples[1]), "");
}

TEST_F(WordTagFolder, a_folder_to_predict_needs_words_alone) {
  put("seq.in", "flights to u.s. cities\n");
  Expected expected;
  const Dataset d = read_expected(folder_.path(), {}, expected, {});
  EXPECT_EQ(d.format, "word-tag-folder");
  EXPECT_FALSE(d.has_tags);
  EXPECT_TRUE(d.samples[0].in_words);
}

}  // namespace
}  // namespace refrain::data
