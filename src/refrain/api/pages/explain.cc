// The page of explanations: whether they can be trusted, then words and curves with their scores.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "refrain/api/inside/explained.h"
#include "refrain/api/inside/page_of.h"
#include "refrain/report/escape.h"
#include "refrain/report/plot.h"

namespace refrain::api {
namespace {

using report::both;
using report::escaped;
using report::paragraph;
using report::Words;

constexpr std::size_t kShownExplanations = 40, kMostWordsTold = 400;
constexpr int kMostChannelsTold = 60;
constexpr double kMapWidth = 360, kRowHeight = 10, kOnlyRowHeight = 90;
constexpr double kDeepest = 0.75, kDeepestWord = 0.45;  // opacity; words stay readable on it

double largest_score(const Explanation& e) {
  double out = 0;
  for (const auto& p : e.parts) out = std::max(out, std::abs(p.score));
  return out > 0 ? out : 1;
}

const char* colour_of(double score) { return score >= 0 ? "accent" : "second"; }

std::string words_told(const Explanation& e) {
  const double most = largest_score(e);
  std::string out = "<p class=\"tagged\"><bdi>";
  for (std::size_t i = 0; i < std::min(e.parts.size(), kMostWordsTold); ++i) {
    const auto& p = e.parts[i];
    out += fmt::format(
        "<mark style=\"background:rgba(var(--{}-soft),{:.2f})\" title=\"{:+.3g}\">{}"
        "</mark> ",
        colour_of(p.score), kDeepestWord * std::abs(p.score) / most, p.score, escaped(p.text, 60));
  }
  return out + (e.parts.size() > kMostWordsTold ? "…" : "") + "</bdi></p>\n";
}

// The curve of one channel in a row of the map.
std::string curve_told(const Explanation& e, int channel, double top, double height) {
  double low = HUGE_VAL, high = -HUGE_VAL;
  const auto value = [&](int t) {
    return static_cast<double>(e.values[static_cast<std::size_t>(t * e.channels + channel)]);
  };
  for (int t = 0; t < e.steps; ++t) {
    if (!std::isfinite(value(t))) continue;
    low = std::min(low, value(t));
    high = std::max(high, value(t));
  }
  if (!(high > low)) return "";
  std::string path;
  bool drawing = false;
  for (int t = 0; t < e.steps; ++t) {
    const bool there = std::isfinite(value(t));
    if (there) {
      path += fmt::format("{}{:.1f} {:.1f}", drawing ? "L" : "M", kMapWidth * (t + 0.5) / e.steps,
                          top + height * (0.95 - 0.9 * (value(t) - low) / (high - low)));
    }
    drawing = there;
  }
  return "<path d=\"" + path + "\" fill=\"none\" stroke=\"var(--ink)\" stroke-width=\".8\"/>";
}

// Channels over steps: a part is as strong as its score is large.
std::string map_told(const Explanation& e, const Words& name) {
  const double most = largest_score(e);
  const int rows = std::min(e.channels, kMostChannelsTold);
  const double height = rows > 1 ? std::max(kRowHeight, 120.0 / rows) : kOnlyRowHeight;
  std::string out = fmt::format(
      "<svg class=\"plot\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\">",
      kMapWidth, height * rows, escaped(name.en));
  for (const auto& p : e.parts) {
    if (p.channel >= rows || p.stream > 0) continue;
    const double x = kMapWidth * p.begin / e.steps;
    const double opacity = kDeepest * std::abs(p.score) / most;
    if (opacity < 0.01) continue;
    out += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"var(--{})\" "
        "fill-opacity=\"{:.2f}\"/>",
        x, p.channel < 0 ? 0.0 : height * p.channel, kMapWidth * p.end / e.steps - x,
        p.channel < 0 ? height * rows : height, colour_of(p.score), opacity);
  }
  for (int c = 0; c < rows; ++c) out += curve_told(e, c, height * c, height);
  return out + "</svg>\n";
}

std::string related_told(const Explanation& e) {
  if (e.nearest.empty()) return "";
  std::vector<report::Cells> rows;
  const auto add = [&](const Words& what, const std::vector<RelatedSample>& list) {
    std::string out;
    for (const auto& r : list) {
      out += "<bdi>" + escaped(r.id, 40) + "</bdi> (<bdi>" + escaped(r.label, 40) + "</bdi>) ";
      if (!r.text.empty()) out += "<bdi class=\"quiet\">" + escaped(r.text, 120) + "</bdi> ";
    }
    rows.push_back({both(what), out});
  };
  add({"nearest in training", "最近的训练样本"}, e.nearest);
  add({"speak for the answer", "支持该回答的训练样本"}, e.supporting);
  add({"speak against it", "反对该回答的训练样本"}, e.opposing);
  return report::table({both({"training samples", "训练样本"}), ""}, rows);
}

std::string sample_told(const Explanation& e, const std::string& unit) {
  const std::string number =
      e.target.empty() ? fmt::format("{:.4g}", e.value) : fmt::format("{:+.2f}", e.value);
  std::string head = "<h3><bdi>" + escaped(e.id, 60) + "</bdi>";
  if (!e.target.empty()) head += ": <bdi>" + escaped(e.target, 60) + "</bdi>";
  head += " <span class=\"quiet\">" + number + " " + escaped(unit) + "</span></h3>\n";
  if (e.parts.empty()) return head + paragraph({"It has no word or step.", "没有词或时间步。"});
  if (e.steps == 0) return head + words_told(e) + related_told(e);
  return head + map_told(e, {"scores of " + e.id, e.id + " 的分数"}) + related_told(e);
}

std::string gain_told(const Score& s) {
  return report::number_text(s.value) + " <span class=\"quiet\">" + report::number_text(s.low) +
         "\u2013" + report::number_text(s.high) + "</span>";
}

std::string checks_told(const Explanations::Checks& c) {
  std::vector<report::Cells> rows = {{both({"taking the highest parts out, against parts at random",
                                            "先去掉分数最高的部分，与随机顺序相比"}),
                                      gain_told(c.deletion)},
                                     {both({"putting the highest parts in, against parts at random",
                                            "先放入分数最高的部分，与随机顺序相比"}),
                                      gain_told(c.insertion)}};
  if (c.stability < 1) {
    rows.push_back({both({"rank correlation with another seed", "与另一随机种子的秩相关"}),
                    report::number_text(c.stability)});
  }
  if (c.randomised) {
    rows.push_back({both({"rank correlation with random weights", "与随机权重模型的秩相关"}),
                    report::number_text(*c.randomised)});
  }
  const auto line = [&](const Words& name, const std::vector<double>& y, bool second) {
    return report::Line{name, c.share, y, second};
  };
  const report::LinePlot plot{
      {"share of the parts taken out", "去掉的部分所占比例"},
      {"what is explained", "被解释的量"},
      {line({"highest scores first", "分数最高的先去掉"}, c.deletion_curve, false),
       line({"at random", "随机顺序"}, c.random_deletion, true)},
      0,
      {}};
  return report::figure("deletion",
                        {"The answer while parts are taken out.", "逐步去掉各部分时的回答。"},
                        report::line_plot(plot)) +
         report::table({both({"check", "检验"}), both({"found", "结果"})}, rows);
}

std::string verdict_told(const Explanations& e) {
  std::string out = "";
  if (!e.checks) {
    out += paragraph({"Nobody has checked these scores.", "这些分数未经检验。"});
  } else if (e.faithful()) {
    out += paragraph({"The scores tell what the model uses: they passed the checks.",
                      "分数通过了检验，反映了模型所用的内容。"});
  } else {
    out += paragraph(
        {"The scores are not shown: they failed a check.", "分数未通过检验，因此不予显示。"});
    for (const auto& sentence : e.checks->against) out += paragraph(report::same(sentence));
  }
  for (const auto& sentence : e.remarks) out += paragraph(report::same(sentence), "quiet");
  return out;
}

}  // namespace

std::string explained_markup(const Explanations& e) {
  if (e.samples.empty()) return "";
  std::string out = verdict_told(e);
  if (!e.faithful()) return out;
  out += paragraph({"Blue speaks for the answer, orange against it; the stronger, the more.",
                    "蓝色支持该回答，橙色反对；颜色越深，作用越大。"});
  for (std::size_t i = 0; i < std::min(e.samples.size(), kShownExplanations); ++i) {
    out += sample_told(e.samples[i], e.unit);
  }
  return out;
}

std::string explanation_page(const Explanations& e, const std::string& language) {
  const Words title{"Why the model answers so: " + e.method, "模型为何如此回答：" + e.method};
  report::Page page(title, page_language(language));
  page.head("<h1>" + both(title) + "</h1>\n");
  page.add("samples", {"Samples", "样本"}, explained_markup(e));
  if (e.checks && !e.checks->share.empty()) {
    page.add("checks", {"Checks", "检验"}, checks_told(*e.checks));
  }
  return page.html();
}

}  // namespace refrain::api
