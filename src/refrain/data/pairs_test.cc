#include "refrain/data/pairs.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "refrain/base/test_folder.h"
#include "refrain/data/pairs/pair_reader.h"
#include "refrain/data/reader_test_input.h"
#include "refrain/data/recognised.h"

namespace refrain::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

Dataset pairs_in(const std::string& content, const std::string& path = "p.tsv",
                 const ReadSpec& spec = {}, const PairsWanted& wanted = true) {
  return read_pairs_from({{path, content}}, spec, wanted, base::Log());
}

Dataset parallel_pairs_in(const std::string& sources, const std::string& targets,
                          const PairsWanted& wanted = true) {
  return read_pairs_from({{"p.en", sources}, {"p.de", targets}}, {}, wanted, base::Log());
}

template <class Read>
Error pair_error(Read read) {
  try {
    read();
  } catch (const Error& error) {
    return error;
  }
  return Error(Code::kInternal, "read");
}

std::string pair_message(const std::string& content, const std::string& path = "p.tsv",
                         const ReadSpec& spec = {}, const PairsWanted& wanted = true) {
  return pair_error([&] { pairs_in(content, path, spec, wanted); }).what();
}

std::string parallel_message(const std::string& sources, const std::string& targets) {
  return pair_error([&] { parallel_pairs_in(sources, targets); }).what();
}

std::vector<std::string> pair_sources(const Dataset& dataset) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i < dataset.samples.size(); ++i) out.push_back(text_of(dataset, i));
  return out;
}

std::vector<std::string> pair_targets(const Dataset& dataset) {
  std::vector<std::string> out;
  for (const auto& sample : dataset.samples) out.push_back(sample.label);
  return out;
}

ReadSpec with_pair_columns(const std::string& text, const std::string& target) {
  ReadSpec spec;
  spec.text_column = text;
  spec.target = target;
  return spec;
}

TEST(Pairs, lines_of_two_files_belong_together_by_number) {
  const Dataset data = parallel_pairs_in("a cat\n the  dog \n", "eine Katze\nder  Hund");
  EXPECT_EQ(data.format, "parallel");
  EXPECT_EQ(data.columns.format, "parallel");
  EXPECT_EQ(data.path, "p.en,p.de");
  EXPECT_THAT(pair_sources(data), ElementsAre("a cat", "the  dog"));
  EXPECT_THAT(pair_targets(data), ElementsAre("eine Katze", "der  Hund"));
  EXPECT_TRUE(data.has_labels);
  EXPECT_EQ(data.samples[1].line, 2);
  EXPECT_EQ(data.samples[1].id, "2");
  ASSERT_EQ(data.streams.size(), 1U);
  EXPECT_EQ(data.streams[0].name, "text");
  EXPECT_EQ(data.streams[0].kind, StreamKind::kText);
}

TEST(Pairs, a_path_with_a_comma_names_two_files_unless_one_has_that_name) {
  const base::TestFolder folder;
  const std::string en = folder.write("a,b.en", "cat\n"), de = folder.write("a.de", "Katze\n");
  EXPECT_THAT(pair_paths(en + "," + de), ElementsAre(en, de));
  EXPECT_THAT(pair_targets(read_pairs(en + "," + de, {}, true, base::Log())), ElementsAre("Katze"));
  const std::string whole = folder.write("x.tsv,y.tsv", "dog\tHund\n");
  EXPECT_THAT(pair_targets(read_pairs(whole, {}, true, base::Log())), ElementsAre("Hund"));
  const std::string lost = folder.path("lost.de");
  const Error error = pair_error([&] { read_pairs(en + "," + lost, {}, true, base::Log()); });
  EXPECT_THAT(error.what(), HasSubstr("lost.de"));
  EXPECT_EQ(error.code(), Code::kIo);
}

TEST(Pairs, the_first_line_without_partner_is_named_with_both_counts) {
  EXPECT_EQ(parallel_message("a\nb\nc d\ne\n", "A\nB\n"),
            "p.en:3: 'c d' has no partner: p.en has 4 lines, p.de has 2");
  EXPECT_EQ(parallel_message("a\n", "A\nB\n"),
            "p.de:2: 'B' has no partner: p.en has 1 line, p.de has 2");
}

