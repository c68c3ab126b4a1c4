// Rows of the M4 competition, JSON Lines of GluonTS, .tsf of the Monash archive.
#include <gmock/gmock.h>

#include "refrain/base/test_folder.h"
#include "refrain/data/history/history_test_input.h"

namespace refrain::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

HistorySpec history_format(const std::string& format) {
  HistorySpec spec;
  spec.format = format;
  return spec;
}

Error jsonl_error(const std::string& content) { return history_error(content, {}, "x.jsonl"); }

TEST(RowHistories, are_read_with_and_without_header_and_quotes) {
  for (const char* content :
       {"\"V1\",\"V2\",\"V3\",\"V4\"\n\"H1\",\"1\",\"2.5\",\"\"\n\"H2\",\"3\",\"\",\"5\"\n",
        "id,V1,V2,V3\nH1,1,2.5,\nH2,3,,5\n", "H1,1,2.5,\nH2,3,,5\n", "H1,1,2.5\nH2,3,NA,5\n",
        "id,V1,V2,V3\r\nH1,1,2.5\r\nH2,3,,5\r\n"}) {
    const Histories read = histories_of(content);
    EXPECT_EQ(read.format, "rows") << content;
    ASSERT_THAT(read.series, SizeIs(2)) << content;
    EXPECT_EQ(read.series[0].id, "H1");
    EXPECT_THAT(read.series[0].value, ElementsAre(1, 2.5));
    EXPECT_THAT(shown_values(read.series[1].value), ElementsAre(3, -1, 5));
    EXPECT_EQ(read.calendar.stamp(read.series[0].start, 0), "1");
  }
}

TEST(RowHistories, ids_may_be_numbers_under_a_header) {
  const Histories read = histories_of("id,V1,V2\n1,5,6\n2,7,8\n");
  EXPECT_EQ(read.format, "rows");
  EXPECT_EQ(read.series[1].id, "2");
  EXPECT_THAT(read.series[1].value, ElementsAre(7, 8));
  const Histories named = histories_of("1,5,6\n2,7,8\n", history_format("rows"));
  EXPECT_THAT(named.series[1].value, ElementsAre(7, 8));
}

TEST(RowHistories, bad_cells_and_ids_are_named) {
  EXPECT_THAT(history_message("a,1,2\nb,1,x\n", history_format("rows")),
              HasSubstr("x.csv:2:3: 'x' is not a number"));
  EXPECT_THAT(history_message("a,1,2\nb,1,inf\n"),
              HasSubstr("x.csv:2:3: 'inf' is not a finite number"));
  EXPECT_THAT(history_message("a,1,2\na,1,3\n"),
              HasSubstr("x.csv:2: the series 'a' stands on line 1 already"));
  EXPECT_THAT(history_message("a,1,2\nb,,\n"), HasSubstr("x.csv:2: series 'b' has no value"));
  EXPECT_THAT(history_message("a,1,2\n,1,2\n", history_format("rows")),
              HasSubstr("x.csv:2:1: the id is missing"));
}

TEST(RowHistories, options_that_name_columns_are_refused) {
  HistorySpec spec = history_format("rows");
  spec.known = "x";
  EXPECT_THAT(history_message("a,1,2\n", spec), HasSubstr("--known names a column"));
  HistorySpec id;
  id.id = "name";
  EXPECT_THAT(history_message("name,V1,V2\na,1,2\n", id), "read");
  EXPECT_THAT(history_message("id,V1,V2\na,1,2\n", id), HasSubstr("the id stands first"));
}

