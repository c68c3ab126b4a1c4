// Readers of raw texts with spans: JSON Lines of several tools, and brat.
#include <gmock/gmock.h>

#include "refrain/base/error.h"
#include "refrain/base/files.h"
#include "refrain/base/test_folder.h"
#include "refrain/data/raw_text.h"
#include "refrain/data/reader.h"
#include "refrain/data/reader_test_input.h"
#include "refrain/data/writer.h"

namespace refrain::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string words_of_first(const Dataset& d) {
  return std::get<std::string>(d.samples.at(0).streams.at(0));
}

TEST(ReaderSpans, every_tools_way_to_write_them_is_known) {
  const std::string text = R"({"text": "Ann Lee sees Rome.", )";
  for (
      const std::string spans :
      {R"("spans": [{"start": 0, "end": 7, "label": "PER"}, {"start": 13, "end": 17, "label": "LOC"}])",
       R"("label": [[13, 17, "LOC"], [0, 7, "PER"]])",
       R"("labels": [[0, 7, "PER"], [13, 17, "LOC"]])",
       R"("entities": [[0, 7, "PER"], [13, 17, "LOC"]])",
       R"("ents": [{"start": 0, "end": 7, "label": "PER"}, {"start": 13, "end": 17, "label": "LOC"}])",
       R"("entities": [{"id": 1, "label": "PER", "start_offset": 0, "end_offset": 7},
                        {"id": 2, "label": "LOC", "start_offset": 13, "end_offset": 17}])",
       R"("label": [{"start": 0, "end": 7, "labels": ["PER"]}, {"start": 13, "end": 17, "labels": ["LOC"]}])"}) {
    std::string line = text + spans + "}";
    std::replace(line.begin(), line.end(), '\n', ' ');
    const Dataset d = dataset_of(line, "a.jsonl");
    EXPECT_EQ(d.format, "jsonl");
    EXPECT_TRUE(d.has_tags) << line;
    EXPECT_FALSE(d.has_labels) << line;
    EXPECT_EQ(words_of_first(d), "Ann Lee sees Rome .") << line;
    EXPECT_THAT(d.samples[0].tags, ElementsAre("B-PER", "I-PER", "O", "B-LOC", "O")) << line;
    ASSERT_NE(d.samples[0].raw, nullptr);
    EXPECT_EQ(d.samples[0].raw->text, "Ann Lee sees Rome.");
  }
}

TEST(ReaderSpans, spacy_examples_are_pairs) {
  const Dataset d = dataset_of(
      "[[\"Ann sees Rome\", {\"entities\": [[9, 13, \"LOC\"]]}],\n [\"no\", {\"entities\": []}]]",
      "a.json");
  ASSERT_EQ(d.samples.size(), 2U);
  EXPECT_THAT(d.samples[0].tags, ElementsAre("O", "O", "B-LOC"));
  EXPECT_THAT(d.samples[1].tags, ElementsAre("O"));
}

TEST(ReaderSpans, other_keys_of_these_names_stay_what_they_were) {
  const Dataset one = dataset_of(
      "{\"text\": \"a b\", \"label\": \"x\"}\n{\"text\": \"c\", \"label\": \"y\"}", "a.jsonl");
  EXPECT_TRUE(one.has_labels);
  EXPECT_FALSE(one.has_tags);
  EXPECT_EQ(one.samples[0].raw, nullptr);
  const Dataset names = dataset_of(
      R"({"text": "in Rome, Ann", "label": "x", "entities": ["Rome", "Ann"]})", "a.jsonl");
  EXPECT_EQ(words_of_first(names), "in Rome, Ann");
  EXPECT_THAT(names.not_read, ElementsAre("entities"));
  const Dataset numbers = dataset_of(R"({"text": "a", "label": [1.5, 2]})", "a.jsonl");
  EXPECT_EQ(numbers.samples[0].label, "1.5 2");
  const Dataset both =
      dataset_of(R"({"text": "to Rome", "label": "trip", "spans": [[3, 7, "LOC"]]})", "a.jsonl");
  EXPECT_EQ(both.samples[0].label, "trip");
  EXPECT_THAT(both.samples[0].tags, ElementsAre("O", "B-LOC"));
}

