#include <gmock/gmock.h>

#include <cmath>

#include "refrain/data/reader_test_input.h"

namespace refrain::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsNan;

const char* const kTs =
    "# a comment\n@problemName Tiny\n@timeStamps false\n@univariate false\n@dimensions 2\n"
    "@equalLength false\n@classLabel true up down\n@data\n1,2,3:4,?,6:up\n7:8:down\n";

TEST(TsReader, channels_are_turned_to_rows_of_time_steps) {
  const Dataset data = dataset_of(kTs, "tiny.ts");
  EXPECT_EQ(data.format, "ts");
  EXPECT_TRUE(data.has_labels);
  ASSERT_EQ(data.samples.size(), 2U);
  EXPECT_EQ(data.streams[0].name, "series");
  EXPECT_EQ(data.streams[0].channels, 2);
  EXPECT_EQ(series_of(data, 0).steps, 3);
  EXPECT_THAT(series_of(data, 0).values, ElementsAre(1, 4, 2, IsNan(), 3, 6));
  EXPECT_THAT(series_of(data, 1).values, ElementsAre(7, 8));
  EXPECT_EQ(data.samples[0].label, "up");
  EXPECT_EQ(data.samples[1].id, "2");
  EXPECT_EQ(data.samples[1].line, 10);
}

// 30 series of a level and changes of a hundredth, the last value of the first given.
std::string leveled(const std::string& level, double last) {
  std::string out;
  for (int i = 0; i < 30; ++i) {
    out += i % 2 == 0 ? "a" : "b";
    for (int t = 0; t < 6; ++t) {
      const double change = i == 0 && t == 5 ? last : 0.001 * ((7 * i + 3 * t) % 13 - 6);
      out += "\t" + std::to_string(std::stod(level) + change);
    }
    out += "\n";
  }
  return out;
}

TEST(Levels, small_changes_of_large_values_are_kept) {
  const Dataset data = dataset_of(leveled("10000000", 0.006), "l.tsv", with_format("ucr"));
  ASSERT_EQ(data.offset.size(), 1U);
  EXPECT_NEAR(data.offset[0], 1e7, 0.01);
  const auto& values = series_of(data, 0).values;
  EXPECT_NEAR(values[0] + (data.offset[0] - 1e7), -0.006, 1e-6);
  EXPECT_NEAR(values[5] + (data.offset[0] - 1e7), 0.006, 1e-6);
}

TEST(Levels, of_common_values_nothing_is_subtracted) {
  const Dataset data = dataset_of(leveled("1", 0.006), "l.tsv", with_format("ucr"));
  EXPECT_THAT(data.offset, IsEmpty());
  EXPECT_EQ(series_of(data, 0).values[5], 1.006F);
}

TEST(Levels, a_few_far_values_are_no_changes) {
  const Dataset data = dataset_of(leveled("10000000", -1e7), "l.tsv", with_format("ucr"));
  ASSERT_EQ(data.offset.size(), 1U);
  EXPECT_EQ(series_of(data, 0).values[5], static_cast<float>(-data.offset[0]));
}

TEST(Levels, a_later_file_has_the_level_of_training) {
  const Dataset data = dataset_of(leveled("10000000", 0.006), "l.tsv", with_format("ucr"));
  const Expected expected = expected_like(data);
  const auto read = [&](const std::string& level) {
    return read_bytes(leveled(level, 0.006), "l.tsv", with_format("ucr"), base::Log(), &expected);
  };
  EXPECT_EQ(series_of(read("10000000"), 3).values, series_of(data, 3).values);
  EXPECT_NEAR(series_of(read("10000001"), 0).values[5], series_of(data, 0).values[5] + 1, 1e-6);
  const Expected plain = expected_like(dataset_of(leveled("1", 0), "l.tsv", with_format("ucr")));
  EXPECT_THAT(
      read_bytes(leveled("10000000", 0), "l.tsv", with_format("ucr"), base::Log(), &plain).offset,
      IsEmpty());
}

TEST(Levels, a_level_that_does_not_change_is_none) {
  const std::string text = "a 10000000 10000000\nb 10000000 10000000\n";
  EXPECT_THAT(dataset_of(text, "l.txt", with_format("ucr")).offset, IsEmpty());
}