TEST(JsonHistories, are_read_with_start_and_frequency) {
  const Histories read = histories_of(
      "{\"item_id\": \"a\", \"start\": \"2020-01-01 00:00:00\", \"freq\": \"H\", \"target\": [1, "
      "null, "
      "3]}\n"
      "{\"item_id\": \"b\", \"start\": \"2020-01-01 05:00:00\", \"freq\": \"H\", \"target\": "
      "[\"NaN\", "
      "2.5, null]}\n",
      {}, "x.jsonl");
  EXPECT_EQ(read.format, "jsonl");
  ASSERT_THAT(read.series, SizeIs(2));
  EXPECT_THAT(shown_values(read.series[0].value), ElementsAre(1, -1, 3));
  EXPECT_THAT(read.series[1].value, ElementsAre(2.5));
  EXPECT_EQ(read.calendar.name(), "hourly");
  EXPECT_EQ(read.calendar.stamp(read.series[1].start, 1), "2020-01-01 07:00:00");
  EXPECT_EQ(read.series[1].line, 2);
}

TEST(JsonHistories, are_read_from_an_array_and_without_id) {
  const Histories read = histories_of("[{\"target\": [1, 2]},\n {\"target\": [3]}]", {}, "x.json");
  EXPECT_EQ(read.format, "jsonl");
  ASSERT_THAT(read.series, SizeIs(2));
  EXPECT_EQ(read.series[1].id, "2");
  EXPECT_EQ(read.calendar.stamp(read.series[0].start, 0), "1");
}

TEST(JsonHistories, hold_covariates_of_all_roles) {
  const Histories read = histories_of(
      "{\"target\": [null, 1, 2], \"feat_dynamic_real\": [[1, 2, 3, 4], [5, 6, 7, 8]], "
      "\"past_feat_dynamic_real\": [[7, 8, 9]], \"feat_static_real\": [0.5], \"feat_static_cat\": "
      "[3]}\n",
      {}, "x.jsonl");
  EXPECT_THAT(read.known, ElementsAre("feat_dynamic_real_1", "feat_dynamic_real_2"));
  EXPECT_THAT(read.past, ElementsAre("past_feat_dynamic_real_1"));
  EXPECT_THAT(read.fixed, ElementsAre("feat_static_real_1", "feat_static_cat_1"));
  EXPECT_EQ(read.series[0].start, 2);
  EXPECT_THAT(read.series[0].value, ElementsAre(1, 2));
  EXPECT_THAT(read.series[0].known, ElementsAre(2, 6, 3, 7, 4, 8));
  EXPECT_THAT(read.series[0].past, ElementsAre(8, 9));
  EXPECT_THAT(read.series[0].fixed, ElementsAre(0.5, 3));
}

TEST(JsonHistories, a_start_without_frequency_is_remarked_on) {
  const Histories read =
      histories_of("{\"start\": \"2020-01-01\", \"target\": [1]}", {}, "x.jsonl");
  ASSERT_THAT(read.remarks, SizeIs(1));
  EXPECT_THAT(read.remarks[0], HasSubstr("no \"freq\""));
  EXPECT_EQ(read.calendar.unit, Calendar::Unit::kNumber);
}

TEST(JsonHistories, calendars_of_months_and_business_days_begin_where_they_say) {
  const auto first = [](const char* start, const char* frequency) {
    const Histories read = histories_of(std::string("{\"start\": \"") + start + "\", \"freq\": \"" +
                                            frequency + "\", \"target\": [1, 2]}",
                                        {}, "x.jsonl");
    return read.calendar.stamp(read.series[0].start, 0) + " " +
           read.calendar.stamp(read.series[0].start, 1);
  };
  EXPECT_EQ(first("2020-01-31", "M"), "2020-01-31 2020-02-29");
  EXPECT_EQ(first("2020-01-01 00:00:00", "MS"), "2020-01-01 00:00:00 2020-02-01 00:00:00");
  EXPECT_EQ(first("2020-01-03", "B"), "2020-01-03 2020-01-06");
  EXPECT_EQ(first("2020", "A"), "2020 2021");
  EXPECT_EQ(first("2020-01", "D"), "2020-01-01 2020-01-02");
}

