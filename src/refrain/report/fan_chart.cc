#include "refrain/report/fan_chart.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <utility>

#include "refrain/report/axis.h"
#include "refrain/report/escape.h"

namespace refrain::report {
namespace {

constexpr double kPanel = 560, kHigh = 260;          // by itself
constexpr double kPagePanel = 360, kPageHigh = 220;  // on a page
constexpr double kPanelLeft = 64, kPanelRight = 14, kPanelTop = 30, kPanelBottom = 34;
constexpr double kFootLine = 18;
constexpr int kWantedTicks = 5;
constexpr std::size_t kLongestTitle = 60;

constexpr const char* kStyle = R"(<style>
svg{background:#fff;color:#1d2430;font:12px system-ui,sans-serif}
text{fill:currentColor}.t{font-weight:600;font-size:13px}.g{stroke:currentColor;opacity:.15}
.h{fill:none;stroke:currentColor;stroke-width:1.3}.p{fill:none;stroke:#1f6feb;stroke-width:2}
.w{fill:#1f6feb;opacity:.16}.n{fill:#1f6feb;opacity:.26}
.y{fill:none;stroke:#c2410c;stroke-width:1.5;stroke-dasharray:4 3}
@media(prefers-color-scheme:dark){svg{background:#12161c;color:#e4e8ee}.p{stroke:#79b0ff}
.w,.n{fill:#79b0ff}.y{stroke:#ff9d66}}
</style>
)";

class Panel {
 public:
  Panel(const Fan& fan, std::size_t levels, double wide, double high)
      : fan_(fan), levels_(levels), wide_(wide), high_(high) {
    range_.see(fan.history);
    range_.see(fan.point);
    range_.see(fan.quantiles);
    range_.see(fan.truth);
    range_.settle();
  }

  std::string svg() const {
    std::string out =
        fmt::format("<text class=\"t\" x=\"{:g}\" y=\"18\" unicode-bidi=\"isolate\">{}</text>\n",
                    kPanelLeft, escaped(fan_.title, kLongestTitle));
    out += grid() + stamps();
    if (levels_ >= 3) {
      out += band("w", 0);
      if (levels_ >= 5) out += band("n", (levels_ - 1) / 2 - 1);
    }
    out += line("h", fan_.history, 0);
    std::vector<double> ahead = fan_.point;
    if (!fan_.history.empty()) ahead.insert(ahead.begin(), fan_.history.back());
    out += line("p", ahead, at_origin() - int{!fan_.history.empty()});
    out += line("y", fan_.truth, at_origin());
    return out;
  }

 private:
  int at_origin() const { return static_cast<int>(fan_.history.size()); }
  double px(double step) const {
    const double steps = static_cast<double>(fan_.history.size() + fan_.point.size());
    return kPanelLeft + (wide_ - kPanelLeft - kPanelRight) * step / std::max(1.0, steps - 1);
  }
  double py(double value) const {
    const double share = (value - range_.low) / (range_.high - range_.low);
    return high_ - kPanelBottom - (high_ - kPanelTop - kPanelBottom) * std::clamp(share, 0.0, 1.0);
  }

  // A line that breaks where values are missing.
  std::string line(const char* kind, const std::vector<double>& values, int first) const {
    std::string path;
    bool down = false;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (!std::isfinite(values[i])) {
        down = false;
        continue;
      }
      path += fmt::format("{}{:.1f} {:.1f}", down ? 'L' : 'M', px(first + static_cast<double>(i)),
                          py(values[i]));
      down = true;
    }
    return path.empty() ? "" : fmt::format("<path class=\"{}\" d=\"{}\"/>\n", kind, path);
  }

  // Between a quantile and its counterpart.
  std::string band(const char* kind, std::size_t low) const {
    std::string there, back;
    for (std::size_t h = 0; h < fan_.point.size(); ++h) {
      const double x = px(at_origin() + static_cast<double>(h));
      const double* q = fan_.quantiles.data() + h * levels_;
      there += fmt::format("{}{:.1f} {:.1f}", h == 0 ? 'M' : 'L', x, py(q[low]));
      back = fmt::format("L{:.1f} {:.1f}", x, py(q[levels_ - 1 - low])) + back;
    }
    return fmt::format("<path class=\"{}\" d=\"{}{}Z\"/>\n", kind, there, back);
  }

  std::string grid() const {
    std::string out;
    for (const double value : ticks(range_, kWantedTicks)) {
      const double y = py(value);
      out += fmt::format(
          "<path class=\"g\" d=\"M{:g} {:.1f}H{:g}\"/><text x=\"{:g}\" y=\"{:.1f}\" "
          "text-anchor=\"end\">{}</text>\n",
          kPanelLeft, y, wide_ - kPanelRight, kPanelLeft - 6, y + 4, tick_text(value));
    }
    return out;
  }

  std::string stamps() const {
    const double y = high_ - kPanelBottom + 18;
    const auto text = [&](double x, const char* anchor, const std::string& stamp) {
      return fmt::format("<text x=\"{:.1f}\" y=\"{:g}\" text-anchor=\"{}\">{}</text>\n", x, y,
                         anchor, escaped(stamp, kLongestTitle));
    };
    const double origin = px(at_origin());
    std::string out = fmt::format("<path class=\"g\" d=\"M{:.1f} {:g}V{:g}\"/>\n", origin,
                                  kPanelTop, high_ - kPanelBottom);
    if (!fan_.history.empty()) out += text(kPanelLeft, "start", fan_.first);
    const double room = 9.0 * static_cast<double>(fan_.origin.size());
    if (origin - kPanelLeft > 1.5 * room && wide_ - kPanelRight - origin > 1.5 * room) {
      out += text(origin, "middle", fan_.origin);
    }
    return out + text(wide_ - kPanelRight, "end", fan_.last);
  }

  const Fan& fan_;
  std::size_t levels_;
  double wide_, high_;
  Range range_;
};

// Sentences about what is drawn.
std::vector<std::string> legend(const std::vector<Fan>& fans, const std::vector<double>& levels,
                                std::size_t series, std::size_t shown) {
  std::vector<std::string> out = {"Line: values so far, then the forecast."};
  if (levels.size() >= 3) {
    std::string bands = fmt::format("Bands: quantiles {:g} to {:g}", levels.front(), levels.back());
    const std::size_t inner = (levels.size() - 1) / 2 - 1;
    if (levels.size() >= 5) {
      bands += fmt::format(" and {:g} to {:g}", levels[inner], levels[levels.size() - 1 - inner]);
    }
    out.push_back(bands + ".");
  }
  const bool known = std::any_of(fans.begin(), fans.end(), [](const Fan& f) {
    return std::any_of(f.truth.begin(), f.truth.end(), [](double v) { return std::isfinite(v); });
  });
  if (known) out.emplace_back("Dashed: what came.");
  if (shown < series) out.push_back(fmt::format("The first {} of {} series.", shown, series));
  return out;
}

// Breaks the sentences into lines as wide as the picture.
std::vector<std::string> in_lines(const std::vector<std::string>& sentences, double width) {
  constexpr double kLetter = 6.5;
  std::vector<std::string> out;
  for (const auto& sentence : sentences) {
    const bool fits =
        !out.empty() && kLetter * static_cast<double>(out.back().size() + sentence.size() + 1) <
                            width - 2 * kPanelRight;
    if (fits) {
      out.back() += " " + sentence;
    } else {
      out.push_back(sentence);
    }
  }
  return out;
}

}  // namespace

int drawn_history(int horizon, int season, int there) {
  constexpr int kMostDrawn = 600;
  const int wanted = std::max({3 * horizon, 2 * season, 12});
  return std::min({there, wanted, kMostDrawn});
}

std::string fan_charts(const std::vector<Fan>& fans, const std::vector<double>& levels,
                       std::size_t series) {
  const std::size_t shown = std::min(fans.size(), static_cast<std::size_t>(kMostFans));
  const std::size_t columns = shown > 3 ? 2 : 1;
  const double width = kPanel * static_cast<double>(columns);
  const double rows = std::ceil(static_cast<double>(shown) / static_cast<double>(columns));
  const auto lines = in_lines(legend(fans, levels, series, shown), width);
  const double height = kHigh * rows + kFootLine * (static_cast<double>(lines.size()) + 0.5);
  std::string out = fmt::format(
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {0:g} {1:g}\" width=\"{0:g}\" "
      "height=\"{1:g}\" role=\"img\" aria-label=\"Forecasts\">\n",
      width, height);
  out += kStyle;
  for (std::size_t i = 0; i < shown; ++i) {
    const auto column = static_cast<double>(i % columns), row = static_cast<double>(i / columns);
    out += fmt::format("<g transform=\"translate({:g} {:g})\">\n", column * kPanel, row * kHigh);
    out += Panel(fans[i], levels.size(), kPanel, kHigh).svg() + "</g>\n";
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const double y = kHigh * rows + kFootLine * (static_cast<double>(i) + 0.7);
    out += fmt::format("<text x=\"{:g}\" y=\"{:g}\">{}</text>\n", kPanelRight, y, lines[i]);
  }
  return out + "</svg>\n";
}

std::string fan_on_page(const Fan& fan, std::size_t levels) {
  return fmt::format(
             "<svg class=\"plot fan\" viewBox=\"0 0 {:g} {:g}\" role=\"img\" "
             "aria-hidden=\"true\">\n",
             kPagePanel, kPageHigh) +
         Panel(fan, levels, kPagePanel, kPageHigh).svg() + "</svg>\n";
}

}  // namespace refrain::report