TEST(TsReader, windows_line_ends_and_mark_change_nothing) {
  const Dataset data = dataset_of(as_windows(kTs), "tiny.ts");
  ASSERT_EQ(data.samples.size(), 2U);
  EXPECT_EQ(data.samples[1].label, "down");
}

TEST(TsReader, a_target_that_is_a_number_is_said_to_be_one) {
  const Dataset data = dataset_of("@problemName r\n@targetLabel true\n@data\n1,2:3.5\n", "r.ts");
  EXPECT_TRUE(data.measured);
  EXPECT_EQ(data.samples[0].label, "3.5");
  EXPECT_FALSE(dataset_of(kTs, "tiny.ts").measured);
}

TEST(TsReader, no_label_or_question_marks_are_unlabelled) {
  const Dataset none = dataset_of("@problemName r\n@classLabel false\n@data\n1,2\n3,4\n", "r.ts");
  EXPECT_FALSE(none.has_labels);
  EXPECT_THAT(series_of(none, 0).values, ElementsAre(1, 2));
  const Dataset marks = dataset_of("@problemName r\n@classLabel true a\n@data\n1,2:?\n", "r.ts");
  EXPECT_FALSE(marks.has_labels);
  EXPECT_EQ(marks.samples[0].label, "");
}

TEST(TsReader, time_stamps_are_refused_by_name) {
  const Error error =
      error_of("@problemName r\n@timeStamps true\n@classLabel true a\n@data\n(0,1):a\n", "r.ts");
  EXPECT_EQ(error.code(), Code::kUnsupported);
  EXPECT_STREQ(error.what(), "r.ts:2: @timeStamps true is not supported");
}

TEST(TsReader, each_bad_row_is_reported_with_its_place) {
  const std::string head = "@problemName r\n@dimensions 2\n@classLabel true a b\n@data\n";
  EXPECT_EQ(message_of(head + "1,2:3,x:a\n1,2:3:a\n1,2:a\n1,2:3,4:c\n1,inf:3,4:a\n1,,2:1,2,3:a\n"
                              "1,2:3,4:\n1,2:3,4:b\nno\n1:1e400:b\n",
                       "r.ts"),
            "r.ts:5:4: 'x' is not a number\n"
            "r.ts:6: channel 2 has 1 values, but channel 1 has 2\n"
            "r.ts:7: 1 channels, but the header says 2\n"
            "r.ts:8: label 'c' is not in @classLabel\n"
            "r.ts:9:2: 'inf' is not a finite number\n"
            "r.ts:10:2: empty value; ? is a missing one\n"
            "r.ts:13: no ':' before a label\n"
            "r.ts:14:2: '1e400' is too large a number\n"
            "r.ts:11: no label, though other rows have one");
}

TEST(TsReader, lengths_must_fit_the_header_and_not_be_nothing) {
  const std::string head = "@problemName r\n@equalLength true\n@seriesLength 2\n";
  EXPECT_EQ(message_of(head + "@classLabel true a\n@data\n1,2,3:a\n", "r.ts"),
            "r.ts:6: 3 values a channel, but @seriesLength is 2");
  EXPECT_EQ(message_of("@problemName r\n@classLabel true a\n@data\n1:a\n:a\n", "r.ts"),
            "r.ts:5: empty series");
  EXPECT_EQ(message_of("@problemName r\n@classLabel true a\n@data\n1:a\n1:1:a\n", "r.ts"),
            "r.ts:5: 2 channels, but line 4 has 1");
}

TEST(TsReader, a_broken_header_is_named) {
  EXPECT_EQ(message_of("@problemName r\n@classLabel true a\n", "r.ts"), "r.ts: no @data line");
  EXPECT_EQ(message_of("@problemName r\n1,2:a\n", "r.ts"), "r.ts:2: data before the @data line");
  EXPECT_EQ(message_of("@problemName r\n@data\n1,2:a\n", "r.ts"),
            "r.ts: no @classLabel line in the header");
  EXPECT_EQ(message_of("@problemName r\n@classLabel true a\n@data\n", "r.ts"),
            "r.ts: no data after the header");
}

