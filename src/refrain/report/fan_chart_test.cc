#include "refrain/report/fan_chart.h"

#include <gmock/gmock.h>

#include <cmath>

namespace refrain::report {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::vector<double> kLevels = {0.05, 0.25, 0.5, 0.75, 0.95};

Fan fan(const std::string& title) {
  Fan out;
  out.title = title;
  out.history = {1, 2, std::nan(""), 4};
  out.point = {5, 6};
  out.quantiles = {3, 4, 5, 6, 7, 3, 5, 6, 7, 9};
  out.first = "2020";
  out.last = "2025";
  return out;
}

int count_of(const std::string& text, const std::string& what) {
  int count = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

TEST(FanChart, draws_bands_and_a_line_that_breaks_where_values_are_missing) {
  const auto svg = fan_charts({fan("sales")}, kLevels, 1);
  EXPECT_THAT(svg, HasSubstr(">sales</text>"));
  EXPECT_EQ(count_of(svg, "class=\"w\""), 1);
  EXPECT_EQ(count_of(svg, "class=\"n\""), 1);
  const auto history = svg.substr(svg.find("class=\"h\""));
  EXPECT_EQ(count_of(history.substr(0, history.find("/>")), "M"), 2);
  EXPECT_THAT(svg, HasSubstr("quantiles 0.05 to 0.95 and 0.25 to 0.75"));
  EXPECT_THAT(svg, Not(HasSubstr("what came")));
}

TEST(FanChart, what_came_is_drawn_beside_the_forecast) {
  Fan known = fan("a");
  known.truth = {5.5, std::nan("")};
  EXPECT_THAT(fan_charts({known}, kLevels, 1), HasSubstr("class=\"y\""));
  EXPECT_THAT(fan_charts({known}, kLevels, 1), HasSubstr("Dashed: what came."));
}

TEST(FanChart, ids_are_text_and_long_ones_are_cut_between_characters) {
  const auto svg = fan_charts({fan("<script>alert(1)</script>&")}, kLevels, 1);
  EXPECT_THAT(svg, Not(HasSubstr("<script")));
  EXPECT_THAT(svg, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;&amp;</text>"));
  std::string wide = "x";
  for (int i = 0; i < 80; ++i) wide += "\u00e9";
  EXPECT_THAT(fan_charts({fan(wide)}, kLevels, 1), HasSubstr("\u00e9\u2026</text>"));
}

TEST(FanChart, of_many_series_the_first_ones_are_drawn_and_it_says_so) {
  const auto svg = fan_charts(std::vector<Fan>(20, fan("a")), kLevels, 20);
  EXPECT_EQ(count_of(svg, ">a</text>"), kMostFans);
  EXPECT_THAT(svg, HasSubstr("The first 12 of 20 series."));
}

TEST(FanChart, stands_values_that_are_all_the_same_missing_or_huge) {
  Fan odd = fan("a");
  odd.history = {7, 7};
  odd.point = {7, 7};
  odd.quantiles.assign(10, 7);
  EXPECT_THAT(fan_charts({odd}, kLevels, 1), Not(HasSubstr("nan")));
  odd.history = {std::nan("")};
  odd.point = {1e300, -1e300};
  odd.quantiles = {};
  const auto svg = fan_charts({odd}, {0.5}, 1);
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
  EXPECT_THAT(svg, Not(HasSubstr("inf")));
  EXPECT_EQ(drawn_history(12, 1, 5), 5);
  EXPECT_EQ(drawn_history(12, 24, 500), 48);
}

}  // namespace
}  // namespace refrain::report
