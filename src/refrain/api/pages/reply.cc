// The page of models that write replies: errors by length, confusions, samples, alignments.
#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>

#include "refrain/api/pages/parts.h"
#include "refrain/api/pages/reply_parts.h"
#include "refrain/report/escape.h"
#include "refrain/score/edits.h"
#include "refrain/score/reply_tables.h"
#include "refrain/score/reply_text.h"

namespace refrain::api {
namespace {

using report::both;
using report::escaped;
using report::figure;
using report::paragraph;
using report::Words;
using score::Points;

constexpr std::size_t kWorst = 6, kMiddle = 4, kBest = 4;
constexpr std::size_t kMostSourceText = 400;  // characters
constexpr std::size_t kMostReplyUnits = 150;  // of a text that is shown; the rest is left out

// Words, or characters where no blanks stand between words or the text is one word.
struct Pieces {
  std::vector<Points> units;
  bool characters = false;
};

Pieces reply_pieces(const std::string& text, bool characters) {
  Pieces out{{}, characters};
  const Points points = score::with_single_blanks(score::code_points(text));
  if (!characters) {
    out.units = score::words_of(points);
  } else {
    for (const char32_t c : points) out.units.emplace_back(1, c);
  }
  return out;
}

bool by_characters(const score::Replies& answers, std::size_t i) {
  if (answers.without_blanks()) return true;
  return score::words_of(score::code_points(answers.truth[i])).size() < 2;
}

// Which units of two sequences a shortest way of edits keeps (Levenshtein 1966).
struct KeptUnits {
  std::vector<bool> truth, answer;
};

KeptUnits kept_units(const std::vector<Points>& truth, const std::vector<Points>& answer) {
  const std::size_t n = truth.size(), m = answer.size(), width = m + 1;
  std::vector<int> cost((n + 1) * width);
  for (std::size_t i = 0; i <= n; ++i) {
    for (std::size_t j = 0; j <= m; ++j) {
      int& c = cost[i * width + j];
      if (i == 0 || j == 0) {
        c = static_cast<int>(i + j);
        continue;
      }
      const int swap = cost[(i - 1) * width + j - 1] + (truth[i - 1] == answer[j - 1] ? 0 : 1);
      c = std::min({swap, cost[(i - 1) * width + j] + 1, cost[i * width + j - 1] + 1});
    }
  }
  KeptUnits out{std::vector<bool>(n), std::vector<bool>(m)};
  for (std::size_t i = n, j = m; i > 0 && j > 0;) {
    const int here = cost[i * width + j];
    const bool same = truth[i - 1] == answer[j - 1];
    if (here == cost[(i - 1) * width + j - 1] + (same ? 0 : 1)) {
      --i, --j;
      out.truth[i] = out.answer[j] = same;
    } else if (here == cost[(i - 1) * width + j] + 1) {
      --i;
    } else {
      --j;
    }
  }
  return out;
}

// Units with runs of those that are not kept marked.
std::string marked_units(const Pieces& pieces, const std::vector<bool>& kept, const char* css) {
  const std::string gap = pieces.characters ? "" : " ";
  std::string out;
  bool open = false;
  for (std::size_t i = 0; i < pieces.units.size(); ++i) {
    if (open && kept[i]) out += "</mark>", open = false;
    if (i > 0) out += gap;
    if (!open && !kept[i]) out += fmt::format("<mark class=\"{}\">", css), open = true;
    out += escaped(score::utf8(pieces.units[i]), 60);
  }
  return out + (open ? "</mark>" : "");
}

std::string line_of(const Words& name, const std::string& markup) {
  return "<span class=\"text\"><small class=\"quiet\">" + both(name) + "</small> <bdi>" + markup +
         "</bdi></span>\n";
}

std::string reply_markup(const Told& told, const score::Replies& answers, std::size_t i) {
  const bool characters = by_characters(answers, i);
  Pieces truth = reply_pieces(answers.truth[i], characters),
         said = reply_pieces(answers.predicted[i], characters);
  for (Pieces* side : {&truth, &said}) {
    if (side->units.size() > kMostReplyUnits) side->units.resize(kMostReplyUnits);
  }
  const auto kept = kept_units(truth.units, said.units);
  std::string out = "<li class=\"tagged\">";
  const int which = told.repeats.front().which[i];
  if (const auto* sample = told.sample(which)) {
    const auto* text = data::text_of(*sample);
    out += text != nullptr ? line_of({"source", "源文"}, escaped(*text, kMostSourceText))
                           : content_markup(*sample);
  } else {
    const auto& p = told.run.predictions[static_cast<std::size_t>(which)];
    out += line_of({"sample", "样本"}, escaped(p.sample, 60));
  }
  out += line_of({"reference", "参考"}, marked_units(truth, kept.truth, "missed"));
  if (said.units.empty()) return out + line_of({"answer", "回答"}, "–") + "</li>\n";
  return out + line_of({"answer", "回答"}, marked_units(said, kept.answer, "false")) + "</li>\n";
}

// "4 to 6 words" in two languages.
Words length_words(const std::string& name) {
  std::string zh = name;
  const std::pair<const char*, const char*> kParts[] = {{" to ", "–"},
                                                        {" words", " 词"},
                                                        {" word", " 词"},
                                                        {" characters", " 字"},
                                                        {" character", " 字"}};
  for (const auto& [en, other] : kParts) {
    const auto at = zh.find(en);
    if (at != std::string::npos) zh.replace(at, std::string(en).size(), other);
  }
  return {name, zh};
}

std::string length_figure(const Told& told, int seed) {
  const auto table = score::table_of_lengths(told.answers(), seed);
  if (table.rows.size() < 2) return "";
  report::IntervalPlot plot;
  for (const auto& row : table.rows) {
    const auto* s = std::get_if<Score>(row.cells.data());
    const auto* n = row.cells.size() > 1 ? std::get_if<double>(&row.cells[1]) : nullptr;
    if (s == nullptr || n == nullptr) continue;
    plot.rows.push_back({row.name, *s, false, fmt::format("n={:g}", *n)});
    plot.rows.back().shown = length_words(row.name);
  }
  return figure("figure-references",
                metric_words(told.run.metric) +
                    Words{" by the length of the reference.", "（按参考的长度）。"},
                interval_plot(plot));
}

std::string confusion_table(const Told& told) {
  const auto table = score::table_of_confusions(told.answers());
  std::vector<report::Cells> rows;
  static const std::map<std::string, Words> kKinds = {{"substitution", {"substitution", "替换"}},
                                                      {"deletion", {"left out", "遗漏"}},
                                                      {"insertion", {"added", "多出"}}};
  for (const auto& row : table.rows) {
    const std::string kind = cell_text(row.cells[0]);
    const auto known = kKinds.find(kind);
    rows.push_back({"<bdi>" + escaped(row.name, 60) + "</bdi>",
                    both(known != kKinds.end() ? known->second : report::same(kind)),
                    escaped(cell_text(row.cells[1]))});
  }
  if (rows.empty()) return "";
  return report::table(
      {both(Words{"words", "词语"}), both(Words{"error", "错误"}), both(Words{"count", "次数"})},
      rows,
      {"The most frequent errors: a word for another (a -> b), left out (a), "
       "added (+ b).",
       "最常见的错误：一个词写成另一个（a -> b）、遗漏（a）、多出（+ b）。"});
}

void put_reply_errors(const Told& told, report::Page& page) {
  const auto& first = replies_of_repeat(told.repeats.front());
  const auto seed = static_cast<int>(told.run.seed);
  std::string out = length_figure(told, seed);
  if (first.kind == score::Replies::kTranscript) out += confusion_table(told);
  const std::string signature = score::signature(first, told.run.metric);
  if (!signature.empty()) {
    out += paragraph({"BLEU as sacreBLEU computes it, with this signature: " + signature + ".",
                      "BLEU 与 sacreBLEU 的结果一致，其签名为：" + signature + "。"},
                     "quiet");
  }
  page.add("errors", {"Where it errs", "误差所在"}, out);
}

// Edits over units of each reply, for parts of the samples.
Measured reply_errors(const Told& told) {
  Measured out{{},
               false,
               {"Errors of words over words of the reference, mean of the samples",
                "词错误数与参考词数之比，各样本的平均"}};
  for (const auto& r : told.repeats) {
    const auto& answers = replies_of_repeat(r);
    std::vector<double> values(answers.size());
    for (const auto& ranked : ranked_replies(answers)) values[ranked.number] = ranked.errors;
    out.values.push_back(std::move(values));
    if (answers.without_blanks()) {
      out.what = {"Errors of characters over characters of the reference, mean of the samples",
                  "字错误数与参考字数之比，各样本的平均"};
    }
  }
  return out;
}

}  // namespace

const score::Replies& replies_of_repeat(const ToldAnswers& answers) {
  return dynamic_cast<const score::Replies&>(*answers.answers);
}

std::vector<RankedReply> ranked_replies(const score::Replies& answers) {
  std::vector<RankedReply> out;
  std::vector<std::size_t> length;
  const bool characters = answers.without_blanks();
  for (std::size_t i = 0; i < answers.size(); ++i) {
    score::WordNumbers numbers;
    const Points truth = numbers.of(reply_pieces(answers.truth[i], characters).units),
                 said = numbers.of(reply_pieces(answers.predicted[i], characters).units);
    const auto edits = static_cast<double>(score::edit_distance(truth, said));
    out.push_back({i, edits / static_cast<double>(std::max<std::size_t>(1, truth.size()))});
    length.push_back(answers.truth[i].size());
  }
  std::stable_sort(out.begin(), out.end(), [&](const RankedReply& a, const RankedReply& b) {
    return a.errors != b.errors ? a.errors < b.errors : length[a.number] > length[b.number];
  });
  return out;
}

std::string replies_told(const Told& told, const std::vector<RankedReply>& ranked) {
  const auto& answers = replies_of_repeat(told.repeats.front());
  const std::size_t n = ranked.size();
  std::set<std::pair<std::string, std::string>> shown;  // reference and answer
  const auto list = [&](const Words& title, std::size_t from, std::size_t to, bool back) {
    std::string out;
    for (std::size_t k = 0; k < to - std::min(from, to); ++k) {
      const std::size_t i = ranked[back ? to - 1 - k : from + k].number;
      if (shown.insert({answers.truth[i], answers.predicted[i]}).second) {
        out += reply_markup(told, answers, i);
      }
    }
    if (out.empty()) return out;
    return "<h3>" + both(title) + "</h3>\n<ul class=\"samples\">\n" + out + "</ul>\n";
  };
  const std::size_t worst = n - std::min(n, kWorst);
  const std::size_t middle = std::max(std::min(worst, kBest), n / 2 - std::min(n / 2, kMiddle / 2));
  return "<p class=\"tagged\"><mark class=\"missed\">" + both(Words{"not in the answer", "遗漏"}) +
         "</mark> <mark class=\"false\">" + both(Words{"not in the reference", "误报"}) +
         "</mark></p>\n" + list({"The worst", "最差的"}, worst, n, true) +
         list({"In the middle", "居中的"}, middle, std::min(worst, middle + kMiddle), false) +
         list({"The best", "最好的"}, 0, std::min(kBest, middle), false);
}

void put_reply(const Told& told, report::Page& page) {
  std::vector<Words> more;
  if (!told.repeats.empty()) {
    const auto right = *told.repeats.front().answers->right();
    const auto n = std::count(right.begin(), right.end(), true);
    more = {{fmt::format("{} of {} replies are equal to their references.", n, right.size()),
             fmt::format("{} / {} 条回答与参考完全相同。", n, right.size())}};
  }
  put_verdict(told, more, page);
  put_score_part(told, page);
  put_learning(told, page);
  if (told.repeats.empty()) return;
  const auto ranked = ranked_replies(replies_of_repeat(told.repeats.front()));
  put_reply_errors(told, page);
  page.add("replies", {"Replies", "回答"}, replies_told(told, ranked));
  page.add("alignments", {"What it looked at", "对齐"}, alignments_told(told, ranked));
  put_slices(told, reply_errors(told), page);
}

}  // namespace refrain::api
