// The page of a tagging: sentences with what was found, missed and made up; each type.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "refrain/api/pages/parts.h"
#include "refrain/data/words.h"
#include "refrain/report/escape.h"
#include "refrain/score/spans.h"
#include "refrain/score/tag_scores.h"
#include "refrain/score/tagging.h"

namespace refrain::api {
namespace {

using report::both;
using report::escaped;
using report::figure;
using report::paragraph;
using report::table;
using report::Words;

constexpr std::size_t kShownSentences = 20, kMostWords = 120, kShownRuns = 8;

const score::Tagging& tags_of_repeat(const ToldAnswers& r) {
  return dynamic_cast<const score::Tagging&>(*r.answers);
}

std::string type_table(const Told& told) {
  std::vector<score::Tagging> own;
  for (const auto& r : told.repeats) own.push_back(tags_of_repeat(r));
  const auto text = [](const score::Interval& s) {
    return report::number_text(s.value) + " <span class=\"quiet\">" + report::number_text(s.low) +
           "\u2013" + report::number_text(s.high) + "</span>";
  };
  std::vector<report::Cells> rows;
  for (const auto& s : score::tag_scores(own, static_cast<int>(told.run.seed))) {
    rows.push_back({"<bdi>" + escaped(s.type, 60) + "</bdi>", text(s.precision), text(s.recall),
                    text(s.f1), fmt::format("{:g}", s.support), fmt::format("{:g}", s.predicted)});
  }
  return table({both(Words{"type", "类型"}), both(Words{"precision", "精确率"}),
                both(Words{"recall", "召回率"}), "F1", both(Words{"true", "真实数"}),
                both(Words{"answered", "回答数"})},
               rows, {"Each type, with 95 % intervals.", "每种类型及其 95% 区间。"});
}

// A span with the colour of its words: 1 found, 2 missed, 3 made up.
struct MarkedSpan {
  int begin, end;
  const char* css;
  std::string type;
};

std::vector<MarkedSpan> marked(const score::Tags& truth, const score::Tags& predicted) {
  const auto wanted = score::spans_of(truth), told = score::spans_of(predicted);
  std::vector<MarkedSpan> out;
  for (const auto& s : told) {
    const bool right = std::find(wanted.begin(), wanted.end(), s) != wanted.end();
    out.push_back({s.begin, s.end, right ? "" : "false", s.type});
  }
  for (const auto& s : wanted) {
    if (std::find(told.begin(), told.end(), s) != told.end()) continue;
    out.push_back({s.begin, s.end, "missed", s.type});
  }
  std::stable_sort(out.begin(), out.end(), [](const MarkedSpan& a, const MarkedSpan& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end > b.end;
  });
  return out;
}

std::string word_at(const std::vector<std::string>& words, std::size_t i) {
  return i < words.size() ? escaped(words[i], 40) : fmt::format("{}", i + 1);
}

// Spans that overlap stand one after the other; each shows its own words.
std::string sentence_of_words(const std::vector<std::string>& words, const score::Tags& truth,
                              const score::Tags& predicted) {
  std::string out = "<p class=\"tagged\"><bdi>";
  const auto spans = marked(truth, predicted);
  std::size_t at = 0;
  const std::size_t n = std::min(truth.size(), kMostWords);
  for (const auto& s : spans) {
    const auto begin = static_cast<std::size_t>(s.begin), end = static_cast<std::size_t>(s.end);
    if (begin >= n) break;
    for (; at < begin; ++at) out += word_at(words, at) + " ";
    out += fmt::format("<mark{}>", *s.css != '\0' ? fmt::format(" class=\"{}\"", s.css) : "");
    for (std::size_t k = begin; k < std::min(end, n); ++k) {
      out += (k > begin ? " " : "") + word_at(words, k);
    }
    out += "<small>" + escaped(s.type, 24) + "</small></mark> ";
    at = std::max(at, end);
  }
  for (; at < n; ++at) out += word_at(words, at) + " ";
  return out + (truth.size() > n ? "…" : "") + "</bdi></p>\n";
}

int mistakes_in(const score::Tags& truth, const score::Tags& predicted) {
  int out = 0;
  for (const auto& s : marked(truth, predicted)) out += *s.css != '\0' ? 1 : 0;
  return out;
}

// Sentences with the most mistakes.
std::string sentences_told(const Told& told) {
  const auto& a = tags_of_repeat(told.repeats.front());
  std::vector<std::pair<int, std::size_t>> order;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const int n = mistakes_in(a.truth[i], a.predicted[i]);
    if (n > 0) order.emplace_back(-n, i);
  }
  std::stable_sort(order.begin(), order.end());
  std::string out;
  for (std::size_t k = 0; k < std::min(order.size(), kShownSentences); ++k) {
    const std::size_t i = order[k].second;
    const auto* sample = told.sample(told.repeats.front().which[i]);
    const auto words = sample != nullptr ? data::words_at_blanks(*sample) : score::Tags{};
    out += sentence_of_words(words, a.truth[i], a.predicted[i]);
  }
  if (out.empty()) return paragraph({"No sentence has a mistake.", "没有出错的句子。"});
  return "<p class=\"tagged\"><mark>" + both(Words{"found", "正确"}) +
         "</mark> <mark class=\"missed\">" + both(Words{"missed", "遗漏"}) +
         "</mark> <mark class=\"false\">" + both(Words{"wrong", "误报"}) + "</mark></p>\n" + out;
}

// Steps with labels: the truth above, the answer below, as coloured stretches.
std::string runs_told(const Told& told) {
  const auto& a = tags_of_repeat(told.repeats.front());
  std::vector<std::pair<double, std::size_t>> order;
  for (std::size_t i = 0; i < a.size(); ++i) {
    double wrong = 0;
    for (std::size_t t = 0; t < a.truth[i].size(); ++t) wrong += a.truth[i][t] != a.predicted[i][t];
    order.emplace_back(-wrong / static_cast<double>(std::max<std::size_t>(1, a.truth[i].size())),
                       i);
  }
  std::stable_sort(order.begin(), order.end());
  std::set<std::string> known;
  for (const auto* side : {&a.truth, &a.predicted}) {
    for (const auto& tags : *side) known.insert(tags.begin(), tags.end());
  }
  const std::vector<std::string> labels(known.begin(), known.end());
  std::string out = report::stretch_legend(labels);
  for (std::size_t k = 0; k < std::min(order.size(), kShownRuns); ++k) {
    const std::size_t i = order[k].second;
    const auto& p = told.run.predictions[static_cast<std::size_t>(told.repeats.front().which[i])];
    std::vector<report::Stretch> truth, predicted;
    for (const auto& [list, to] :
         {std::pair{&a.truth[i], &truth}, std::pair{&a.predicted[i], &predicted}}) {
      for (const auto& run : score::runs_of(*list, nullptr)) {
        to->push_back({run.begin, run.end, std::string(run.type)});
      }
    }
    out += figure(
        fmt::format("figure-steps{}", k), report::same(report::harmless(p.sample, 60)),
        report::stretches({{{"true", "真实"}, truth}, {{"answer", "回答"}, predicted}}, labels));
  }
  return paragraph(
             {"The samples with the largest share of wrong steps.", "错误步数比例最大的样本。"}) +
         out;
}

// Recall of spans whose words the training part had, and of others.
std::string seen_told(const Told& told) {
  if (told.data == nullptr || told.repeats.size() != 1) return "";
  if (told.data->data.samples.empty()) return "";  // what was trained on is not known
  const auto& a = tags_of_repeat(told.repeats.front());
  if (!a.spans) return "";
  std::vector<score::Tags> words;
  for (const int i : told.repeats.front().which) {
    const auto* sample = told.sample(i);
    if (sample == nullptr) return "";
    words.push_back(data::words_at_blanks(*sample));
  }
  std::set<score::Entity> known;
  const std::set<const data::Sample*> scored(told.samples.begin(), told.samples.end());
  for (const auto& sample : told.data->data.samples) {
    if (scored.contains(&sample)) continue;
    score::collect_entities(data::words_at_blanks(sample), sample.tags, known);
  }
  std::vector<score::Tagging> own = {a};
  try {
    own.front().mark_seen(words, known);
  } catch (const Error&) {
    return "";  // other words than tags: the page does without
  }
  const auto seen = score::seen_scores(own, static_cast<int>(told.run.seed));
  if (!seen) return "";
  const auto row = [](const char* name, const Words& words_of, const score::Interval& s, double n) {
    report::IntervalRow out{name, {s.value, s.low, s.high}, false, fmt::format("n={:g}", n)};
    out.shown = words_of;
    return out;
  };
  return figure(
      "figure-seen",
      {"Recall of entities that stand in the training part, and of others.",
       "训练集中出现过的实体与未出现过的实体的召回率。"},
      report::interval_plot({{row("seen", {"seen", "见过"}, seen->seen, seen->seen_support),
                              row("new", {"new", "未见过"}, seen->unseen, seen->unseen_support)},
                             true}));
}

}  // namespace

void put_tag(const Told& told, report::Page& page) {
  std::vector<Words> more;
  if (!told.repeats.empty()) {
    const auto right = *told.repeats.front().answers->right();
    const auto n = std::count(right.begin(), right.end(), true);
    more = {{fmt::format("{} of {} samples are right as a whole.", n, right.size()),
             fmt::format("{} / {} 个样本整条完全正确。", n, right.size())}};
  }
  put_verdict(told, more, page);
  put_score_part(told, page);
  put_learning(told, page);
  if (told.repeats.empty()) return;
  const bool spans = tags_of_repeat(told.repeats.front()).spans;
  page.add("types", {"Each type", "各类型"}, type_table(told) + seen_told(told));
  page.add("mistakes", {"Mistakes", "错误"}, spans ? sentences_told(told) : runs_told(told));
  Measured hits{{}, true, {"Share of samples that are right as a whole", "整条完全正确的样本比例"}};
  for (const auto& r : told.repeats) {
    const auto right = *r.answers->right();
    hits.values.emplace_back(right.begin(), right.end());
  }
  put_slices(told, hits, page);
}

}  // namespace refrain::api