TEST(JsonHistories, broken_objects_are_named) {
  EXPECT_THAT(jsonl_error("{\"target\": [1]}\n{\"target\": [1}\n").what(),
              HasSubstr("x.jsonl:2:14: not valid JSON"));
  EXPECT_THAT(jsonl_error("{\"target\": [1]}\n{\"x\": [1]}\n").what(),
              HasSubstr("x.jsonl:2: no 'target' in this object"));
  EXPECT_THAT(jsonl_error("{\"target\": [1, \"x\"]}\n").what(),
              HasSubstr("target[1] is 'x', not a finite number"));
  EXPECT_THAT(jsonl_error("{\"target\": [1, \"inf\"]}\n").what(), HasSubstr("not a finite number"));
  EXPECT_THAT(jsonl_error("{\"target\": [1, [2]]}\n").what(), HasSubstr("not a finite number"));
  EXPECT_THAT(jsonl_error("{\"target\": [null]}\n").what(), HasSubstr("series '1' has no value"));
  EXPECT_THAT(
      jsonl_error("{\"item_id\": 1, \"target\": [1]}\n{\"item_id\": \"1\", \"target\": [1]}\n")
          .what(),
      HasSubstr("x.jsonl:2: the series '1' stands on line 1 already"));
  EXPECT_THAT(jsonl_error("{\"target\": [1, 2], \"feat_dynamic_real\": [[1]]}\n").what(),
              HasSubstr("feat_dynamic_real[0] has 1 values, and target has 2"));
  EXPECT_THAT(
      jsonl_error("{\"target\": [1]}\n{\"target\": [1], \"feat_static_real\": [1]}\n").what(),
      HasSubstr("'feat_static_real' has 1 entries, and 0 in the first series"));
  EXPECT_THAT(jsonl_error("{\"start\": \"2020-01-01\", \"freq\": \"X\", \"target\": [1]}\n").what(),
              HasSubstr("'X' is no known frequency"));
}

TEST(JsonHistories, deep_nesting_is_an_error_like_others) {
  const std::string deep(200000, '[');
  const std::string shut(200000, ']');
  EXPECT_THAT(jsonl_error("{\"target\": [1, " + deep + shut + "]}\n").what(),
              HasSubstr("target[1] is '[...]', not a finite number"));
  EXPECT_THAT(jsonl_error("{\"target\": [1], \"start\": " + deep + shut + "}\n").what(),
              HasSubstr("'[...]' is not a time"));
}

TEST(JsonHistories, two_frequencies_are_an_error_that_names_both) {
  EXPECT_THAT(jsonl_error("{\"start\": \"2020-01-01\", \"freq\": \"H\", \"target\": [1]}\n"
                          "{\"start\": \"2020-01-01\", \"freq\": \"D\", \"target\": [1]}\n")
                  .what(),
              HasSubstr("x.jsonl:2: \"freq\" is 'D', and 'H' on line 1"));
}

TEST(JsonHistories, series_with_and_without_start_are_an_error) {
  EXPECT_THAT(jsonl_error("{\"start\": \"2020-01-01\", \"freq\": \"H\", \"target\": [1]}\n"
                          "{\"freq\": \"H\", \"target\": [1]}\n")
                  .what(),
              HasSubstr("x.jsonl:2: this series has no start, and others have one"));
}

const std::string kTsf =
    "# comment\n@relation x\n@attribute series_name string\n@attribute start_timestamp date\n"
    "@frequency monthly\n@horizon 6\n@missing true\n@equallength false\n@data\n";

TEST(TsfHistories, are_read_with_horizon_and_frequency) {
  const Histories read =
      histories_of(kTsf + "T1:1972-01-01 00-00-00:1,?,3\nT2:1973-05-01 00-00-00:4\n", {}, "x.tsf");
  EXPECT_EQ(read.format, "tsf");
  EXPECT_EQ(read.horizon, 6);
  ASSERT_THAT(read.series, SizeIs(2));
  EXPECT_THAT(shown_values(read.series[0].value), ElementsAre(1, -1, 3));
  EXPECT_EQ(read.calendar.name(), "monthly");
  EXPECT_EQ(read.calendar.stamp(read.series[1].start, 1), "1973-06-01 00-00-00");
  EXPECT_EQ(read.series[1].line, 11);
}

