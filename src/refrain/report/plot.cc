#include "refrain/report/plot.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "refrain/report/axis.h"
#include "refrain/report/escape.h"

namespace refrain::report {
namespace {

constexpr std::size_t kStretchColours = 8;
constexpr double kWidth = 360, kLeft = 46, kRight = 10, kTop = 10, kBottom = 38;

// Screen readers announce the caption of a picture; its parts are announced only if they add to it.
constexpr const char* kUnheard = "aria-hidden=\"true\"";

std::string open_svg(double height, const char* css = "plot", const char* more = kUnheard) {
  return fmt::format("<svg class=\"{0}\" viewBox=\"0 0 {1:g} {2:g}\" {3}>\n", css, kWidth, height,
                     more);
}

std::string text(double x, double y, const char* anchor, const std::string& markup) {
  return fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\">{}</text>\n", x, y, anchor,
                     markup);
}

// Grid and numbers of both axes, and what they are.
struct Frame {
  Axis across, up;
  double height;
  bool whole = false;  // only whole numbers stand below: epochs, steps

  Frame(Range x, Range y, double high) : height(high) {
    across = {x, kLeft, kWidth - kRight};
    up = {y, high - kBottom, kTop};
  }

  std::string svg(const Words& x, const Words& y) const {
    std::string out;
    for (const double v : ticks(up.range, 5)) {
      out += fmt::format("<path class=\"grid\" d=\"M{:g} {:.1f}H{:g}\"/>", kLeft, up(v),
                         kWidth - kRight);
      out += text(kLeft - 5, up(v) + 3.5, "end", tick_text(v));
    }
    for (const double v : ticks(across.range, 5)) {
      if (whole && v != std::floor(v)) continue;
      out += text(across(v), height - kBottom + 14, "middle", tick_text(v));
    }
    out += text((kLeft + kWidth - kRight) / 2, height - 6, "middle", both_drawn(x));
    if (y.en.empty()) return out;
    return out + fmt::format(
                     "<text transform=\"translate(10 {:g}) rotate(-90)\" "
                     "text-anchor=\"middle\">{}</text>\n",
                     (height - kBottom + kTop) / 2, both_drawn(y));
  }
};

Range of_lines(const std::vector<Line>& lines, bool across) {
  Range out;
  for (const auto& line : lines) out.see(across ? line.x : line.y);
  return out;
}

bool whole_steps(const std::vector<Line>& lines) {
  return std::all_of(lines.begin(), lines.end(), [](const Line& line) {
    return std::all_of(line.x.begin(), line.x.end(), [](double v) { return v == std::floor(v); });
  });
}

// Names of lines as a list under the picture; colours are repeated as small strokes.
std::string legend_of(const std::vector<Line>& lines) {
  if (lines.size() < 2) return "";
  std::string out = "<ul class=\"legend\">";
  for (std::size_t i = 0; i < lines.size(); ++i) {
    out +=
        fmt::format("<li class=\"{}\">{}</li>",
                    lines[i].second ? "second" : fmt::format("line{}", i % 4), both(lines[i].name));
  }
  return out + "</ul>\n";
}

std::string number_list(const std::vector<double>& values) {
  std::string out;
  for (const double v : values) {
    out += (out.empty() ? "" : ",") +
           (std::isfinite(v) ? fmt::format("{:.6g}", v) : std::string("null"));
  }
  return "[" + out + "]";
}

std::string json_text(const std::string& text) {
  std::string out = "\"";
  for (const char c : harmless(text)) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + "\"";
}

std::string json_of(const LinePlot& plot) {
  const auto words = [](const Words& w) {
    return "[" + json_text(w.en) + "," + json_text(w.zh) + "]";
  };
  std::string out = "{\"x\":" + words(plot.x) + ",\"lines\":[";
  for (std::size_t i = 0; i < plot.lines.size(); ++i) {
    const auto& line = plot.lines[i];
    out += fmt::format("{}{{\"name\":{},\"second\":{},\"x\":{},\"y\":{}}}", i > 0 ? "," : "",
                       words(line.name), line.second, number_list(line.x), number_list(line.y));
  }
  out += "]";
  if (!plot.mark_name.en.empty()) {
    out += fmt::format(",\"mark\":{:g},\"markName\":{}", plot.mark, words(plot.mark_name));
  }
  return out + "}";
}

std::string drawn(const LinePlot& plot) {
  constexpr double kHeight = 230;
  Range x = of_lines(plot.lines, true), y = of_lines(plot.lines, false);
  if (!(x.low < x.high)) x.settle();
  y.settle();
  Frame frame(x, y, kHeight);
  frame.whole = whole_steps(plot.lines);
  std::string out = open_svg(kHeight) + frame.svg(plot.x, plot.y);
  if (!plot.mark_name.en.empty()) {
    const double at = frame.across(plot.mark);
    const bool late = at > kWidth / 2;
    out +=
        fmt::format("<path class=\"mark\" d=\"M{:.1f} {:g}V{:g}\"/>", at, kTop, kHeight - kBottom);
    out +=
        text(at + (late ? -4 : 4), kTop + 10, late ? "end" : "start", both_drawn(plot.mark_name));
  }
  for (std::size_t i = 0; i < plot.lines.size(); ++i) {
    const auto& line = plot.lines[i];
    const std::string css = line.second ? "second" : fmt::format("line{}", i % 4);
    if (line.y.size() == 1 && std::isfinite(line.y[0])) {
      out += fmt::format("<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3\"/>\n", css,
                         frame.across(line.x[0]), frame.up(line.y[0]));
    }
    out += fmt::format("<path class=\"{}\" d=\"{}\"/>\n", css,
                       path_of(line.x, line.y, frame.across, frame.up));
  }
  return out + "</svg>\n";
}

// A row as it is heard.
std::string heard_row(const IntervalRow& row) {
  const Words name = row.shown.en.empty() ? same(row.name) : row.shown;
  const Words heard = name + same(": ") + score_words(row.score);
  return "<g role=\"listitem\" data-label-en=\"" + escaped(heard.en, 120) + "\" data-label-zh=\"" +
         escaped(heard.zh, 120) + "\" aria-label=\"" + escaped(heard.en, 120) + "\">";
}

}  // namespace

