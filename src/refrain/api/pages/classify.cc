// The page of a classification: confusion, calibration, the surest mistakes.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "refrain/api/pages/parts.h"
#include "refrain/report/escape.h"
#include "refrain/report/matrix.h"
#include "refrain/score/class_scores.h"
#include "refrain/score/classification.h"
#include "refrain/task/classify/labels.h"

namespace refrain::api {
namespace {

using base::Json;
using report::both;
using report::escaped;
using report::figure;
using report::paragraph;
using report::table;
using report::Words;

constexpr std::size_t kShownMistakes = 8;
constexpr std::size_t kMostClasses = 40;         // of a matrix
constexpr std::size_t kMostContent = 1'300'000;  // bytes of samples in a page
constexpr std::size_t kMostSampleRows = 30'000;

const score::Classification& classes_of(const ToldAnswers& r) {
  return dynamic_cast<const score::Classification&>(*r.answers);
}

struct Confusion {
  std::vector<std::vector<int>> counts;
  int unseen = 0;  // truths that training did not have
};

Confusion confusion_told(const Told& told) {
  const std::size_t C = told.run.classes.size();
  Confusion out{std::vector<std::vector<int>>(C, std::vector<int>(C)), 0};
  for (const auto& r : told.repeats) {
    const auto& c = classes_of(r);
    for (std::size_t i = 0; i < c.size(); ++i) {
      if (c.truth[i] < 0 || c.predicted[i] < 0) {
        ++out.unseen;
      } else {
        ++out.counts[static_cast<std::size_t>(c.truth[i])]
                    [static_cast<std::size_t>(c.predicted[i])];
      }
    }
  }
  return out;
}

struct Pair {
  std::size_t truth, predicted;
  int count, of;
};

// Mistakes by how often they are made.
std::vector<Pair> confused_pairs(const Confusion& confusion) {
  std::vector<Pair> out;
  for (std::size_t t = 0; t < confusion.counts.size(); ++t) {
    int all = 0;
    for (const int n : confusion.counts[t]) all += n;
    for (std::size_t p = 0; p < confusion.counts.size(); ++p) {
      if (t != p && confusion.counts[t][p] > 0) out.push_back({t, p, confusion.counts[t][p], all});
    }
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Pair& a, const Pair& b) { return a.count > b.count; });
  return out;
}

std::vector<Words> mistakes_in_words(const Told& told) {
  const auto pairs = confused_pairs(confusion_told(told));
  if (told.run.predictions.empty()) return {};
  if (pairs.empty()) return {{"It makes no mistake on these samples.", "它在这些样本上没有出错。"}};
  const Pair& worst = pairs.front();
  const auto name = [&](std::size_t k) { return report::harmless(told.run.classes[k], 40); };
  return {{fmt::format("Its most frequent mistake: {} is taken for {} ({} of {}).",
                       name(worst.truth), name(worst.predicted), worst.count, worst.of),
           fmt::format("最常见的错误：把“{}”当成“{}”（{} / {}）。", name(worst.truth),
                       name(worst.predicted), worst.count, worst.of)}};
}

std::string pairs_table(const Told& told, const std::vector<Pair>& pairs) {
  constexpr std::size_t kShownPairs = 20;
  std::vector<report::Cells> rows;
  for (std::size_t i = 0; i < std::min(pairs.size(), kShownPairs); ++i) {
    const auto& p = pairs[i];
    rows.push_back({"<bdi>" + escaped(told.run.classes[p.truth], 60) + "</bdi>",
                    "<bdi>" + escaped(told.run.classes[p.predicted], 60) + "</bdi>",
                    fmt::format("{}", p.count), fmt::format("{}", p.of)});
  }
  return table({both({"true class", "真实类别"}), both({"answer", "回答"}),
                both({"samples", "样本数"}), both({"of", "该类总数"})},
               rows, {"The most frequent mistakes.", "最常见的错误。"});
}

// Rows of page.js: id, true class, answer, probability of the answer, content. Wrong ones first, so
// that they keep their contents where not all fit.
void put_rows(const Told& told, report::Page& page) {
  std::vector<std::pair<std::size_t, std::size_t>> order;  // repeat, sample
  for (std::size_t r = 0; r < told.repeats.size(); ++r) {
    for (std::size_t i = 0; i < told.repeats[r].which.size(); ++i) order.emplace_back(r, i);
  }
  const auto right = [&](const auto& at) {
    const auto& c = classes_of(told.repeats[at.first]);
    return c.truth[at.second] == c.predicted[at.second];
  };
  std::stable_partition(order.begin(), order.end(), [&](const auto& at) { return !right(at); });
  Json rows = Json::array(), names = Json::array();
  for (const auto& name : told.run.classes) names.push_back(report::harmless(name, 60));
  std::size_t bytes = 0;
  for (const auto& [r, i] : order) {
    if (rows.size() >= kMostSampleRows) break;
    const auto& c = classes_of(told.repeats[r]);
    const int which = told.repeats[r].which[i];
    const auto& p = told.run.predictions[static_cast<std::size_t>(which)];
    Json probability = nullptr;
    if (!c.probability.empty() && c.predicted[i] >= 0) {
      const std::size_t at =
          i * static_cast<std::size_t>(c.classes) + static_cast<std::size_t>(c.predicted[i]);
      probability = std::round(1000 * c.probability[at]) / 1000;
    }
    Json content = nullptr;
    if (const auto* sample = told.sample(which); sample != nullptr && bytes < kMostContent) {
      content = content_of(*sample);
      bytes += content.dump(-1, ' ', false, Json::error_handler_t::replace).size();
    }
    rows.push_back(
        {report::harmless(p.sample, 60), c.truth[i], c.predicted[i], probability, content});
  }
  page.data("samples", Json{{"classes", names}, {"rows", rows}}.dump(
                           -1, ' ', false, Json::error_handler_t::replace));
}

std::string class_table(const Told& told) {
  std::vector<score::Classification> own;
  for (const auto& r : told.repeats) own.push_back(classes_of(r));
  const auto text = [](const score::Interval& s) {
    return report::number_text(s.value) + " <span class=\"quiet\">" + report::number_text(s.low) +
           "\u2013" + report::number_text(s.high) + "</span>";
  };
  std::vector<report::Cells> rows;
  const auto scores = score::class_scores(own, static_cast<int>(told.run.seed));
  for (std::size_t k = 0; k < scores.size(); ++k) {
    const auto& s = scores[k];
    rows.push_back({"<bdi>" + escaped(told.run.classes[k], 60) + "</bdi>", text(s.precision),
                    text(s.recall), text(s.f1), fmt::format("{:g}", s.support),
                    fmt::format("{:g}", s.predicted)});
  }
  return table({both({"class", "类别"}), both({"precision", "精确率"}), both({"recall", "召回率"}),
                "F1", both({"samples", "样本数"}), both({"answers", "回答数"})},
               rows, {"Each class, with 95 % intervals.", "每个类别及其 95% 区间。"});
}

void put_confusion(const Told& told, report::Page& page) {
  const Confusion confusion = confusion_told(told);
  std::string out;
  if (told.run.classes.size() <= kMostClasses) {
    out += report::matrix({told.run.classes, confusion.counts});
    put_rows(told, page);
  } else {
    out += pairs_table(told, confused_pairs(confusion));
  }
  if (confusion.unseen > 0) {
    out +=
        paragraph({fmt::format("{} samples are of classes that training did not have: each of them "
                               "is a mistake.",
                               confusion.unseen),
                   fmt::format("{} 个样本属于训练中没有的类别，它们必然答错。", confusion.unseen)});
  }
  page.add("confusion", {"Right and wrong", "正确与错误"}, out + class_table(told));
}

struct Sure {
  double said;
  bool right;
  std::size_t repeat, sample;
};

// The probability that each answer was given with.
std::vector<Sure> confidences(const Told& told) {
  std::vector<Sure> out;
  for (std::size_t r = 0; r < told.repeats.size(); ++r) {
    const auto& c = classes_of(told.repeats[r]);
    if (c.probability.empty()) return {};
    for (std::size_t i = 0; i < c.size(); ++i) {
      if (c.predicted[i] < 0) continue;
      const std::size_t at =
          i * static_cast<std::size_t>(c.classes) + static_cast<std::size_t>(c.predicted[i]);
      out.push_back({c.probability[at], c.truth[i] == c.predicted[i], r, i});
    }
  }
  return out;
}

// Bins of as many samples each: at most ten, at least fifteen samples.
void put_calibration(const Told& told, report::Page& page) {
  auto sure = confidences(told);
  if (sure.size() < 30) return;
  std::stable_sort(sure.begin(), sure.end(),
                   [](const Sure& a, const Sure& b) { return a.said < b.said; });
  const std::size_t bins = std::clamp<std::size_t>(sure.size() / 15, 2, 10);
  std::vector<report::ReliabilityBin> out;
  for (std::size_t b = 0; b < bins; ++b) {
    std::vector<double> hits;
    std::vector<int> unit;
    double said = 0;
    const std::size_t from = b * sure.size() / bins, to = (b + 1) * sure.size() / bins;
    for (std::size_t k = from; k < to; ++k) {
      const auto& group = told.repeats[sure[k].repeat].answers->group;
      unit.push_back(group.empty() ? static_cast<int>(sure[k].sample) : group[sure[k].sample]);
      hits.push_back(sure[k].right ? 1 : 0);
      said += sure[k].said / static_cast<double>(to - from);
    }
    out.push_back({said, share_of(hits, unit)});
  }
  page.add(
      "calibration", {"Calibration", "校准"},
      figure(
          "figure-calibration",
          {"Each point is a part of the samples, by the probability of the answer. On the dashed "
           "line probabilities are what they promise; below it the model is too sure.",
           "每个点是按回答概率分出的一部分样本。落在虚线上表示概率可信；低于虚线表示模型过于自信"
           "。"},
          reliability_plot(out)));
}

// The mistakes that were made with most confidence: often wrong labels.
void put_mistakes(const Told& told, report::Page& page) {
  auto sure = confidences(told);
  std::erase_if(sure, [](const Sure& s) { return s.right; });
  std::stable_sort(sure.begin(), sure.end(),
                   [](const Sure& a, const Sure& b) { return a.said > b.said; });
  std::string list;
  for (std::size_t k = 0; k < std::min(sure.size(), kShownMistakes); ++k) {
    const int which = told.repeats[sure[k].repeat].which[sure[k].sample];
    const auto& p = told.run.predictions[static_cast<std::size_t>(which)];
    list += "<li><bdi class=\"quiet\">" + escaped(p.sample, 60) + "</bdi> · " +
            both(Words{"true ", "真实类别 "}) + "<bdi>" + escaped(p.truth, 60) + "</bdi>" +
            both(Words{", answered ", "，回答 "}) + "<bdi>" + escaped(p.predicted, 60) +
            fmt::format("</bdi> ({:.2f})", sure[k].said);
    if (const auto* sample = told.sample(which)) list += content_markup(*sample);
    list += "</li>\n";
  }
  if (list.empty()) return;
  page.add(
      "mistakes", {"The surest mistakes", "最自信的错误"},
      paragraph({"Answers that were wrong although the model was sure. Look at these labels first.",
                 "模型很有把握却答错的样本。请先检查它们的标签。"}) +
          "<ul class=\"samples\">\n" + list + "</ul>\n");
}

}  // namespace

void put_classify(const Told& told, report::Page& page) {
  put_verdict(told, mistakes_in_words(told), page);
  put_score_part(told, page);
  put_learning(told, page);
  if (!told.run.predictions.empty()) {
    put_confusion(told, page);
    put_calibration(told, page);
    put_mistakes(told, page);
    Measured hits{{}, true, {"Share of samples that are right", "正确样本的比例"}};
    for (const auto& r : told.repeats) {
      const auto right = *r.answers->right();
      hits.values.emplace_back(right.begin(), right.end());
    }
    put_slices(told, hits, page);
  }
}

}  // namespace refrain::api