TEST(Pairs, lines_that_are_blank_on_one_side_are_named_and_on_both_sides_passed_over) {
  EXPECT_EQ(parallel_message("a\n \nc\n\nd\n", "A\nB\n\n\nD\n"),
            "p.en:2: the source is empty, beside 'B'\n"
            "p.de:3: the target is empty, beside 'c'");
  const Dataset data = parallel_pairs_in("a\n\nb\n\n\n", "A\n \t\nB\n");
  EXPECT_THAT(pair_sources(data), ElementsAre("a", "b"));
  EXPECT_EQ(data.samples[1].line, 3);
  EXPECT_THAT(data.remarks, ElementsAre("p.en,p.de: 1 line blank in both files passed over"));
}

TEST(Pairs, blanks_of_any_kind_alone_are_an_empty_side) {
  EXPECT_THAT(pair_message("a\t\xe3\x80\x80\xc2\xa0\n"), HasSubstr("the target is empty"));
  EXPECT_THAT(pair_targets(pairs_in("a\t?\nb\tNaN\n")), ElementsAre("?", "NaN"));
}

TEST(Pairs, tabs_divide_source_and_target_and_quotes_are_characters) {
  for (const char* path : {"p.tsv", "p.txt"}) {
    const std::string text = "\"Hi,\" he said.\t\xe4\xbb\x96\xe8\xaf\xb4\n\nb  c \t B\n";
    for (const auto& content : {text, as_windows(text)}) {
      const Dataset data = pairs_in(content, path);
      EXPECT_EQ(data.format, "tsv-pairs");
      EXPECT_THAT(pair_sources(data), ElementsAre("\"Hi,\" he said.", "b  c"));
      EXPECT_THAT(pair_targets(data), ElementsAre("\xe4\xbb\x96\xe8\xaf\xb4", "B"));
      EXPECT_EQ(data.samples[1].line, 3);
      EXPECT_TRUE(data.columns.names.empty());
    }
  }
}

TEST(Pairs, a_first_line_of_known_names_is_a_header) {
  for (const char* header : {"source\ttarget", "SRC\ttgt", "input\toutput", "en\tde",
                             "text\ttranslation", "en-GB\tGerman",
                             "\xe5\x8e\x9f\xe6\x96\x87\t"
                             "\xe8\xaf\x91\xe6\x96\x87"}) {
    const Dataset data = pairs_in(std::string(header) + "\na\tA\n");
    EXPECT_THAT(pair_sources(data), ElementsAre("a")) << header;
    EXPECT_THAT(pair_targets(data), ElementsAre("A")) << header;
    EXPECT_EQ(data.samples[0].line, 2);
  }
  EXPECT_EQ(pairs_in("target\tsource\nA\ta\n").samples[0].label, "A");
  EXPECT_EQ(pairs_in("input\tprint\na\tA\n").samples.size(), 2U);
  EXPECT_EQ(pairs_in("en\ten\na\tA\n").columns.text, "en");
}

TEST(Pairs, options_name_columns_of_a_header_and_the_group) {
  ReadSpec spec = with_pair_columns("english", "formal");
  spec.group = "book";
  const Dataset data =
      pairs_in("book\tenglish\tinformal\tformal\n7\tyou\tdu\tSie\n", "p.tsv", spec);
  EXPECT_THAT(pair_sources(data), ElementsAre("you"));
  EXPECT_THAT(pair_targets(data), ElementsAre("Sie"));
  EXPECT_EQ(data.samples[0].group, "7");
  EXPECT_THAT(data.not_read, ElementsAre("informal"));
  EXPECT_EQ(data.columns.text, "english");
  EXPECT_EQ(data.columns.label, "formal");
  spec.target = "formel";
  EXPECT_EQ(pair_error([&] { pairs_in("english\tformal\na\tA\n", "p.tsv", spec); }).hint(),
            "did you mean 'formal'?");
}