std::string line_plot(const LinePlot& plot) { return drawn(plot) + legend_of(plot.lines); }

std::string live_plot(const LinePlot& plot) {
  return "<div class=\"still\">" + drawn(plot) +
         "</div>\n<div class=\"live\" hidden><script type=\"application/json\">" +
         inside_script(json_of(plot)) + "</script></div>\n" + legend_of(plot.lines);
}

std::string interval_plot(const IntervalPlot& plot) {
  constexpr double kNames = 128, kRow = 24, kFoot = 22, kNumber = 44;
  Range range;
  for (const auto& row : plot.rows) {
    for (const double v : {row.score.value, row.score.low, row.score.high}) range.see(v);
  }
  range.settle();
  if (plot.share) range = {std::max(0.0, range.low), std::min(1.0, range.high)};
  if (plot.share && range.high - range.low < 0.05) range.low = std::max(0.0, range.high - 0.05);
  const Axis across{range, kNames + 6, kWidth - kNumber - 6};
  const double foot = kRow * static_cast<double>(plot.rows.size());
  std::string out = open_svg(foot + kFoot, "plot intervals", "role=\"list\"");
  out += "<g aria-hidden=\"true\">";
  for (const double v : ticks(range, 5)) {
    out += fmt::format("<path class=\"grid\" d=\"M{:.1f} 2V{:g}\"/>", across(v), foot);
    out += text(across(v), foot + 14, "middle", tick_text(v));
  }
  out += "</g>\n";
  for (std::size_t i = 0; i < plot.rows.size(); ++i) {
    const auto& row = plot.rows[i];
    const double y = kRow * (static_cast<double>(i) + 0.5);
    const char* css = row.own ? "own" : "other";
    const std::string note =
        row.note.empty() ? "" : "<tspan class=\"small\"> " + escaped(row.note) + "</tspan>";
    const std::string name = row.shown.en.empty() ? escaped(row.name, row.note.empty() ? 20 : 14)
                                                  : both_drawn(row.shown);
    out += heard_row(row) + text(kNames, y + 4, "end", name + note);
    const Score& s = row.score;
    if (std::isfinite(s.low) && std::isfinite(s.high)) {
      out += fmt::format("<path class=\"span {}\" d=\"M{:.1f} {:g}H{:.1f}\"/>", css, across(s.low),
                         y, across(s.high));
    }
    if (std::isfinite(s.value)) {
      out += fmt::format("<circle class=\"{}\" cx=\"{:.1f}\" cy=\"{:g}\" r=\"4\"/>", css,
                         across(s.value), y);
    }
    out += text(kWidth, y + 4, "end", number_text(s.value)) + "</g>\n";
  }
  return out + "</svg>\n";
}

std::string scatter_plot(const ScatterPlot& plot) {
  constexpr double kHeight = 330;
  Range range;
  range.see(plot.across);
  range.see(plot.up);
  range.settle();
  const Frame frame(range, range, kHeight);
  std::string out = open_svg(kHeight) + frame.svg(plot.x, plot.y);
  out += fmt::format("<path class=\"mark\" d=\"M{:g} {:g}L{:g} {:g}\"/>\n", kLeft,
                     kHeight - kBottom, kWidth - kRight, kTop);
  std::string spans, dots;
  for (std::size_t i = 0; i < plot.across.size(); ++i) {
    if (!std::isfinite(plot.across[i]) || !std::isfinite(plot.up[i])) continue;
    const double x = frame.across(plot.across[i]);
    if (i < plot.low.size() && std::isfinite(plot.low[i]) && std::isfinite(plot.high[i])) {
      spans +=
          fmt::format("M{:.1f} {:.1f}V{:.1f}", x, frame.up(plot.low[i]), frame.up(plot.high[i]));
    }
    // A line of no length with round ends is a dot, and takes fewer bytes than a circle.
    dots += fmt::format("M{:.1f} {:.1f}h0", x, frame.up(plot.up[i]));
  }
  out +=
      "<path class=\"whisker\" d=\"" + spans + "\"/>\n<path class=\"dots\" d=\"" + dots + "\"/>\n";
  return out + "</svg>\n";
}

