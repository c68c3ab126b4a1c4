// Readers of tags beside words and steps: CoNLL columns by number and name, documents, CoNLL-U, CSV
// with a word a row, series with a tag a step; what a file to predict may lack.
#include <gmock/gmock.h>

#include "refrain/base/error.h"
#include "refrain/base/test_folder.h"
#include "refrain/data/raw_text.h"
#include "refrain/data/reader.h"
#include "refrain/data/reader_test_input.h"
#include "refrain/data/recognised.h"
#include "refrain/data/writer.h"

namespace refrain::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

ReadSpec with_tags(const std::string& column) {
  ReadSpec spec;
  spec.tag_column = column;
  return spec;
}

TEST(ReaderWords, conll_columns_are_named_by_number) {
  const std::string file = "1 EU NNP B-ORG x\n2 says VBZ O y\n\n1 No DT O z\n";
  ReadSpec spec = with_tags("4");
  spec.text_column = "2";
  const Dataset d = dataset_of(file, "c.txt", spec);
  EXPECT_EQ(d.format, "conll");
  EXPECT_EQ(text_of(d, 0), "EU says");
  EXPECT_THAT(d.samples[0].tags, ElementsAre("B-ORG", "O"));
  spec.tag_column = "-3";
  EXPECT_THAT(dataset_of(file, "c.txt", spec).samples[0].tags, ElementsAre("NNP", "VBZ"));
  EXPECT_EQ(dataset_of(file, "c.txt", spec).tag_scheme, "plain");
  spec.tag_column = "6";
  spec.format = "conll";
  const Error error = error_of(file, "c.txt", spec);
  EXPECT_STREQ(error.what(), "c.txt:1: no column '6' (--tag-column); there are 5");
  EXPECT_EQ(error.hint(), "give its number: --tag-column 1 is the first, -1 the last");
}

TEST(ReaderWords, conll_columns_have_names_behind_global_columns) {
  const std::string file =
      "# global.columns = ID FORM UPOS NER\n# newdoc\n# text = EU says\n1\tEU\tPROPN\tB-ORG\n"
      "2\tsays\tVERB\tO\n\n1-2\tvom\t_\t_\n1\tvon\tADP\tO\n2\t#\tSYM\tO\n\n# "
      "newdoc\n1\tJa\tINTJ\tO\n";
  const Dataset d = dataset_of(file, "c.txt", with_tags("ner"));
  EXPECT_EQ(d.format, "conll");
  ASSERT_EQ(d.samples.size(), 3U);
  EXPECT_EQ(text_of(d, 1), "von #");
  EXPECT_THAT(d.samples[0].tags, ElementsAre("B-ORG", "O"));
  EXPECT_EQ(d.samples[1].group, "document 1 (EU says)");
  EXPECT_EQ(d.samples[2].group, "document 2 (Ja)");
  EXPECT_THAT(message_of(file, "c.txt", with_tags("NERR")),
              HasSubstr("no column 'NERR' (--tag-column); the columns are ID, FORM, UPOS, NER"));
}

TEST(ReaderWords, global_columns_must_name_all_columns) {
  EXPECT_EQ(message_of("# global.columns = FORM\nEU\tx\tO\n", "c.txt"),
            "c.txt:2: 3 columns, and 1 names of columns");
}

TEST(ReaderWords, conll_u_is_known_by_its_columns) {
  const std::string file =
      "# sent_id = 1\n1\tNew York\t_\tPROPN\t_\t_\t0\troot\t_\t_\n"
      "1.1\tghost\t_\t_\t_\t_\t_\t_\t_\t_\n2\tsleeps\t_\tVERB\t_\t_\t1\tx\t_\t_\n";
  const Dataset d = dataset_of(file, "u.txt");
  EXPECT_EQ(d.format, "conll");
  EXPECT_EQ(d.tag_scheme, "plain");
  EXPECT_EQ(text_of(d, 0), "New\u00a0York sleeps");
  EXPECT_THAT(d.samples[0].tags, ElementsAre("PROPN", "VERB"));
  EXPECT_THAT(d.remarks, testing::Contains(HasSubstr("1 word held blanks")));
  EXPECT_THAT(dataset_of(file, "u.txt", with_tags("DEPREL")).samples[0].tags,
              ElementsAre("root", "x"));
}

