#include "refrain/report/plot.h"

#include <gmock/gmock.h>

#include <cmath>

#include "refrain/report/axis.h"

namespace refrain::report {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const double kMissing = std::nan("");

int times(const std::string& text, const std::string& what) {
  int count = 0;
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++count;
  return count;
}

LinePlot plot_of(std::vector<double> y) {
  LinePlot out{{"epoch", "轮次"}, {}, {{{"loss", "损失"}, {}, std::move(y)}}, 0, {}};
  for (std::size_t i = 0; i < out.lines[0].y.size(); ++i) {
    out.lines[0].x.push_back(static_cast<double>(i + 1));
  }
  return out;
}

TEST(Axis, ticks_are_round_and_within_the_range) {
  EXPECT_THAT(ticks({0, 1}, 5), ElementsAre(0, 0.2, 0.4, 0.6000000000000001, 0.8, 1));
  EXPECT_THAT(ticks({-7, 12}, 4), ElementsAre(-5, 0, 5, 10));
  EXPECT_EQ(tick_text(0.6000000000000001), "0.6");
}

TEST(LinePlot, a_line_breaks_where_values_are_missing) {
  const std::string svg = line_plot(plot_of({3, kMissing, 2, 1}));
  const std::string path = svg.substr(svg.find("class=\"line0\""));
  EXPECT_EQ(times(path.substr(0, path.find("/>")), "M"), 2);
}

TEST(LinePlot, one_step_is_a_point) {
  EXPECT_THAT(line_plot(plot_of({3})), HasSubstr("<circle class=\"line0\""));
}

TEST(LinePlot, values_that_are_equal_missing_or_huge_are_drawn_without_nan) {
  for (const auto& y : {std::vector<double>{2, 2}, {kMissing}, {1e300, -1e300}, {}}) {
    const std::string svg = line_plot(plot_of(y));
    EXPECT_THAT(svg, Not(HasSubstr("nan")));
    EXPECT_THAT(svg, Not(HasSubstr("inf")));
  }
}

TEST(LinePlot, between_whole_steps_there_are_no_numbers) {
  EXPECT_THAT(line_plot(plot_of({30, 20, 10})), Not(HasSubstr(">1.5<")));
  LinePlot plot = plot_of({30, 20, 10});
  plot.lines[0].x = {1, 1.4, 2};
  EXPECT_THAT(line_plot(plot), HasSubstr(">1.2<"));
}

TEST(LinePlot, the_stopping_point_is_marked) {
  LinePlot plot = plot_of({3, 2, 1});
  EXPECT_THAT(line_plot(plot), Not(HasSubstr("class=\"mark\"")));
  plot.mark = 2;
  plot.mark_name = {"kept: epoch 2", "保留第 2 轮"};
  EXPECT_THAT(line_plot(plot), HasSubstr("class=\"mark\""));
  EXPECT_THAT(live_plot(plot), HasSubstr("\"mark\":2,\"markName\":[\"kept: epoch 2\""));
}

TEST(LinePlot, names_cannot_end_the_data_of_the_script) {
  LinePlot plot = plot_of({1, 2});
  plot.lines[0].name = same("</script>\"\\");
  const std::string live = live_plot(plot);
  EXPECT_EQ(times(live, "</script>"), 1);
  EXPECT_THAT(live, HasSubstr("\\u003c/script>\\\"\\\\"));
}

TEST(IntervalPlot, draws_intervals_where_they_are_known) {
  IntervalPlot plot;
  plot.rows = {{"model", {0.9, 0.8, 0.95}, true, ""},
               {"<b>", {0.5, kMissing, kMissing}, false, ""}};
  const std::string svg = interval_plot(plot);
  EXPECT_EQ(times(svg, "class=\"span"), 1);
  EXPECT_EQ(times(svg, "<circle"), 2);
  EXPECT_THAT(svg, HasSubstr("&lt;b&gt;"));
}

TEST(ScatterPlot, points_without_a_number_are_left_out) {
  const std::string svg =
      scatter_plot({{"x", "x"}, {"y", "y"}, {1, 2, kMissing}, {1, 3, 4}, {}, {}});
  EXPECT_EQ(times(svg, "h0"), 2);
}

TEST(Numbers, are_written_with_as_many_digits_as_they_need) {
  EXPECT_EQ(number_text(0.93761), "0.938");
  EXPECT_EQ(number_text(0), "0.000");
  EXPECT_EQ(number_text(37.3312), "37.33");
  EXPECT_EQ(number_text(0.00012345), "0.0001234");
  EXPECT_EQ(number_text(kMissing), "\u2013");
  EXPECT_EQ(score_words({0.5, kMissing, kMissing}).zh, "0.500");
  EXPECT_EQ(score_words({0.5, 0.4, 0.6}).en, "0.500 (0.400 to 0.600)");
}

}  // namespace
}  // namespace refrain::report
