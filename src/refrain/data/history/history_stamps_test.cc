// Stamps and frequencies as files write them.
#include <gmock/gmock.h>

#include "refrain/data/history/frequency.h"
#include "refrain/data/history/history_test_input.h"
#include "refrain/data/history/stamp_form.h"

namespace refrain::data {
namespace {

using testing::HasSubstr;

TEST(StampForm, is_found_from_one_stamp) {
  EXPECT_EQ(find_form("2016-07-01 00:00:00"), "%Y-%m-%d %H:%M:%S");
  EXPECT_EQ(find_form("2016-07-01T00:00:00Z"), "%Y-%m-%dT%H:%M:%SZ");
  EXPECT_EQ(find_form("2016-07-01T00:00:00.000+02:00"), "%Y-%m-%dT%H:%M:%S.%f%z");
  EXPECT_EQ(find_form("2016-07-01 00:00:00-0530"), "%Y-%m-%d %H:%M:%S%z");
  EXPECT_EQ(find_form("2016-07-01 00:00 UTC"), "%Y-%m-%d %H:%M UTC");
  EXPECT_EQ(find_form("1972-01-01 00-00-00"), "%Y-%m-%d %H-%M-%S");
  EXPECT_EQ(find_form("1949-01"), "%Y-%m");
  EXPECT_EQ(find_form("2020Q3"), "%YQ%q");
  EXPECT_EQ(find_form("2020-Q3"), "%Y-Q%q");
  EXPECT_EQ(find_form("Q3 2020"), "Q%q %Y");
  EXPECT_EQ(find_form("2020-W05"), "%G-W%V");
  EXPECT_EQ(find_form("01.02.2020"), "%d.%m.%Y");
  EXPECT_EQ(find_form("2020/1/2"), "%Y/%m/%d");
  EXPECT_EQ(find_form("1/2/2020 5:30 PM"), "%m/%d/%Y %I:%M %p");
  EXPECT_EQ(find_form("Jan 2020"), "%b %Y");
  EXPECT_EQ(find_form("2 January 2020"), "%d %b %Y");
  EXPECT_EQ(find_form("Jan 2, 2020"), "%b %d, %Y");
  EXPECT_EQ(find_form("2020M07"), "%YM%m");
}

TEST(StampForm, is_none_of_words_and_numbers) {
  for (const char* cell : {"", "abc", "12", "1.5", "2020-", "-2020", "20-01-01", "2020-01-01x",
                           "2020-01-01 ", "Maybe 2020", "%Y", "2020-01-01 0:0:0:0", "T", "Q", "W5",
                           "2020-01-01 +", "2020-01-01 00:00:00.", "99:99"}) {
    const bool blank = std::string(cell) == "2020-01-01 ";  // blanks around it are allowed
    EXPECT_EQ(find_form(cell).empty(), !blank) << cell;
  }
}

TEST(StampForm, writes_what_it_reads) {
  for (const char* cell :
       {"2016-07-01 05:06:07", "1949-11", "2020Q3", "01.02.2020", "Jan 2020", "03/14/2021 11:59 PM",
        "12 Mar 2020", "2020-01-02T03:04:05+02:00", "12/30/2020 12:00 AM"}) {
    Moment moment;
    FormDetail detail;
    const std::string form = find_form(cell);
    ASSERT_TRUE(read_form(form, cell, moment, detail)) << cell << " " << form;
    EXPECT_EQ(write_form(form, moment), cell);
  }
}

TEST(Stamps, frequencies_are_found_and_continued_in_the_same_form) {
  EXPECT_EQ(calendar_in_words({"2016-07-01 00:00:00", "2016-07-01 01:00:00"}),
            "hourly 2016-07-01 00:00:00 2016-07-01 02:00:00");
  EXPECT_EQ(calendar_in_words({"2016-07-01T23:30Z", "2016-07-01T23:45Z"}),
            "every 15 minutes 2016-07-01T23:30Z 2016-07-02T00:00Z");
  EXPECT_EQ(calendar_in_words({"2024-02-27", "2024-02-28"}), "daily 2024-02-27 2024-02-29");
  EXPECT_EQ(calendar_in_words({"1949-11", "1949-12"}), "monthly 1949-11 1950-01");
  EXPECT_EQ(calendar_in_words({"1821", "1822", "1823"}), "yearly 1821 1824");
  EXPECT_EQ(calendar_in_words({"2020Q3", "2020Q4"}), "quarterly 2020Q3 2021Q1");
  EXPECT_EQ(calendar_in_words({"2020-W52", "2020-W53"}), "weekly 2020-W52 2021-W01");
  EXPECT_EQ(calendar_in_words({"30.01.2020", "31.01.2020"}), "daily 30.01.2020 01.02.2020");
  EXPECT_EQ(calendar_in_words({"2020/1/9", "2020/1/10"}), "daily 2020/1/9 2020/1/11");
  EXPECT_EQ(calendar_in_words({"May 2020", "June 2020"}), "monthly May 2020 July 2020");
  EXPECT_EQ(calendar_in_words({"Nov 2020", "Dec 2020"}), "monthly Nov 2020 Jan 2021");
  EXPECT_EQ(calendar_in_words({"20200130", "20200131"}), "daily 20200130 20200201");
  EXPECT_EQ(calendar_in_words({"202011", "202012"}), "monthly 202011 202101");
  EXPECT_EQ(calendar_in_words({"5", "6", "7"}), "steps 5 8");
  EXPECT_EQ(calendar_in_words({"0", "10", "20"}), "steps of 10 0 30");
  EXPECT_EQ(calendar_in_words({"1.0", "2.0"}), "steps 1 3");
  EXPECT_EQ(calendar_in_words({"2024-03-04 00:00:00.000", "2024-03-05 00:00:00.000"}),
            "daily 2024-03-04 00:00:00.000 2024-03-06 00:00:00.000");
}

TEST(Stamps, months_quarters_and_years_are_seen_in_dates) {
  EXPECT_EQ(calendar_in_words({"2020-01-31", "2020-02-29", "2020-03-31"}),
            "monthly 2020-01-31 2020-04-30");
  EXPECT_EQ(calendar_in_words({"2020-01-01", "2020-02-01", "2020-03-01"}),
            "monthly 2020-01-01 2020-04-01");
  EXPECT_EQ(calendar_in_words({"2020-03-31", "2020-06-30", "2020-09-30"}),
            "quarterly 2020-03-31 2020-12-31");
  EXPECT_EQ(calendar_in_words({"2019-07-01", "2020-07-01", "2021-07-01"}),
            "yearly 2019-07-01 2022-07-01");
  EXPECT_EQ(calendar_in_words({"2020-01-30 06:00", "2020-02-29 06:00", "2020-03-30 06:00"}),
            "monthly 2020-01-30 06:00 2020-04-30 06:00");
  EXPECT_EQ(calendar_in_words({"2020-01-05", "2020-01-12", "2020-01-19"}),
            "weekly 2020-01-05 2020-01-26");
}

TEST(Stamps, business_days_are_those_that_pass_over_weekends) {
  EXPECT_EQ(calendar_in_words({"2024-02-28", "2024-02-29", "2024-03-01", "2024-03-04"}),
            "business days 2024-02-28 2024-03-05");
  EXPECT_EQ(calendar_in_words({"2024-02-28", "2024-02-29", "2024-03-01"}),
            "daily 2024-02-28 2024-03-02");
  EXPECT_EQ(calendar_in_words({"2024-03-01", "2024-03-02", "2024-03-03", "2024-03-04"}),
            "daily 2024-03-01 2024-03-05");
}

TEST(Stamps, the_order_of_day_and_month_is_told_by_any_day_beyond_12) {
  EXPECT_EQ(calendar_in_words({"12/01/2020", "13/01/2020"}), "daily 12/01/2020 14/01/2020");
  EXPECT_EQ(calendar_in_words({"1/12/2020", "1/13/2020"}), "daily 1/12/2020 1/14/2020");
  EXPECT_EQ(calendar_in_words({"9/1/2020", "11/1/2020", "13/1/2020"}),
            "every 2 days 9/1/2020 15/1/2020");
}

TEST(Stamps, an_order_that_cannot_be_told_is_an_error_that_names_it) {
  const Error error = history_error("time,value\n01/02/2020,1\n01/03/2020,2\n");
  EXPECT_EQ(std::string(error.what()),
            "x.csv:2: '01/02/2020' may be day/month or month/day, and no time of the file tells "
            "which");
  EXPECT_THAT(error.hint(), HasSubstr("2020-02-01"));
  EXPECT_EQ(history_message("time,value\n01/13/2020,1\n13/01/2020,2\n"),
            "x.csv:3: this time begins with the day, and that on line 2 with the month");
}

TEST(Stamps, one_offset_is_kept_and_several_become_utc) {
  EXPECT_EQ(calendar_in_words({"2020-01-01T00:00:00+02:00", "2020-01-01T01:00:00+02:00"}),
            "hourly 2020-01-01T00:00:00+02:00 2020-01-01T02:00:00+02:00");
  EXPECT_EQ(calendar_in_words({"2020-03-29T01:00:00+01:00", "2020-03-29T03:00:00+02:00"}),
            "hourly 2020-03-29T00:00:00+00:00 2020-03-29T02:00:00+00:00");
}

TEST(Stamps, that_are_none_are_named_with_their_line) {
  EXPECT_THAT(history_message("time,value\n2020-01-01,1\nsoon,2\n"),
              HasSubstr("x.csv:3:1: 'soon' is not a time"));
  EXPECT_THAT(history_message("time,value\n2020-01-01,1\n2020-02-30,2\n"),
              HasSubstr("x.csv:3:1: there is no such day as '2020-02-30'"));
  EXPECT_THAT(
      history_message("time,value\n2020-01-01,1\n2020/01/02,2\n"),
      HasSubstr("x.csv:3:1: the time '2020/01/02' is written unlike '2020-01-01' on line 2"));
  EXPECT_THAT(history_message("time,value\n2020-01-01,1\n,2\n"),
              HasSubstr("x.csv:3:1: the time is missing"));
  EXPECT_THAT(history_message("time,value\n2020-01-01 00:00:00.5,1\n"),
              HasSubstr("has a fraction of a second"));
  EXPECT_THAT(history_message("time,value\n2020-01-01 25:00,1\n"), HasSubstr("x.csv:2:1"));
  EXPECT_THAT(history_message("time,value\n2021-W53,1\n2022-W01,1\n"), HasSubstr("x.csv:2:1"));
}

TEST(Frequency, is_known_by_the_names_of_pandas_and_monash) {
  const auto name = [](const char* frequency) {
    const auto found = frequency_named(frequency);
    return found ? found->name() : "none";
  };
  EXPECT_EQ(name("H"), "hourly");
  EXPECT_EQ(name("2h"), "every 2 hours");
  EXPECT_EQ(name("15min"), "every 15 minutes");
  EXPECT_EQ(name("30T"), "every 30 minutes");
  EXPECT_EQ(name("D"), "daily");
  EXPECT_EQ(name("B"), "business days");
  EXPECT_EQ(name("W-SUN"), "weekly");
  EXPECT_EQ(name("MS"), "monthly");
  EXPECT_EQ(name("12M"), "yearly");
  EXPECT_EQ(name("Q-DEC"), "quarterly");
  EXPECT_EQ(name("YE"), "yearly");
  EXPECT_EQ(name("half_hourly"), "every 30 minutes");
  EXPECT_EQ(name("10_minutes"), "every 10 minutes");
  EXPECT_EQ(name("4_seconds"), "every 4 seconds");
  for (const char* none : {"", "x", "0H", "-1H", "99999999999999999999H", "H2", "10", "_minutes"}) {
    EXPECT_EQ(name(none), "none") << none;
  }
}

}  // namespace
}  // namespace refrain::data