TEST(ReaderWords, documents_are_groups_where_there_are_several) {
  const std::string mark = "-DOCSTART- O\n\n", a = "EU B-ORG\n\n", b = "No O\n\nYes O\n\n";
  const auto groups = [](const Dataset& d) {
    std::vector<std::string> out;
    for (const auto& sample : d.samples) out.push_back(sample.group);
    return out;
  };
  EXPECT_THAT(groups(dataset_of(mark + a + mark + b, "c.txt")),
              ElementsAre("document 1 (EU)", "document 2 (No)", "document 2 (No)"));
  EXPECT_THAT(groups(dataset_of(mark + a + b + mark, "c.txt")), ElementsAre("", "", ""));
  EXPECT_THAT(groups(dataset_of(a + b, "c.txt")), ElementsAre("", "", ""));
}

TEST(ReaderWords, words_keep_their_commas) {
  const Dataset d = dataset_of("1,5\tB-X\n10,000\tI-X\n3,5\tO\n", "c.txt");
  EXPECT_EQ(text_of(d, 0), "1,5 10,000 3,5");
  const Dataset csv = dataset_of("sentence;word;tag\n1;1,5;B-X\n1;2,5;O\n", "c.csv");
  EXPECT_EQ(csv.format, "word-csv");
  EXPECT_EQ(text_of(csv, 0), "1,5 2,5");
}

TEST(ReaderWords, a_long_sentence_is_read_whole) {
  std::string conll, words, tags;
  for (int i = 0; i < 10000; ++i) {
    const std::string word = "w" + std::to_string(i);
    const char* tag = i % 3 == 0 ? "B-X" : "O";
    conll += word + "\t" + tag + "\n";
    words += (i > 0 ? "," : "") + ("\"" + word + "\"");
    tags += (i > 0 ? "," : "") + (std::string("\"") + tag + "\"");
  }
  const Dataset d = dataset_of(conll, "c.txt");
  ASSERT_EQ(d.samples.size(), 1U);
  EXPECT_EQ(d.samples[0].tags.size(), 10000U);
  EXPECT_TRUE(d.has_tags);
  const Dataset j =
      dataset_of("{\"tokens\": [" + words + "], \"tags\": [" + tags + "]}", "c.jsonl");
  EXPECT_EQ(j.samples[0].tags, d.samples[0].tags);
}

TEST(ReaderWords, all_tags_may_be_outside) {
  const Dataset d = dataset_of("no O\nspans O\n", "c.conll");
  EXPECT_TRUE(d.has_tags);
  EXPECT_EQ(d.tag_scheme, "bio");
}

TEST(ReaderWords, malformed_tags_are_placed_by_line) {
  ReadSpec spec;
  spec.scheme = "bio";
  EXPECT_EQ(message_of("a B-X\nb O\nc I-X\n\nd I-X\n", "c.txt", spec),
            "c.txt:3: 'I-X' behind 'O', which bio does not have\n"
            "c.txt:5: 'I-X' begins a text, which bio does not have");
}

TEST(ReaderWords, a_word_a_row_with_its_sentence) {
  const std::string file =
      "sentence_id,word,pos,tag\n7,EU,NNP,B-ORG\n7,says,VBZ,O\n9,\"1,000\",CD,O\n9,New "
      "York,NNP,S-LOC\n";
  const Dataset d = dataset_of(file, "w.csv");
  EXPECT_EQ(d.format, "word-csv");
  ASSERT_EQ(d.samples.size(), 2U);
  EXPECT_EQ(d.samples[0].id, "7");
  EXPECT_EQ(text_of(d, 0), "EU says");
  EXPECT_EQ(text_of(d, 1), "1,000 New\u00a0York");
  EXPECT_THAT(d.samples[1].tags, ElementsAre("O", "B-LOC"));
  EXPECT_EQ(d.tag_scheme, "bioes");
  EXPECT_THAT(d.not_read, ElementsAre("pos"));
  EXPECT_THAT(dataset_of(file, "w.csv", with_tags("pos")).samples[0].tags,
              ElementsAre("NNP", "VBZ"));
  const Dataset windows = dataset_of(as_windows(file), "w.csv");
  EXPECT_EQ(windows.samples[1].tags, d.samples[1].tags);
}

TEST(ReaderWords, kaggles_form_names_a_sentence_once) {
  const std::string file =
      "Sentence #,Word,POS,Tag\nSentence: 1,EU,NNP,B-org\n,says,VBZ,O\nSentence: "
      "2,No,DT,O\n,\"\"\"\",``,O\n";
  const Dataset d = dataset_of(file, "ner.csv");
  EXPECT_EQ(d.format, "word-csv");
  ASSERT_EQ(d.samples.size(), 2U);
  EXPECT_EQ(text_of(d, 1), "No \"");
  EXPECT_EQ(d.samples[0].id, "Sentence: 1");
}