TEST(TsfHistories, starts_may_hold_colons_and_further_attributes_are_fixed_by_name) {
  HistorySpec spec;
  spec.fixed = "area";
  const Histories read = histories_of(
      "@attribute series_name string\n@attribute start_timestamp date\n@attribute area numeric\n"
      "@attribute state string\n@frequency half_hourly\n@data\n"
      "T1:2012-01-01 00:30:00:55:NSW:1,2\n",
      spec, "x.tsf");
  EXPECT_EQ(read.calendar.stamp(read.series[0].start, 1), "2012-01-01 01:00:00");
  EXPECT_THAT(read.fixed, ElementsAre("area"));
  EXPECT_THAT(read.series[0].fixed, ElementsAre(55));
}

TEST(TsfHistories, without_starts_are_numbered_with_a_remark) {
  const Histories read =
      histories_of("@relation x\n@attribute series_name string\n@frequency weekly\n@data\nT1:1,2\n",
                   {}, "x.tsf");
  EXPECT_EQ(read.calendar.unit, Calendar::Unit::kNumber);
  ASSERT_THAT(read.remarks, SizeIs(1));
  EXPECT_THAT(read.remarks[0], HasSubstr("are weekly and have no start"));
}

TEST(TsfHistories, broken_ones_are_named) {
  const auto message = [](const std::string& content) {
    return history_message(content, {}, "x.tsf");
  };
  EXPECT_THAT(message("@relation x\n"), HasSubstr("x.tsf: no @data line"));
  EXPECT_THAT(message("@relation x\nT1:1,2\n@data\n"), HasSubstr("x.tsf:2: a series before @data"));
  EXPECT_THAT(message("@frequency moonly\n@data\n"),
              HasSubstr("x.tsf:1: 'moonly' is no known frequency"));
  EXPECT_THAT(message("@horizon 0\n@data\n"), HasSubstr("x.tsf:1: '0' is no horizon"));
  EXPECT_THAT(message(kTsf), HasSubstr("there is no series"));
  EXPECT_THAT(message(kTsf + "T1:1,2\n"), HasSubstr("x.tsf:10: fewer than the 2 attributes"));
  EXPECT_THAT(message(kTsf + "T1:1972-01-01 00-00-00:1,x\n"),
              HasSubstr("x.tsf:10:2: 'x' is not a number"));
  EXPECT_THAT(message(kTsf + "T1:soon:1,2\n"), HasSubstr("'soon' is not a time"));
  EXPECT_THAT(message(kTsf + "T1:1972-01-01 00-00-00:?,?\n"),
              HasSubstr("series 'T1' has no value"));
  EXPECT_THAT(message(kTsf + "T1:1972-01-01 00-00-00:1\nT1:1972-01-01 00-00-00:1\n"),
              HasSubstr("x.tsf:11: the series 'T1' stands on line 10 already"));
}

TEST(Histories, are_unpacked_from_gz) {
  // id,time,value and two rows of the series a.
  const char packed[] =
      "\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\x03\xcb\x4c\xd1\x29\xc9\xcc"
      "\x4d\xd5\x29\x4b\xcc\x29\x4d\xe5\x4a\xd4\x31\xd4\x31\x05\x92\x46"
      "\x3a\x66\x5c\x00\x52\x07\x07\xda\x1a\x00\x00\x00";
  const base::TestFolder folder;
  const std::string path = folder.write("x.csv.gz", std::string(packed, sizeof packed - 1));
  const Histories read = read_histories(path, {}, base::Log());
  EXPECT_EQ(read.format, "long");
  EXPECT_THAT(read.series.at(0).value, ElementsAre(5, 6));
}

}  // namespace
}  // namespace refrain::data