TEST(ReaderSpans, a_key_is_found_behind_empty_lists_and_by_its_name) {
  const Dataset d = dataset_of(
      "{\"text\": \"hm\", \"label\": []}\n{\"text\": \"in Rome\", \"label\": [[3, 7, \"LOC\"]]}",
      "a.jsonl");
  EXPECT_THAT(d.samples[0].tags, ElementsAre("O"));
  EXPECT_THAT(d.samples[1].tags, ElementsAre("O", "B-LOC"));
  EXPECT_TRUE(dataset_of(R"({"text": "hm", "label": []})", "a.jsonl").has_tags);
  ReadSpec spec;
  spec.tag_column = "names";
  const std::string line =
      R"({"text": "in Rome", "names": [[3, 7, "LOC"]], "spans": [[0, 2, "X"]]})";
  EXPECT_THAT(dataset_of(line, "a.jsonl", spec).samples[0].tags, ElementsAre("O", "B-LOC"));
  EXPECT_THAT(message_of("{\"text\": \"a\", \"spans\": []}\n{\"text\": \"b\"}", "a.jsonl"),
              HasSubstr("a.jsonl:2: no key 'spans'; a text without spans has an empty list"));
}

TEST(ReaderSpans, characters_of_unicode_are_counted) {
  const Dataset d = dataset_of(
      R"({"text": "🙂在北京,Zürich", "spans": [[2, 4, "LOC"], [5, 11, "LOC"]]})", "a.jsonl");
  EXPECT_THAT(d.samples[0].tags, ElementsAre("O", "O", "B-LOC", "I-LOC", "O", "B-LOC"));
}

TEST(ReaderSpans, spans_beside_words_are_named_and_never_moved) {
  const auto message = [](const std::string& spans) {
    return message_of(R"({"text": "York-based Ann  sees Rome", "spans": )" + spans + "}",
                      "a.jsonl");
  };
  EXPECT_EQ(message(R"([[0, 4, "LOC"]])"),
            "a.jsonl:1: span 0-4 'LOC' ends inside the word 'York-based'");
  EXPECT_EQ(message(R"([[12, 14, "PER"]])"),
            "a.jsonl:1: span 12-14 'PER' begins inside the word 'Ann'");
  EXPECT_EQ(message(R"([[11, 15, "PER"]])"), "a.jsonl:1: span 11-15 'PER' ends beside a word");
  EXPECT_EQ(message(R"([[21, 40, "LOC"]])"),
            "a.jsonl:1: span 21-40 'LOC' ends past the text, which has 25 characters");
  EXPECT_EQ(message(R"([[11, 11, "PER"]])"), "a.jsonl:1: span 11-11 'PER' holds nothing");
  EXPECT_EQ(message(R"([[-3, 4, "PER"]])"), "a.jsonl:1: span -3-4 'PER' holds nothing");
  EXPECT_THAT(message(R"([[11, 14, ""]])"), HasSubstr("a label is a word"));
  EXPECT_EQ(message(R"([["a", 4, "PER"]])"),
            "a.jsonl:1: 'spans'[0]: start and end must be whole numbers");
  EXPECT_EQ(
      message(R"([[11, 14, "PER"], [1]])"),
      "a.jsonl:1: 'spans'[1] is not {\"start\":, \"end\":, \"label\":} or [start, end, label]");
  EXPECT_EQ(message(R"([{"start": 1, "end": 2}])"), "a.jsonl:1: 'spans'[0]: no label");
}

