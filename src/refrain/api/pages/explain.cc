// The page of explanations: whether they can be trusted, then words and curves with their scores.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

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
constexpr int kShades = 8, kMostPictureSteps = 180;  // of a recording
constexpr double kSoundHeight = 140;
constexpr std::size_t kMostLines = 4;  // classes of which the way to the answer is drawn
constexpr std::size_t kMostSuspects = 20;
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
    const bool inside = p.begin >= e.begin && p.begin < e.end;
    out += fmt::format(
        "<mark{} style=\"background:rgba(var(--{}-soft),{:.2f})\" title=\"{:+.3g}\">{}"
        "</mark> ",
        inside ? " class=\"asked\"" : "", colour_of(p.score),
        kDeepestWord * std::abs(p.score) / most, p.score, escaped(p.text, 60));
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

// The bands of a recording in shades of grey, the lowest one at the bottom: one path a shade.
std::string spectrogram_told(const Explanation& e, double height) {
  std::vector<float> sorted = e.values;
  std::erase_if(sorted, [](float v) { return !std::isfinite(v); });
  if (sorted.empty()) return "";
  std::sort(sorted.begin(), sorted.end());
  const double low = static_cast<double>(sorted[sorted.size() / 20]),
               high = static_cast<double>(sorted[sorted.size() - 1 - sorted.size() / 100]);
  const int columns = std::min(e.steps, kMostPictureSteps);
  std::vector<std::string> paths(kShades);
  for (int c = 0; c < e.channels; ++c) {
    for (int x = 0; x < columns; ++x) {
      const int t = static_cast<int>(std::int64_t{e.steps} * x / columns);
      const auto value =
          static_cast<double>(e.values[static_cast<std::size_t>(t * e.channels + c)]);
      const double share = high > low ? std::clamp((value - low) / (high - low), 0.0, 1.0) : 0;
      const int shade = std::isfinite(share) ? static_cast<int>(share * kShades) : 0;
      if (shade == 0) continue;
      paths[static_cast<std::size_t>(std::min(shade, kShades - 1))] +=
          fmt::format("M{:.1f} {:.1f}h{:.2f}v{:.2f}h-{:.2f}z", kMapWidth * x / columns,
                      height * (e.channels - 1 - c) / e.channels, kMapWidth / columns + 0.05,
                      height / e.channels + 0.05, kMapWidth / columns + 0.05);
    }
  }
  std::string out;
  for (int k = 1; k < kShades; ++k) {
    out += fmt::format("<path d=\"{}\" fill=\"var(--ink)\" fill-opacity=\"{:.2f}\"/>",
                       paths[static_cast<std::size_t>(k)], 0.55 * k / (kShades - 1));
  }
  return out;
}

// Channels over steps: a part is as strong as its score is large.
std::string map_told(const Explanation& e, const Words& name) {
  const double most = largest_score(e);
  const int rows = e.sound ? 1 : std::min(e.channels, kMostChannelsTold);
  const double height = e.sound    ? kSoundHeight
                        : rows > 1 ? std::max(kRowHeight, 120.0 / rows)
                                   : kOnlyRowHeight;
  std::string out = fmt::format(
      "<svg class=\"plot\" viewBox=\"0 0 {:.0f} {:.0f}\" role=\"img\" aria-label=\"{}\">",
      kMapWidth, height * rows, escaped(name.en));
  if (e.sound) out += spectrogram_told(e, height);
  for (const auto& p : e.parts) {
    if (p.channel >= rows || p.stream > 0) continue;
    const double x = kMapWidth * p.begin / e.steps;
    const double opacity = (e.sound ? kDeepestWord : kDeepest) * std::abs(p.score) / most;
    if (opacity < 0.01) continue;
    out += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"var(--{})\" "
        "fill-opacity=\"{:.2f}\"/>",
        x, p.channel < 0 ? 0.0 : height * p.channel, kMapWidth * p.end / e.steps - x,
        p.channel < 0 ? height * rows : height, colour_of(p.score), opacity);
  }
  for (int c = 0; c < rows && !e.sound; ++c) out += curve_told(e, c, height * c, height);
  if (e.begin >= 0) {  // of a tagger: the steps that are answered
    out += fmt::format(
        "<rect x=\"{:.1f}\" y=\"1\" width=\"{:.1f}\" height=\"{:.1f}\" fill=\"none\" "
        "stroke=\"var(--ink)\" stroke-dasharray=\"4 3\"/>",
        kMapWidth * e.begin / e.steps, kMapWidth * (e.end - e.begin) / e.steps, height * rows - 2);
  }
  return out + "</svg>\n";
}

