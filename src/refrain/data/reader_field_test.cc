// Reads files as they occur in practice: each is read correctly, or refused with a remedy; none is
// guessed.
#include <gmock/gmock.h>

#include <cmath>
#include <functional>

#include "refrain/data/reader_test_input.h"

namespace refrain::data {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::string repeated(int times, const std::string& first, const std::string& second = "") {
  std::string out;
  for (int i = 0; i < times; ++i) out += i % 2 == 1 && !second.empty() ? second : first;
  return out;
}

// Message and hint.
std::string said(const std::string& content, const std::string& path, const ReadSpec& spec = {}) {
  const Error error = error_of(content, path, spec);
  return std::string(error.what()) + " | " + error.hint();
}

TEST(CatchAll, is_not_taken_for_markup_logs_code_json_or_lists) {
  for (const std::string& content : {
           std::string("<?xml version=\"1.0\"?>\n<data>\n") +
               repeated(12, "<item x=\"1\">a</item>\n"),
           repeated(12, "<tr><td>good</td></tr>\n", "<p>bad one</p>\n"),
           repeated(12, "INFO started the pump\n", "WARN valve is slow\n"),
           repeated(12, "2024-01-01 10:00:00 started\n", "2024-01-02 11:00:00 ended\n"),
           repeated(12, "Nov 28 09:55:17 host a b\n", "Dec 01 09:55:17 host c d\n"),
           repeated(12, "def first(x):\n", "    return x + 1\n"),
           repeated(12, "int a = 3;\n", "if (a) {\n"),
           repeated(12, "- one thing\n", "* other thing\n"),
           repeated(12, "walk 0.25\n", "run 0.5\n"),
           repeated(12, "name: some thing\n", "size: other thing\n"),
           repeated(12, "sound/a.wav dog\n", "sound/b.wav cat\n"),
       }) {
    EXPECT_THAT(message_of(content, "x.txt"), HasSubstr("x.txt: this looks like")) << content;
    EXPECT_NE(error_of(content, "x.txt").hint(), "");
  }
}

TEST(CatchAll, numbers_that_never_come_again_are_no_labels) {
  std::string content;
  for (int i = 0; i < 20; ++i) content += std::to_string(i) + " some words\n";
  EXPECT_THAT(message_of(content, "x.txt"), HasSubstr("not recognised"));
  EXPECT_EQ(dataset_of(content, "x.txt", with_format("label-text")).samples.size(), 20U);
}

TEST(CatchAll, takes_plain_labels_that_come_again) {
  const Dataset data = dataset_of(repeated(12, "good a fine film\n", "bad a dull one\n"), "x.txt");
  EXPECT_EQ(data.format, "label-text");
}

TEST(FastText, without_a_blank_behind_the_label_is_refused) {
  for (const char* sign : {",", ";", "|"}) {
    std::string content;
    for (int i = 0; i < 6; ++i) {
      content += std::string("__label__") + (i % 2 == 0 ? "good" : "bad") + sign + "word" +
                 std::to_string(i) + " other\n";
    }
    EXPECT_THAT(message_of(content, "x.txt"), HasSubstr("x.txt:1: the label ends at a blank"))
        << sign;
  }
  EXPECT_EQ(dataset_of("__label__a,b text\n__label__c text\n", "x.txt").samples[0].label, "a,b");
  EXPECT_THAT(message_of("__label__a,__label__b text\n", "x.txt"),
              HasSubstr("more than one label"));
}

TEST(JsonArray, is_read_as_its_objects) {
  const Dataset data = dataset_of(
      "[{\"text\": \"a, \\\"b\\\" ]\", \"label\": \"x\"},\n {\"text\": \"c\",\n  \"label\": "
      "\"y\"}]\n",
      "x.json");
  ASSERT_EQ(data.samples.size(), 2U);
  EXPECT_EQ(text_of(data, 0), "a, \"b\" ]");
  EXPECT_EQ(data.samples[1].label, "y");
  EXPECT_EQ(data.samples[1].line, 2);
  EXPECT_EQ(dataset_of("[{\"series\": [1, 2], \"label\": 1}]", "x.txt").format, "jsonl");
}

TEST(JsonArray, that_is_broken_or_goes_on_is_refused) {
  EXPECT_THAT(message_of("[{\"text\": \"a\"}, 3]\n", "x.json"), HasSubstr("not a JSON object"));
  EXPECT_THAT(message_of("[{\"text\": \"a\"}]\n[{\"text\": \"b\"}]\n", "x.json"),
              HasSubstr("x.json:2: not a"));
  EXPECT_THAT(message_of("[{\"text\": \"a\"", "x.json"), HasSubstr("not valid JSON"));
}

TEST(LongTable, is_known_by_other_names_of_time) {
  for (const char* time : {"timestamp", "Datetime", "date", "frame", "ds"}) {
    const std::string content =
        std::string("id,") + time + ",x,label\na,1,5,p\na,2,6,p\nb,1,7,q\nb,2,8,q\n";
    EXPECT_EQ(dataset_of(content, "x.csv").format, "long-csv") << time;
  }
}

TEST(LongTable, with_an_unknown_time_is_no_wide_table) {
  const std::string content = "id,moment_ms,x,label\na,1,5,p\na,2,6,p\nb,1,7,q\nb,2,8,q\n";
  EXPECT_THAT(message_of(content, "x.csv"), HasSubstr("id 'a' stands on 2 rows"));
  EXPECT_THAT(error_of(content, "x.csv").hint(),
              AllOf(HasSubstr("--time"), HasSubstr("--format long-csv")));
  EXPECT_EQ(dataset_of(content, "x.csv", with_format("wide-csv")).samples.size(), 4U);
}

TEST(LongTable, reads_times_of_day_and_passes_midnight) {
  const Dataset data = dataset_of(
      "id,time,x,label\na,23:59:59,1,p\na,00:00:01,2,p\nb,10:00:05.5,4,q\nb,9:00:00,3,q\n",
      "x.csv");
  EXPECT_THAT(series_of(data, 0).values, ElementsAre(1, 2));
  EXPECT_THAT(series_of(data, 1).values, ElementsAre(3, 4));
  const Dataset halves =
      dataset_of("id,time,x,label\na,1:00 PM,2,p\na,12:30 PM,1,p\na,11:00 AM,0,p\n", "x.csv");
  EXPECT_THAT(series_of(halves, 0).values, ElementsAre(0, 1, 2));
}

TEST(LongTable, names_the_remedy_for_dates_and_for_labels_that_change) {
  EXPECT_THAT(said("id,time,x,label\na,3/1/2024,1,p\na,3/2/2024,2,p\n", "x.csv"),
              HasSubstr("write dates as 2024-03-01"));
  EXPECT_THAT(said("id,time,x,label\na,1,1,p\na,2,2,q\n", "x.csv"),
              HasSubstr("a series has one label"));
}

std::string table(const std::string& head, int rows, const std::function<std::string(int)>& row) {
  std::string out = head + "\n";
  for (int i = 0; i < rows; ++i) out += row(i) + "\n";
  return out;
}

// Values that no rule fits.
std::string noise(int i) { return std::to_string((i * 37 % 101) / 7.0); }

TEST(WideTable, leaves_dates_out_and_keeps_the_numbers) {
  const Dataset data = dataset_of(table("when,v0,v1,label", 10,
                                        [](int i) {
                                          return "2024-01-0" + std::to_string(1 + i % 9) +
                                                 " 10:00:00," + noise(i) + "," + noise(i + 3) +
                                                 (i % 2 == 0 ? ",a" : ",b");
                                        }),
                                  "x.csv");
  EXPECT_EQ(data.format, "wide-csv");
  EXPECT_EQ(series_of(data, 0).steps, 2);
  EXPECT_THAT(data.not_read, ElementsAre("when"));
}

TEST(WideTable, leaves_row_numbers_out) {
  for (const char* name : {"Unnamed: 0", "sample_no", "v_row", "index"}) {
    const Dataset data = dataset_of(table(std::string(name) + ",v0,v1,label", 12,
                                          [](int i) {
                                            return std::to_string((i * 5) % 12) + "," + noise(i) +
                                                   "," + noise(i + 9) + (i < 6 ? ",a" : ",b");
                                          }),
                                    "x.csv");
    EXPECT_EQ(series_of(data, 0).steps, 2) << name;
    EXPECT_THAT(data.not_read, ElementsAre(name));
    ASSERT_EQ(data.warnings.size(), 1U);
    EXPECT_THAT(data.warnings[0], HasSubstr("counts the rows"));
  }
}

TEST(WideTable, leaves_out_the_label_as_a_number) {
  const Dataset data = dataset_of(table("v0,v1,v2,v3,class_id,label", 12,
                                        [](int i) {
                                          return noise(i) + "," + noise(i + 1) + "," +
                                                 noise(i + 5) + "," + noise(i + 8) + "," +
                                                 (i % 3 == 0 ? "7,walk" : "2,run");
                                        }),
                                  "x.csv");
  EXPECT_EQ(series_of(data, 0).steps, 4);
  ASSERT_EQ(data.warnings.size(), 1U);
  EXPECT_THAT(data.warnings[0], HasSubstr("class_id: the same as the label"));
}

TEST(WideTable, of_plain_numbers_has_no_warnings) {
  const Dataset data = dataset_of(table("v0,v1,v2,v3,label", 12,
                                        [](int i) {
                                          return std::to_string(i % 4) + "," + noise(i) + "," +
                                                 noise(i + 1) + "," + noise(i + 5) +
                                                 (i % 2 == 0 ? ",a" : ",b");
                                        }),
                                  "x.csv");
  EXPECT_THAT(data.warnings, IsEmpty());
  EXPECT_THAT(data.not_read, IsEmpty());
  EXPECT_EQ(series_of(data, 0).steps, 4);
}

TEST(WideTable, says_that_numbered_columns_are_out_of_order) {
  const auto warnings = [](const std::string& head) {
    return dataset_of(head + ",label\n1,2.5,3,4,a\n5,6,7.5,8,b\n", "x.csv").warnings;
  };
  EXPECT_THAT(warnings("v0,v1,v10,v2"),
              ElementsAre(HasSubstr("not in the order of their numbers")));
  EXPECT_THAT(warnings("v0,v1,v2,v10"), IsEmpty());
  EXPECT_THAT(warnings("v10,v2,v1,v0"), IsEmpty());
}

TEST(WideTable, knows_a_header_of_numbers) {
  const Dataset data =
      dataset_of("0,1,2,3,4\n1,0.5,0.25,0.5,1\n2,0.75,0.5,1,2\n", "x.csv", with_target("0"));
  EXPECT_EQ(data.samples.size(), 2U);
  EXPECT_EQ(data.format, "wide-csv");
  EXPECT_EQ(dataset_of("0,1,2,3,4\n1,2,3,4,5\n", "x.csv").format, "ucr");
}

TEST(WideTable, names_a_row_of_units) {
  const std::string content = "id,time,ecg,label\n,s,mV,\na,0,1.5,p\na,1,2.5,p\nb,0,1,q\nb,1,2,q\n";
  EXPECT_THAT(message_of(content, "x.csv"),
              AllOf(HasSubstr("x.csv:2:"), HasSubstr("units"), HasSubstr("s, mV")));
}

TEST(TextTable, asks_where_numbers_and_one_text_stand_side_by_side) {
  const std::string content = table("note,v0,v1,v2,label", 8, [](int i) {
    return "seen on day " + std::to_string(i) + "," + noise(i) + "," + noise(i + 1) + "," +
           noise(i + 2) + (i % 2 == 0 ? ",a" : ",b");
  });
  EXPECT_THAT(message_of(content, "x.csv"),
              HasSubstr("column 'note' holds text, and v0, v1, v2 hold numbers"));
  ReadSpec spec;
  spec.text_column = "note";
  const Dataset data = dataset_of(content, "x.csv", spec);
  EXPECT_THAT(data.not_read, ElementsAre("v0", "v1", "v2"));
}

TEST(TextTable, asks_for_the_text_where_names_are_unknown) {
  const std::string content = "opinion,verdict\nso good,yes\nso bad,no\nquite fine,yes\n";
  EXPECT_THAT(said(content, "x.csv"),
              AllOf(HasSubstr("which column holds the text? The columns are opinion, verdict"),
                    HasSubstr("--text-column")));
}

TEST(TextTable, knows_chinese_names_a_bar_and_unnamed_columns) {
  const Dataset chinese = dataset_of("评论,标签\n很 好,good\n很 差,bad\n", "x.csv");
  EXPECT_EQ(text_of(chinese, 0), "很 好");
  EXPECT_EQ(chinese.samples[1].label, "bad");
  EXPECT_EQ(dataset_of("text|label\na b|x\nc d|y\n", "x.csv").samples[1].label, "y");
  ReadSpec spec;
  spec.target = "v1";
  spec.text_column = "v2";
  const Dataset unnamed = dataset_of("v1,v2,,\ngood,a b,,\nbad,c d,,\n", "x.csv", spec);
  EXPECT_EQ(unnamed.samples.size(), 2U);
  EXPECT_THAT(unnamed.not_read, IsEmpty());
}

TEST(TextTable, names_of_files_are_no_texts) {
  const std::string content = "file,label\ndata/a.csv,x\ndata/b.csv,y\n";
  EXPECT_THAT(message_of(content, "x.csv"), HasSubstr("holds names of files such as 'data/a.csv'"));
}

TEST(TextTable, tells_of_rows_that_a_stray_quote_has_swallowed) {
  const std::string content =
      "text\tlabel\nfirst\ta\n\"second\tb\nthird\ta\nfourth\"\tb\nfifth\ta\n";
  const Dataset data = dataset_of(content, "x.tsv");
  EXPECT_EQ(data.samples.size(), 3U);
  ASSERT_EQ(data.warnings.size(), 1U);
  EXPECT_THAT(data.warnings[0], AllOf(HasSubstr("lines 3 to 5"), HasSubstr("--quotes none")));
  ReadSpec spec;
  spec.quotes = "none";
  EXPECT_EQ(dataset_of(content, "x.tsv", spec).samples.size(), 5U);
  const Dataset proper =
      dataset_of("text,label\n\"good,\nif slow, but\nfine\",a\nbad,b\n", "x.csv");
  EXPECT_THAT(proper.warnings, IsEmpty());
}

TEST(TextTable, a_blank_before_a_quote_belongs_to_neither) {
  EXPECT_EQ(dataset_of("\"text\", \"label\"\n\"a, b\", \"x\"\n", "x.csv").samples[0].label, "x");
}

TEST(Ucr, asks_where_the_label_seems_to_stand_last) {
  const auto lines = [](const std::function<std::string(int)>& row) {
    return table(row(0), 11, [&](int i) { return row(i + 1); });
  };
  const std::string pima = lines([](int i) {
    return std::to_string(i % 7) + "," + noise(i) + "," + noise(i + 2) + "," +
           std::to_string(i % 2);
  });
  const std::string iris = lines([](int i) {
    return noise(i) + "," + noise(i + 2) + "," + noise(i + 4) +
           (i % 2 == 0 ? ",setosa" : ",virginica");
  });
  for (const auto& content : {pima, iris}) {
    EXPECT_THAT(said(content, "x.csv"),
                AllOf(HasSubstr("the first or the last field"), HasSubstr("--target last")));
    const Dataset data = dataset_of(content, "x.csv", with_target("last"));
    EXPECT_EQ(data.samples[0].label, content == pima ? "0" : "setosa");
    EXPECT_EQ(series_of(data, 0).steps, 3);
  }
  EXPECT_EQ(dataset_of(pima, "x.csv", with_target("first")).samples[1].label, "1");
}

TEST(Ucr, with_the_label_first_is_read_without_a_question) {
  std::string content;
  for (int i = 0; i < 12; ++i)
    content += std::to_string(1 + i % 3) + "\t" + noise(i) + "\t" + noise(i + 1) + "\n";
  EXPECT_EQ(dataset_of(content, "x.tsv").samples[0].label, "1");
}

TEST(Numbers, missing_values_have_many_spellings) {
  std::string content = "v0,v1,label\n";
  for (const char* cell :
       {"N/A", "null", "None", "n/a", "NULL", "<NA>", "#N/A", "-", "na", "?", "NaN", "", "."}) {
    content += std::string(cell) + ",1,a\n";
  }
  const Dataset data = dataset_of(content, "x.csv");
  for (std::size_t i = 0; i < data.samples.size(); ++i) {
    EXPECT_TRUE(std::isnan(series_of(data, i).values[0])) << i;
  }
  EXPECT_THAT(said("v0,v1,label\noops,1,a\n2,3,b\n4,5,b\n", "x.csv"),
              HasSubstr("--missing-values"));
  ReadSpec spec;
  spec.missing_values = "-999, oops";
  const Dataset further = dataset_of("v0,v1,label\n-999,1,a\n\"oops\",3,b\n", "x.csv", spec);
  EXPECT_TRUE(std::isnan(series_of(further, 0).values[0]));
  EXPECT_TRUE(std::isnan(series_of(further, 1).values[0]));
}

TEST(Numbers, true_is_one_and_false_is_zero) {
  EXPECT_THAT(series_of(dataset_of("v0,v1,label\nTrue,false,a\nFALSE,true,b\n", "x.csv"), 0).values,
              ElementsAre(1, 0));
}

TEST(Numbers, a_decimal_comma_is_seen_or_told) {
  const Dataset seen = dataset_of("v0;v1;label\n0,5;-1,25;a\n2,5;1.234,5;b\n", "x.csv");
  EXPECT_THAT(series_of(seen, 0).values, ElementsAre(0.5F, -1.25F));
  EXPECT_EQ(series_of(seen, 1).values[1], 1234.5F);
  const Dataset plain = dataset_of("1;0,5;0,25\n2;1,5;2,25\n", "x.csv");
  EXPECT_THAT(series_of(plain, 0).values, ElementsAre(0.5F, 0.25F));
  const Dataset thousands = dataset_of("v0,v1,label\n\"3,173.5\",\"2,000\",a\n1,2,b\n", "x.csv");
  EXPECT_THAT(series_of(thousands, 0).values, ElementsAre(3173.5F, 2000.0F));
}

TEST(Numbers, a_comma_that_may_be_either_is_asked_about) {
  const std::string content = "v0;v1;label\n1,234;2,345;a\n3,456;4,567;b\n";
  EXPECT_THAT(said(content, "x.csv"), AllOf(HasSubstr("'1,234' may be"), HasSubstr("--decimal")));
  ReadSpec spec;
  spec.decimal = ",";
  EXPECT_EQ(series_of(dataset_of(content, "x.csv", spec), 0).values[0], 1.234F);
  spec.decimal = ".";
  EXPECT_EQ(series_of(dataset_of(content, "x.csv", spec), 0).values[0], 1234.0F);
}

TEST(Table, begins_behind_comments_and_the_line_sep) {
  const Dataset data =
      dataset_of("sep=;\n# a logger, 50 Hz\nv0;v1;label\n1;2;a\n# again\n3;4;b\n", "x.csv");
  ASSERT_EQ(data.samples.size(), 2U);
  EXPECT_EQ(data.samples[1].line, 6);
  EXPECT_EQ(dataset_of("#v0,v1,label\n1,2,a\n3,4,b\n", "x.csv").samples.size(), 2U);
  EXPECT_THAT(said("My measurements\nv0,v1,label\n1,2,a\n3,4,b\n", "x.csv"),
              HasSubstr("take the title off"));
}

TEST(Arff, relational_rows_are_channels) {
  const Dataset data = dataset_of(
      "@relation r\n@attribute bag relational\n@attribute t0 numeric\n@attribute t1 "
      "numeric\n@attribute t2 numeric\n@end bag\n@attribute class "
      "{a,b}\n@data\n'1,2,?\\n10,20,?',a\n\"4,5,6\\n40,50,60\",b\n",
      "x.arff");
  EXPECT_EQ(data.streams[0].channels, 2);
  EXPECT_THAT(series_of(data, 0).values, ElementsAre(1, 10, 2, 20));
  EXPECT_THAT(series_of(data, 1).values, ElementsAre(4, 40, 5, 50, 6, 60));
  EXPECT_EQ(data.samples[1].label, "b");
}

TEST(Arff, bad_rows_are_named_and_texts_are_read) {
  const std::string head =
      "@relation r\n@attribute a numeric\n@attribute b numeric\n@attribute class {x,y}\n@data\n";
  EXPECT_EQ(message_of(head + "1,2,z\n1,2\n{0 1}\n1,w,x\n", "x.arff"),
            "x.arff:6:3: label 'z' is not in the list of its @attribute\nx.arff:7: 2 values, but "
            "there are 3 attributes\n"
            "x.arff:8: sparse ARFF: write all values of the case\nx.arff:9:2: 'w' is not a number");
  const Dataset text = dataset_of(
      "@relation r\n@attribute say string\n@attribute class {x,y}\n@data\n'it\\'s good',x\nbad,y\n",
      "x.arff");
  EXPECT_EQ(text_of(text, 0), "it's good");
}

TEST(Ts, percent_begins_a_comment_and_equal_numbers_are_one_label) {
  const Dataset data = dataset_of(
      "% note\n@problemName p\n@classLabel true 1 2\n@data\n% more\n1,2:1.0000000e+00\n3,4:2\n",
      "x.ts");
  EXPECT_EQ(data.samples[0].label, "1");
  EXPECT_EQ(data.samples.size(), 2U);
}

TEST(Sounds, of_other_kinds_are_named_with_the_way) {
  using namespace std::string_literals;
  for (const auto& [bytes, name] :
       std::vector<std::pair<std::string, const char*>>{{"\0\0\0\x20"s + "ftypM4A ....", "M4A"},
                                                        {"ID3\x04\0\0\0\0\0\0 more"s, "MP3"},
                                                        {"\xff\xfb\x90\x64 more"s, "MP3"},
                                                        {"FORM\0\0\0\x10"s + "AIFF....", "AIFF"},
                                                        {"caff\0\x01\0\0"s, "CAF"}}) {
    EXPECT_THAT(said(bytes, "d/x.m4a"),
                AllOf(HasSubstr(name), HasSubstr("ffmpeg -i d/x.m4a d/x.wav")));
  }
}

TEST(Encodings, are_offered_with_what_the_text_would_say) {
  const std::string russian =
      "text,label\n\xee\xf7\xe5\xed\xfc \xf5\xee\xf0\xee\xf8\xee,a\n\xef\xeb\xee\xf5\xee,b\n";
  EXPECT_THAT(said(russian, "x.csv"), AllOf(HasSubstr("windows-1251"), HasSubstr("очень хорошо")));
  const std::string japanese =
      "text,label\n\x82\xc6\x82\xc4\x82\xe0\x82\xe6\x82\xa2,a\n\x88\xab\x82\xa2,b\n";
  EXPECT_THAT(said(japanese, "x.csv"), AllOf(HasSubstr("shift_jis"), HasSubstr("とてもよい")));
}

// Rows of two series of five steps each.
std::string clocked(const char* times) {
  std::string out = "subject,time,ax,activity\n";
  int row = 0;
  for (const char* t = times; *t != 0; ++t, ++row) {
    out += row < 5 ? "0," : "1,";
    out += *t;
    out += ",0." + std::to_string(row % 7) + (row % 2 == 0 ? ",sit\n" : ",walk\n");
  }
  return out;
}

TEST(WideCsvReader, a_clock_that_begins_anew_tells_steps_of_series) {
  const Error error = error_of(clocked("0123401234"), "t.csv", with_target("activity"));
  EXPECT_THAT(error.what(), HasSubstr("column 'time' counts up and begins anew 1 times"));
  EXPECT_THAT(error.hint(), HasSubstr("--id 'subject'"));
  EXPECT_EQ(dataset_of(clocked("0123456789"), "t.csv", with_target("activity")).samples.size(), 10U)
      << "the time of day of ten samples";
  EXPECT_EQ(dataset_of(clocked("5142312345"), "t.csv", with_target("activity")).samples.size(), 10U)
      << "it falls too often";
  ReadSpec wide = with_target("activity");
  wide.format = "wide-csv";
  EXPECT_EQ(dataset_of(clocked("0123401234"), "t.csv", wide).samples.size(), 10U);
}

}  // namespace
}  // namespace refrain::data
