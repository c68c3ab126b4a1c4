// Long tables (id, time, value) and tables with one column a series.
#include <gmock/gmock.h>

#include "refrain/data/history/history_test_input.h"

namespace refrain::data {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

HistorySpec spec_with(std::string HistorySpec::*member, const std::string& value) {
  HistorySpec spec;
  spec.*member = value;
  return spec;
}

std::vector<std::string> ids_of(const Histories& read) {
  std::vector<std::string> out;
  for (const auto& history : read.series) out.push_back(history.id);
  return out;
}

TEST(LongHistories, are_grouped_by_id_in_the_order_of_the_file) {
  const Histories read = histories_of(
      "unique_id,ds,y\n"
      "b,2020-01-01,1\nb,2020-01-02,2\na,2020-01-02,3\na,2020-01-03,4\na,2020-01-04,5\n");
  EXPECT_EQ(read.format, "long");
  EXPECT_THAT(ids_of(read), ElementsAre("b", "a"));
  EXPECT_THAT(read.series[0].value, ElementsAre(1, 2));
  EXPECT_THAT(read.series[1].value, ElementsAre(3, 4, 5));
  EXPECT_EQ(read.series[1].line, 4);
  EXPECT_EQ(read.calendar.stamp(read.series[1].start, 0), "2020-01-02");
  EXPECT_EQ(read.summary,
            "a row a step: 2 series of 2 to 3 steps, daily from 2020-01-01 to 2020-01-04");
  EXPECT_THAT(read.warnings, IsEmpty());
  EXPECT_THAT(read.remarks, IsEmpty());
}

TEST(LongHistories, may_stand_time_by_time) {
  const Histories read =
      histories_of("date,store,sales\n2020-01,x,1\n2020-01,y,2\n2020-02,x,3\n2020-02,y,4\n");
  EXPECT_EQ(read.format, "long");
  EXPECT_THAT(ids_of(read), ElementsAre("x", "y"));
  EXPECT_THAT(read.series[1].value, ElementsAre(2, 4));
}

TEST(LongHistories, without_an_id_column_are_one_series) {
  const Histories read = histories_of("ds,y,temp\n2020-01,1,5\n2020-02,2,6\n");
  EXPECT_EQ(read.format, "long");
  EXPECT_THAT(ids_of(read), ElementsAre("y"));
  EXPECT_THAT(read.past, ElementsAre("temp"));
}

TEST(LongHistories, columns_are_named_by_options) {
  HistorySpec spec;
  spec.id = "shop,item";
  spec.time = "When";
  spec.target = "amount";
  spec.known = "promo";
  spec.past = "stock";
  const Histories read = histories_of(
      "amount,When,promo,stock,item,shop\n1,1,0,7,x,s\n2,2,1,8,x,s\n3,1,0,9,y,s\n", spec);
  EXPECT_THAT(ids_of(read), ElementsAre("s/x", "s/y"));
  EXPECT_THAT(read.known, ElementsAre("promo"));
  EXPECT_THAT(read.past, ElementsAre("stock"));
  EXPECT_THAT(read.series[0].known, ElementsAre(0, 1));
  EXPECT_THAT(read.series[0].past, ElementsAre(7, 8));
}

TEST(LongHistories, several_targets_are_a_series_each) {
  HistorySpec spec = spec_with(&HistorySpec::target, "a, b");
  const Histories read = histories_of("id,time,a,b\nx,1,1,2\nx,2,3,4\ny,1,5,6\n", spec);
  EXPECT_THAT(ids_of(read), ElementsAre("x/a", "x/b", "y/a", "y/b"));
  EXPECT_THAT(read.series[1].value, ElementsAre(2, 4));
}

TEST(LongHistories, left_out_steps_are_missing_values_and_counted) {
  const Histories read = histories_of(
      "id,time,value,c\na,2020-01-01 00:00,1,7\na,2020-01-01 01:00,2,8\na,2020-01-01 04:00,3,9\n");
  EXPECT_THAT(shown_values(read.series[0].value), ElementsAre(1, 2, -1, -1, 3));
  EXPECT_THAT(shown_values(read.series[0].past), ElementsAre(7, 8, -1, -1, 9));
  ASSERT_THAT(read.remarks, SizeIs(1));
  EXPECT_EQ(read.remarks[0],
            "x.csv: 2 steps are left out (hourly); they are missing values in 1 series");
}

TEST(LongHistories, rows_out_of_order_are_sorted_with_a_remark) {
  const Histories read =
      histories_of("id,time,value,c\na,3,30,3\na,1,10,1\na,2,20,2\nb,1,5,0\nb,2,6,0\n");
  EXPECT_THAT(read.series[0].value, ElementsAre(10, 20, 30));
  EXPECT_THAT(read.series[0].past, ElementsAre(1, 2, 3));
  ASSERT_THAT(read.remarks, SizeIs(1));
  EXPECT_THAT(read.remarks[0], HasSubstr("the rows of 1 series were not in the order of time"));
}

TEST(LongHistories, missing_values_are_cut_off_both_ends) {
  const Histories read =
      histories_of("id,time,value,c\na,1,,1\na,2,5,2\na,3,NA,3\na,4,6,4\na,5,,\n");
  EXPECT_THAT(shown_values(read.series[0].value), ElementsAre(5, -1, 6));
  EXPECT_EQ(read.series[0].start, 2);
  EXPECT_THAT(read.series[0].past, ElementsAre(2, 3, 4));
}

TEST(LongHistories, covariates_behind_the_last_value_are_known_for_the_future) {
  const Histories read = histories_of(
      "id,time,value,promo,stock\n"
      "a,1,1,0,9\na,2,2,1,8\na,3,,1,\na,4,,0,\n"
      "b,1,1,0,9\nb,2,2,1,8\n");
  EXPECT_THAT(read.known, ElementsAre("promo"));
  EXPECT_THAT(read.past, ElementsAre("stock"));
  EXPECT_THAT(read.series[0].value, ElementsAre(1, 2));
  EXPECT_THAT(read.series[0].known, ElementsAre(0, 1, 1, 0));
  EXPECT_THAT(read.series[0].past, ElementsAre(9, 8));
  EXPECT_THAT(read.series[1].known, ElementsAre(0, 1));
  EXPECT_EQ(read.summary,
            "a row a step: 2 series of 2 steps, numbered; known for the future: promo; known up to "
            "now: stock");
}

TEST(LongHistories, known_covariates_are_one_row_a_step) {
  HistorySpec spec = spec_with(&HistorySpec::known, "p,q");
  const Histories read =
      histories_of("id,time,value,p,q\na,1,1,10,100\na,2,2,20,200\na,3,,30,\na,4,,,\n", spec);
  EXPECT_THAT(read.known, ElementsAre("p", "q"));
  EXPECT_THAT(shown_values(read.series[0].known), ElementsAre(10, 100, 20, 200, 30, -1));
}

TEST(LongHistories, fixed_covariates_are_one_number_a_series) {
  HistorySpec spec = spec_with(&HistorySpec::fixed, "area");
  const Histories read =
      histories_of("id,time,value,area\na,1,1,50\na,2,2,50\nb,1,1,\nb,2,2,70\n", spec);
  EXPECT_THAT(read.fixed, ElementsAre("area"));
  EXPECT_THAT(read.series[0].fixed, ElementsAre(50));
  EXPECT_THAT(read.series[1].fixed, ElementsAre(70));
  EXPECT_THAT(read.past, IsEmpty());
  EXPECT_THAT(history_message("id,time,value,area\na,1,1,50\na,2,2,51\n", spec),
              HasSubstr("x.csv:3: 'area' changes within series 'a', and was named as fixed"));
}

TEST(LongHistories, columns_of_text_are_not_read_and_remarked_on) {
  const std::string content = "id,time,value,sky\na,1,1,blue\na,2,2,grey\n";
  const Histories read = histories_of(content);
  EXPECT_THAT(read.past, IsEmpty());
  ASSERT_THAT(read.remarks, SizeIs(1));
  EXPECT_THAT(read.remarks[0], HasSubstr("not read: sky"));
  EXPECT_THAT(history_message(content, spec_with(&HistorySpec::past, "sky")),
              HasSubstr("x.csv:2:4: 'blue' is not a number"));
}

TEST(LongHistories, a_series_of_one_point_and_a_constant_one_are_allowed) {
  const Histories read =
      histories_of("id,time,value\na,2020-01-01,5\nb,2020-01-01,7\nb,2020-01-02,7\n");
  EXPECT_THAT(read.series[0].value, ElementsAre(5));
  EXPECT_THAT(read.series[1].value, ElementsAre(7, 7));
  const Histories alone = histories_of("id,time,value\na,2020-01-01 06:00:00,5\n");
  EXPECT_EQ(alone.calendar.name(), "hourly");
}

TEST(LongHistories, semicolons_tabs_and_decimal_commas_are_read) {
  const Histories read = histories_of("id;time;value\na;01.02.2020;1,5\na;02.02.2020;2,5\n");
  EXPECT_THAT(read.series[0].value, ElementsAre(1.5, 2.5));
  EXPECT_EQ(read.calendar.stamp(read.series[0].start, 2), "03.02.2020");
  const Histories tabs = histories_of("id\ttime\tvalue\na\t1\t1.5\na\t2\t2.5\n");
  EXPECT_THAT(tabs.series[0].value, ElementsAre(1.5, 2.5));
}

TEST(LongHistories, windows_line_ends_and_other_spellings_are_read) {
  HistorySpec spec = spec_with(&HistorySpec::missing_values, "-999");
  const Histories read =
      histories_of("\xef\xbb\xbfid,time,value\r\n\"a\",1,1\r\n\"a\",2,-999\r\n\"a\",3,3\r\n", spec);
  EXPECT_THAT(ids_of(read), ElementsAre("a"));
  EXPECT_THAT(shown_values(read.series[0].value), ElementsAre(1, -1, 3));
  HistorySpec latin = spec_with(&HistorySpec::encoding, "latin-1");
  EXPECT_THAT(ids_of(histories_of("id,time,value\n\xe9,1,1\n\xe9,2,1\n", latin)),
              ElementsAre("\xc3\xa9"));
}

TEST(LongHistories, columns_that_are_missing_or_named_twice_are_errors) {
  const std::string content = "id,time,value\na,1,1\na,2,2\n";
  EXPECT_EQ(history_message(content, spec_with(&HistorySpec::target, "vale")),
            "x.csv:1: no column 'vale'; the columns are id, time, value");
  HistorySpec twice = spec_with(&HistorySpec::target, "value");
  twice.known = "value";
  EXPECT_THAT(history_message(content, twice), HasSubstr("'value' is named for two parts"));
  EXPECT_EQ(history_message("id,x,value\na,p,1\na,q,2\n", spec_with(&HistorySpec::id, "id")),
            "x.csv:1: no time column; the columns are id, x, value");
  EXPECT_THAT(history_message("id,time,p,q\na,1,1,1\na,2,2,2\n"),
              HasSubstr("which column holds the values?"));
}

TEST(ColumnHistories, are_one_series_a_column) {
  const Histories read = histories_of("date,a,b\n2020-01,1,2\n2020-02,3,\n2020-03,5,\n");
  EXPECT_EQ(read.format, "columns");
  EXPECT_THAT(ids_of(read), ElementsAre("a", "b"));
  EXPECT_THAT(read.series[0].value, ElementsAre(1, 3, 5));
  EXPECT_THAT(read.series[1].value, ElementsAre(2));
  EXPECT_EQ(read.calendar.name(), "monthly");
}

TEST(ColumnHistories, without_a_time_column_are_numbered) {
  const Histories read = histories_of("a,b\n1,2\n3,4\n");
  EXPECT_EQ(read.format, "columns");
  EXPECT_THAT(read.series[1].value, ElementsAre(2, 4));
  EXPECT_EQ(read.calendar.stamp(read.series[0].start, 2), "3");
}

TEST(ColumnHistories, a_time_column_needs_no_name) {
  const Histories read = histories_of(",0\n1821,269\n1822,321\n1823,585\n");
  EXPECT_EQ(read.format, "columns");
  EXPECT_THAT(ids_of(read), ElementsAre("0"));
  EXPECT_EQ(read.calendar.stamp(read.series[0].start, 3), "1824");
  EXPECT_EQ(histories_of("when,a\n2020-01-01,1\n2020-01-02,2\n").calendar.name(), "daily");
}

TEST(ColumnHistories, a_series_without_name_is_called_by_its_place) {
  EXPECT_THAT(ids_of(histories_of("date,a,\n2020-01,1,5\n2020-02,2,6\n")),
              ElementsAre("a", "column 3"));
}

TEST(ColumnHistories, columns_that_number_the_rows_are_not_read) {
  const Histories index = histories_of(",id,ds,y\n0,a,1,5\n1,a,2,6\n2,b,1,7\n3,b,2,8\n");
  EXPECT_THAT(ids_of(index), ElementsAre("a", "b"));
  EXPECT_THAT(index.past, IsEmpty());
  const Histories id = histories_of("id,date,a\n1,2020-01-01,5\n2,2020-01-02,6\n");
  EXPECT_THAT(ids_of(id), ElementsAre("a"));
  ASSERT_THAT(id.remarks, SizeIs(1));
  EXPECT_THAT(id.remarks[0], HasSubstr("not read: id"));
}

TEST(ColumnHistories, a_time_in_several_columns_is_refused) {
  EXPECT_THAT(history_message("year,month,a\n2020,1,5\n2020,2,6\n2021,1,7\n"),
              HasSubstr("the time stands in several columns"));
}

TEST(ColumnHistories, options_name_targets_and_covariates) {
  HistorySpec spec = spec_with(&HistorySpec::target, "c");
  spec.known = "a";
  const Histories read = histories_of("date,a,b,c\n1,1,2,3\n2,4,5,6\n3,7,8,\n", spec);
  EXPECT_THAT(ids_of(read), ElementsAre("c"));
  EXPECT_THAT(read.series[0].value, ElementsAre(3, 6));
  EXPECT_THAT(read.series[0].known, ElementsAre(1, 4, 7));
  EXPECT_THAT(read.past, IsEmpty());
  ASSERT_THAT(read.remarks, SizeIs(1));
  EXPECT_THAT(read.remarks[0], HasSubstr("not read: b"));
}

TEST(ColumnHistories, a_column_without_any_value_is_named) {
  EXPECT_THAT(history_message("date,a,b\n2020-01,1,\n2020-02,3,NaN\n"),
              HasSubstr("series 'b' has no value: all are missing"));
}

TEST(ColumnHistories, a_name_that_comes_again_is_an_error) {
  EXPECT_THAT(history_message("date,a,a\n2020-01,1,2\n2020-02,3,4\n"),
              HasSubstr("the series 'a' stands on line 2 already"));
}

}  // namespace
}  // namespace refrain::data