TEST(Pairs, more_columns_without_names_need_numbers) {
  const std::string text = "7\tcat\tKatze\n8\tdog\tHund\n";
  const Error error = pair_error([&] { pairs_in(text); });
  EXPECT_STREQ(error.what(),
               "p.tsv:1: 3 columns and no names of columns: which hold source and target?");
  EXPECT_THAT(error.hint(), HasSubstr("--text-column 1 --target 2"));
  ReadSpec spec = with_pair_columns("2", "3");
  spec.group = "1";
  const Dataset data = pairs_in(text, "p.tsv", spec);
  EXPECT_THAT(pair_sources(data), ElementsAre("cat", "dog"));
  EXPECT_THAT(pair_targets(data), ElementsAre("Katze", "Hund"));
  EXPECT_EQ(data.samples[1].group, "8");
  EXPECT_EQ(data.columns.label, "3");
  EXPECT_THAT(pair_targets(pairs_in(text, "p.tsv", {}, {true, &data.columns})),
              ElementsAre("Katze", "Hund"));
  EXPECT_EQ(pair_message(text, "p.tsv", with_pair_columns("2", "4")),
            "p.tsv:1: no column '4' (--target): the line has no names, and 3 columns");
  EXPECT_EQ(pair_message(text, "p.tsv", with_pair_columns("2", "2")),
            "--text-column and --target name one column");
  EXPECT_THAT(pair_targets(pairs_in("A\ta\n", "p.tsv", with_pair_columns("2", "1"))),
              ElementsAre("A"));
}

TEST(Pairs, each_bad_line_is_reported_with_its_place) {
  EXPECT_EQ(pair_message("a\tA\nb\n\tC\nd\t\ne\tE\tmore\n"),
            "p.tsv:2: no tab: the target is not there\n"
            "p.tsv:3:1: the source is empty, beside 'C'\n"
            "p.tsv:4:2: the target is empty, beside 'd'\n"
            "p.tsv:5: 3 columns instead of two, source and target");
}

TEST(Pairs, a_text_of_more_than_ten_thousand_words_is_refused_with_its_line) {
  std::string words, characters;
  for (int i = 0; i < kMostPairWords; ++i) words += "w ";
  for (int i = 0; i < kMostPairWords + 1; ++i) characters += "\xe5\xa5\xbd";
  EXPECT_EQ(pairs_in("a\t" + words + "\n").samples.size(), 1U);
  EXPECT_EQ(pair_message("a\tA\n" + words + "w\tB\n"),
            "p.tsv:2:1: the source has 10001 words, more than the limit of 10000");
  EXPECT_THAT(parallel_message("a\n", characters), HasSubstr("p.de:1: the target has 10002 words"));
}

TEST(Pairs, csv_is_read_by_header_and_options) {
  const Dataset data = pairs_in("id,en,de,speaker\n9,\"hi, \"\"you\"\"\",hallo,s1\n", "p.csv");
  EXPECT_EQ(data.format, "csv-pairs");
  EXPECT_THAT(pair_sources(data), ElementsAre("hi, \"you\""));
  EXPECT_THAT(pair_targets(data), ElementsAre("hallo"));
  EXPECT_EQ(data.samples[0].id, "9");
  EXPECT_EQ(data.likely_group, "speaker");
  const Dataset named = pairs_in("q;a\n2+3;5\n", "p.csv", with_pair_columns("q", ""));
  EXPECT_THAT(pair_targets(named), ElementsAre("5"));
  const Error error = pair_error([&] { pairs_in("a,b\nx,y\n", "p.csv"); });
  EXPECT_STREQ(error.what(), "p.csv:1: which columns hold source and target? The columns are a, b");
  EXPECT_EQ(error.hint(), "name them with --text-column and --target");
}

TEST(Pairs, each_bad_row_of_a_table_is_reported_with_its_place) {
  EXPECT_EQ(pair_message("source,target\na,A,b\n,B\nc,\n\"d\" x,D\ne,E\n", "p.csv"),
            "p.csv:2: 3 cells, but the header has 2\n"
            "p.csv:3:1: the source is empty, beside 'B'\n"
            "p.csv:4:2: the target is empty, beside 'c'\n"
            "p.csv:5:1: text after the closing quote");
}