TEST(ReaderWords, bad_rows_of_words_are_named) {
  EXPECT_EQ(message_of("sentence,word,tag\n1,a,O\n1,,O\n2,b,O\n1,c,O\n", "w.csv",
                       with_format("word-csv")),
            "w.csv:3:2: no word\n"
            "w.csv:5:1: sentence '1' stands on line 2 already, and its rows must stand together");
  EXPECT_EQ(message_of("sentence,word,tag\n,a,O\n1,b,O\n", "w.csv", with_format("word-csv")),
            "w.csv:2:1: no sentence");
  EXPECT_EQ(message_of("sentence,word,tag\n1,a,O\n1,b,\n", "w.csv"),
            "w.csv:3: tag 2 is empty or holds a tab or line break");
  const Error error = error_of("word,tag\na,O\n", "w.csv", with_format("word-csv"));
  EXPECT_THAT(error.what(), HasSubstr("no column of sentences"));
  EXPECT_EQ(error.hint(), "name it with --id");
}

TEST(ReaderWords, sentences_with_labels_stay_texts) {
  const std::string file = "sentence,word,label\nthe cat sat,cat,1\nthe cat sat,sat,0\n";
  EXPECT_EQ(dataset_of(file, "w.csv").format, "text-csv");
}

TEST(ReaderWords, steps_of_long_tables_have_tags) {
  const std::string file = "id,time,x,state\na,2,0.5,run\na,1,0.25,walk\nb,1,1,walk\nb,2,2,walk\n";
  const Dataset d = dataset_of(file, "s.csv", with_tags("state"));
  EXPECT_EQ(d.format, "long-csv");
  EXPECT_TRUE(d.has_tags);
  EXPECT_EQ(d.tag_scheme, "plain");
  EXPECT_EQ(d.streams[0].channels, 1);
  EXPECT_THAT(d.samples[0].tags, ElementsAre("walk", "run"));  // in the order of time
  EXPECT_FALSE(dataset_of(file, "s.csv").has_tags);
  EXPECT_EQ(message_of("id,time,x,state\na,1,1,run\na,2,2,\n", "s.csv", with_tags("state")),
            "s.csv:2: tag 2 is empty or holds a tab or line break");
  const Dataset labels = dataset_of("id,time,x,y\na,1,1,run\na,2,2,sit\n", "s.csv", with_tags("y"));
  EXPECT_FALSE(labels.has_labels);
  EXPECT_THAT(labels.samples[0].tags, ElementsAre("run", "sit"));
}

TEST(ReaderWords, steps_of_json_series_have_tags_in_either_layout) {
  const Dataset steps = dataset_of(
      "{\"series\": [[1, 2], [3, 4], [5, 6]], \"tags\": [0, 1, true]}\n"
      "{\"series\": [[1, 2], [3, 4]], \"tags\": [\"0\", \"1\"]}",
      "s.jsonl");
  EXPECT_THAT(steps.samples[0].tags, ElementsAre("0", "1", "true"));
  EXPECT_EQ(steps.series_layout, "steps");
  const Dataset channels =
      dataset_of(R"({"series": [[1, 2], [3, 4], [5, 6]], "tags": ["a", "b"]})", "s.jsonl");
  EXPECT_EQ(channels.series_layout, "channels");
  EXPECT_EQ(series_of(channels, 0).channels, 3);
  // Two steps of three channels, which look like channels by their sizes.
  const Dataset two =
      dataset_of(R"({"series": [[1, 2, 3], [4, 5, 6]], "tags": ["a", "b"]})", "s.jsonl");
  EXPECT_EQ(two.series_layout, "steps");
  EXPECT_EQ(message_of(R"({"series": [1, 2], "tags": ["a"]})", "s.jsonl"),
            "s.jsonl:1: 1 tag for 2 steps");
}

TEST(ReaderWords, tags_in_some_samples_only_are_no_tags) {
  const std::string labelled =
      "{\"tokens\": [\"a\"], \"tags\": [\"O\"], \"label\": \"x\"}\n{\"tokens\": [\"b\"], "
      "\"label\": \"y\"}";
  EXPECT_FALSE(dataset_of(labelled, "a.jsonl").has_tags);
  EXPECT_EQ(
      message_of("{\"tokens\": [\"a\"], \"tags\": [\"O\"]}\n{\"tokens\": [\"b\"]}", "a.jsonl"),
      "a.jsonl:2: no tags, though other rows have them");
  const Dataset empty = dataset_of(
      "{\"tokens\": [], \"tags\": []}\n{\"tokens\": [\"b\"], \"tags\": [\"O\"]}", "a.jsonl");
  EXPECT_TRUE(empty.has_tags);
  EXPECT_EQ(text_of(empty, 0), "");
}

