#include "refrain/store/published.h"

#include <gmock/gmock.h>

#include <cmath>

#include "refrain/store/test_store.h"

namespace refrain::store {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string kHead = "data\tprotocol\tmethod\tmetric\tvalue\tlow\thigh\tsource\n";

std::string message(const std::string& text) {
  return error_of([&] { parse_published(text, "p.tsv"); }).what();
}

TEST(Published, rows_are_read) {
  const auto rows =
      parse_published(kHead +
                          "Beef\tofficial\tROCKET\taccuracy\t83.3%\t\t\tDempster 2020\n"
                          "Beef\tofficial\tFCN\taccuracy\t0.68\t0.6\t0.75\tFawaz 2019\n",
                      "p.tsv");
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows[0].method, "ROCKET");
  EXPECT_DOUBLE_EQ(rows[0].value, 0.833);
  EXPECT_TRUE(std::isnan(rows[0].low));
  EXPECT_EQ(rows[1].low, 0.6);
  EXPECT_EQ(rows[1].source, "Fawaz 2019");
}

TEST(Published, one_method_may_stand_there_by_each_protocol_and_metric) {
  const auto rows =
      parse_published(kHead + "D\tone\tM\taccuracy\t0.5\t\t\ts\n" +
                          "D\tother\tM\taccuracy\t0.6\t\t\ts\n" + "D\tone\tM\tauroc\t0.7\t\t\ts\n",
                      "p.tsv");
  EXPECT_EQ(rows.size(), 3U);
}

TEST(Published, a_value_above_its_interval_is_refused) {
  EXPECT_THAT(message(kHead + "a\tb\tc\td\t0.8\t0.6\t0.7\ts\n"),
              HasSubstr("p.tsv:2: the value is outside its interval"));
}

TEST(Published, columns_stand_in_any_order_with_remarks_crlf_and_a_byte_order_mark) {
  const auto rows = parse_published(
      "\xef\xbb\xbf# from the paper\r\nsource\tmethod\tdata\tmetric\tprotocol\tvalue\r\n\r\n"
      "S\tM\tD\tauroc\tP\t1\r\n",
      "p.tsv");
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].data + rows[0].protocol + rows[0].method + rows[0].source, "DPMS");
}

TEST(Published, a_header_that_cannot_be_used_is_named) {
  EXPECT_THAT(message("data\tprotocl\n"), HasSubstr("p.tsv:1: unknown column 'protocl'"));
  EXPECT_THAT(message("\ndata\tdata\n"), HasSubstr("p.tsv:2: the column 'data' stands twice"));
  EXPECT_THAT(message("data\tmethod\n"), HasSubstr("no column 'protocol'"));
  EXPECT_THAT(message("# nothing\n"), HasSubstr("p.tsv: no rows"));
}

TEST(Published, every_bad_row_is_named_with_its_line) {
  const std::string text = message(kHead +
                                   "a\tb\tc\td\n"
                                   "a\tb\tc\td\tx\t\t\ts\n"
                                   "a\tb\tc\td\t0.5\t0.6\t0.7\ts\n"
                                   "a\tb\tc\td\t0.5\t0.4\t\ts\n"
                                   "a\tb\tc\td\tnan\t\t\ts\n"
                                   "a\tb\tc\td\t0.5\t\t\t\n"
                                   "a\tb\tc\te\t0.5\t\t\ts\n"
                                   "a\tb\tc\te\t0.5\t\t\ts\n");
  for (const char* part :
       {"p.tsv:2: 4 columns, the header has 8", "p.tsv:3: value 'x' is not a number",
        "p.tsv:4: the value is outside its interval", "p.tsv:5: an interval needs both",
        "p.tsv:6: value 'nan' is not a number", "p.tsv:7: 'source' is empty",
        "p.tsv:9: repeats line 8"}) {
    EXPECT_THAT(text, HasSubstr(part));
  }
  EXPECT_THAT(text, Not(HasSubstr("p.tsv:8")));
}

TEST(Published, of_many_bad_rows_twenty_are_shown_and_all_counted) {
  std::string text = kHead;
  for (int i = 0; i < 50; ++i) text += "bad\n";
  const std::string said = message(text);
  EXPECT_THAT(said, HasSubstr("p.tsv:21: 1 columns"));
  EXPECT_THAT(said, Not(HasSubstr("p.tsv:22:")));
  EXPECT_THAT(said, HasSubstr("\n... and 30 more bad rows (50 in all)"));
}

TEST(Published, the_callers_check_speaks_for_a_row) {
  const auto check = [](const Published& row) { return row.value > 1 ? "too large" : ""; };
  const std::string text = kHead + "a\tb\tc\td\t94.3\t\t\ts\n";
  EXPECT_THAT(error_of([&] { parse_published(text, "p.tsv", check); }).what(),
              HasSubstr("p.tsv:2: too large"));
}

TEST(Published, other_encodings_are_refused) {
  EXPECT_THAT(message(kHead + "\xff\n"), HasSubstr("p.tsv:2: not valid UTF-8"));
}

}  // namespace
}  // namespace refrain::store