TEST(Pairs, json_lines_have_keys_of_many_names) {
  for (const char* line : {R"({"source": "a", "target": "A", "id": 5, "group": "g"})",
                           R"({"src": "a", "tgt": "A", "id": "5", "group": "g"})",
                           R"({"id": "5", "input": "a", "output": "A", "group": "g", "more": [1]})",
                           R"([{"text": "a", "translation": "A", "id": "5", "group": "g"}])"}) {
    const Dataset data = pairs_in(line, "p.jsonl");
    EXPECT_EQ(data.format, "jsonl-pairs");
    EXPECT_THAT(pair_sources(data), ElementsAre("a")) << line;
    EXPECT_THAT(pair_targets(data), ElementsAre("A")) << line;
    EXPECT_EQ(data.samples[0].id, "5");
    EXPECT_EQ(data.samples[0].group, "g");
  }
}

TEST(Pairs, two_languages_of_json_need_their_direction) {
  const std::string text = R"({"translation": {"en": "cat", "de": "Katze"}})";
  const Dataset data = pairs_in(text, "p.jsonl", with_pair_columns("en", "de"));
  EXPECT_THAT(pair_sources(data), ElementsAre("cat"));
  EXPECT_THAT(pair_targets(data), ElementsAre("Katze"));
  EXPECT_TRUE(data.not_read.empty());
  EXPECT_THAT(pair_targets(pairs_in(text, "p.jsonl", with_pair_columns("de", ""))),
              ElementsAre("cat"));
  EXPECT_THAT(pair_targets(pairs_in(text, "p.jsonl", {}, {true, &data.columns})),
              ElementsAre("Katze"));
  Columns foreign;
  foreign.text = "src";
  foreign.label = "tgt";
  EXPECT_THAT(pair_message(text, "p.jsonl", {}, {true, &foreign}), HasSubstr("which keys"));
  const Error error = pair_error([&] { pairs_in(text, "p.jsonl"); });
  EXPECT_STREQ(error.what(), "p.jsonl: which keys hold source and target? The keys are de, en");
  EXPECT_THAT(error.hint(), HasSubstr("--text-column en --target de"));
}

TEST(Pairs, each_bad_object_is_reported_with_its_line) {
  EXPECT_EQ(pair_message("{\"source\": \"a\", \"target\": \"A\"}\n{\"source\": \"b\"}\n[1]\n"
                         "{\"source\": [1], \"target\": \"C\"}\n{\"source\": \"\", \"target\": 5}\n"
                         "{\"source\": \"f\", \"target\": null}\n",
                         "p.jsonl"),
            "p.jsonl:2: no key 'target'\n"
            "p.jsonl:3: not a JSON object: write one {...} a line\n"
            "p.jsonl:4: 'source' must be a string\n"
            "p.jsonl:5: the source is empty, beside '5'\n"
            "p.jsonl:6: no key 'target'");
  EXPECT_EQ(pair_message("{\"translation\": {\"source\": \"a\", \"target\": \"A\"}}\n"
                         "{\"translation\": \"b\"}\n",
                         "p.jsonl"),
            "p.jsonl:2: 'translation' is not an object");
}

TEST(Pairs, sources_alone_are_read_to_predict) {
  const Dataset lines = pairs_in("a cat\nthe dog, \tit\n\n", "new.txt", {}, false);
  EXPECT_EQ(lines.format, "source-lines");
  EXPECT_FALSE(lines.has_labels);
  EXPECT_THAT(pair_sources(lines), ElementsAre("a cat", "the dog, \tit"));
  EXPECT_THAT(pair_message("a\n\nb\n", "new.txt", {}, false),
              HasSubstr("new.txt:2: the source is empty"));
  EXPECT_THAT(pair_sources(pairs_in("a\n", "new.tsv", {}, false)), ElementsAre("a"));
  const Dataset some = pairs_in("a\tA\nb\nc\t\n", "new.tsv", {}, false);
  EXPECT_THAT(pair_targets(some), ElementsAre("A", "", ""));
  EXPECT_TRUE(some.has_labels);
  EXPECT_THAT(pair_sources(pairs_in("text\nx\n", "new.csv", {}, false)), ElementsAre("x"));
  EXPECT_THAT(pair_sources(pairs_in("{\"source\": \"x\"}\n", "new.jsonl", {}, false)),
              ElementsAre("x"));
  EXPECT_THAT(pair_targets(parallel_pairs_in("a\nb\n", "A\n\n\n", false)), ElementsAre("A", ""));
}

