#include "refrain/data/reader.h"

#include <gmock/gmock.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "refrain/base/files.h"
#include "refrain/base/test_folder.h"
#include "refrain/data/reader_test_input.h"

namespace refrain::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;

std::string fixture(const std::string& name) {
  return std::string(REFRAIN_SOURCE_DIR "/tests/data/readers/") + name;
}

Error error_of_file(const std::string& path) {
  try {
    read(path, {}, base::Log());
  } catch (const Error& error) {
    return error;
  }
  return Error(Code::kInternal, "read");
}

class Fixtures : public testing::TestWithParam<std::pair<const char*, const char*>> {};

TEST_P(Fixtures, are_recognised_and_read) {
  const auto [name, format] = GetParam();
  const Dataset data = read(fixture(name), {}, base::Log());
  EXPECT_EQ(data.format, format);
  EXPECT_EQ(data.path, fixture(name));
  ASSERT_EQ(data.samples.size(), 3U);
  EXPECT_EQ(data.has_labels, data.samples[0].tags.empty());
  if (!data.has_labels) return;
  EXPECT_EQ(data.samples[0].label, data.samples[data.streams[0].name == "text" ? 0 : 2].label);
  EXPECT_NE(data.samples[0].label, data.samples[1].label);
}

TEST_P(Fixtures, are_read_alike_from_windows_and_with_a_named_format) {
  const auto [name, format] = GetParam();
  const std::string bytes = base::read_file(fixture(name)).bytes;
  const Dataset plain = dataset_of(bytes, name);
  const Dataset windows = dataset_of(as_windows(bytes), name, with_format(format));
  ASSERT_EQ(windows.samples.size(), plain.samples.size());
  for (std::size_t i = 0; i < plain.samples.size(); ++i) {
    EXPECT_EQ(windows.samples[i].label, plain.samples[i].label);
    EXPECT_EQ(windows.samples[i].id, plain.samples[i].id);
    EXPECT_EQ(windows.samples[i].line, plain.samples[i].line);
  }
}

TEST_P(Fixtures, cut_anywhere_are_read_or_refused_but_never_worse) {
  const auto [name, format] = GetParam();
  const std::string bytes = base::read_file(fixture(name)).bytes;
  for (std::size_t size = 0; size < bytes.size(); ++size) {
    const Error error = error_of(bytes.substr(0, size), name, with_format(format));
    if (std::string(error.what()) == "read") continue;
    EXPECT_EQ(error.code(), Code::kData) << size;
    EXPECT_THAT(error.what(), StartsWith(name));
    EXPECT_NE(error.hint(), "");
  }
}

INSTANTIATE_TEST_SUITE_P(
    Readers, Fixtures,
    testing::Values(std::pair{"series.ts", "ts"}, std::pair{"series.arff", "arff"},
                    std::pair{"relational.arff", "arff"}, std::pair{"series.tsv", "ucr"},
                    std::pair{"wide.csv", "wide-csv"}, std::pair{"long.csv", "long-csv"},
                    std::pair{"series.jsonl", "jsonl"}, std::pair{"text.jsonl", "jsonl"},
                    std::pair{"text.csv", "text-csv"}, std::pair{"text.csv.gz", "text-csv"},
                    std::pair{"fasttext.txt", "fasttext"}, std::pair{"labelled.txt", "label-text"},
                    std::pair{"tabbed.txt", "text-tab-label"}, std::pair{"tagged.conll", "conll"},
                    std::pair{"tagged.conll.gz", "conll"}, std::pair{"universal.conllu", "conll"},
                    std::pair{"words.csv", "word-csv"}, std::pair{"spans.jsonl", "jsonl"},
                    std::pair{"offsets.jsonl", "jsonl"}));

TEST(Reader, every_format_has_a_name_and_a_description) {
  EXPECT_THAT(readers().names(),
              ElementsAre("ts", "arff", "jsonl", "fasttext", "long-csv", "word-csv", "text-csv",
                          "wide-csv", "conll", "cmapss", "run-to-failure", "ucr", "text-tab-label",
                          "label-text", "text-lines", "sound-manifest", "word-tag-folder", "brat",
                          "sound-folder", "sound-file"));
  for (const auto& item : readers().items()) EXPECT_GT(item.description.size(), 10U);
}

TEST(Reader, an_unknown_format_is_a_usage_error_with_the_nearest_name) {
  const Error error = error_of("1 a\n", "a.txt", with_format("fast-text"));
  EXPECT_EQ(error.code(), Code::kUsage);
  EXPECT_STREQ(error.what(), "unknown format 'fast-text'");
  EXPECT_EQ(error.hint(), "did you mean 'fasttext'?");
}