std::string related_told(const Explanation& e) {
  if (e.nearest.empty()) return "";
  std::vector<report::Cells> rows;
  const auto add = [&](const Words& what, const std::vector<RelatedSample>& list) {
    std::string out;
    for (const auto& r : list) {
      out += "<bdi>" + escaped(r.id, 40) + "</bdi> (<bdi>" + escaped(r.label, 40) + "</bdi>";
      if (!r.suggested.empty()) {
        out += both({", perhaps ", "，可能是 "}) + "<strong><bdi>" + escaped(r.suggested, 40) +
               "</bdi></strong>";
      }
      out += ") ";
      if (!r.text.empty()) out += "<bdi class=\"quiet\">" + escaped(r.text, 120) + "</bdi> ";
    }
    rows.push_back({both(what), out});
  };
  add({"nearest in training", "最近的训练样本"}, e.nearest);
  add({"speak for the answer", "支持该回答的训练样本"}, e.supporting);
  add({"speak against it", "反对该回答的训练样本"}, e.opposing);
  return report::table({both({"training samples", "训练样本"}), ""}, rows);
}

std::vector<double> as_numbers(const std::vector<int>& x) { return {x.begin(), x.end()}; }

// The columns whose numbers are largest at the end: those that the way to the answer is about.
std::vector<std::size_t> columns_told(const AnswerPath& r) {
  std::vector<std::size_t> order(r.answer.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return *std::max_element(r.answer[a].begin(), r.answer[a].end()) >
           *std::max_element(r.answer[b].begin(), r.answer[b].end());
  });
  order.resize(std::min(order.size(), kMostLines));
  return order;
}

std::string states_told(const AnswerPath& r, const std::string& id) {
  if (r.size.size() < 2) return "";
  std::vector<double> step(r.size.size());
  std::iota(step.begin(), step.end(), 1.0);
  std::string out = report::figure(
      "states-" + id, {"The states of the network, step by step.", "网络状态随时间步的变化。"},
      report::line_plot({{"step", "时间步"},
                         {"size", "大小"},
                         {{{"length of the state", "状态的长度"}, step, r.size, false},
                          {{"moved since the last step", "与上一步的距离"}, step, r.speed, true}},
                         0,
                         {}}));
  return out + report::figure(
                   "path-" + id,
                   {"The way of the state on the two axes along which states vary most.",
                    "状态在变化最大的两个方向上的轨迹。"},
                   report::line_plot({{"first axis", "第一轴"},
                                      {"second axis", "第二轴"},
                                      {{{"state", "状态"}, r.first_axis, r.second_axis, false}},
                                      0,
                                      {}}));
}

std::string reading_told(const Explanation& e, const std::vector<std::string>& columns,
                         std::size_t number) {
  if (!e.reading || e.reading->steps.size() < 2) return "";
  const AnswerPath& r = *e.reading;
  const std::string id = std::to_string(number);
  std::vector<report::Line> lines;
  for (const std::size_t c : columns_told(r)) {
    const std::string name = c < columns.size() ? columns[c] : "";
    lines.push_back({report::same(name), as_numbers(r.steps), r.answer[c], name != e.target});
  }
  return report::folded(
      {"How the answer comes about", "回答是如何形成的"},
      report::figure("reading-" + id,
                     {"The answer to the beginning of the sample, up to each step.",
                      "只读到各步为止时的回答。"},
                     report::line_plot({{"words or steps read", "已读的词或时间步"},
                                        {"answer", "回答"},
                                        std::move(lines),
                                        0,
                                        {}})) +
          states_told(r, id));
}

