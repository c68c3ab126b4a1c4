// Checks the errors for faulty and hostile files of series.
#include <gmock/gmock.h>

#include "refrain/data/history/history_reader.h"
#include "refrain/data/history/history_test_input.h"

namespace refrain::data {
namespace {

using testing::HasSubstr;

// Rows of one series at these hours.
std::string hours(const std::string& id, const std::vector<int>& at) {
  std::string out;
  for (const int hour : at) {
    const int day = 1 + hour / 24, rest = hour % 24;
    out += id + ",2020-01-" + (day < 10 ? "0" : "") + std::to_string(day) + " " +
           (rest < 10 ? "0" : "") + std::to_string(rest) + ":00,1\n";
  }
  return out;
}

TEST(HistoryErrors, a_time_that_stands_twice_is_named_with_both_lines) {
  const Error error = history_error("id,time,value\na,1,1\na,2,2\na,2,3\nb,2,1\n");
  EXPECT_EQ(std::string(error.what()), "x.csv:4: this time of series 'a' stands on line 3 already");
  EXPECT_EQ(error.exit_code(), 2);
}

TEST(HistoryErrors, frequencies_that_differ_between_series_are_named) {
  const std::string content =
      "id,time,value\n" + hours("a", {0, 1, 2, 3, 4, 5, 6}) + hours("b", {0, 24, 48, 72, 96});
  EXPECT_THAT(history_message(content),
              HasSubstr("x.csv:9: series 'b' is daily, others are hourly"));
}

TEST(HistoryErrors, a_frequency_that_changes_within_a_series_is_named) {
  const std::string content =
      "id,time,value\n" + hours("a", {0, 1, 2, 3, 4, 5, 6, 24, 42, 60, 78, 96, 114});
  EXPECT_THAT(
      history_message(content),
      HasSubstr("x.csv:9: series 'a' is every 18 hours from here on, and hourly elsewhere"));
}

TEST(HistoryErrors, some_gaps_are_no_other_frequency) {
  const std::string content = "id,time,value\n" + hours("a", {0, 1, 2, 3, 5, 7, 9, 10, 11, 12});
  EXPECT_EQ(histories_of(content).series[0].steps(), 13U);
}

TEST(HistoryErrors, irregular_times_are_named_with_the_usual_difference) {
  const std::string content =
      "time,value\n2020-01-01 00:00,1\n2020-01-01 01:00,1\n2020-01-01 02:00,1\n"
      "2020-01-01 02:20,1\n2020-01-01 03:20,1\n2020-01-01 04:20,1\n2020-01-01 05:20,1\n"
      "2020-01-01 06:20,1\n2020-01-01 07:20,1\n2020-01-01 08:20,1\n2020-01-01 09:20,1\n"
      "2020-01-01 10:20,1\n";
  EXPECT_THAT(history_message(content),
              HasSubstr("x.csv:5: this time of series 'value' lies 20 minutes after the one before "
                        "it; most lie 1 hour apart"));
}

TEST(HistoryErrors, business_month_ends_are_irregular) {
  EXPECT_THAT(
      history_message("time,value\n2020-01-31,1\n2020-02-28,1\n2020-03-31,1\n2020-05-29,1\n"),
      HasSubstr("this time of series 'value' lies"));
}

TEST(HistoryErrors, the_first_20_are_shown_and_all_are_counted) {
  std::string content = "id,time,value\n";
  for (int i = 0; i < 50; ++i) content += "a," + std::to_string(i) + ",x\n";
  const std::string message = history_message(content);
  EXPECT_THAT(message, HasSubstr("x.csv:21:3: 'x' is not a number"));
  EXPECT_THAT(message, HasSubstr("... and 30 more bad rows (50 in all)"));
  EXPECT_THAT(message, testing::Not(HasSubstr("x.csv:22:")));
}

TEST(HistoryErrors, files_without_rows_and_values_are_named) {
  EXPECT_THAT(history_message(""), HasSubstr("x.csv: the file is empty"));
  EXPECT_THAT(history_message("id,time,value\n"), HasSubstr("x.csv: no row under the header"));
  EXPECT_THAT(history_message("id,time,value\na,1,\na,2,\n"),
              HasSubstr("x.csv:2: series 'a' has no value: all are missing"));
  EXPECT_THAT(history_message("id,time,value\na,1,inf\n"),
              HasSubstr("x.csv:2:3: 'inf' is not a finite number"));
  EXPECT_THAT(history_message("id,time,value\na,1,1,1\n"), HasSubstr("x.csv:2: 4 cells"));
  EXPECT_THAT(history_message("id,time,value\n,1,1\nb,1,1\n"),
              HasSubstr("x.csv:2:1: the id is missing"));
}

TEST(HistoryErrors, what_is_no_series_is_not_recognised) {
  for (const char* content : {"hello\n", "a,b\nx,y\n", "<html></html>\n", "1,2,3\n4,5,6\n",
                              "@relation x\n", "text,label\nhi,1\n"}) {
    EXPECT_THAT(history_message(content), HasSubstr("was not recognised")) << content;
  }
  EXPECT_THAT(history_message(std::string("PK\x03\x04 zip")), HasSubstr("not text"));
}

TEST(HistoryErrors, an_unknown_format_is_refused_by_name) {
  HistorySpec spec;
  spec.format = "wide";
  EXPECT_EQ(history_error("a,1\n", spec).code(), Code::kUsage);
}

TEST(HistoryErrors, gaps_that_would_fill_the_memory_are_refused) {
  EXPECT_THAT(history_message("time,value\n1,1\n2,1\n3,1\n1000000000000,1\n"),
              HasSubstr("the times of series 'value' span 1000000000000 steps"));
  EXPECT_THAT(history_message("id,time,value\na,2020-01-01 00:00:00,1\na,2020-01-01 00:00:01,1\n"
                              "a,2020-01-01 00:00:02,1\na,9999-01-01 00:00:00,1\n"),
              HasSubstr("at most 20000000"));
  EXPECT_THAT(history_message("time,value\n9999999999999999999,1\n"), HasSubstr("is not a time"));
  // Many series with gaps that each are allowed.
  std::string content = "id,time,value\n";
  for (int i = 0; i < 50; ++i) {
    const std::string id = "s" + std::to_string(i);
    for (const char* time : {"1", "2", "3", "4", "19000000"}) content += id + "," + time + ",1\n";
  }
  EXPECT_THAT(history_message(content), HasSubstr("few gaps"));
}

TEST(HistoryErrors, no_format_falls_over_what_is_cut_off_or_turned_round) {
  const std::vector<std::string> files = {
      "id,time,value,c\na,2020-01-01,1,2\na,2020-01-02,2,3\nb,2020-01-01,,1\n",
      "date,a,b\n2020-01,1,2\n2020-02,3,4\n", "\"V1\",\"V2\"\n\"H1\",\"1\"\n\"H2\",\"2\"\n",
      "{\"item_id\": \"a\", \"start\": \"2020-01-01\", \"freq\": \"D\", \"target\": [1, null]}\n",
      "@attribute series_name string\n@attribute s date\n@frequency "
      "daily\n@data\nT:2020-01-01:1,2\n"};
  std::vector<std::string> formats = history_readers().names();
  formats.emplace_back("auto");
  for (const auto& file : files) {
    for (const auto& format : formats) {
      HistorySpec spec;
      spec.format = format;
      for (std::size_t size = 1; size <= file.size(); ++size) {
        history_error(file.substr(0, size), spec);
        history_error(file.substr(file.size() - size), spec);
      }
    }
  }
}

}  // namespace
}  // namespace refrain::data