TEST(Reader, the_fields_offer_every_format) {
  ReadSpec spec;
  const auto fields = read_fields().list();
  for (const auto& name : readers().names()) base::set_field(fields, &spec, "format", name);
  EXPECT_EQ(spec.format, readers().names().back());
  base::set_field(fields, &spec, "text-column", "body");
  EXPECT_EQ(spec.text_column, "body");
  EXPECT_THROW(base::set_field(fields, &spec, "format", "csv"), Error);
}

TEST(Reader, what_no_reader_knows_is_named_with_its_first_line) {
  const Error error = error_of("Once upon a time\nthere was a model.\n", "story.txt");
  EXPECT_EQ(error.code(), Code::kData);
  EXPECT_STREQ(error.what(),
               "story.txt: the format was not recognised; line 1 is 'Once upon a time'");
  EXPECT_EQ(
      error.hint(),
      "name it with --format: ts, arff, jsonl, fasttext, long-csv, word-csv, text-csv, wide-csv, "
      "conll, cmapss, run-to-failure, ucr, text-tab-label, label-text, text-lines, sound-manifest, "
      "word-tag-folder, brat, "
      "sound-folder, sound-file");
}

TEST(Reader, prose_and_a_list_of_words_are_no_format) {
  const std::string prose =
      "The cat saw the dog .\nA dog saw a cat .\nThe dog ran off .\nA cat slept all day .\n"
      "The day was a good one .\nThe end of the story .\nA new one .\nThe old one .\n";
  EXPECT_THAT(message_of(prose, "p.txt"), HasSubstr("not recognised"));
  EXPECT_THAT(message_of("finance\nrealty\nstocks\n", "class.txt"), HasSubstr("not recognised"));
  EXPECT_THAT(message_of("a fine film,1\na dull film,0\n", "headless.csv"),
              HasSubstr("not recognised"));
}

TEST(Reader, commas_in_labelled_lines_do_not_make_a_table) {
  EXPECT_EQ(dataset_of("1 so , so\n0 no , no\n1 yes , yes\n", "a.txt").format, "label-text");
  EXPECT_EQ(dataset_of("so, so\t1\nno, no\t0\n", "a.txt").format, "text-tab-label");
  EXPECT_EQ(dataset_of("pos\tso, so it goes\nneg\tno, no\npos\tyes\nneg\tbad\n", "a.tsv").format,
            "label-text");
  EXPECT_EQ(dataset_of("LOC:city Where is it ?\nNUM:date When was it , and why ?\nLOC:city And ?\n"
                       "NUM:date Or ?\n",
                       "raw")
                .format,
            "label-text");
}

TEST(Reader, a_header_decides_between_the_tables) {
  EXPECT_EQ(dataset_of("text\tlabel\na b\t1\nc\t0\n", "a.tsv").format, "text-csv");
  EXPECT_EQ(dataset_of("text;label\na, b\t;1\nc;0\n", "a.txt").format, "text-csv");
  EXPECT_EQ(dataset_of("id,time,text,label\n1,5,hi,a\n2,6,ho,b\n", "a.csv").format, "text-csv");
  EXPECT_EQ(dataset_of("v0,v1,v2\n1,2,3\n4,5,6\n", "a.txt").format, "wide-csv");
  EXPECT_EQ(dataset_of("v0,v1,0,1,2,y\n1,2,3,4,5,6\n", "a.csv").format, "wide-csv");
}

TEST(Reader, a_missing_file_a_folder_and_an_empty_file_are_named) {
  const Error missing = error_of_file("no/such.csv");
  EXPECT_EQ(missing.code(), Code::kIo);
  EXPECT_STREQ(missing.what(), "cannot read no/such.csv: No such file or directory");
  const Error folder = error_of_file(fixture(""));
  EXPECT_EQ(folder.code(), Code::kData);
  EXPECT_THAT(folder.what(), HasSubstr("no recordings in this folder"));
  for (const char* content : {"", "\n\n", "\xef\xbb\xbf", " \r\n"}) {
    EXPECT_EQ(message_of(content, "a.csv"), "a.csv: the file is empty");
  }
}

TEST(Reader, a_header_alone_is_no_data) {
  EXPECT_EQ(message_of("label,a,b\n", "a.csv"), "a.csv: no data after the header");
  EXPECT_EQ(message_of("label,text\n", "a.csv"), "a.csv: no data after the header");
  EXPECT_EQ(message_of("a,b\n1,2,3\n", "a.csv", with_target("a")),
            "a.csv:2: 3 cells, but the header has 2");
}

