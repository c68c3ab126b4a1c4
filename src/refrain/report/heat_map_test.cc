#include "refrain/report/heat_map.h"

#include <gmock/gmock.h>

#include <cmath>

namespace refrain::report {
namespace {

using testing::HasSubstr;
using testing::Not;

HeatMap small_map() {
  HeatMap out;
  out.x = {"source", "源"};
  out.y = {"reply", "回复"};
  out.rows = {"the", "<cat>"};
  out.columns = {"die", "katze", "."};
  out.share = {0.9, 0.1, 0, 0, 1, std::nan("")};
  return out;
}

int cells_in(const std::string& svg, const std::string& shade) {
  const auto from = svg.find("fill-opacity=\"" + shade + "\"");
  if (from == std::string::npos) return 0;
  const auto path = svg.substr(from, svg.find("/>", from) - from);
  return static_cast<int>(std::count(path.begin(), path.end(), 'M'));
}

TEST(HeatMap, cells_are_as_dark_as_their_shares_and_empty_ones_are_not_drawn) {
  const auto svg = heat_map(small_map());
  EXPECT_EQ(cells_in(svg, "0.9"), 1);
  EXPECT_EQ(cells_in(svg, "0.1"), 1);
  EXPECT_EQ(cells_in(svg, "1"), 1);
  EXPECT_EQ(cells_in(svg, "0"), 0);
  EXPECT_THAT(svg, Not(HasSubstr("nan")));
}

TEST(HeatMap, names_stand_at_both_axes_and_are_escaped) {
  const auto svg = heat_map(small_map());
  EXPECT_THAT(svg, HasSubstr(">&lt;cat&gt;</text>"));
  EXPECT_THAT(svg, HasSubstr(">katze</text>"));
  EXPECT_THAT(svg, HasSubstr("回复"));
  EXPECT_THAT(svg, HasSubstr("viewBox=\"0 0 360 "));
}

TEST(HeatMap, long_names_are_shortened_so_that_the_picture_keeps_its_width) {
  HeatMap map = small_map();
  map.rows[0] = std::string(500, 'x');
  EXPECT_THAT(heat_map(map), Not(HasSubstr(std::string(20, 'x'))));
}

TEST(HeatMap, columns_without_names_have_numbers_and_many_are_joined_by_their_largest_share) {
  HeatMap map;
  map.rows = {"a"};
  map.width = 4 * kMostColumns;
  map.end = 2.5;
  map.share.assign(static_cast<std::size_t>(map.width), 0);
  map.share[5] = 1;
  map.share[6] = 0.5;
  const auto svg = heat_map(map);
  EXPECT_THAT(svg, HasSubstr(">2.5</text>"));
  EXPECT_EQ(cells_in(svg, "1"), 1);
  EXPECT_EQ(cells_in(svg, "0.5"), 0);
}

TEST(HeatMap, of_many_names_some_are_left_out_and_an_empty_map_has_a_picture) {
  HeatMap map = small_map();
  map.rows = {"r"};
  map.columns.assign(120, "long word");
  map.share.assign(120, 0.3);
  const auto svg = heat_map(map);
  std::size_t names = 0;
  for (auto at = svg.find("long word"); at != std::string::npos;
       at = svg.find("long word", at + 1)) {
    ++names;
  }
  EXPECT_GT(names, 10u);
  EXPECT_LT(names, 60u);
  EXPECT_THAT(heat_map({}), HasSubstr("</svg>"));
}

}  // namespace
}  // namespace refrain::report
