#include "refrain/base/duration.h"

#include <gtest/gtest.h>

namespace refrain::base {
namespace {

TEST(Duration, is_read_as_people_write_it) {
  EXPECT_EQ(parse_duration("90"), 90);
  EXPECT_EQ(parse_duration("90s"), 90);
  EXPECT_EQ(parse_duration("10m"), 600);
  EXPECT_EQ(parse_duration("1.5h"), 5400);
  EXPECT_EQ(parse_duration("1h30m5s"), 5405);
  EXPECT_EQ(parse_duration("0.25s"), 0.25);
}

TEST(Duration, a_column_is_none) {
  for (const char* text : {"", "time", "t", "10x", "m", "1m2h", "1m1m", "10m5", "-5s", "1e3s",
                           "nan", "inf", "10 m", "5s "}) {
    EXPECT_FALSE(parse_duration(text).has_value()) << text;
  }
}

TEST(Duration, is_written_in_the_unit_that_fits) {
  EXPECT_EQ(format_duration(4.56), "4.56 s");
  EXPECT_EQ(format_duration(99), "99 s");
  EXPECT_EQ(format_duration(120), "2 min");
  EXPECT_EQ(format_duration(5940), "99 min");
  EXPECT_EQ(format_duration(150), "2.5 min");
  EXPECT_EQ(format_duration(9000), "2.5 h");
}

}  // namespace
}  // namespace refrain::base