TEST(ReaderSpans, spans_that_overlap_are_listed) {
  const std::string lines =
      "{\"text\": \"Bank of Rome now\", \"spans\": [[0, 12, \"ORG\"], [8, 12, \"LOC\"], [8, 16, "
      "\"X\"]]}\n"
      "{\"text\": \"ok\", \"spans\": []}\n"
      "{\"text\": \"Rome\", \"spans\": [[0, 4, \"LOC\"], [0, 4, \"LOC\"]]}\n";
  EXPECT_EQ(message_of(lines, "a.jsonl"),
            "a.jsonl:1: span 0-12 'ORG' and span 8-12 'LOC' overlap\n"
            "a.jsonl:1: span 0-12 'ORG' and span 8-16 'X' overlap\n"
            "a.jsonl:3: span 0-4 'LOC' and span 0-4 'LOC' overlap");
}

TEST(ReaderSpans, offsets_in_other_units_are_recognised) {
  const Error bytes = error_of(
      "{\"text\": \"hi\", \"spans\": []}\n{\"text\": \"在北京 ok\", \"spans\": [[3, 9, \"LOC\"]]}",
      "a.jsonl");
  EXPECT_THAT(bytes.what(), HasSubstr("a.jsonl: the offsets of spans count bytes, not characters"));
  EXPECT_THAT(bytes.hint(), HasSubstr("len(text.encode()[:start].decode())"));
  const Error utf16 = error_of(R"({"text": "🙂 Rome", "spans": [[3, 7, "LOC"]]})", "a.jsonl");
  EXPECT_THAT(utf16.what(), HasSubstr("count UTF-16 units, not characters"));
  // One span that fits neither way: the offsets are simply wrong.
  EXPECT_THAT(
      message_of(R"({"text": "在北京 ok", "spans": [[3, 9, "LOC"], [4, 5, "X"]]})", "a.jsonl"),
      HasSubstr("ends past the text"));
}

TEST(ReaderSpans, what_is_written_reads_back_with_the_raw_text) {
  const std::string line =
      R"({"text": "Ann  Lee, Zürich.", "spans": [[0, 8, "PER"], [10, 16, "LOC"]]})";
  Dataset d = dataset_of(line, "a.jsonl");
  const std::string written = write_samples(d, "jsonl");
  EXPECT_THAT(written, HasSubstr(R"("spans":[{"start":0,"end":8,"label":"PER"},{"start":10)"));
  const Dataset back = dataset_of(written, "b.jsonl");
  EXPECT_EQ(back.samples[0].tags, d.samples[0].tags);
  EXPECT_EQ(back.samples[0].raw->text, d.samples[0].raw->text);
  d.samples[0].streams[0] = "Bob Lee , Zürich .";  // changed since it was read
  EXPECT_THAT(write_samples(d, "jsonl"), HasSubstr(R"("tokens":["Bob","Lee",)"));
}

TEST(ReaderSpans, texts_to_predict_need_none) {
  const Dataset d = dataset_of(R"({"text": "in Rome", "spans": [[3, 7, "LOC"]]})", "a.jsonl");
  Expected expected = expected_like(d);
  EXPECT_EQ(d.columns.tag, "spans");
  EXPECT_TRUE(expected.tagged);
  const auto read = [&](const std::string& lines) {
    return read_bytes(lines, "b.jsonl", {}, base::Log(), &expected);
  };
  EXPECT_THROW(read(R"({"text": "in Rome"})"), Error);
  expected.labelled = false;
  const Dataset plain = read(R"({"text": "in Rome"})");
  EXPECT_FALSE(plain.has_tags);
  EXPECT_EQ(words_of_first(plain), "in Rome");
}

class Brat : public testing::Test {
 protected:
  void put(const std::string& name, const std::string& text) { folder_.write(name, text); }
  Dataset read() const { return data::read(folder_.path(), {}, {}); }
  Error error() const {
    try {
      read();
    } catch (const Error& error) {
      return error;
    }
    return Error(Code::kInternal, "read");
  }
  std::string message() const { return error().what(); }

  base::TestFolder folder_;
};

