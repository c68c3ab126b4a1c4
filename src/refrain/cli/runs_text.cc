#include "refrain/cli/runs_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "refrain/cli/screen.h"
#include "refrain/cli/summary.h"

namespace refrain::cli {

using namespace api;

namespace {

constexpr std::size_t kWidestCell = 44;  // columns; longer texts end in "..."

using Row = std::vector<std::string>;

// Columns as wide as their widest cell, two blanks between them; the first row is the header.
std::string table(const std::vector<Row>& rows) {
  std::vector<std::size_t> width(rows.front().size());
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) width[i] = std::max(width[i], columns_of(row[i]));
  }
  std::string out;
  for (const auto& row : rows) {
    std::string line;
    for (std::size_t i = 0; i < row.size(); ++i) {
      line += left_in(row[i], width[i] + 2);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + "\n";
  }
  return out;
}

// Never the value alone: where no interval is known the text says so.
std::string bracket_text(const Score& s) {
  if (std::isnan(s.value)) return "none";
  if (!has_interval(s)) return fmt::format("{:.3f} [no interval]", s.value);
  return fmt::format("{:.3f} [{:.3f}, {:.3f}]", s.value, s.low, s.high);
}

std::string seconds_text(double seconds) {
  return std::isnan(seconds) ? "-" : fmt::format("{:.3g}", seconds);
}

// "2026-11-24T09:30:00.123Z" -> "2026-11-24 09:30".
std::string minute(const std::string& created) {
  std::string out = created.substr(0, 16);
  std::replace(out.begin(), out.end(), 'T', ' ');
  return out;
}

std::string origin_text(const BoardRow& row) {
  if (row.origin == Origin::kPublished) return "published: " + row.source;
  return (row.origin == Origin::kBaseline ? "baseline of " : "run ") + row.id;
}

}  // namespace

std::string runs_table(const std::vector<RunSummary>& runs) {
  std::vector<Row> rows = {{"id", "when (UTC)", "data", "model", "protocol", "score", "seed"}};
  for (const auto& r : runs) {
    rows.push_back({r.id, minute(r.created), cut_to(r.data, kWidestCell),
                    cut_to(r.model, kWidestCell), cut_to(r.protocol, kWidestCell),
                    std::isnan(r.score.value) ? "none" : r.metric + " " + bracket_text(r.score),
                    std::to_string(r.seed)});
  }
  return table(rows);
}

std::string run_text(const RunDetails& run) {
  std::vector<Row> rows;
  for (const auto& [name, text] : run.facts) rows.push_back({name, text});
  if (!run.made.empty()) rows.push_back({"made of", run.made});
  if (!run.other.empty()) rows.push_back({"kind of model", run.other});
  std::string out = table(rows);
  if (!run.scores.empty()) {
    rows = {{"score", "value [95 % interval]"}};
    for (const auto& [name, score] : run.scores) rows.push_back({name, bracket_text(score)});
    out += "\n" + table(rows);
  }
  if (!run.baselines.empty()) {
    rows = {{"baseline", "value [95 % interval]", "seconds"}};
    for (const auto& b : run.baselines) {
      rows.push_back({b.model, b.metric + " " + bracket_text(b.score), seconds_text(b.seconds)});
    }
    out += "\n" + table(rows);
  }
  if (!run.verdict.empty()) out += run.verdict + "\n";
  for (const auto& t : run.tables) out += "\n" + text_of(t);
  if (!run.remarks.empty()) out += "\nremarks\n";
  for (const auto& remark : run.remarks) out += "  " + remark + "\n";
  if (!run.options.empty()) {
    rows = {{"option", "value"}};
    for (const auto& [name, value] : run.options) rows.push_back({name, value});
    out += "\n" + table(rows);
  }
  return out;
}

std::string board_text(const Board& board) {
  std::string out = fmt::format("{}, {}: {} ({} is better)\n", board.data, board.protocol,
                                board.metric, board.smaller_is_better ? "less" : "more");
  std::vector<Row> rows = {
      {"rank", "method", "score [95 % interval]", "seeds", "seconds", "leak check", "from"}};
  bool ties = false;
  for (const auto& r : board.rows) {
    const std::string method = r.settings.empty() ? r.method : r.method + " (" + r.settings + ")";
    ties = ties || r.tied;
    rows.push_back({fmt::format("{}{}", r.rank, r.tied ? "=" : ""), cut_to(method, kWidestCell),
                    bracket_text(r.score), r.seeds > 0 ? std::to_string(r.seeds) : "-",
                    seconds_text(r.seconds),
                    r.leak_check.empty() ? "-" : cut_to(r.leak_check, kWidestCell),
                    cut_to(origin_text(r), 2 * kWidestCell)});
  }
  out += table(rows);
  if (ties) out += "= a tie: the intervals meet, so these scores do not tell the methods apart\n";
  return out;
}

}  // namespace refrain::cli