TEST(Pairs, what_is_no_pair_is_an_error_that_names_the_forms) {
  const Error error = pair_error([&] { pairs_in("only a text\nmore\n", "p.txt"); });
  EXPECT_STREQ(error.what(), "p.txt: no pairs of texts were recognised; line 1 is 'only a text'");
  EXPECT_THAT(error.hint(), HasSubstr("parallel, jsonl-pairs, tsv-pairs, csv-pairs, source-lines"));
  EXPECT_EQ(pair_message("a\n", "p.txt", with_format("source-lines")),
            "p.txt: lines of sources alone have no targets");
  EXPECT_EQ(pair_message("a\n", "p.txt", with_format("parallel")),
            "p.txt: --format parallel reads two files");
  EXPECT_EQ(
      pair_error([&] {
        read_pairs_from({{"a", "x"}, {"b", "y"}}, with_format("tsv-pairs"), true, base::Log());
      }).code(),
      Code::kUsage);
  EXPECT_THAT(pair_message("a\n", "p.txt", with_format("tsv-pair")),
              HasSubstr("unknown format 'tsv-pair'"));
  EXPECT_EQ(pair_message("source,target\n", "p.csv"), "p.csv: no pairs after the header");
}

TEST(Pairs, bytes_that_are_no_text_and_encodings_are_named) {
  EXPECT_THAT(pair_message("a\tA\nb\tB\n" + std::string("c\0\tC\n", 5)),
              HasSubstr("p.tsv:3: a zero"));
  EXPECT_THAT(pair_message(" \n"), HasSubstr("p.tsv: the file is empty"));
  EXPECT_THAT(pair_message("a\tgr\xfc\xdf\n"), HasSubstr("p.tsv:1:5: not UTF-8"));
  ReadSpec spec;
  spec.encoding = "latin-1";
  EXPECT_THAT(pair_targets(pairs_in("a\tgr\xfc\xdf\n", "p.tsv", spec)),
              ElementsAre("gr\xc3\xbc\xc3\x9f"));
  EXPECT_THAT(parallel_message("a\n", ""), HasSubstr("p.de: the file is empty"));
}

TEST(Pairs, the_line_about_a_file_tells_how_long_sources_and_targets_are) {
  EXPECT_EQ(recognised_replies(pairs_in("a cat\tKatze\ndogs\tdie Hunde\n")),
            "p.tsv: read as tsv-pairs: 2 texts of 1 to 2 words with targets of 1 to 2");
  EXPECT_EQ(
      recognised_replies(pairs_in("x,src,tgt,group\n5,a,A,g\n", "p.csv")),
      "p.csv: read as csv-pairs: 1 text of 1 word with targets of 1 by src, tgt, 1 group; not "
      "read: x");
  EXPECT_EQ(recognised_replies(pairs_in("a b\n", "p.txt", {}, false)),
            "p.txt: read as source-lines: 1 text of 2 words without targets");
}

TEST(Pairs, formats_are_choices_of_the_option) {
  const auto fields = read_fields();
  const auto& list = fields.list();
  const auto format = std::find_if(list.begin(), list.end(),
                                   [](const auto& field) { return field.name == "format"; });
  ASSERT_NE(format, list.end());
  for (const auto& name : pair_readers().names()) {
    EXPECT_THAT(format->choices, testing::Contains(name));
  }
}

}  // namespace
}  // namespace refrain::data