TEST_F(Brat, lines_are_sentences_and_documents_groups) {
  put("b.txt", "Ann sees Rome.\n\n在北京 it is.\n");
  put("b.ann",
      "T1\tPER 0 3\tAnn\nT2\tLOC 9 13\tRome\nR1\tIn Arg1:T1 Arg2:T2\nT3\tLOC 17 "
      "19\t北京\n#1\tnote\n");
  put("a.txt", "Nothing here");
  put("a.ann", "");
  put(".hidden.txt", "x");
  const Dataset d = read();
  EXPECT_EQ(d.format, "brat");
  EXPECT_TRUE(d.has_tags);
  ASSERT_EQ(d.samples.size(), 3U);
  EXPECT_THAT(d.samples[0].tags, ElementsAre("O", "O"));
  EXPECT_EQ(d.samples[0].group, "a");
  EXPECT_THAT(d.samples[1].tags, ElementsAre("B-PER", "O", "B-LOC", "O"));
  EXPECT_THAT(d.samples[2].tags, ElementsAre("O", "B-LOC", "I-LOC", "O", "O", "O"));
  EXPECT_EQ(d.samples[2].id, "b:3");
  EXPECT_EQ(d.samples[2].line, 3);
  EXPECT_EQ(d.samples[2].raw->text, "在北京 it is.");
  EXPECT_THAT(d.samples[2].raw->begin, ElementsAre(0, 1, 2, 4, 7, 9));
}

TEST_F(Brat, one_document_is_no_group) {
  put("a.txt", "Ann\r\nin Rome\r\n");
  // Made where a line ends with two characters, and where it ends with one.
  for (const char* place : {"8 12", "7 11"}) {
    put("a.ann", std::string("T1\tLOC ") + place + "\tRome\r\n");
    EXPECT_EQ(read().samples[0].group, "");
    EXPECT_THAT(read().samples[1].tags, ElementsAre("O", "B-LOC")) << place;
  }
}

TEST_F(Brat, bad_spans_are_listed) {
  put("a.txt", "Bank of Rome\nis near York-based firms\n");
  put("a.ann",
      "T1\tORG 0 12\tBank of Rome\nT2\tLOC 8 12\tRome\nT3\tX 0 4;8 12\tBank Rome\nT4\tX 8 "
      "15\tRome\nis\n"
      "T5\tX 13 15\tas\nT6\tLOC 21 25\tYork\nT7\tX 90 95\tpast\nT8\tX a b\t?\n");
  EXPECT_EQ(message(),
            "a.ann:3: 'T3': a span in several pieces\n"
            "a.ann:9: 'T8': not an id, a tab, a type and two offsets, a tab, a text\n"
            "a.ann: T4 crosses a line end, or ends past the text\n"
            "a.ann: T5 is 'as', and the text has 'is' there\n"
            "a.ann: T7 is not in the text\n"
            "a.txt:1: T1 'ORG' and T2 'LOC' overlap\n"
            "a.txt:2: T6 'LOC' ends inside the word 'York-based'");
}

TEST_F(Brat, offsets_in_bytes_are_recognised) {
  put("a.txt", "Zürich\nliebt Köln\n");
  put("a.ann", "T1\tLOC 14 19\tKöln\n");
  EXPECT_EQ(message(), "a.ann: its offsets count bytes, not characters");
}

TEST_F(Brat, every_text_needs_its_annotations_but_to_predict) {
  put("a.txt", "Ann in Rome");
  put("a.ann", "T1\tLOC 7 11\tRome\n");
  put("b.txt", "Bob");
  EXPECT_THAT(message(), HasSubstr("b.txt has no "));
  Expected expected;
  const Dataset d = read_expected(folder_.path(), {}, expected, {});
  ASSERT_EQ(d.samples.size(), 2U);
  EXPECT_FALSE(d.has_tags);
  EXPECT_EQ(words_of_first(d), "Ann in Rome");
}

}  // namespace
}  // namespace refrain::data
