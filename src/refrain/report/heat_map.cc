#include "refrain/report/heat_map.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "refrain/report/axis.h"
#include "refrain/report/escape.h"

namespace refrain::report {
namespace {

constexpr double kMapWidth = 360, kMapRight = 8, kNameLetter = 6.2, kAxisName = 16, kTickLine = 14;
constexpr double kWidestCell = 24, kHighestCell = 18, kLowestCell = 12, kRoomOfName = 9;
constexpr std::size_t kLongestRow = 14, kLongestColumn = 12;
constexpr int kShades = 10;

// The width of a name in letters; those of three bytes and more are as wide as Chinese ones.
double letters_of(const std::string& name, std::size_t most) {
  double out = 0;
  std::size_t count = 0;
  for (const char c : name) {
    const auto byte = static_cast<unsigned char>(c);
    if ((byte & 0xC0) == 0x80) continue;
    if (++count > most) break;
    out += byte >= 0xE0 ? 1.7 : 1;
  }
  return out;
}

// The room that the longest of some names takes.
double room_for(const std::vector<std::string>& names, std::size_t most) {
  double longest = 1;
  for (const auto& name : names) longest = std::max(longest, letters_of(name, most));
  return kNameLetter * longest + 6;
}

class Map {
 public:
  explicit Map(const HeatMap& map)
      : map_(map),
        rows_(map.rows.size()),
        named_(!map.columns.empty()),
        columns_(named_ ? map.columns.size() : static_cast<std::size_t>(std::max(0, map.width))) {
    join_columns();
    left_ = kAxisName + room_for(map.rows, kLongestRow);
    top_ = named_ ? room_for(map.columns, kLongestColumn) : 4;
    const double room = kMapWidth - kMapRight - left_;
    wide_ = room / static_cast<double>(std::max<std::size_t>(1, drawn_));
    if (named_) wide_ = std::min(kWidestCell, wide_);
    high_ = named_ ? std::clamp(wide_, kLowestCell, kHighestCell) : kLowestCell;
  }

  std::string svg() const {
    const double foot = top_ + high_ * static_cast<double>(rows_);
    const double height = foot + (named_ ? 0 : kTickLine) + kAxisName;
    std::string out = fmt::format(
        "<svg class=\"plot\" viewBox=\"0 0 {:g} {:g}\" aria-hidden=\"true\">\n", kMapWidth, height);
    out += row_names() + (named_ ? column_names() : numbers(foot)) + cells();
    out += fmt::format("<path class=\"grid\" d=\"M{:.1f} {:.1f}h{:.1f}v{:.1f}h-{:.1f}Z\"/>\n",
                       left_, top_, across(), foot - top_, across());
    out += fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\">{}</text>\n",
                       left_ + across() / 2, height - 4, both_drawn(map_.x));
    out += fmt::format(
        "<text transform=\"translate(10 {:.1f}) rotate(-90)\" text-anchor=\"middle\">{}</text>\n",
        (top_ + foot) / 2, both_drawn(map_.y));
    return out + "</svg>\n";
  }

 private:
  // Neighbours of many columns are one.
  void join_columns() {
    each_ = (columns_ + kMostColumns - 1) / kMostColumns;
    each_ = named_ ? 1 : std::max<std::size_t>(1, each_);
    drawn_ = (columns_ + each_ - 1) / each_;
  }

  double across() const { return wide_ * static_cast<double>(drawn_); }

  double share(std::size_t row, std::size_t column) const {
    double most = 0;
    for (std::size_t c = column * each_; c < std::min(columns_, (column + 1) * each_); ++c) {
      const double value = map_.share[row * columns_ + c];
      if (std::isfinite(value)) most = std::max(most, value);
    }
    return std::min(1.0, most);
  }

  // One path for each shade.
  std::string cells() const {
    std::vector<std::string> shades(kShades + 1);
    for (std::size_t r = 0; r < rows_; ++r) {
      for (std::size_t c = 0; c < drawn_; ++c) {
        const auto shade = static_cast<std::size_t>(std::lround(kShades * share(r, c)));
        shades[shade] += fmt::format("M{:.1f} {:.1f}h{:.2f}v{:.1f}h-{:.2f}Z",
                                     left_ + wide_ * static_cast<double>(c),
                                     top_ + high_ * static_cast<double>(r), wide_, high_, wide_);
      }
    }
    std::string out;
    for (std::size_t k = 1; k < shades.size(); ++k) {
      if (shades[k].empty()) continue;
      out += fmt::format("<path class=\"bar\" fill-opacity=\"{:.2g}\" d=\"{}\"/>\n",
                         static_cast<double>(k) / kShades, shades[k]);
    }
    return out;
  }

  std::string row_names() const {
    std::string out;
    for (std::size_t r = 0; r < rows_; ++r) {
      const double y = top_ + high_ * (static_cast<double>(r) + 0.5) + 3.5;
      out += fmt::format(
          "<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"end\" "
          "unicode-bidi=\"isolate\">{}</text>\n",
          left_ - 4, y, escaped(map_.rows[r], kLongestRow));
    }
    return out;
  }

  // Upright; where there is no room for all, some.
  std::string column_names() const {
    const auto step = static_cast<std::size_t>(std::ceil(kRoomOfName / wide_));
    std::string out;
    for (std::size_t c = 0; c < drawn_; c += std::max<std::size_t>(1, step)) {
      out += fmt::format(
          "<text transform=\"translate({:.1f} {:.1f}) rotate(-90)\" "
          "unicode-bidi=\"isolate\">{}</text>\n",
          left_ + wide_ * (static_cast<double>(c) + 0.5) + 3.5, top_ - 3,
          escaped(map_.columns[c], kLongestColumn));
    }
    return out;
  }

  std::string numbers(double foot) const {
    const Axis axis{{0, map_.end > 0 ? map_.end : 1}, left_, left_ + across()};
    std::string out;
    for (const double v : ticks(axis.range, 5)) {
      out += fmt::format(
          "<path class=\"grid\" d=\"M{0:.1f} {1:.1f}V{2:.1f}\"/>"
          "<text x=\"{0:.1f}\" y=\"{3:.1f}\" text-anchor=\"middle\">{4}</text>\n",
          axis(v), top_, foot, foot + kTickLine - 2, tick_text(v));
    }
    return out;
  }

  const HeatMap& map_;
  std::size_t rows_;
  bool named_;
  std::size_t columns_, each_ = 1, drawn_ = 0;
  double left_ = 0, top_ = 0, wide_ = 0, high_ = 0;
};

}  // namespace

std::string heat_map(const HeatMap& map) { return Map(map).svg(); }

}  // namespace refrain::report