TEST(UcrReader, the_label_comes_first_and_padding_is_cut_off) {
  const std::string text = "1\t0.5\tNaN\t+2\n-1\t3\tNaN\tNaN\n";
  for (const auto& content : {text, as_windows(text)}) {
    const Dataset data = dataset_of(content, "tiny.tsv");
    EXPECT_EQ(data.format, "ucr");
    ASSERT_EQ(data.samples.size(), 2U);
    EXPECT_EQ(data.samples[1].label, "-1");
    EXPECT_THAT(series_of(data, 0).values, ElementsAre(0.5F, IsNan(), 2));
    EXPECT_EQ(series_of(data, 1).steps, 1);
    EXPECT_THAT(series_of(data, 1).values, ElementsAre(3));
  }
}

TEST(UcrReader, commas_and_runs_of_blanks_separate_too) {
  const Dataset commas = dataset_of("2,1,2,3\n1,4,5,6\n", "tiny.csv");
  EXPECT_EQ(commas.format, "ucr");
  EXPECT_EQ(commas.samples[0].label, "2");
  const Dataset blanks = dataset_of("  2.0e+00   1  2 3\n  1.0e+00  4 5  6 \n", "tiny.txt");
  EXPECT_EQ(blanks.format, "ucr");
  EXPECT_EQ(blanks.samples[0].label, "2.0e+00");
  EXPECT_THAT(series_of(blanks, 1).values, ElementsAre(4, 5, 6));
}

TEST(UcrReader, labels_may_be_words) {
  const Dataset data = dataset_of("cat,1.5,2,3\ndog,4,5,6\n", "tiny.csv");
  EXPECT_EQ(data.format, "ucr");
  EXPECT_EQ(data.samples[1].label, "dog");
  const Dataset header =
      dataset_of("kind,0,1,2\ncat,1.5,2,3\ndog,4,5,6\n", "tiny.csv", with_target("kind"));
  EXPECT_EQ(header.format, "wide-csv");
}

TEST(UcrReader, each_bad_row_is_reported_with_its_place) {
  std::string good;
  for (int i = 0; i < 8; ++i) good += "1,0.1,0.2,0.3\n";
  EXPECT_EQ(message_of(good + "1,0.1,abc,0.3\n1,2\n1,NaN,NaN,NaN\n2,1,-inf,1e39\n", "a.csv"),
            "a.csv:9:3: 'abc' is not a number\n"
            "a.csv:10: 2 fields, but the first line has 4\n"
            "a.csv:12:3: '-inf' is not a finite number\n"
            "a.csv:12:4: '1e39' is too large a number\n"
            "a.csv:11: empty series");
}

const char* const kWideRows =
    "id,x_0,x_1,y_0,y_1,group,Label\na,1,2,3,4,p1,run\nb,5,,7,8,p2,walk\n";

TEST(WideCsvReader, several_channel_names_make_channels) {
  for (const auto& content : {std::string(kWideRows), as_windows(kWideRows)}) {
    const Dataset data = dataset_of(content, "tiny.csv");
    EXPECT_EQ(data.format, "wide-csv");
    EXPECT_THAT(data.streams[0].channel_names, ElementsAre("x", "y"));
    ASSERT_EQ(data.samples.size(), 2U);
    EXPECT_THAT(series_of(data, 0).values, ElementsAre(1, 3, 2, 4));
    EXPECT_THAT(series_of(data, 1).values, ElementsAre(5, 7, IsNan(), 8));
    EXPECT_EQ(data.samples[1].label, "walk");
    EXPECT_EQ(data.samples[1].id, "b");
    EXPECT_EQ(data.samples[1].group, "p2");
    EXPECT_EQ(data.samples[1].line, 3);
  }
}

TEST(WideCsvReader, brackets_and_points_name_channels_and_steps_are_sorted) {
  const Dataset data = dataset_of("y,a b[10],a b[9],c[9],c[10]\n0,10,9,90,100\n", "tiny.csv");
  EXPECT_THAT(series_of(data, 0).values, ElementsAre(9, 90, 10, 100));
  const Dataset points = dataset_of("y,acc_x.1,acc_x.2,acc_y.1,acc_y.2\n0,1,2,3,4\n", "tiny.csv");
  EXPECT_THAT(points.streams[0].channel_names, ElementsAre("acc_x", "acc_y"));
}