std::string sample_told(const Explanation& e, const std::string& unit) {
  const std::string number =
      e.target.empty() ? fmt::format("{:.4g}", e.value) : fmt::format("{:+.2f}", e.value);
  std::string head = "<h3><bdi>" + escaped(e.id, 60) + "</bdi>";
  if (!e.target.empty()) head += ": <bdi>" + escaped(e.target, 60) + "</bdi>";
  if (!e.words.empty()) head += " <bdi>" + escaped(e.words, 80) + "</bdi>";
  head += " <span class=\"quiet\">" + number + " " + escaped(unit) + "</span></h3>\n";
  if (e.parts.empty()) return head + paragraph({"It has no word or step.", "没有词或时间步。"});
  if (e.steps == 0) return head + words_told(e) + related_told(e);
  return head + map_told(e, {"scores of " + e.id, e.id + " 的分数"}) + related_told(e);
}

// Which samples a training sample on the list has a part in.
std::string roles_told(const SuspectSample& s) {
  std::string out;
  const auto add = [&](const Words& what, const std::vector<std::string>& ids) {
    if (ids.empty()) return;
    out += (out.empty() ? "" : "; ") + both(what);
    for (const auto& id : ids) out += " <bdi>" + escaped(id, 40) + "</bdi>";
  };
  add({"speaks for", "支持"}, s.supports);
  add({"speaks against", "反对"}, s.opposes);
  add({"is near to", "相近"}, s.near);
  return out;
}

// The training samples on a list of wrong labels that answers rest on.
std::string suspects_told(const std::vector<SuspectSample>& suspects) {
  std::vector<report::Cells> rows;
  for (const auto& s : suspects) {
    if (rows.size() == kMostSuspects) break;
    std::string name = "<bdi>" + escaped(s.id, 40) + "</bdi>";
    if (!s.text.empty()) name += " <bdi class=\"quiet\">" + escaped(s.text, 100) + "</bdi>";
    rows.push_back({name, "<bdi>" + escaped(s.label, 40) + "</bdi>",
                    "<bdi>" + escaped(s.suggested, 40) + "</bdi>",
                    report::number_text(s.confidence), roles_told(s)});
  }
  return paragraph({"The list says that these training samples may have a wrong label, and answers "
                    "here rest on them. Look at those first that speak against a right answer.",
                    "根据清单，下列训练样本的标签可能有误，而这里的回答以它们为依据。"
                    "请先查看反对正确回答的样本。"}) +
         report::table({both({"training sample", "训练样本"}), both({"label", "标签"}),
                        both({"suggested", "建议标签"}), both({"confidence", "把握"}),
                        both({"part in the answers", "在回答中的作用"})},
                       rows);
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
  if (e.samples.size() > kShownExplanations) {
    out += paragraph(
        {fmt::format("The first {} of {} are shown; JSON and CSV have all (--out FILE.json).",
                     kShownExplanations, e.samples.size()),
         fmt::format("此处显示前 {} 个，共 {} 个；JSON 与 CSV 文件（--out FILE.json）含全部。",
                     kShownExplanations, e.samples.size())},
        "quiet");
  }
  for (std::size_t i = 0; i < std::min(e.samples.size(), kShownExplanations); ++i) {
    out += sample_told(e.samples[i], e.unit) + reading_told(e.samples[i], e.columns, i);
  }
  return out;
}

std::string explanation_page(const Explanations& e, const std::string& language) {
  const Words title{"Why the model answers so: " + e.method, "模型为何如此回答：" + e.method};
  report::Page page(title, page_language(language));
  page.head("<h1>" + both(title) + "</h1>\n");
  page.add("samples", {"Samples", "样本"}, explained_markup(e));
  if (!e.suspects.empty()) {
    page.add("suspects", {"Labels that may be wrong", "可能有误的标签"}, suspects_told(e.suspects));
  }
  if (e.checks && !e.checks->share.empty()) {
    page.add("checks", {"Checks", "检验"}, checks_told(*e.checks));
  }
  return page.html();
}

}  // namespace refrain::api
