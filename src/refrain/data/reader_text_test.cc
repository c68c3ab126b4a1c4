#include <gmock/gmock.h>

#include "refrain/data/reader_test_input.h"

namespace refrain::data {
namespace {

using testing::HasSubstr;

TEST(TextCsvReader, quotes_hold_delimiters_doubled_quotes_and_line_breaks) {
  const Dataset data = dataset_of(
      "label,review\n1,\"good, \"\"very\"\"\ngood\"\n0,plain \"quoted\" text\n", "tiny.csv");
  EXPECT_EQ(data.format, "text-csv");
  ASSERT_EQ(data.samples.size(), 2U);
  EXPECT_EQ(data.streams[0].name, "text");
  EXPECT_EQ(text_of(data, 0), "good, \"very\"\ngood");
  EXPECT_EQ(text_of(data, 1), "plain \"quoted\" text");
  EXPECT_EQ(data.samples[0].label, "1");
  EXPECT_EQ(data.samples[1].line, 4);
}

TEST(TextCsvReader, windows_line_ends_and_mark_change_nothing) {
  const Dataset data = dataset_of(as_windows("label,text\n1,\"a\"\n0,b\n"), "tiny.csv");
  EXPECT_EQ(text_of(data, 0), "a");
  EXPECT_EQ(text_of(data, 1), "b");
  EXPECT_EQ(data.samples[0].label, "1");
}

TEST(TextCsvReader, the_text_column_is_found_by_name_or_as_the_one_without_numbers) {
  const Dataset named = dataset_of("id\tTweet\tscore\ty\n7\thi\t3\tpos\n", "tiny.tsv");
  EXPECT_EQ(text_of(named, 0), "hi");
  EXPECT_EQ(named.samples[0].label, "pos");
  EXPECT_EQ(named.samples[0].id, "7");
  const Dataset found = dataset_of("stars,phrase,class\n3,hi you,pos\n4,no,neg\n", "tiny.csv");
  EXPECT_EQ(found.format, "text-csv");
  EXPECT_EQ(text_of(found, 0), "hi you");
}

TEST(TextCsvReader, options_name_the_columns) {
  ReadSpec spec;
  spec.text_column = "body";
  spec.target = "mood";
  const Dataset data = dataset_of("mood,body,more\nsad,a b,c\n", "tiny.csv", spec);
  EXPECT_EQ(data.format, "text-csv");
  EXPECT_EQ(text_of(data, 0), "a b");
  EXPECT_EQ(data.samples[0].label, "sad");
  spec.target = "modd";
  const Error error = error_of("mood,body,more\nsad,a b,c\n", "tiny.csv", spec);
  EXPECT_EQ(error.hint(), "did you mean 'mood'?");
}

TEST(TextCsvReader, a_file_of_texts_alone_is_unlabelled) {
  const Dataset data = dataset_of("text\nfirst\nsecond one\n", "new.csv");
  EXPECT_EQ(data.format, "text-csv");
  EXPECT_FALSE(data.has_labels);
  EXPECT_EQ(text_of(data, 1), "second one");
}

TEST(TextCsvReader, each_bad_row_is_reported_with_its_place) {
  EXPECT_EQ(message_of("label,text\n1,a,b\n1\n,c\n1,\"a\" b\n1,d\n1,\"open\n1,e\n", "t.csv"),
            "t.csv:2: 3 cells, but the header has 2\n"
            "t.csv:3: 1 cells, but the header has 2\n"
            "t.csv:5:2: text after the closing quote\n"
            "t.csv:7:2: this quote is never closed\n"
            "t.csv:4: no label, though other rows have one");
}

TEST(TextCsvReader, an_unclosed_quote_in_the_header_is_named) {
  EXPECT_EQ(message_of("label,\"text\n1,a\n", "t.csv", with_format("text-csv")),
            "t.csv:1:2: this quote is never closed");
}

TEST(TextCsvReader, two_candidates_for_the_text_are_a_question) {
  const Error error = error_of("a,b\nx,y\n", "t.csv", with_format("text-csv"));
  EXPECT_STREQ(error.what(), "t.csv:1: which column holds the text? The columns are a, b");
  EXPECT_EQ(error.hint(), "name it with --text-column, and the label's with --target");
}

TEST(FasttextReader, the_label_is_the_prefixed_word) {
  const std::string text = "__label__pos a fine film\n__label__neg\n";
  for (const auto& content : {text, as_windows(text)}) {
    const Dataset data = dataset_of(content, "tiny.txt");
    EXPECT_EQ(data.format, "fasttext");
    EXPECT_EQ(data.samples[0].label, "pos");
    EXPECT_EQ(text_of(data, 0), "a fine film");
    EXPECT_EQ(text_of(data, 1), "");
  }
}

TEST(FasttextReader, each_bad_row_is_reported_with_its_place) {
  EXPECT_EQ(message_of("__label__a x\n__label__a __label__b x\nnone\n__label__ y\n__label__b z\n",
                       "f.txt"),
            "f.txt:2: more than one label\n"
            "f.txt:4: __label__ without name\n"
            "f.txt:3: no label, though other rows have one\n"
            "f.txt:4: no label, though other rows have one");
}

TEST(LabelTextReader, the_first_word_is_the_label_and_the_text_may_be_empty) {
  const std::string text = "1 a fine , funny film\n0 \n0\tdull\n";
  for (const auto& content : {text, as_windows(text)}) {
    const Dataset data = dataset_of(content, "tiny.all");
    EXPECT_EQ(data.format, "label-text");
    ASSERT_EQ(data.samples.size(), 3U);
    EXPECT_EQ(data.samples[0].label, "1");
    EXPECT_EQ(text_of(data, 0), "a fine , funny film");
    EXPECT_EQ(text_of(data, 1), "");
    EXPECT_EQ(text_of(data, 2), "dull");
  }
}

TEST(TextTabLabelReader, the_label_stands_behind_the_tab) {
  const std::string text = "a fine, funny film\t1\ndull\t0\n\xe5\xa5\xbd\xe7\x9c\x8b\t1\n";
  for (const auto& content : {text, as_windows(text)}) {
    const Dataset data = dataset_of(content, "tiny.txt");
    EXPECT_EQ(data.format, "text-tab-label");
    EXPECT_EQ(data.samples[0].label, "1");
    EXPECT_EQ(text_of(data, 0), "a fine, funny film");
    EXPECT_EQ(text_of(data, 2), "\xe5\xa5\xbd\xe7\x9c\x8b");
  }
}

TEST(TextTabLabelReader, each_bad_row_is_reported_with_its_place) {
  EXPECT_EQ(message_of("a b\tx\nno tab\na\tb\tc\nd e\t\n", "t.txt", with_format("text-tab-label")),
            "t.txt:2: 0 tabs instead of one\n"
            "t.txt:3: 2 tabs instead of one\n"
            "t.txt:4: no label, though other rows have one");
}

TEST(JsonlReader, texts_have_labels_of_any_simple_kind) {
  const Dataset data = dataset_of("{\"text\": \"a \\u00e9\", \"label\": 1}\n", "tiny.jsonl");
  EXPECT_EQ(data.format, "jsonl");
  EXPECT_EQ(text_of(data, 0), "a \xc3\xa9");
  EXPECT_EQ(data.samples[0].label, "1");
}

TEST(JsonlReader, other_keys_are_named_by_options) {
  ReadSpec spec;
  spec.text_column = "body";
  spec.target = "mood";
  const std::string content =
      "{\"body\": \"x\", \"mood\": \"sad\"}\n{\"body\": 1, \"mood\": 2}\n{}\n";
  EXPECT_EQ(message_of(content, "t.jsonl", spec),
            "t.jsonl:2: 'body' must be a string\n"
            "t.jsonl:3: no key 'mood'\n"
            "t.jsonl:3: no key 'body'");
}

}  // namespace
}  // namespace refrain::data
