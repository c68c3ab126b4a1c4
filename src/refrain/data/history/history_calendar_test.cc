#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "refrain/base/error.h"
#include "refrain/data/history/calendar.h"
#include "refrain/data/history/civil.h"

namespace refrain::data {
namespace {

using Unit = Calendar::Unit;
using testing::ElementsAre;
using testing::IsEmpty;

const Calendar kHourly{Unit::kSecond, 3600, "%Y-%m-%d %H:%M:%S"};
const Calendar kDaily{Unit::kSecond, 86400, "%Y-%m-%d"};
const Calendar kWeekly{Unit::kSecond, 604800, "%G-W%V"};
const Calendar kBusiness{Unit::kBusinessDay, 1, "%Y-%m-%d"};
const Calendar kMonthly{Unit::kMonth, 1, "%Y-%m"};

TEST(Civil, days_and_dates_agree_over_four_centuries) {
  std::int64_t day = day_of({1799, 12, 31});
  for (std::int64_t year = 1800; year < 2201; ++year) {
    for (int month = 1; month <= 12; ++month) {
      for (int of_month = 1; of_month <= days_of_month(year, month); ++of_month) {
        ASSERT_EQ(day_of({year, month, of_month}), ++day);
        const Date date = date_of(day);
        ASSERT_EQ(date.year, year) << day;
        ASSERT_EQ(date.month, month) << day;
        ASSERT_EQ(date.day, of_month) << day;
      }
    }
  }
  EXPECT_EQ(day_of({1970, 1, 1}), 0);
  EXPECT_EQ(day_of({2000, 3, 1}), 11017);
}

TEST(Civil, dates_lie_before_the_year_0_and_far_in_the_future) {
  for (const std::int64_t day : {-800000, -719528, -719529, 1000000, 1000000000}) {
    EXPECT_EQ(day_of(date_of(day)), day);
  }
  EXPECT_EQ(date_of(-719528).year, 0);
  EXPECT_EQ(date_of(-719529).year, -1);
}

TEST(Civil, leap_years_follow_the_rule_of_centuries) {
  EXPECT_EQ(days_of_month(1900, 2), 28);
  EXPECT_EQ(days_of_month(2000, 2), 29);
  EXPECT_EQ(days_of_month(2024, 2), 29);
  EXPECT_EQ(days_of_month(2023, 2), 28);
}

TEST(Civil, weeks_are_those_of_iso_8601) {
  const auto week = [](const Date& date) {
    const Week found = week_of(day_of(date));
    return std::pair(found.year, found.week);
  };
  EXPECT_EQ(week({2005, 1, 1}), std::pair(std::int64_t{2004}, 53));
  EXPECT_EQ(week({2007, 1, 1}), std::pair(std::int64_t{2007}, 1));
  EXPECT_EQ(week({2008, 12, 29}), std::pair(std::int64_t{2009}, 1));
  EXPECT_EQ(week({2010, 1, 3}), std::pair(std::int64_t{2009}, 53));
  EXPECT_EQ(weeks_of_year(2020), 53);
  EXPECT_EQ(weeks_of_year(2021), 52);
  EXPECT_EQ(monday_of({2020, 5}), day_of({2020, 1, 27}));
  EXPECT_EQ(weekday_of(day_of({2024, 2, 29})), 3);
}

TEST(Civil, business_days_pass_over_weekends) {
  for (std::int64_t day = -1000; day < 1000; ++day) {
    if (weekday_of(day) > 4) continue;
    EXPECT_EQ(day_of_business_day(business_day_of(day)), day);
  }
  const std::int64_t friday = business_day_of(day_of({2024, 3, 1}));
  EXPECT_EQ(business_day_of(day_of({2024, 3, 4})), friday + 1);
  EXPECT_EQ(business_day_of(day_of({2024, 3, 2})), friday + 1);  // Saturday
  EXPECT_EQ(business_day_of(0), 0);
}

TEST(Calendar, has_a_name) {
  const auto name = [](Unit unit, std::int64_t every) { return Calendar{unit, every, ""}.name(); };
  EXPECT_EQ(name(Unit::kNumber, 1), "steps");
  EXPECT_EQ(name(Unit::kNumber, 10), "steps of 10");
  EXPECT_EQ(name(Unit::kSecond, 1), "every second");
  EXPECT_EQ(name(Unit::kSecond, 60), "every minute");
  EXPECT_EQ(name(Unit::kSecond, 900), "every 15 minutes");
  EXPECT_EQ(name(Unit::kSecond, 3600), "hourly");
  EXPECT_EQ(name(Unit::kSecond, 5400), "every 90 minutes");
  EXPECT_EQ(name(Unit::kSecond, 86400), "daily");
  EXPECT_EQ(name(Unit::kSecond, 604800), "weekly");
  EXPECT_EQ(name(Unit::kSecond, 1209600), "every 2 weeks");
  EXPECT_EQ(name(Unit::kBusinessDay, 1), "business days");
  EXPECT_EQ(name(Unit::kMonth, 1), "monthly");
  EXPECT_EQ(name(Unit::kMonth, 3), "quarterly");
  EXPECT_EQ(name(Unit::kMonth, 6), "every 6 months");
  EXPECT_EQ(name(Unit::kMonth, 12), "yearly");
  EXPECT_EQ(name(Unit::kMonth, 24), "every 2 years");
}

TEST(Calendar, stamps_pass_month_ends_and_leap_days) {
  const std::int64_t day = day_of({2024, 2, 28}) * 86400;
  EXPECT_EQ(kDaily.stamp(day, 1), "2024-02-29");
  EXPECT_EQ(kDaily.stamp(day, 2), "2024-03-01");
  EXPECT_EQ(kHourly.stamp(day, 23), "2024-02-28 23:00:00");
  EXPECT_EQ(kHourly.stamp(day, 24), "2024-02-29 00:00:00");
  EXPECT_EQ(kHourly.stamp(0, -1), "1969-12-31 23:00:00");
}

TEST(Calendar, stamps_of_months_keep_their_day_or_the_last_one) {
  const Calendar last{Unit::kMonth, 1, "%Y-%m-%31d"};
  const std::int64_t january = 12 * (2024 - 1970);
  EXPECT_EQ(last.stamp(january, 0), "2024-01-31");
  EXPECT_EQ(last.stamp(january, 1), "2024-02-29");
  EXPECT_EQ(last.stamp(january, 13), "2025-02-28");
  EXPECT_EQ(last.stamp(january, 3), "2024-04-30");
  EXPECT_EQ((Calendar{Unit::kMonth, 1, "%Y-%m-15"}.stamp(january, 11)), "2024-12-15");
  EXPECT_EQ(kMonthly.stamp(january, -1), "2023-12");
  EXPECT_EQ((Calendar{Unit::kMonth, 3, "%YQ%q"}.stamp(january, 5)), "2025Q2");
  EXPECT_EQ((Calendar{Unit::kMonth, 12, "%Y"}.stamp(-12 * 149, 1)), "1822");
  EXPECT_EQ((Calendar{Unit::kMonth, 1, "%b %Y"}.stamp(january, 4)), "May 2024");
}

TEST(Calendar, stamps_of_weeks_and_business_days_pass_the_year) {
  const std::int64_t week = monday_of({2020, 52}) * 86400;
  EXPECT_EQ(kWeekly.stamp(week, 1), "2020-W53");
  EXPECT_EQ(kWeekly.stamp(week, 2), "2021-W01");
  const std::int64_t friday = business_day_of(day_of({2021, 12, 31}));
  EXPECT_EQ(kBusiness.stamp(friday, 0), "2021-12-31");
  EXPECT_EQ(kBusiness.stamp(friday, 1), "2022-01-03");
}

TEST(Calendar, numbers_are_stamps_where_there_is_no_form) {
  EXPECT_EQ((Calendar{Unit::kNumber, 10, ""}.stamp(20, 3)), "50");
}

TEST(Calendar, a_step_beyond_all_dates_is_an_error) {
  EXPECT_THROW(kHourly.stamp(0, std::int64_t{1} << 60), Error);
  EXPECT_THROW(kHourly.stamp(std::int64_t{1} << 62, std::int64_t{1} << 62), Error);
}

TEST(Calendar, knows_usual_seasons) {
  const auto seasons = [](Unit unit, std::int64_t every) {
    return Calendar{unit, every, ""}.usual_seasons();
  };
  EXPECT_THAT(seasons(Unit::kSecond, 1), ElementsAre(60, 3600, 86400));
  EXPECT_THAT(seasons(Unit::kSecond, 60), ElementsAre(60, 1440, 10080));
  EXPECT_THAT(seasons(Unit::kSecond, 900), ElementsAre(96, 672));
  EXPECT_THAT(seasons(Unit::kSecond, 3600), ElementsAre(24, 168));
  EXPECT_THAT(seasons(Unit::kSecond, 86400), ElementsAre(7));
  EXPECT_THAT(seasons(Unit::kSecond, 604800), ElementsAre(52));
  EXPECT_THAT(seasons(Unit::kBusinessDay, 1), ElementsAre(5));
  EXPECT_THAT(seasons(Unit::kMonth, 1), ElementsAre(12));
  EXPECT_THAT(seasons(Unit::kMonth, 3), ElementsAre(4));
  EXPECT_THAT(seasons(Unit::kMonth, 12), IsEmpty());
  EXPECT_THAT(seasons(Unit::kNumber, 1), IsEmpty());
}

TEST(Calendar, has_the_parts_that_change_from_step_to_step) {
  const auto parts = [](Unit unit, std::int64_t every) {
    return Calendar{unit, every, ""}.parts();
  };
  EXPECT_THAT(parts(Unit::kSecond, 900), ElementsAre("minute", "hour", "day_of_week"));
  EXPECT_THAT(parts(Unit::kSecond, 3600),
              ElementsAre("hour", "day_of_week", "day_of_month", "month"));
  EXPECT_THAT(parts(Unit::kSecond, 86400), ElementsAre("day_of_week", "day_of_month", "month"));
  EXPECT_THAT(parts(Unit::kSecond, 604800), ElementsAre("week", "month"));
  EXPECT_THAT(parts(Unit::kBusinessDay, 1), ElementsAre("day_of_week", "day_of_month", "month"));
  EXPECT_THAT(parts(Unit::kMonth, 3), ElementsAre("month"));
  EXPECT_THAT(parts(Unit::kMonth, 12), IsEmpty());
  EXPECT_THAT(parts(Unit::kNumber, 1), IsEmpty());
}

TEST(Calendar, positions_run_from_0_to_1) {
  const std::int64_t start = day_of({2024, 2, 27}) * 86400;  // a Tuesday
  EXPECT_DOUBLE_EQ(kHourly.position("hour", start, 18), 18.0 / 24);
  EXPECT_DOUBLE_EQ(kHourly.position("day_of_week", start, 0), 1.0 / 7);
  EXPECT_DOUBLE_EQ(kDaily.position("day_of_week", start, -1), 0);
  EXPECT_DOUBLE_EQ(kDaily.position("day_of_month", start, 2), 28.0 / 31);
  EXPECT_DOUBLE_EQ(kDaily.position("month", start, 3), 2.0 / 12);
  EXPECT_DOUBLE_EQ(kWeekly.position("week", start, 0), 8.0 / 53);
  EXPECT_DOUBLE_EQ(kMonthly.position("month", -1, 0), 11.0 / 12);
  const Calendar quarter_hours{Unit::kSecond, 900, ""};
  EXPECT_DOUBLE_EQ(quarter_hours.position("minute", start, 3), 0.75);
}

TEST(Calendar, a_part_that_is_none_is_an_error) {
  EXPECT_THROW(kMonthly.position("hour", 0, 0), Error);
  EXPECT_THROW(kHourly.position("moon", 0, 0), Error);
}

TEST(Calendar, comes_back_from_json) {
  for (const auto& calendar : {kHourly, kDaily, kWeekly, kBusiness, kMonthly, Calendar()}) {
    EXPECT_EQ(calendar_from_json(to_json(calendar)), calendar);
  }
  EXPECT_EQ(to_json(kMonthly).dump(), R"({"unit":"month","every":1,"form":"%Y-%m"})");
}

TEST(Calendar, json_that_is_no_calendar_is_refused) {
  for (const char* text :
       {"1", "{}", R"({"unit":"moon","every":1,"form":""})",
        R"({"unit":"month","every":0,"form":""})", R"({"unit":"month","every":1})",
        R"({"unit":"month","every":1.5,"form":""})"}) {
    EXPECT_THROW(calendar_from_json(base::Json::parse(text)), Error) << text;
  }
}

TEST(Calendar, any_form_of_a_model_file_is_written_without_harm) {
  for (const char* form : {"%", "%-", "%99", "%99d", "%%", "%Y%", "%31", "x%q", "%p", "%-31d"}) {
    EXPECT_NO_THROW((Calendar{Unit::kMonth, 1, form}.stamp(3, 4))) << form;
  }
}

}  // namespace
}  // namespace refrain::data