TEST(Reader, missing_labels_are_refused_where_they_are_needed) {
  const auto error_of_labelled = [](const std::string& name, const std::string& content) {
    const base::TestFolder folder;
    const std::string path = folder.write(name, content);
    try {
      read_labelled(path, {}, base::Log());
    } catch (const Error& error) {
      return std::string(error.what()).substr(path.size()) + " | " + error.hint();
    }
    return std::string("read");
  };
  EXPECT_EQ(error_of_labelled("wide.csv", "a,b,c\n1,2,3\n"),
            ":1: no label column; the columns are a, b, c | name it with --target");
  EXPECT_EQ(error_of_labelled("new.jsonl", "{\"text\": \"a\"}\n"),
            ": the samples have no labels | give labelled data");
  EXPECT_EQ(error_of_labelled("old.csv", "a,b,y\n1,2,3\n"), "read");
}

TEST(Reader, a_truncated_gz_is_named_with_its_file) {
  const std::string path = fixture("text.csv.gz");
  std::ifstream file(path, std::ios::binary);
  const std::string bytes((std::istreambuf_iterator<char>(file)), {});
  const base::TestFolder folder;
  const std::string cut = folder.write("cut.csv.gz", bytes.substr(0, bytes.size() - 12));
  const Error error = error_of_file(cut);
  EXPECT_EQ(error.code(), Code::kIo);
  EXPECT_EQ(error.what(), cut + ": damaged .gz file (it ends too early)");
}

TEST(Reader, a_lone_carriage_return_ends_lines_where_there_is_nothing_else) {
  const Dataset data = dataset_of("1 a fine film\r0 dull\r", "mac.txt");
  ASSERT_EQ(data.samples.size(), 2U);
  EXPECT_EQ(text_of(data, 1), "dull");
}

TEST(Reader, binary_files_are_named) {
  const auto says = [](const std::string& bytes) { return message_of(bytes, "x.csv"); };
  using std::string;
  EXPECT_EQ(says("PK\x03\x04 .. xl/workbook.xml"),
            "x.csv: this is an Excel workbook (.xlsx), not text");
  EXPECT_EQ(says("PK\x03\x04 .. x.npy"), "x.csv: this is a NumPy .npz archive, not text");
  EXPECT_EQ(says("PK\x03\x04 .. a.txt"), "x.csv: this is a zip archive, not text");
  EXPECT_EQ(says("PAR1...."), "x.csv: this is a Parquet file, not text");
  EXPECT_EQ(says("\x89PNG\r\n\x1a\n..."), "x.csv: this is a PNG image, not text");
  EXPECT_EQ(says("%PDF-1.7 ..."), "x.csv: this is a PDF document, not text");
  EXPECT_EQ(says(string("label,a\n1,\0\n", 12)),
            "x.csv:2: a zero byte: this is a binary file, not text");
  EXPECT_EQ(error_of("PK\x03\x04 xl/workbook.xml", "x.xlsx").hint(), "save the sheet as CSV");
}

TEST(Reader, a_line_of_more_than_64_mib_is_refused) {
  const std::string content = "1 a\n0 " + std::string(std::size_t{65} << 20, 'x') + "\n";
  EXPECT_EQ(message_of(content, "x.txt"), "x.txt:2: a line of 65 MiB; the longest accepted has 64");
}

const char* const kLatin1 = "1 a caf\xe9 \x96 nice\n0 na\xefve\n";

TEST(ReaderEncoding, text_that_is_not_utf8_is_an_error_that_names_the_place_and_the_remedy) {
  const Error error = error_of(kLatin1, "reviews.txt");
  EXPECT_EQ(error.code(), Code::kData);
  EXPECT_STREQ(error.what(), "reviews.txt:1:8: not UTF-8 (looks like latin-1)");
  EXPECT_EQ(error.hint(),
            "read it with --encoding latin-1 (it then says 'caf\xc3\xa9 \xe2\x80\x93 nice')");
  const Error chinese = error_of("1 ok\n0 \xba\xdc\xc0\xe4\n", "reviews.txt");
  EXPECT_STREQ(chinese.what(), "reviews.txt:2:3: not UTF-8 (looks like gb18030)");
  const Error damaged = error_of("1 caf\xc3\xa9 caf\xc3\xa9 \xe9\n0 no\n", "reviews.txt");
  EXPECT_STREQ(damaged.what(), "reviews.txt:1:13: not UTF-8");
  EXPECT_EQ(damaged.hint(), "mend this place, or name another --encoding");
}