TEST(WideCsvReader, other_names_make_one_series_in_order) {
  for (const char* names : {"x_1,x_0,x_2,x_3", "a_0,a_1,b_0,c", "a_0,a_1,a_2,b_0", "p,q,r,s"}) {
    const Dataset data =
        dataset_of(std::string("target,") + names + "\nu,1,2,3,4\nv,5,6,7,8\n", "tiny.csv");
    EXPECT_EQ(data.streams[0].channels, 1) << names;
    EXPECT_THAT(series_of(data, 0).values, ElementsAre(1, 2, 3, 4)) << names;
  }
}

TEST(WideCsvReader, empty_cells_inside_are_missing_and_at_the_end_padding) {
  const Dataset data = dataset_of("label,a,b,c,d\n1,1,,3,\n2,1,2,3,4\n", "tiny.csv");
  EXPECT_THAT(series_of(data, 0).values, ElementsAre(1, IsNan(), 3));
  EXPECT_EQ(series_of(data, 1).steps, 4);
}

TEST(WideCsvReader, a_file_without_label_column_is_unlabelled) {
  const Dataset data = dataset_of("a,b,c\n1,2,3\n", "new.csv");
  EXPECT_EQ(data.format, "wide-csv");
  EXPECT_FALSE(data.has_labels);
  EXPECT_THAT(series_of(data, 0).values, ElementsAre(1, 2, 3));
}

TEST(WideCsvReader, the_unnamed_index_that_pandas_writes_is_the_id) {
  const Dataset data = dataset_of(",a,b,label\n0,5,6,u\n1,7,8,v\n", "tiny.csv");
  EXPECT_EQ(data.samples[1].id, "1");
  EXPECT_THAT(series_of(data, 0).values, ElementsAre(5, 6));
}

TEST(WideCsvReader, options_name_the_columns) {
  ReadSpec spec;
  spec.target = "kind";
  spec.id = "Key";
  spec.group = "patient";
  const Dataset data = dataset_of("key;kind;patient;a;b\nk1;u;p;1;2\n", "tiny.csv", spec);
  EXPECT_EQ(data.format, "wide-csv");
  EXPECT_EQ(data.samples[0].label, "u");
  EXPECT_EQ(data.samples[0].id, "k1");
  EXPECT_EQ(data.samples[0].group, "p");
}

TEST(WideCsvReader, a_missing_target_lists_the_columns_and_the_nearest) {
  ReadSpec spec;
  spec.target = "lable";
  const Error error = error_of("label,a,b\n1,2,3\n", "train.csv", spec);
  EXPECT_EQ(error.code(), Code::kData);
  EXPECT_STREQ(error.what(),
               "train.csv:1: no column 'lable' (--target); the columns are label, a, b");
  EXPECT_EQ(error.hint(), "did you mean 'label'?");
}

TEST(WideCsvReader, each_bad_row_is_reported_with_its_place) {
  EXPECT_EQ(message_of("label,a,b,c\n1,2,3,abc\n1,2,3\n1,2,3,4,5\n1,,,\n,2,3,4\n1,2,nan,1e-400\n"
                       "1,\"2,3,4\n",
                       "train.csv"),
            "train.csv:2:4: 'abc' is not a number\n"
            "train.csv:3: 3 cells, but the header has 4\n"
            "train.csv:4: 5 cells, but the header has 4\n"
            "train.csv:8:2: this quote is never closed\n"
            "train.csv:6: no label, though other rows have one\n"
            "train.csv:5: empty series");
}

TEST(WideCsvReader, a_column_of_text_is_one_error) {
  const Error error = error_of("name,a,b,c\nx,1,2,3\ny,4,5,6\n", "train.csv");
  EXPECT_STREQ(error.what(), "train.csv:1:1: column 'name' holds text such as 'x', not numbers");
  EXPECT_EQ(error.hint(),
            "for the label: --target 'name'; for an id: --id 'name'; for a group: --group 'name'");
}

