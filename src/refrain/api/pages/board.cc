// The board as a page: one table and one picture for each data set, protocol and metric.
#include <fmt/format.h>

#include <cmath>

#include "refrain/api/inside/page_of.h"
#include "refrain/api/page.h"
#include "refrain/api/pages/parts.h"
#include "refrain/api/runs.h"
#include "refrain/report/escape.h"

namespace refrain::api {
namespace {

using report::both;
using report::Cells;
using report::escaped;
using report::figure;
using report::paragraph;
using report::score_words;
using report::table;
using report::Words;

Words origin_words(Origin origin) {
  switch (origin) {
    case Origin::kRun:
      return {"run", "运行"};
    case Origin::kBaseline:
      return {"simple method", "简单方法"};
    default:
      return {"published", "已发表"};
  }
}

std::string or_dash(const std::string& text) { return text.empty() ? "\u2013" : text; }

std::string board_table(const Board& board) {
  std::vector<Cells> rows;
  for (const auto& row : board.rows) {
    const std::string method = "<bdi>" + escaped(row.method, 60) + "</bdi>" +
                               (row.settings.empty() ? ""
                                                     : "<br><span class=\"quiet\">" +
                                                           escaped(row.settings, 160) + "</span>");
    rows.push_back({fmt::format("{}{}", row.tied ? "=" : "", row.rank), method,
                    both(origin_words(row.origin)), both(score_words(row.score)),
                    row.seeds > 0 ? std::to_string(row.seeds) : "\u2013",
                    std::isnan(row.seconds) ? "\u2013" : fmt::format("{:.1f}", row.seconds),
                    escaped(or_dash(row.leak_check.empty() ? row.source : row.leak_check), 120),
                    "<code>" + escaped(row.id) + "</code>"});
  }
  return table(
      {both(Words{"rank", "名次"}), both(Words{"method", "方法"}), both(Words{"origin", "来源"}),
       both(Words{"score (95 % interval)", "得分（95% 区间）"}), both(Words{"seeds", "种子数"}),
       both(Words{"seconds", "秒"}), both(Words{"leak check or source", "泄漏检查或出处"}),
       both(Words{"run", "运行"})},
      rows);
}

std::string board_picture(const Board& board, std::size_t number) {
  constexpr std::size_t kMostDrawn = 25;
  report::IntervalPlot plot;
  for (const auto& row : board.rows) {
    if (plot.rows.size() < kMostDrawn) {
      plot.rows.push_back({row.method, row.score, row.origin == Origin::kRun, ""});
    }
  }
  return figure(fmt::format("figure-board{}", number),
                metric_words(board.metric) +
                    (board.smaller_is_better ? Words{"; less is better", "；越小越好"}
                                             : Words{"; more is better", "；越大越好"}) +
                    Words{". Own runs are coloured.", "。自己的运行以彩色显示。"},
                interval_plot(plot));
}

}  // namespace

std::string board_page(const std::string& store, const BoardFilter& filter,
                       const std::string& language) {
  const Words title{"Board", "排行榜"};
  report::Page page(title, page_language(language));
  page.head(
      "<h1>" + both(title) + "</h1>\n" +
      paragraph(Words{"Methods by data set, protocol and metric. Rows whose intervals meet that of "
                      "the first of their rank share the rank (=).",
                      "按数据集、评分方式与指标排列。区间与该名次第一行相交的方法名次相同（=）。"},
                "quiet"));
  const auto found = boards(store, filter);
  for (std::size_t i = 0; i < found.size(); ++i) {
    const auto& board = found[i];
    page.add(fmt::format("board{}", i),
             report::same(fmt::format("{} · {}", report::harmless(board.data, 60),
                                      report::harmless(board.protocol, 80))),
             board_picture(board, i) + board_table(board));
  }
  if (found.empty()) {
    page.add("none", {"No runs yet", "还没有运行"},
             paragraph(Words{"The store has no runs for a board.", "存储中没有可排名的运行。"}));
  }
  return page.html();
}

}  // namespace refrain::api