TEST(ReaderEncoding, the_option_reads_it) {
  ReadSpec spec;
  spec.encoding = "latin-1";
  const Dataset latin1 = dataset_of(kLatin1, "reviews.txt", spec);
  EXPECT_EQ(text_of(latin1, 0), "a caf\xc3\xa9 \xe2\x80\x93 nice");
  spec.encoding = "GB18030";
  const Dataset chinese = dataset_of("1 ok\n0 \xba\xdc\xc0\xe4\n", "reviews.txt", spec);
  EXPECT_EQ(text_of(chinese, 1), "\xe5\xbe\x88\xe5\x86\xb7");
  spec.encoding = "UTF-8";
  EXPECT_EQ(text_of(dataset_of("1 caf\xc3\xa9\n", "a.txt", spec), 0), "caf\xc3\xa9");
}

TEST(ReaderEncoding, an_unknown_encoding_is_a_usage_error) {
  ReadSpec spec;
  spec.encoding = "latin-9000";
  const Error error = error_of("1 a\n", "a.txt", spec);
  EXPECT_EQ(error.code(), Code::kUsage);
  EXPECT_STREQ(error.what(), "unknown encoding 'latin-9000'");
}

TEST(ReaderEncoding, utf16_is_known_by_its_mark_or_named_without_it) {
  std::string wide;
  for (const char c : std::string("1 a\n0 b\n")) wide += {c, '\0'};
  EXPECT_EQ(text_of(dataset_of("\xff\xfe" + wide, "a.txt"), 1), "b");
  const Error error = error_of(wide, "a.txt");
  EXPECT_STREQ(error.what(), "a.txt: not UTF-8 (looks like utf-16)");
  EXPECT_EQ(error.hint(), "read it with --encoding utf-16");
}

TEST(ReaderEncoding, fewer_than_one_bad_line_in_a_thousand_is_a_warning) {
  const auto content = [](int lines) {
    std::string out = "1 bad \xf0 byte\n";
    for (int i = 1; i < lines; ++i) out += "0 fine\n";
    return out;
  };
  EXPECT_THAT(message_of(content(1000), "a.txt"), StartsWith("a.txt:1:7: not UTF-8"));
  std::vector<std::string> warnings;
  const base::Log log([&](base::Level, const std::string& text) { warnings.push_back(text); });
  const Dataset data = read_bytes(content(1001), "a.txt", {}, log);
  EXPECT_EQ(data.samples.size(), 1001U);
  EXPECT_EQ(text_of(data, 0), "bad \xef\xbf\xbd byte");
  EXPECT_THAT(warnings,
              ElementsAre("a.txt: 1 of 1001 lines holds bytes that are not UTF-8 (line 1); they "
                          "were read as U+FFFD; --encoding latin-1 reads them"));
}

TEST(LikelyGroup, is_a_column_or_key_that_tells_whose_a_sample_is) {
  const auto likely = [](const std::string& content, const std::string& path) {
    return dataset_of(content, path).likely_group;
  };
  EXPECT_EQ(likely("text,label,Author\na b,x,me\nc d,y,you\n", "a.csv"), "Author");
  EXPECT_EQ(likely("v0,v1,label,patient_id\n1,2,x,7\n3,4,y,8\n", "a.csv"), "patient_id");
  EXPECT_EQ(likely("id,time,v,label,MachineNo\na,1,2,x,7\na,2,3,x,7\nb,1,2,y,8\n", "a.csv"),
            "MachineNo");
  EXPECT_EQ(likely("{\"series\": [1, 2], \"label\": \"x\", \"subject\": 3}\n", "a.jsonl"),
            "subject");
}

TEST(LikelyGroup, is_none_beside_a_group_or_as_the_label) {
  const std::string csv = "text,label,user,group\na b,x,me,p\nc d,y,you,q\n";
  EXPECT_EQ(dataset_of(csv, "a.csv").likely_group, "");
  const std::string json = "{\"text\": \"a\", \"author\": \"x\"}\n";
  EXPECT_EQ(dataset_of(json, "a.jsonl").likely_group, "author");
  EXPECT_EQ(dataset_of(json, "a.jsonl", with_target("author")).likely_group, "");
  EXPECT_EQ(dataset_of("text,label,usernames\na b,x,me\nc d,y,you\n", "a.csv").likely_group, "");
}

TEST(LikelyGroup, read_as_values_is_remarked_on) {
  const auto wide = dataset_of("patient,v0,v1,label\n7,1,2,x\n8,3,4,y\n", "a.csv");
  ASSERT_EQ(wide.remarks.size(), 1U);
  EXPECT_EQ(wide.remarks[0],
            "column 'patient' is read as values of the series, for no --group is named");
  EXPECT_TRUE(dataset_of("text,label,user\na b,x,me\nc d,y,you\n", "a.csv").remarks.empty());
}

}  // namespace
}  // namespace refrain::data