std::string reliability_plot(const std::vector<ReliabilityBin>& bins) {
  constexpr double kHeight = 330;
  const Frame frame({0, 1}, {0, 1}, kHeight);
  std::string out = open_svg(kHeight) + frame.svg({"probability given", "给出的概率"},
                                                  {"share that was right", "实际正确的比例"});
  out += fmt::format("<path class=\"mark\" d=\"M{:g} {:g}L{:g} {:g}\"/>\n", kLeft,
                     kHeight - kBottom, kWidth - kRight, kTop);
  for (const auto& bin : bins) {
    const double x = frame.across(bin.said);
    if (std::isfinite(bin.came.low) && std::isfinite(bin.came.high)) {
      out += fmt::format("<path class=\"span own\" d=\"M{:.1f} {:.1f}V{:.1f}\"/>", x,
                         frame.up(bin.came.low), frame.up(bin.came.high));
    }
    out += fmt::format("<circle class=\"own\" cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\"/>\n", x,
                       frame.up(bin.came.value));
  }
  return out + "</svg>\n";
}

std::string histogram(const std::vector<double>& values, const Words& x) {
  constexpr double kHeight = 200;
  constexpr int kBars = 24;
  Range range, counts;
  range.see(values);
  range.settle();
  std::vector<double> count(kBars);
  for (const double v : values) {
    if (!std::isfinite(v)) continue;
    const double share = (v - range.low) / (range.high - range.low);
    ++count[std::min<std::size_t>(kBars - 1, static_cast<std::size_t>(share * kBars))];
  }
  counts.see(0);
  counts.see(count);
  counts.high = std::max(1.0, counts.high);
  const Frame frame(range, counts, kHeight);
  std::string out = open_svg(kHeight) + frame.svg(x, {});
  const double wide = (kWidth - kLeft - kRight) / kBars;
  for (std::size_t b = 0; b < kBars; ++b) {
    if (count[b] == 0) continue;
    out += fmt::format("<path class=\"bar\" d=\"M{:.1f} {:g}V{:.1f}h{:.1f}V{:g}Z\"/>",
                       kLeft + wide * static_cast<double>(b) + 0.5, kHeight - kBottom,
                       frame.up(count[b]), wide - 1, kHeight - kBottom);
  }
  return out + "</svg>\n";
}

std::string stretches(const std::vector<StretchRow>& rows, const std::vector<std::string>& labels) {
  constexpr double kRow = 26, kNames = 46;
  int steps = 1;
  for (const auto& row : rows) {
    for (const auto& s : row.stretches) steps = std::max(steps, s.end);
  }
  std::string out = open_svg(kRow * static_cast<double>(rows.size()), "plot stretches");
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const double y = kRow * static_cast<double>(r);
    out += text(kNames - 6, y + 15, "end", both_drawn(rows[r].name));
    for (const auto& s : rows[r].stretches) {
      const double from = kNames + (kWidth - kNames) * s.begin / steps;
      const double wide = (kWidth - kNames) * (s.end - s.begin) / steps;
      const auto k = std::find(labels.begin(), labels.end(), s.label) - labels.begin();
      out += fmt::format("<path class=\"kind{}\" d=\"M{:.1f} {:g}h{:.1f}v20h-{:.1f}Z\"/>",
                         static_cast<std::size_t>(k) % kStretchColours, from, y + 1, wide, wide);
      const auto fits = static_cast<std::size_t>(wide / 7);
      if (fits > 1 && s.label.size() <= fits) {
        out += text(from + wide / 2, y + 15, "middle", escaped(s.label, fits));
      }
    }
  }
  return out + "</svg>\n";
}

std::string stretch_legend(const std::vector<std::string>& labels) {
  std::string out = "<ul class=\"legend kinds\">";
  for (std::size_t k = 0; k < std::min(labels.size(), 2 * kStretchColours); ++k) {
    out += fmt::format("<li class=\"kind{}\"><bdi>{}</bdi></li>", k % kStretchColours,
                       escaped(labels[k], 30));
  }
  return out + "</ul>\n";
}

std::string number_text(double value) {
  if (!std::isfinite(value)) return "\u2013";
  const double size = std::fabs(value);
  if (size >= 10 && size < 1000) return fmt::format("{:.2f}", value);
  if (size == 0 || (size >= 0.01 && size < 1000)) return fmt::format("{:.3f}", value);
  return fmt::format("{:.4g}", value);
}

Words score_words(const Score& s) {
  const std::string value = number_text(s.value);
  if (!std::isfinite(s.low) || !std::isfinite(s.high)) return same(value);
  const std::string low = number_text(s.low), high = number_text(s.high);
  return {value + " (" + low + " to " + high + ")", value + "（" + low + " 至 " + high + "）"};
}

}  // namespace refrain::report