TEST(WideCsvReader, the_first_twenty_bad_rows_are_shown_and_all_are_counted) {
  std::string content = "label,a,b\n";
  for (int i = 0; i < 31; ++i) content += i < 4 ? "1,2,3\n" : "1,2,x\n";
  const std::string message = message_of(content, "train.csv");
  EXPECT_THAT(message, HasSubstr("train.csv:25:3: 'x' is not a number\n... and 7 more bad rows "
                                 "(27 in all)"));
  EXPECT_THAT(message, Not(HasSubstr("train.csv:26")));
}

TEST(WideCsvReader, two_columns_of_the_same_role_are_refused) {
  EXPECT_EQ(message_of("label,a,b,label\n1,2,3,1\n", "train.csv"),
            "train.csv:1:4: two columns are called 'label'");
}

TEST(WideCsvReader, a_header_alone_is_no_data) {
  EXPECT_EQ(message_of("label,a,b\n", "train.csv", with_format("wide-csv")),
            "train.csv: no data after the header");
}

const char* const kLong =
    "id,time,x,y,label,group,note\n"
    "s1,2,3,4,up,g,late\ns2,1,9,,down,h,n\ns1,1,1,2,up,g,early\ns2,2,8,7,down,h,n\n";

TEST(LongCsvReader, rows_are_gathered_by_id_and_sorted_by_time) {
  for (const auto& content : {std::string(kLong), as_windows(kLong)}) {
    const Dataset data = dataset_of(content, "tiny.csv");
    EXPECT_EQ(data.format, "long-csv");
    EXPECT_THAT(data.streams[0].channel_names, ElementsAre("x", "y"));
    ASSERT_EQ(data.samples.size(), 2U);
    EXPECT_THAT(series_of(data, 0).values, ElementsAre(1, 2, 3, 4));
    EXPECT_THAT(series_of(data, 1).values, ElementsAre(9, IsNan(), 8, 7));
    EXPECT_EQ(data.samples[0].id, "s1");
    EXPECT_EQ(data.samples[0].label, "up");
    EXPECT_EQ(data.samples[1].group, "h");
    EXPECT_EQ(data.samples[1].line, 3);
  }
}

TEST(LongCsvReader, dates_are_times_too) {
  const Dataset data = dataset_of(
      "series_id,time,x\na,2020-02-01,2\na,2020-01-31 12:00,1\nb,2020-01-01,3\n", "tiny.csv");
  EXPECT_THAT(series_of(data, 0).values, ElementsAre(1, 2));
  EXPECT_FALSE(data.has_labels);
}

TEST(LongCsvReader, options_name_the_columns) {
  ReadSpec spec;
  spec.id = "patient";
  spec.time = "hour";
  spec.target = "sick";
  const Dataset data =
      dataset_of("patient,hour,sick,v\n1,0,yes,5\n1,1,yes,6\n2,0,no,7\n", "tiny.csv", spec);
  EXPECT_EQ(data.format, "long-csv");
  EXPECT_EQ(data.samples[1].label, "no");
}

TEST(LongCsvReader, each_bad_row_is_reported_with_its_place) {
  EXPECT_EQ(message_of("id,t,label,group,x\na,1,u,g,1\na,2,v,g,1\na,3,u,h,1\na,soon,u,g,1\n"
                       ",1,u,g,1\na,1,u,g,2\nb,1,u,g,word\na,2020-01-01,u,g,1\n",
                       "l.csv"),
            "l.csv:3:3: 'v', but id 'a' has 'u' on line 2\n"
            "l.csv:4:4: 'h', but id 'a' has 'g' on line 2\n"
            "l.csv:5:2: time 'soon' is not a number or a date like 2020-02-01\n"
            "l.csv:6:1: no id\n"
            "l.csv:8:5: 'word' is not a number\n"
            "l.csv:9:2: time '2020-01-01' is not a number as in the rows above\n"
            "l.csv:7:2: this time of id 'a' stands on line 2 already");
}