TEST(ReaderWords, options_that_do_nothing_are_refused) {
  const Error column = error_of("text,label\na b,x\n", "t.csv", with_tags("label"));
  EXPECT_STREQ(column.what(), "t.csv: read as text-csv, it has no column of tags 'label'");
  ReadSpec spec;
  spec.scheme = "bio";
  const Error scheme = error_of("text,label\na b,x\n", "t.csv", spec);
  EXPECT_EQ(scheme.code(), Code::kUsage);
  EXPECT_STREQ(scheme.what(), "t.csv: read as text-csv, it has no tags");
}

// Files for a model that learned tags of a training file.
Dataset to_predict(const Dataset& training, const std::string& content, const std::string& path) {
  Expected expected = expected_like(training);
  expected.labelled = false;
  return read_bytes(content, path, {}, base::Log(), &expected);
}

TEST(ReaderWords, files_to_predict_may_have_words_alone) {
  const Dataset conll = dataset_of("EU B-ORG\nsays O\n\nno O\n", "c.txt");
  const Dataset words = to_predict(conll, "U.S.\nsays\n\nyes\n", "d.txt");
  EXPECT_EQ(words.format, "conll");
  ASSERT_EQ(words.samples.size(), 2U);
  EXPECT_EQ(text_of(words, 0), "U.S. says");
  EXPECT_TRUE(words.samples[0].in_words);
  EXPECT_FALSE(words.has_tags);
  const Dataset raw = to_predict(conll, "The U.S. says no.\nYes, we do.\n", "d.txt");
  EXPECT_EQ(raw.format, "text-lines");
  const Dataset table = dataset_of("sent_id,token,ner\n1,EU,B-ORG\n1,says,O\n", "w.csv");
  const Dataset rows = to_predict(table, "sent_id,token\n5,No\n5,!\n", "v.csv");
  EXPECT_EQ(rows.format, "word-csv");
  EXPECT_EQ(text_of(rows, 0), "No !");
  const Dataset steps =
      dataset_of("id,time,x,state\na,1,1,run\na,2,2,sit\n", "s.csv", with_tags("state"));
  EXPECT_EQ(to_predict(steps, "id,time,x\na,1,1\na,2,2\n", "t.csv").samples.size(), 1U);
  const Dataset again = to_predict(steps, "id,time,x,state\na,1,1,run\na,2,2,sit\n", "t.csv");
  EXPECT_THAT(again.samples[0].tags, ElementsAre("run", "sit"));
}

TEST(ReaderWords, training_tells_the_columns_of_files_that_follow) {
  ReadSpec spec = with_tags("2");
  const Dataset training = dataset_of("EU B-ORG x\nsays O y\n\nno O z\n", "c.txt", spec);
  const Expected expected = expected_like(training);
  const Dataset test =
      read_bytes("UN B-ORG w\nsays O w\n\nno O w\n", "d.txt", {}, base::Log(), &expected);
  EXPECT_THAT(test.samples[0].tags, ElementsAre("B-ORG", "O"));
}

TEST(ReaderWords, what_was_read_is_said) {
  Dataset d = dataset_of("EU B-ORG\nsays O\nUN B-ORG\n\nAnn B-PER\n", "c.txt");
  EXPECT_EQ(
      recognised(d),
      "c.txt: read as conll: 2 texts, 4 words with tags (bio), 3 spans of 2 types (ORG, PER)");
  d = dataset_of("id,time,x,s\na,1,1,run\na,2,2,sit\n", "s.csv", with_tags("s"));
  EXPECT_EQ(
      recognised(d),
      "s.csv: read as long-csv: 1 series of 1 channel and 2 steps, 2 steps with 2 tags (run, sit)");
}

TEST(ReaderWords, words_are_written_as_tables) {
  Dataset d = dataset_of("1,5 B-X\n\" O\n\nb O\n", "c.txt");
  EXPECT_EQ(write_samples(d, "csv"), "sentence,word,tag\n1,\"1,5\",B-X\n1,\"\"\"\",O\n2,b,O\n");
  const Dataset back = dataset_of(write_samples(d, "csv"), "w.csv");
  EXPECT_EQ(back.format, "word-csv");
  EXPECT_EQ(text_of(back, 0), text_of(d, 0));
  EXPECT_EQ(back.samples[0].tags, d.samples[0].tags);
  EXPECT_THAT(write_samples(d, "tsv"), HasSubstr("1\t1,5\tB-X\n"));
}

}  // namespace
}  // namespace refrain::data