TEST(LongCsvReader, missing_columns_are_named) {
  EXPECT_EQ(message_of("key,t,x\n1,2,3\n", "l.csv", with_format("long-csv")),
            "l.csv:1: no id column; the columns are key, t, x");
}

TEST(LongCsvReader, without_a_time_column_rows_count_in_their_order) {
  const Dataset data = dataset_of("id,x\na,3\nb,5\na,1\na,2\n", "l.csv", with_format("long-csv"));
  ASSERT_EQ(data.samples.size(), 2U);
  EXPECT_THAT(series_of(data, 0).values, ElementsAre(3, 1, 2));
}

const char* const kJsonl =
    "{\"series\": [[1, 2], [3, null]], \"label\": true, \"id\": 7, \"group\": \"g\"}\n"
    "{\"series\": [[5, 6.5]], \"label\": false}\n";

TEST(JsonlReader, a_series_is_a_list_of_time_steps) {
  for (const auto& content : {std::string(kJsonl), as_windows(kJsonl)}) {
    const Dataset data = dataset_of(content, "tiny.jsonl");
    EXPECT_EQ(data.format, "jsonl");
    EXPECT_EQ(data.streams[0].channels, 2);
    EXPECT_THAT(series_of(data, 0).values, ElementsAre(1, 2, 3, IsNan()));
    EXPECT_EQ(data.samples[0].label, "true");
    EXPECT_EQ(data.samples[0].id, "7");
    EXPECT_EQ(data.samples[0].group, "g");
    EXPECT_EQ(data.samples[1].id, "2");
  }
}

TEST(JsonlReader, numbers_alone_are_one_channel) {
  const Dataset data = dataset_of("{\"series\":[1,2.5,null],\"label\":3}\n", "tiny.jsonl");
  EXPECT_EQ(data.streams[0].channels, 1);
  EXPECT_THAT(series_of(data, 0).values, ElementsAre(1, 2.5F, IsNan()));
  EXPECT_EQ(data.samples[0].label, "3");
}

TEST(JsonlReader, without_labels_it_is_unlabelled) {
  EXPECT_FALSE(dataset_of("{\"series\":[1]}\n", "tiny.jsonl").has_labels);
  EXPECT_FALSE(dataset_of("{\"series\":[1],\"label\":null}\n", "tiny.jsonl").has_labels);
}

TEST(JsonlReader, each_bad_row_is_reported_with_its_place) {
  EXPECT_EQ(message_of("{\"series\":[[1,2]],\"label\":1}\n"
                       "{\"series\":[[1,2],[3]],\"label\":1}\n"
                       "{\"series\":[[1,\"x\"]],\"label\":1}\n"
                       "{\"series\":[[1,1e400]],\"label\":1}\n"
                       "{\"series\":[[1,1e39]],\"label\":1}\n"
                       "{\"series\":[[1,NaN]],\"label\":1}\n"
                       "{\"serie\":[[1,2]],\"label\":1}\n"
                       "{\"series\":[[1,2]],\"label\":{\"a\":1}}\n"
                       "[1]\n"
                       "{\"series\":[[1]],\"label\":1}\n"
                       "{\"series\":[],\"label\":1}\n"
                       "{\"series\":[[]],\"label\":1}\n"
                       "{\"series\":3,\"label\":1}\n",
                       "a.jsonl"),
            "a.jsonl:2: series[1] has 1 values, but series[0] has 2\n"
            "a.jsonl:3: series[0][1] is not a number\n"
            "a.jsonl:4: a number is too large\n"
            "a.jsonl:5: series[0][1] is too large a number\n"
            "a.jsonl:6:15: not valid JSON: a missing value is null here, not NaN\n"
            "a.jsonl:7: no key 'series'\n"
            "a.jsonl:8: 'label' must be a string, a number or true or false\n"
            "a.jsonl:9: not a JSON object: write one {...} a line\n"
            "a.jsonl:12: series[0] holds no values\n"
            "a.jsonl:13: 'series' must be a list of time steps\n"
            "a.jsonl:10: 1 channels, but line 1 has 2\n"
            "a.jsonl:11: empty series");
}

}  // namespace
}  // namespace refrain::data
